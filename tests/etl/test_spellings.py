"""One spelling for licences, libraries, tasks, languages, datasets and papers; each change is counted."""

from __future__ import annotations

from typing import Any

import pytest

from etl import repairs, vocabulary
from etl.languages import carded, language_tag
from etl.records import dataset_record, model_record
from etl.repairs import Repairs
from etl.spellings import LICENSES, license_name
from graph.types import ModelRecord


def record(**raw: Any) -> tuple[ModelRecord, Repairs]:
    repaired = Repairs()
    return model_record({"id": "me/model", **raw}, repaired), repaired


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Apache 2.0", "apache-2.0"),
        ("apache-2", "apache-2.0"),
        ("Apache License, Version 2.0", "apache-2.0"),
        ("apache license v2.0", "apache-2.0"),
        ("MIT License", "mit"),
        ("https://opensource.org/licenses/MIT", "mit"),
        ("cc by 4.0", "cc-by-4.0"),
        ("CC_BY_NC_SA_4.0", "cc-by-nc-sa-4.0"),
        ("llama-2", "llama2"),
        ("Llama 3 Community License Agreement", "llama3"),
        ("llama 3.1", "llama3.1"),
        ("gpl v3", "gpl-3.0"),
        ("GPLv3", "gpl-3.0"),
        ("BSD 3-Clause", "bsd-3-clause"),
        ("CreativeML OpenRAIL-M", "creativeml-openrail-m"),
        ("openrail++", "openrail++"),
        ("My Own License", "my own license"),
    ],
)
def test_licences(written: str, meant: str) -> None:
    made, repaired = record(tags=[f"license:{written}"])
    assert made.license == meant
    assert repaired == ({repairs.LICENCE: 1} if written.lower() != meant else {})


def test_every_licence_of_the_hub_is_itself() -> None:
    assert [name for name in sorted(LICENSES) if license_name(name) != name] == []
    assert [
        name for name in sorted(LICENSES) if license_name(f"{name.upper().replace('-', '_')} license") != name
    ] == []


def test_of_several_licences_the_first_is_kept_and_the_rest_counted() -> None:
    made, repaired = record(cardData={"license": ["MIT", "apache-2.0"]})
    assert (made.license, repaired) == ("mit", {repairs.LICENCES: 1})


@pytest.mark.parametrize(
    ("written", "meant", "reason"),
    [
        ("sentence_transformers", "sentence-transformers", repairs.LIBRARY),
        ("Sentence Transformers", "sentence-transformers", repairs.LIBRARY),
        ("Transformers", "transformers", None),
        ("sb3", "stable-baselines3", repairs.LIBRARY),
        ("Stable Baselines3", "stable-baselines3", repairs.LIBRARY),
        ("tf_keras", "tf-keras", repairs.LIBRARY),
        ("scikit-learn", "sklearn", repairs.LIBRARY),
        ("Torch", "pytorch", repairs.LIBRARY),
        ("pyannote.audio", "pyannote-audio", repairs.LIBRARY),
        ("transformers, peft, torch", "transformers", repairs.LIBRARIES),
        ("transformers accelerate", "transformers accelerate", None),
        ("torch transformers", "pytorch", repairs.LIBRARIES),
        ("stable diffusion", "stable diffusion", None),
        ("https://example.org/library", None, repairs.NO_LIBRARY),
    ],
)
def test_libraries(written: str, meant: str | None, reason: str | None) -> None:
    made, repaired = record(library_name=written)
    assert made.library == meant
    assert repaired == ({reason: 1} if reason else {})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("text_generation", "text-generation"),
        ("Text Generation", "text-generation"),
        ("conversational", "text-generation"),
        ("text2text", "text2text-generation"),
        ("sentiment-analysis", "text-classification"),
        ("NER", "token-classification"),
        ("something-new", "something-new"),
    ],
)
def test_tasks(written: str, meant: str) -> None:
    made, repaired = record(pipeline_tag=written)
    assert made.task == meant
    assert repaired == ({repairs.TASK: 1} if written.lower() != meant else {})


