// Nearest neighbours: text vectors, and the network vectors of each method and slot.
CREATE VECTOR INDEX model_textEmbedding IF NOT EXISTS FOR (m:Model) ON (m.textEmbedding)
OPTIONS {indexConfig: {`vector.dimensions`: 256, `vector.similarity_function`: 'cosine', `vector.quantization.enabled`: false}};
CREATE VECTOR INDEX model_gatEmbeddingA IF NOT EXISTS FOR (m:Model) ON (m.gatEmbeddingA)
OPTIONS {indexConfig: {`vector.dimensions`: 64, `vector.similarity_function`: 'cosine', `vector.quantization.enabled`: false}};
CREATE VECTOR INDEX model_gatEmbeddingB IF NOT EXISTS FOR (m:Model) ON (m.gatEmbeddingB)
OPTIONS {indexConfig: {`vector.dimensions`: 64, `vector.similarity_function`: 'cosine', `vector.quantization.enabled`: false}};
CREATE VECTOR INDEX model_gcnEmbeddingA IF NOT EXISTS FOR (m:Model) ON (m.gcnEmbeddingA)
OPTIONS {indexConfig: {`vector.dimensions`: 64, `vector.similarity_function`: 'cosine', `vector.quantization.enabled`: false}};
CREATE VECTOR INDEX model_gcnEmbeddingB IF NOT EXISTS FOR (m:Model) ON (m.gcnEmbeddingB)
OPTIONS {indexConfig: {`vector.dimensions`: 64, `vector.similarity_function`: 'cosine', `vector.quantization.enabled`: false}};
