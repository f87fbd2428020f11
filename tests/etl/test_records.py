"""Raw rows become records: tags sorted, ids of today, lineage."""

from __future__ import annotations

from typing import Any

import pytest

from etl.languages import language
from etl.records import dataset_record, model_record
from graph.types import ModelRecord


def record(**raw: Any) -> ModelRecord:
    return model_record({"id": "me/model", **raw})


def test_tags_become_facts_of_their_kind() -> None:
    made = record(
        pipeline_tag="Sentence-Similarity",
        library_name="sentence-transformers",
        tags=[
            "sentence-transformers", "safetensors", "bert", "sentence-similarity", "Legal", "legal", "de", "pt-BR",
            "multilingual", "dataset:squad", "squad", "arxiv:1908.10084", "arxiv:1910.09700", "license:apache-2.0",
            "base_model:bert-base-uncased", "base_model:finetune:bert-base-uncased", "region:us",
            "endpoints_compatible", "diffusers:StableDiffusionPipeline", "dataset:imagefolder", "unk",
        ],
    )  # fmt: skip
    assert made.task == "sentence-similarity"
    assert made.library == "sentence-transformers"
    assert made.license == "apache-2.0"
    assert made.tags == ("safetensors", "bert", "legal")
    assert made.languages == ("de", "pt", "multilingual")
    assert made.datasets == ("rajpurkar/squad",)
    assert made.papers == ("1908.10084",)
    assert made.architectures == ("StableDiffusionPipeline",)
    assert made.bases == (("google-bert/bert-base-uncased", "finetune"),)
    assert not made.relation_inferred


def test_an_old_id_becomes_the_one_of_today() -> None:
    made = model_record({"modelId": "bert-base-uncased", "author": None, "tags": "['en']"})
    assert (made.id, made.author, made.aliases) == (
        "google-bert/bert-base-uncased",
        "google-bert",
        ("bert-base-uncased",),
    )
    assert model_record({"id": "google-bert/bert-base-uncased"}).aliases == ("bert-base-uncased",)
    assert record().author == "me"
    assert dataset_record({"id": "squad"}).author == "rajpurkar"


def test_a_card_that_names_languages_is_believed_over_tags() -> None:
    made = record(tags=["no", "de", "so"], cardData={"language": ["deu", "en-US"]})
    assert made.languages == ("de", "en")
    assert made.tags == ("no", "so")


@pytest.mark.parametrize(
    ("name", "code"),
    [("de", "de"), ("DEU", "de"), ("German", "de"), ("zh-CN", "zh"), ("code", "code"), ("xx", None), ("art", None)],
)
def test_language(name: str, code: str | None) -> None:
    assert language(name) == code


def test_sd_is_no_language_of_an_image_model() -> None:
    assert record(tags=["sd", "text-to-image"]).languages == ()
    assert record(tags=["sd"]).languages == ("sd",)


@pytest.mark.parametrize(
    ("raw", "parameters"),
    [
        ({"safetensors": {"total": 123}}, 123),
        ({"id": "a/Llama-2-7b-chat"}, 7_000_000_000),
        ({"id": "a/qwen-1.5B"}, 1_500_000_000),
        ({"id": "a/Mixtral-8x7B"}, None),
        ({"id": "a/llama-70b-to-7b"}, None),
        ({"id": "a/bert-4bit"}, None),
    ],
)
def test_parameters(raw: dict[str, Any], parameters: int | None) -> None:
    assert record(**raw).parameters == parameters


def test_gated_and_missing() -> None:
    assert record(gated=False).gated is None
    assert record(gated="auto").gated == "auto"
    made = record(pipeline_tag="None", library_name=float("nan"), likes="[]", tags="[]", datasets="")
    assert (made.task, made.library, made.likes, made.tags, made.datasets) == (None, None, None, (), ())


@pytest.mark.parametrize(
    ("data", "kind"),
    [({"type": "user"}, "user"), ({"type": "org"}, "organisation"), ({}, None), ({"type": 7}, None), ("org", None)],
)
def test_the_kind_of_author_is_what_the_row_says(data: Any, kind: str | None) -> None:
    assert record(authorData=data).author_kind == kind
    assert dataset_record({"id": "a/b", "authorData": data}).author_kind == kind


def test_license_names() -> None:
    assert record(cardData={"license": "other", "license_name": "Llama3"}).license == "llama3"
    assert record(tags=["license:unknown"]).license is None


def test_the_soup_has_what_people_search_for() -> None:
    made = record(
        pipeline_tag="sentence-similarity",
        tags=["de", "dataset:squad"],
        config={"architectures": ["BertModel"]},
        cardData={"description": "Finds <b>similar</b> texts."},
    )
    for word in ("model", "sentence similarity", "german", "squad", "bert model", "bertmodel", "me", "similar"):
        assert word in made.soup
    assert (
        made.soup
        == record(
            tags=["de", "dataset:squad"],
            pipeline_tag="sentence-similarity",
            config={"architectures": ["BertModel"]},
            cardData={"description": "Finds <b>similar</b> texts."},
        ).soup
    )
