"""The analysts' statements by kind of question, as the documentation and the Cypher page list them."""

from __future__ import annotations

#: The analysts' statements by kind of question; each belongs to one.
TOPICS = {
    "Families and their growth": (
        "families", "rising_bases", "fading_bases", "family_growth", "family_size", "first_builders", "merges",
    ),
    "Reuse, and what hangs on a model": (
        "reuse_network", "ancestry", "removal_effect", "single_maintainers", "bridges", "unbuilt",
    ),
    "Licences": (
        "licence_conflicts", "hidden_licences", "licence_mixes", "inherited_licences", "author_obligations",
        "family_licences", "unlicensed",
    ),
    "Alternatives": (
        "smaller_alternatives", "newer_alternatives", "free_alternatives", "quantisations", "copies",
        "one_sided_recommendations",
    ),
    "Datasets and contamination": (
        "used_datasets", "rising_datasets", "top_model_datasets", "dataset_models", "dataset_pairs",
        "inherited_datasets", "contamination", "benchmark_reach", "untraced_training",
    ),
    "Orphaned and mislabelled models": ("orphans", "unlinked_variants", "task_mismatches", "undocumented"),
    "Who builds on whom": ("builders", "author_bases", "co_builders", "who_builds_on_whom"),
    "Tasks and libraries": ("emerging_tasks", "emerging_libraries", "new_favourites", "task_libraries"),
    "Languages": ("languages_left_out", "language_dependence", "language_tasks", "task_languages"),
}  # fmt: skip
