"""Words near a mistyped one, by shared trigrams and then by edits."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping

#: Shorter words are too near to too many others.
LEAST_LETTERS = 4
#: How many words that share trigrams are compared letter by letter.
_COMPARED = 60


class Speller:
    """Some tens of thousands of words with how often they occur; it takes about 100 bytes a word."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self._counts = dict(words)
        self._words = list(words)
        self._holding: dict[str, array[int]] = {}
        for number, word in enumerate(self._words):
            for part in _trigrams(word):
                self._holding.setdefault(part, array("I")).append(number)

    def __contains__(self, word: object) -> bool:
        return word in self._counts

    def count(self, word: str) -> int:
        """How often the word occurs; 0 for one that is not there."""
        return self._counts.get(word, 0)

    def near(self, word: str) -> str | None:
        """The word that was probably meant: with the fewest edits, then the most frequent; one edit may be wrong in
        words of up to five letters, two in longer ones."""
        if len(word) < LEAST_LETTERS or word in self:
            return None
        shared = Counter(number for part in _trigrams(word) for number in self._holding.get(part, ()))
        most = 1 if len(word) <= 5 else 2
        compared = sorted(shared, key=lambda n: (-shared[n] / (len(self._words[n]) + len(word)), self._words[n]))
        found = [
            (edits, -self._counts[each], each)
            for each in (self._words[number] for number in compared[:_COMPARED])
            if abs(len(each) - len(word)) <= most and 0 < (edits := distance(word, each)) <= most
        ]
        return min(found)[2] if found else None


def distance(a: str, b: str) -> int:
    """How many letters are added, left out, changed or swapped with the next between two words: the restricted
    Damerau-Levenshtein distance."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, left in enumerate(a, start=1):
        row = [i]
        for j, right in enumerate(b, start=1):
            least = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        before, last = last, row
    return last[-1]


def _trigrams(word: str) -> Iterator[str]:
    framed = f"^{word}$"
    return (framed[i : i + 3] for i in range(len(framed) - 2))
