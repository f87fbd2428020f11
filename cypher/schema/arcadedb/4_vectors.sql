-- Nearest neighbours: text vectors (in 8 bits, so that a million of them fit into the usual heap), and the network vectors
-- of each method and slot.
CREATE PROPERTY Model.textEmbedding IF NOT EXISTS ARRAY_OF_FLOATS;
CREATE INDEX model_textEmbedding IF NOT EXISTS ON Model (textEmbedding) LSM_VECTOR METADATA {"dimensions": 256, "similarity": "COSINE", "quantization": "INT8"};
CREATE PROPERTY Model.gatEmbeddingA IF NOT EXISTS ARRAY_OF_FLOATS;
CREATE INDEX model_gatEmbeddingA IF NOT EXISTS ON Model (gatEmbeddingA) LSM_VECTOR METADATA {"dimensions": 64, "similarity": "COSINE"};
CREATE PROPERTY Model.gatEmbeddingB IF NOT EXISTS ARRAY_OF_FLOATS;
CREATE INDEX model_gatEmbeddingB IF NOT EXISTS ON Model (gatEmbeddingB) LSM_VECTOR METADATA {"dimensions": 64, "similarity": "COSINE"};
CREATE PROPERTY Model.gcnEmbeddingA IF NOT EXISTS ARRAY_OF_FLOATS;
CREATE INDEX model_gcnEmbeddingA IF NOT EXISTS ON Model (gcnEmbeddingA) LSM_VECTOR METADATA {"dimensions": 64, "similarity": "COSINE"};
CREATE PROPERTY Model.gcnEmbeddingB IF NOT EXISTS ARRAY_OF_FLOATS;
CREATE INDEX model_gcnEmbeddingB IF NOT EXISTS ON Model (gcnEmbeddingB) LSM_VECTOR METADATA {"dimensions": 64, "similarity": "COSINE"};
