// Full-text search over what a model says of itself.
CREATE FULLTEXT INDEX model_text IF NOT EXISTS FOR (m:Model) ON EACH [m.soup];
