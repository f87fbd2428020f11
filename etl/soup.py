"""The soup: everything a model's facts say, as one text for full-text search and for embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from etl import cleaning, vocabulary

DESCRIPTION_LIMIT = 500
SOUP_LIMIT = 4_000


@lru_cache(maxsize=2**12)
def language_words(code: str) -> str:
    """A language by its English name and its code: "german de"."""
    return cleaning.plain(f"{vocabulary.LANGUAGES.get(code, '')} {code}")


@lru_cache(maxsize=2**14)
def _both(name: str) -> tuple[str, str]:
    """A name as it is and with CamelCase taken apart: people search for "MiniLM", embedders know "mini"."""
    return cleaning.plain(name), cleaning.plain(cleaning.split_words(name))


def soup(
    id: str,
    author: str | None = None,
    task: str | None = None,
    library: str | None = None,
    model_type: str | None = None,
    tags: Sequence[str] = (),
    languages: Sequence[str] = (),
    architectures: Sequence[str] = (),
    datasets: Sequence[str] = (),
    description: str | None = None,
) -> str:
    """Plain lower-case words, most telling first: what transformers cut off is the end."""
    plain = cleaning.plain
    words = [*_both(id.rsplit("/", 1)[-1]), plain(task or ""), plain(library or "")]
    if languages:
        words.append(" ".join(map(language_words, languages[:3])))
    words.append(plain(model_type or ""))
    for name in architectures:
        words += _both(name)
    words += map(plain, tags)
    words += [plain(name.rsplit("/", 1)[-1]) for name in datasets]
    words.append(plain(author or ""))
    if description:
        words.append(cleaning.without_punctuation(cleaning.one_line(description, DESCRIPTION_LIMIT) or "").lower())
    # Many languages would drown the task in an average of words; full-text search still finds each one.
    if len(languages) > 1 and "multilingual" not in languages:
        words.append(language_words("multilingual"))
    words += map(language_words, languages[3:])
    line = " ".join(" ".join(dict.fromkeys(words)).split())
    return line if len(line) <= SOUP_LIMIT else cleaning.one_line(line, SOUP_LIMIT) or ""
