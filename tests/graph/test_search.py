"""Search on a small real graph: words, meaning, the query language, facets, forms, mistyped words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from small import fill, records, text_vector

from graph import browse, words
from graph.database import Database
from graph.errors import BadInput
from graph.facets import FacetValue
from graph.known import Known, Suggestion
from graph.query_language import BadQuery
from graph.search import SORTS, Embed, SearchPage, search

IDS = [record.id for record in records()]


def meaning(id: str) -> Embed:
    """An embedder for which every text means the same as a model."""
    return lambda text: text_vector(id)


@pytest.fixture(scope="module", params=["index", "database"])
def small(
    module_any_db: Database, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """The graph, searched by the index in a home folder and without one by that of the database."""
    fill(module_any_db)
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "index":
            words.make(module_any_db, home)
            patch.setattr("graph.search.Known", partial(Known, home=home))
        yield module_any_db


def ids(page: SearchPage) -> list[str]:
    return [card.id for card in page.cards]


def counts(page: SearchPage, facet: str) -> dict[str, int]:
    return {each.value: each.count for each in page.facets[facet]}


def test_words_find_models(small: Database) -> None:
    page = search(small, "sentence similarity")
    assert set(ids(page)) == {"st/MiniLM-L6", "st/mpnet"}
    assert (page.total, page.total_is_lower_bound, page.more, page.fallback) == (2, False, False, None)
    assert page.facets["task"] == [FacetValue("sentence-similarity", 2)]


def test_the_last_word_may_be_begun(small: Database) -> None:
    assert ids(search(small, "minil")) == ["st/MiniLM-L6"]


@pytest.mark.parametrize("id", ["st/mpnet", "bert-base"])
def test_an_id_comes_first(small: Database, id: str) -> None:
    assert ids(search(small, id, meaning(IDS[0])))[0].endswith(id)


def test_meaning_helps_words_and_names_come_first(small: Database) -> None:
    near = meaning("other/vision")
    assert ids(search(small, "mpnet", near))[:2] == ["st/mpnet", "other/vision"]
    by_both = ids(search(small, "similarity mpnet", meaning("st/MiniLM-L6")))
    assert by_both[0] == "st/MiniLM-L6"  # no name holds both words
    assert ids(search(small, "mistral gguf", meaning("mistral/Mistral-7B"), forms=True))[0] == "bloke/Mistral-7B-GGUF"
    page = search(small, "qqqq", near)
    assert ids(page)[0] == "other/vision"
    assert page.fallback == "No model has these words; these come nearest in meaning."


@pytest.mark.parametrize(
    "text", ["AND", "a OR", "C++", '"', "[x] {y}", "a/b:c", "~ ^ * ?", "\\", "(", "𝔘 ünï", "x" * 2000, "author:)("]
)
def test_signs_do_no_harm(small: Database, text: str) -> None:
    search(small, text)
    search(small, text, meaning(IDS[1]))


def test_filters_and_facets_go_together(small: Database) -> None:
    page = search(small, "mistral license:apache-2.0 task:text-generation", forms=True)
    assert len(page.cards) == 4
    assert {card.license for card in page.cards} == {"apache-2.0"}
    wide = search(small, "bert sentence task:fill-mask")
    assert ids(wide) == ["google/bert-base"]
    assert counts(wide, "task") == {"fill-mask": 1, "sentence-similarity": 2}
    assert counts(wide, "library") == {"transformers": 1}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("language:de", {"meta/Llama-8B", "st/mpnet"}),
        ("author:meta", {"meta/Llama-8B"}),
        ("size:<1B", {"google/bert-base", "st/MiniLM-L6"}),
        ("size:7B", {"mistral/Mistral-7B"}),
        ("size:7B..8.1B license:llama3", {"meta/Llama-8B"}),
        ("kind:finetune author:st", {"st/MiniLM-L6"}),
        ("kind:quantized", {f"bloke/Mistral-7B-{form}" for form in ("GGUF", "GPTQ", "AWQ")}),
        ("base:bert-base", {"st/MiniLM-L6"}),
        ("created:2023-01-01 author:mistral", {"mistral/Mistral-7B"}),
        ("created:>=2023-02 task:image-classification", set()),
        ("card:no author:other", {"other/Twin"}),
        ("card:yes author:other", {"other/vision"}),
        ("name:mistral-7b", {"mistral/Mistral-7B", *(f"bloke/Mistral-7B-{form}" for form in ("GGUF", "GPTQ", "AWQ"))}),
    ],
)
def test_every_field_filters_alike_with_and_without_words(small: Database, filters: str, found: set[str]) -> None:
    for typed, embed in (("", None), ("qqqq", meaning(IDS[0]))):
        page = search(small, f"{typed} {filters}", embed, forms=True, literal=True)
        assert set(ids(page)) == found
    for sort in SORTS[1:4]:
        assert set(ids(search(small, filters, sort=sort, forms=True))) == found


def test_facets_of_every_kind_are_counted(small: Database) -> None:
    page = search(small, "mistral")
    assert counts(page, "kind") == {"quantized": 3, "original": 1}
    assert counts(page, "size") == {"3B..8B": 1}
    assert counts(page, "created") == {"2023": 4}
    assert counts(search(small, "llama sentence"), "language") == {"de": 2, "en": 2}
    filtered = search(small, "mistral kind:original")
    assert counts(filtered, "kind") == {"quantized": 3, "original": 1}
    assert filtered.total == 1


def test_forms_stand_under_their_model(small: Database) -> None:
    page = search(small, "mistral")
    assert ids(page) == ["mistral/Mistral-7B"]
    assert page.forms["mistral/Mistral-7B"].name == "mistral-7b"
    assert set(page.forms["mistral/Mistral-7B"].ids) == {f"bloke/Mistral-7B-{form}" for form in ("GGUF", "GPTQ", "AWQ")}
    assert page.total == 4
    assert ids(search(small, "mistral gptq"))[0] == "bloke/Mistral-7B-GPTQ"
    assert "mistral/Mistral-7B" in search(small, "", limit=100).forms
    assert len(ids(search(small, "name:mistral-7b"))) == 4


def test_a_word_that_no_model_has_is_taken_for_one_near_it(small: Database) -> None:
    page = search(small, "mistrl kind:original")
    assert (ids(page), page.corrected, page.query.text) == (["mistral/Mistral-7B"], True, "mistral kind:original")
    as_typed = search(small, "mistrl", literal=True)
    assert (ids(as_typed), as_typed.corrected) == ([], False)
    assert not search(small, "mistral visoin", known=Known(small)).query.text.endswith("visoin")
    assert not search(small, "mist").corrected


def test_what_no_model_can_fulfil_is_said(small: Database) -> None:
    page = search(small, "task:fil-mask")
    assert page.notes == ("No model has task:fil-mask. Did you mean task:fill-mask?",)
    assert "There is no author nobody." in search(small, "author:nobody").notes[0]
    assert "There is no model 'no/such'." in search(small, "base:no/such").notes[0]


@pytest.mark.parametrize("words", ["", "mistral "])
def test_where_nothing_is_found_something_else_is_offered(small: Database, words: str) -> None:
    page = search(small, f"{words}license:mit task:text-generation")
    assert page.cards == ()
    offered = {each.query.text: each.count for each in page.alternatives}
    assert offered[f"{words}task:text-generation"] == (4 if words else 9)
    assert offered[f"{words}license:apache-2.0 task:text-generation"] == (4 if words else 8)
    assert ("license:mit" in offered) == (not words)
    for query, count in offered.items():
        assert search(small, query, forms=True).total == count


def test_a_narrow_filter_is_searched_whole(small: Database) -> None:
    page = search(small, "qqqq task:image-classification", meaning(IDS[0]))
    assert ids(page) == ["other/vision"]


@pytest.mark.parametrize(
    ("sort", "first"), [("downloads", "google/bert-base"), ("likes", "meta/Llama-8B"), ("newest", "crowd/number-0")]
)
def test_nothing_typed_is_browsing(small: Database, sort: str, first: str) -> None:
    page = search(small, "", sort=sort, limit=5)
    assert ids(page)[0] == first
    assert (page.total, page.total_is_lower_bound, page.more) == (200, False, True)
    assert counts(page, "task")["text-generation"] == 9
    assert ids(search(small, " ", sort=sort, limit=5, offset=5))[0] not in ids(page)


def test_trending_comes_first_where_the_hub_says_so(small: Database) -> None:
    assert ids(search(small, "", sort="trending", limit=2)) == ["google/bert-base", "st/mpnet"]
    assert ids(search(small, "sentence", sort="trending"))[0] == "st/mpnet"


def test_browsing_with_one_filter_knows_its_total(small: Database) -> None:
    page = search(small, "task:text-generation", limit=2)
    assert (page.total, page.total_is_lower_bound) == (9, False)


def test_results_can_be_sorted_and_paged(small: Database) -> None:
    page = search(small, "mistral", sort="downloads", forms=True)
    assert [card.downloads for card in page.cards] == sorted((c.downloads for c in page.cards), reverse=True)
    assert ids(search(small, "mistral", sort="downloads", forms=True, limit=2, offset=2)) == ids(page)[2:4]
    forms = [f"bloke/Mistral-7B-{form}" for form in ("AWQ", "GPTQ", "GGUF")]
    assert ids(search(small, "mistral", sort="newest", forms=True)) == [*forms, "mistral/Mistral-7B"]


def test_of_a_large_graph_the_first_in_order_are_read(small: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Known(small)  # without the index, which knows how many there are
    whole = {sort: ids(search(small, "library:transformers", known=known, sort=sort, limit=5)) for sort in SORTS}
    monkeypatch.setattr(browse, "_SMALL", 0)
    for sort in SORTS:
        page = search(small, "library:transformers", known=known, sort=sort, limit=5)
        assert ids(page) == whole[sort]
    monkeypatch.setattr(browse, "_BOUND", 3)
    top = search(small, "kind:original", known=known, sort="likes", limit=5)
    assert ids(top) == ["meta/Llama-8B", "mistral/Mistral-7B"]
    assert top.total_is_lower_bound


def test_suggestions_are_names_and_values(small: Database) -> None:
    known = Known(small)
    assert known.suggest("mistral-7")[0] == Suggestion("model", "mistral/Mistral-7B", "mistral/Mistral-7B", 9000)
    assert ("model", "st/MiniLM-L6") in [(each.kind, each.value) for each in known.suggest("st/m")]
    assert [each.query for each in known.suggest("bert task:fi")] == ["bert task:fill-mask "]
    assert "small language:" in [each.query for each in known.suggest("small lang")]
    assert [each.value for each in known.suggest("kind:q")] == ["quantized"]
    assert "sentence-similarity" in [each.value for each in known.suggest("similar")]
    assert ("model", "crowd/number-3") in [(each.kind, each.value) for each in known.suggest("number-3")]


def test_bad_input_is_named(small: Database) -> None:
    with pytest.raises(BadInput, match="size"):
        search(small, "x", sort="size")
    with pytest.raises(BadInput, match="limit"):
        search(small, "x", limit=0)
    with pytest.raises(BadQuery, match="no field"):
        search(small, "colour:red")
