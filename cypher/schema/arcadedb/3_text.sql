-- Full-text search over what a model says of itself.
CREATE PROPERTY Model.soup IF NOT EXISTS STRING;
CREATE INDEX model_text IF NOT EXISTS ON Model (soup) FULL_TEXT;
