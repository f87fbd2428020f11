"""Languages: codes of two and three letters, with and without a region or a script, and English names → one code."""

from __future__ import annotations

import re
from functools import lru_cache

from etl import vocabulary

#: A region ("pt-BR", "es-419") or a script ("zh-Hant") behind a code, as far as a plain tag is believed to mean it.
_WITH_REGION = re.compile(r"[a-z]{2,3}-(?:[a-z]{2}|419|hans|hant|latn|cyrl|arab|deva)")
#: A card may name any language of the world; those that no table here knows are kept by their ISO 639-3 code.
_LONG_CODE = re.compile(r"[a-z]{3}(?=-|$)")
#: What ISO 639 has for "no language", "unknown" and "several".
_NONE = frozenset({"und", "unk", "zxx", "mis", "art", "non", "all", "any", "n-a", "etc"})

_BY_NAME = {**{name.lower(): code for code, name in vocabulary.LANGUAGES.items()}, **vocabulary.LANGUAGE_NAMES}


@lru_cache(maxsize=2**14)
def language(name: str) -> str | None:
    """The code of a language given as a code ("de", "deu", "pt-BR") or in English ("German"); None if unknown."""
    lower = name.strip().lower().replace("_", "-")
    code = lower.split("-", 1)[0]
    code = vocabulary.LANGUAGE_CODES.get(code, code)
    if code in vocabulary.LANGUAGES and (lower == code or "-" in lower or lower in vocabulary.LANGUAGE_CODES):
        return code
    return _BY_NAME.get(lower) or _BY_NAME.get(lower.replace("-", " "))


@lru_cache(maxsize=2**14)
def carded(name: str) -> str | None:
    """The code of what a card names as a language."""
    known = language(name)
    if known:
        return known
    long = _LONG_CODE.match(name.strip().lower().replace("_", "-"))
    return long[0] if long and long[0] not in _NONE else None


@lru_cache(maxsize=2**14)
def language_tag(tag: str) -> str | None:
    """The language of a plain tag in lower case: only what can hardly mean anything else."""
    if tag in vocabulary.CARD_ONLY:
        return None
    joined = tag.replace("_", "-")
    if "-" in joined and not _WITH_REGION.fullmatch(joined):
        return None
    return language(joined)
