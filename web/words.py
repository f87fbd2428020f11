"""The words of the pages."""

from __future__ import annotations

METHODS = {
    "gat": "Attention (GAT)",
    "gcn": "Convolution (GCN)",
    "cosine": "Text (cosine)",
    "jaccard": "Facts (Jaccard)",
    "gat-reranker": "Attention and trees",
}
METHOD_WORDS = {
    "gat": "A graph attention network, trained on what people went on to build, weighs every fact of both models.",
    "gcn": "A graph convolutional network, trained on the same pairs, gives every fact of a model an equal say.",
    "cosine": "The cosine of the two models' text vectors: names, tags and descriptions that mean the same.",
    "jaccard": "The share of facts (task, tags, data, …) that the two models have in common; rare ones count more.",
    "gat-reranker": "A graph attention network and gradient-boosted trees, which learned what authors build on next.",
}
#: What the networks are judged by: the kinds of query, and the measures shown of each.
KINDS = {
    "model": "From a model to its base, or to what comes after it",
    "author": "From an author to the next base",
    "dataset": "From a model to its training data",
}
MEASURES = {"mrr": "MRR", "hits@10": "Hits@10", "recall@20": "Recall@20"}
PLURALS = {
    "Model": "Models",
    "Task": "Tasks",
    "Library": "Libraries",
    "Tag": "Tags",
    "Language": "Languages",
    "License": "Licences",
    "Architecture": "Architectures",
    "Dataset": "Datasets",
    "Author": "Authors",
    "Paper": "Papers",
}
RELATIONS = {
    "finetune": "fine-tune",
    "adapter": "adapter",
    "quantized": "quantised",
    "merge": "merge",
    "unknown": "made from it",
}
#: The kinds of children in a family.
CHILDREN = {
    "finetune": "Fine-tunes",
    "adapter": "Adapters",
    "quantized": "Quantised",
    "merge": "Merges",
    "unknown": "Made from it, somehow",
}
#: The rows of a comparison.
ROWS = {
    "author": "Author",
    "task": "Task",
    "library": "Library",
    "license": "Licence",
    "parameters": "Parameters",
    "downloads": "Downloads",
    "likes": "Likes",
    "created_at": "Published",
    "last_modified": "Changed",
    "relation": "Made as",
    "bases": "Made from",
    "children_total": "Made from it",
    "gguf": "GGUF form known",
    "gated": "Access",
    "model_type": "Model type",
    "architectures": "Architectures",
    "languages": "Languages",
    "datasets": "Datasets",
    "papers": "Papers",
    "tags": "Tags",
}
EXAMPLES = (
    "sentence similarity in German",
    "transcribe speech in many languages",
    "small chat model under Apache 2.0",
    "detect objects in photos",
    "named entities in medical text",
)
SORTS = (("score", "Best first"), ("downloads", "Most downloads"), ("likes", "Most likes"), ("newest", "Newest"))
SEARCH_SORTS = (
    ("relevance", "Relevance"),
    ("downloads", "Downloads"),
    ("likes", "Likes"),
    ("newest", "Newest"),
    ("trending", "Trending"),
)
#: The facets of a search in the order to show them, and what their values are called where they are not names.
FACETS = {
    "task": "Task",
    "library": "Library",
    "license": "Licence",
    "language": "Language",
    "size": "Parameters",
    "kind": "Kind",
    "created": "Year",
}
#: Kinds that have pages of their own: what several are called, and one of each.
KIND_PLURALS = {
    "task": "Tasks",
    "library": "Libraries",
    "license": "Licences",
    "language": "Languages",
    "dataset": "Datasets",
}
KIND_ADDRESSES = {
    "task": "tasks",
    "library": "libraries",
    "license": "licenses",
    "language": "languages",
    "dataset": "datasets",
}
KIND_EXAMPLES = {
    "task": "fill-mask",
    "library": "transformers",
    "license": "apache-2.0",
    "language": "en",
    "dataset": "rajpurkar/squad",
}
#: The kind of node whose colour a field has, and how a filter by it is said.
FIELD_KINDS = {
    "task": "task",
    "library": "library",
    "license": "license",
    "language": "language",
    "author": "author",
    "base": "model",
    "dataset": "dataset",
    "name": "model",
}
FIELD_PHRASES = {
    "task": "for",
    "library": "of",
    "license": "under",
    "language": "in",
    "author": "by",
    "size": "of size",
    "kind": "among",
    "created": "of",
    "base": "made from",
    "dataset": "trained on",
    "card": "with card:",
    "name": "called",
}
FIELD_LABELS = {
    "original": "Originals",
    "finetune": "Fine-tunes",
    "adapter": "Adapters",
    "merge": "Merges",
    "quantized": "Quantised",
    "unknown": "Made from another, somehow",
}
LANGUAGES = {"en": "English", "de": "Deutsch"}
NOVELTIES = (
    (-1.0, "Well-trodden"),
    (-0.5, "Rather well-trodden"),
    (0.0, "Balanced"),
    (0.5, "Rather hidden"),
    (1.0, "Hidden gems"),
)
SIZES = (
    (100_000_000, "100 M"),
    (1_000_000_000, "1 B"),
    (3_000_000_000, "3 B"),
    (8_000_000_000, "8 B"),
    (30_000_000_000, "30 B"),
)
SWITCHES = (
    ("same_task", "Same task"),
    ("same_library", "Same library"),
    ("permissive", "Permissive licence"),
    ("has_gguf", "Has GGUF"),
    ("originals_only", "Originals only"),
)