def test_a_task_among_the_tags_is_seen_through_its_spelling() -> None:
    made, repaired = record(tags=["Text Generation", "conversational"])
    assert (made.task, made.tags, repaired) == ("text-generation", ("conversational",), {repairs.TASK: 1})


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("kmb", "kmb"),
        ("quc", "quc"),
        ("eng", "en"),
        ("pt_BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("Farsi", "fa"),
        ("Haitian Creole", "ht"),
    ],
)
def test_languages_on_a_card(name: str, code: str) -> None:
    made, repaired = record(cardData={"language": name})
    assert made.languages == (code,)
    assert repaired == ({repairs.LANGUAGE: 1} if name.lower() != code else {})


@pytest.mark.parametrize("name", ["und", "xq", "klingon?", "unk"])
def test_what_is_no_language_is_left_out_of_a_card(name: str) -> None:
    assert carded(name) is None
    assert record(cardData={"language": [name]})[1] == {repairs.NO_LANGUAGE: 1}


@pytest.mark.parametrize("tag", ["ml_model", "en_core_web_sm", "lua", "ace", "no-ai-art", "is_better", "oss"])
def test_a_plain_tag_that_only_looks_like_a_language_stays_one(tag: str) -> None:
    assert language_tag(tag) is None
    assert record(tags=[tag])[0].tags == (tag,)


@pytest.mark.parametrize(("tag", "code"), [("pt-br", "pt"), ("zh_tw", "zh"), ("swh", "sw"), ("sr-latn", "sr")])
def test_a_region_or_a_script_behind_a_code_goes(tag: str, code: str) -> None:
    assert record(tags=[tag])[0].languages == (code,)


def test_every_code_leads_to_a_language() -> None:
    for table in (vocabulary.LANGUAGE_CODES, vocabulary.LANGUAGE_NAMES):
        assert {code for code in table.values() if code not in vocabulary.LANGUAGES} == set()
    assert vocabulary.LANGUAGE_CODES.keys() & vocabulary.LANGUAGES.keys() == set()


@pytest.mark.parametrize(
    ("written", "meant", "reason"),
    [
        ("squad", "rajpurkar/squad", repairs.DATASET),
        ("SQuAD", "rajpurkar/squad", repairs.DATASET),
        ("rajpurkar/squad", "rajpurkar/squad", None),
        ("https://huggingface.co/datasets/squad", "rajpurkar/squad", repairs.DATASET),
        ("https://huggingface.co/datasets/a/b/tree/main", "a/b", repairs.DATASET),
        ("my-own-set", "my-own-set", None),
        ("json", None, repairs.NO_DATASET),
        ("/content/train.csv", None, repairs.NO_DATASET),
        ("https://example.org/data", None, repairs.NO_DATASET),
    ],
)
def test_datasets(written: str, meant: str | None, reason: str | None) -> None:
    made, repaired = record(tags=[f"dataset:{written}"])
    assert made.datasets == ((meant,) if meant else ())
    assert repaired == ({reason: 1} if reason else {})


def test_a_dataset_under_its_old_id_is_counted() -> None:
    repaired = Repairs()
    assert dataset_record({"id": "squad"}, repaired).id == "rajpurkar/squad"
    assert repaired == {repairs.DATASET: 1}


@pytest.mark.parametrize(
    ("tag", "paper", "reason"),
    [
        ("arxiv:1810.04805", "1810.04805", None),
        ("arXiv:1810.04805v2", "1810.04805", repairs.PAPER),
        ("arxiv:https://arxiv.org/abs/1810.04805v2", "1810.04805", repairs.PAPER),
        ("https://arxiv.org/pdf/1810.04805.pdf", "1810.04805", repairs.PAPER),
        ("arxiv:10.48550/arXiv.1810.04805", "1810.04805", repairs.PAPER),
        ("arxiv:cs/0112017", "cs/0112017", None),
        ("arxiv:1813.04805", None, repairs.NO_PAPER),
        ("arxiv:tba", None, repairs.NO_PAPER),
    ],
)
def test_papers(tag: str, paper: str | None, reason: str | None) -> None:
    made, repaired = record(tags=[tag])
    assert made.papers == ((paper,) if paper else ())
    assert repaired == ({reason: 1} if reason else {})
    assert made.tags == ()
