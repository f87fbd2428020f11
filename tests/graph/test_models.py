"""Facts of models on a small real graph: ids as people type them, pages, cards, counts."""

from __future__ import annotations

import pytest
from small import fill

from graph import models
from graph.database import Database
from graph.errors import NotFound


@pytest.fixture(scope="module")
def small(module_any_db: Database) -> Database:
    fill(module_any_db)
    return module_any_db


@pytest.mark.parametrize(
    ("typed", "id"),
    [
        ("google/bert-base", "google/bert-base"),
        ("bert-base", "google/bert-base"),
        ("GOOGLE/Bert-Base", "google/bert-base"),
        ("minilm-l6", "st/MiniLM-L6"),
        (" https://huggingface.co/st/mpnet ", "st/mpnet"),
    ],
)
def test_ids_are_found_as_people_write_them(small: Database, typed: str, id: str) -> None:
    assert models.resolve(small, typed) == id


def test_an_unknown_id_comes_with_suggestions(small: Database) -> None:
    with pytest.raises(NotFound, match=r"no model 'google/MiniLM'.*MiniLM-L6") as caught:
        models.resolve(small, "google/MiniLM")
    assert caught.value.hint.count("/") <= 3
    with pytest.raises(NotFound, match="hfmrs search"):
        models.resolve(small, "zzz")
    with pytest.raises(NotFound):
        models.resolve(small, " ")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("google/bert-bse", "google/bert-base"),
        ("gogle/brt-base", "google/bert-base"),
        ("MiniLLM-L6", "st/MiniLM-L6"),
        ("st/mpnte", "st/mpnet"),
    ],
)
def test_a_misspelt_id_is_recognised(small: Database, typed: str, first: str) -> None:
    with pytest.raises(models.UnknownModel) as caught:
        models.resolve(small, typed)
    assert caught.value.suggestions[0] == first
    assert f"Did you mean {first}" in caught.value.hint


def test_a_name_of_two_models_is_not_guessed(small: Database) -> None:
    with pytest.raises(NotFound, match=r"2 models are called 'twin'.*other/Twin or another/Twin"):
        models.resolve(small, "twin")


@pytest.mark.parametrize("typed", ["a AND", "+", 'x" OR "', "[x]", "~", "C++", "/", "\\", "a:b", "*"])
def test_signs_do_no_harm(small: Database, typed: str) -> None:
    with pytest.raises(NotFound):
        models.resolve(small, typed)


def test_a_page_holds_all_facts(small: Database) -> None:
    page = models.get(small, "google/bert-base")
    assert page.card.title == "bert-base"
    assert page.card.created_at is not None
    assert page.description == "BERT."
    assert (page.tags, page.datasets, page.papers) == (("bert", "exbert"), ("wikipedia",), ("1810.04805",))
    assert page.architectures == ("BertModel",)
    assert page.aliases == ("bert-base",)
    assert [card.id for card in page.children] == ["st/MiniLM-L6"]
    assert page.children_total == 1
    assert page.bases == ()


def test_a_page_names_bases_and_the_most_downloaded_children(small: Database) -> None:
    assert [(base.id, relation) for base, relation, _ in models.get(small, "st/MiniLM-L6").bases] == [
        ("google/bert-base", "finetune")
    ]
    page = models.get(small, "mistral/Mistral-7B", children=2)
    assert page.children_total == 7
    assert [card.id for card in page.children] == ["bloke/Mistral-7B-GGUF", "bloke/Mistral-7B-GPTQ"]
    assert page.children[0].relation == "quantized"
    with pytest.raises(NotFound):
        models.get(small, "no/such")


def test_cards_come_in_the_order_asked_for(small: Database) -> None:
    found = models.cards(small, ["st/mpnet", "no/such", "google/bert-base"])
    assert list(found) == ["st/mpnet", "google/bert-base"]
    assert found["st/mpnet"].downloads == 40000
    assert models.cards(small, []) == {}


def test_counts_of_every_label(small: Database) -> None:
    counts = models.counts(small)
    assert (counts["Model"], counts["Task"], counts["Dataset"]) == (200, 5, 2)
    assert "Paper" in counts
