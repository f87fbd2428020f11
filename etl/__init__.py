"""From the Hub's metadata to records, texts, embeddings and similarity links."""
