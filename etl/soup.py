"""The soup: everything a model's facts say, as one text for full-text search and for embeddings."""

from __future__ import annotations

from etl import cleaning, vocabulary
from graph.types import ModelRecord

DESCRIPTION_LIMIT = 500
SOUP_LIMIT = 4_000


def language_words(code: str) -> str:
    """A language by its English name and its code: "german de"."""
    return cleaning.plain(f"{vocabulary.LANGUAGES.get(code, '')} {code}")


def _both(name: str) -> tuple[str, str]:
    """A name as it is and with CamelCase taken apart: people search for "MiniLM", embedders know "mini"."""
    return cleaning.plain(name), cleaning.plain(cleaning.split_words(name))


def soup(record: ModelRecord) -> str:
    """Plain lower-case words, most telling first: what transformers cut off is the end."""
    # Many languages would drown the task in an average of words; full-text search still finds each one.
    many = ("multilingual",) if len(record.languages) > 1 and "multilingual" not in record.languages else ()
    words = [
        *_both(record.title),
        cleaning.plain(record.task or ""),
        cleaning.plain(record.library or ""),
        " ".join(language_words(code) for code in record.languages[:3]),
        cleaning.plain(record.model_type or ""),
        *(part for name in record.architectures for part in _both(name)),
        *(cleaning.plain(tag) for tag in record.tags),
        *(cleaning.plain(name.rsplit("/", 1)[-1]) for name in record.datasets),
        cleaning.plain(record.author or ""),
        cleaning.plain(cleaning.one_line(record.description, DESCRIPTION_LIMIT) or ""),
        *(language_words(code) for code in (*many, *record.languages[3:])),
    ]
    return cleaning.one_line(" ".join(cleaning.unique(part for part in words if part)), SOUP_LIMIT) or ""
