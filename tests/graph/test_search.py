"""Search on a small real graph: words, meaning, facets, filters."""

from __future__ import annotations

import pytest
from small import fill, records, text_vector

from graph.database import Database
from graph.errors import BadInput
from graph.search import search

IDS = [record.id for record in records()]


@pytest.fixture(scope="module")
def small(module_any_db: Database) -> Database:
    fill(module_any_db)
    return module_any_db


def ids(page: object) -> list[str]:
    return [card.id for card in page.cards]  # type: ignore[attr-defined]


def test_words_find_models(small: Database) -> None:
    page = search(small, "sentence similarity")
    assert set(ids(page)) == {"st/MiniLM-L6", "st/mpnet"}
    assert (page.total, page.total_is_lower_bound, page.fallback) == (2, False, None)
    assert page.facets["task"] == [("sentence-similarity", 2)]


def test_the_last_word_may_be_begun(small: Database) -> None:
    assert ids(search(small, "minil")) == ["st/MiniLM-L6"]


@pytest.mark.parametrize("id", ["st/mpnet", "bert-base"])
def test_an_id_comes_first(small: Database, id: str) -> None:
    assert ids(search(small, id, text_vector(IDS[0])))[0].endswith(id)


def test_meaning_helps_words(small: Database) -> None:
    near = text_vector("other/vision")
    assert ids(search(small, "mpnet", near))[:2] in (["st/mpnet", "other/vision"], ["other/vision", "st/mpnet"])
    page = search(small, "qqqq", near)
    assert ids(page)[0] == "other/vision"
    assert page.fallback == "No model has these words; these come nearest in meaning."


@pytest.mark.parametrize(
    "text", ["AND", "a OR", "C++", '"', "[x] {y}", "a/b:c", "~ ^ * ?", "\\", "(", "𝔘 ünï", "x" * 2000]
)
def test_signs_do_no_harm(small: Database, text: str) -> None:
    search(small, text)
    search(small, text, text_vector(IDS[1]))


def test_filters_and_facets_go_together(small: Database) -> None:
    page = search(small, "mistral", license="apache-2.0", task="text-generation")
    assert len(page.cards) == 4
    assert {card.license for card in page.cards} == {"apache-2.0"}
    wide = search(small, "bert sentence", task="fill-mask")
    assert ids(wide) == ["google/bert-base"]
    assert dict(wide.facets["task"]) == {"fill-mask": 1, "sentence-similarity": 2}
    assert dict(wide.facets["library"]) == {"transformers": 1}


def test_a_narrow_filter_is_searched_whole(small: Database) -> None:
    page = search(small, "qqqq", text_vector(IDS[0]), task="image-classification")
    assert ids(page) == ["other/vision"]


@pytest.mark.parametrize(
    ("sort", "first"), [("downloads", "google/bert-base"), ("likes", "meta/Llama-8B"), ("newest", "crowd/number-0")]
)
def test_nothing_typed_is_browsing(small: Database, sort: str, first: str) -> None:
    page = search(small, "", sort=sort, limit=5)
    assert ids(page)[0] == first
    assert (page.total, page.total_is_lower_bound) == (200, False)
    assert dict(page.facets["task"])["text-generation"] == 9
    assert ids(search(small, " ", sort=sort, limit=5, offset=5))[0] not in ids(page)


def test_browsing_with_one_filter_knows_its_total(small: Database) -> None:
    page = search(small, "", task="text-generation", limit=2)
    assert (page.total, page.total_is_lower_bound) == (9, False)
    both = search(small, "", task="text-generation", license="apache-2.0", limit=2)
    assert (both.total, both.total_is_lower_bound) == (3, True)


def test_results_can_be_sorted_and_paged(small: Database) -> None:
    page = search(small, "mistral", sort="downloads")
    assert [card.downloads for card in page.cards] == sorted((c.downloads for c in page.cards), reverse=True)
    assert ids(search(small, "mistral", sort="downloads", limit=2, offset=2)) == ids(page)[2:4]


def test_bad_input_is_named(small: Database) -> None:
    with pytest.raises(BadInput, match="size"):
        search(small, "x", sort="size")
    with pytest.raises(BadInput, match="limit"):
        search(small, "x", limit=0)
