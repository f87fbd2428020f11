"""What a model was made from, how it was made, and how sure that is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from etl import lineage, repairs, sources
from etl.identifiers import bases
from etl.lineage import Ancestry, infer
from etl.records import model_record
from etl.repairs import Repairs
from graph.types import ModelRecord


def record(id_: str = "me/model", **raw: Any) -> tuple[ModelRecord, Repairs]:
    repaired = Repairs()
    return model_record({"id": id_, **raw}, repaired), repaired


@pytest.mark.parametrize(
    ("name", "raw", "relation"),
    [
        ("x-GGUF", {}, "quantized"),
        ("x-4bit", {}, "quantized"),
        ("x", {"tags": ["gguf"]}, "quantized"),
        ("x", {"tags": ["4-bit", "awq"]}, "quantized"),
        ("x", {"tags": ["4-bit", "unsloth", "trl"]}, "finetune"),
        ("x", {"library_name": "peft"}, "adapter"),
        ("x-lora", {}, "adapter"),
        ("x", {"tags": ["mergekit"]}, "merge"),
        ("x", {"tags": ["base_model:c/d"]}, "merge"),
        ("x", {}, "finetune"),
        ("x", {"siblings": [{"rfilename": "adapter_config.json"}]}, "adapter"),
        ("x", {"siblings": [{"rfilename": "sub/x.Q4_K_M.gguf"}]}, "quantized"),
        ("x", {"siblings": [{"rfilename": "mergekit_config.yml"}]}, "merge"),
        ("x", {"siblings": ["adapter_config.json", 7, {"rfilename": None}]}, "adapter"),
        ("x-GGUF", {"cardData": {"base_model_relation": "adapter"}}, "adapter"),
        ("x-GGUF", {"cardData": {"base_model_relation": "Fine_Tuned"}}, "finetune"),
    ],
)
def test_the_relation_is_inferred_where_the_hub_has_none(name: str, raw: dict[str, Any], relation: str) -> None:
    made, repaired = record(f"me/{name}", **{**raw, "tags": [*raw.get("tags", []), "base_model:a/b"]})
    assert dict(made.bases)["a/b"] == relation
    assert made.relation_inferred == ("cardData" not in raw)
    assert (made.relation_confidence is not None) == made.relation_inferred
    assert repaired == ({repairs.INFERRED: 1} if made.relation_inferred else {})


@pytest.mark.parametrize("relation", ["finetune", "adapter", "quantized", "merge"])
def test_a_relation_that_the_hub_states_is_believed(relation: str) -> None:
    made, repaired = record("me/x-GGUF", tags=["base_model:a/b", f"base_model:{relation}:a/b"])
    assert made.bases == (("a/b", relation),)
    assert (made.relation_inferred, made.relation_confidence, repaired) == (False, None, {})


def test_a_relation_that_nobody_knows_is_left_out_and_counted() -> None:
    made, repaired = record(tags=["base_model:distilled:a/b"])
    assert made.bases == (("a/b", "finetune"),)
    assert repaired == {repairs.RELATION: 1, repairs.INFERRED: 1}


def test_a_sign_that_speaks_against_makes_it_less_sure() -> None:
    assert infer("a/x-GGUF", (), None, 1) == ("quantized", 0.95)
    assert infer("a/x-GGUF", ("mergekit",), None, 1) == ("quantized", 0.75)
    assert infer("a/x-4bit-qlora", (), None, 1) == ("adapter", 0.7)
    assert infer("a/x-gptq", (), None, 1, ["adapter_config.json"]) == ("adapter", 0.75)
    assert infer("a/x", (), None, 1) == ("finetune", 0.7)
    assert infer("a/x", ("trl",), None, 1) == ("finetune", 0.9)


def shown_by(files: set[str]) -> str | None:
    """How a model was made as far as its files show it."""
    if "adapter_config.json" in files:
        return "adapter"
    if any(name.endswith((".gguf", "quantize_config.json", "quant_config.json")) for name in files):
        return "quantized"
    if "mergekit_config.yml" in files:
        return "merge"
    return "whole" if "config.json" in files else None


def test_names_and_tags_are_right_as_often_as_they_are_sure(shared_data: Path) -> None:
    """What is inferred without the files is held against what the files show."""
    right: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    claimed: Counter[str] = Counter()
    for row in sources.rows(shared_data / "hub-2024-07/models_full.jsonl.zst"):
        assert not isinstance(row, sources.Rejected)
        made = model_record({key: value for key, value in row[1].items() if key != "siblings"})
        shown = shown_by({each["rfilename"].rsplit("/", 1)[-1].lower() for each in row[1]["siblings"]})
        if not made.relation_inferred or shown is None:
            continue
        relation = made.bases[0][1]
        # Whole weights are what a fine-tune has, and speak against an adapter; the others may look so, too.
        if shown == "whole" and relation not in ("finetune", "adapter"):
            continue
        judged[relation] += 1
        claimed[relation] += made.relation_confidence or 0
        right[relation] += shown == {"finetune": "whole"}.get(relation, relation)
    for relation in ("adapter", "quantized", "merge", "finetune"):
        assert judged[relation] >= 15
        assert right[relation] >= claimed[relation], relation


def test_ingredients_of_a_merge_are_read_from_its_tags() -> None:
    made, _ = record(tags=["merge", "mergekit", "a/b", "c/d"])
    assert made.bases == (("a/b", "merge"), ("c/d", "merge"))
    assert made.relation_inferred
    assert made.tags == ("merge", "mergekit")


def test_a_model_is_not_its_own_base() -> None:
    made, repaired = record("google-bert/bert-base-uncased", tags=["base_model:bert-base-uncased"])
    assert made.bases == ()
    assert repaired[repairs.SELF] == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a/b", ["a/b"]),
        ("bert-base-uncased", ["google-bert/bert-base-uncased"]),
        ("T5-Base", ["google-t5/t5-base"]),
        ("https://huggingface.co/a/b", ["a/b"]),
        ("https://huggingface.co/a/b/tree/main", ["a/b"]),
        ("huggingface.co/a/b?library=x", ["a/b"]),
        ("https://hf.co/gpt2", ["openai-community/gpt2"]),
        ("https://huggingface.co/gpt2/resolve/main/config.json", ["openai-community/gpt2"]),
        ("hf://a/b", ["a/b"]),
        ("a / b", ["a/b"]),
        ("a/b/", ["a/b"]),
        ("a/b@main", ["a/b"]),
        ("'a/b'", ["a/b"]),
        ("a/b, c/d", ["a/b", "c/d"]),
        ("a/b and c/d", ["a/b", "c/d"]),
        ("a/b c/d", ["a/b", "c/d"]),
        ("['a/b', \"c/d\"]", ["a/b", "c/d"]),
        ("[a/b; c/d]", ["a/b", "c/d"]),
    ],
)
def test_bases_in_every_spelling(written: str, meant: list[str]) -> None:
    found, reasons = bases(written)
    assert list(found) == meant
    assert set(reasons) == (set() if [written] == meant else {repairs.BASE})
    assert [base for base, _ in record(cardData={"base_model": written})[0].bases] == meant
    assert [base for base, _ in record(tags=[f"base_model:{written}"])[0].bases] == meant


@pytest.mark.parametrize(
    "written",
    [
        "./checkpoint",
        "../models/x",
        "/content/drive/MyDrive/model",
        "~/model",
        "C:\\models\\x",
        "models/llama",
        "checkpoint-500",
        "outputs",
        "a/b/checkpoint-500",
        "model.safetensors",
        "https://civitai.com/models/1",
        "https://huggingface.co/datasets/a/b",
        "https://huggingface.co/spaces/a/b",
        "Llama 2 of mine",
        "<script>alert(1)</script>",
    ],
)
def test_a_path_or_another_site_is_no_base(written: str) -> None:
    made, repaired = record(cardData={"base_model": [written, "a/b"]})
    assert made.bases == (("a/b", "finetune"),)
    assert repaired[repairs.NO_BASE] == 1


def test_circles_are_noticed_over_any_number_of_steps() -> None:
    ancestry = Ancestry()
    links = [("b", "a"), ("c", "b"), ("d", "c"), ("a", "d"), ("a", "x"), ("x", "c"), ("e", "a")]
    assert [ancestry.closes_circle(*link) for link in links] == [False, False, False, True, False, True, False]


def test_a_confidence_lies_between_0_and_1() -> None:
    with pytest.raises(ValueError, match="relation_confidence"):
        ModelRecord("a/b", relation_confidence=1.5)
    assert lineage.infer("a/b", (), None, 1)[1] <= 1
