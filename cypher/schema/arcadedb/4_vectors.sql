-- Nearest neighbours: text vectors, and the network vectors of each method and slot. Eight bits a number, so that a
-- million of them fit into the usual heap; half the links and half the search of the engine's own settings while the
-- graph is made, for half the time. Changes are searched one by one until a fifth is new: no rebuild for a few.
CREATE INDEX model_textEmbedding IF NOT EXISTS ON Model (textEmbedding) LSM_VECTOR METADATA {"dimensions": 256, "similarity": "COSINE", "quantization": "INT8", "maxConnections": 16, "beamWidth": 64, "inactivityRebuildTimeoutMs": 0};
CREATE INDEX model_gatEmbeddingA IF NOT EXISTS ON Model (gatEmbeddingA) LSM_VECTOR METADATA {"dimensions": 64, "similarity": "COSINE", "quantization": "INT8", "maxConnections": 16, "beamWidth": 64, "inactivityRebuildTimeoutMs": 0};
CREATE INDEX model_gatEmbeddingB IF NOT EXISTS ON Model (gatEmbeddingB) LSM_VECTOR METADATA {"dimensions": 64, "similarity": "COSINE", "quantization": "INT8", "maxConnections": 16, "beamWidth": 64, "inactivityRebuildTimeoutMs": 0};
CREATE INDEX model_gcnEmbeddingA IF NOT EXISTS ON Model (gcnEmbeddingA) LSM_VECTOR METADATA {"dimensions": 64, "similarity": "COSINE", "quantization": "INT8", "maxConnections": 16, "beamWidth": 64, "inactivityRebuildTimeoutMs": 0};
CREATE INDEX model_gcnEmbeddingB IF NOT EXISTS ON Model (gcnEmbeddingB) LSM_VECTOR METADATA {"dimensions": 64, "similarity": "COSINE", "quantization": "INT8", "maxConnections": 16, "beamWidth": 64, "inactivityRebuildTimeoutMs": 0};
