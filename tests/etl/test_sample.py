"""The bundled sample: what it holds, that it hangs together, and what broken tables are told."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from etl.sample import OLDEST, TABLES, expand, expand_datasets
from graph.errors import BadInput

# ISO 639-1, and the few longer codes that the Hub uses where 639-1 has none.
TWO = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
LANGUAGES = {*TWO.split(), "multilingual", "code", "yue", "cnr", "hbs"}
RELATION_TAG = re.compile(r"base_model:(finetune|adapter|quantized|merge):(.+)")


@pytest.fixture(scope="module")
def models() -> list[dict[str, Any]]:
    return expand()


@pytest.fixture(scope="module")
def by_id(models: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {model["id"]: model for model in models}


def bases(model: dict[str, Any]) -> list[str]:
    """The ids in the plain `base_model:` tags."""
    return [tag.split(":", 1)[1] for tag in model["tags"] if tag.startswith("base_model:") and tag.count(":") == 1]


def typed(model: dict[str, Any]) -> list[str]:
    return [found[2] for tag in model["tags"] if (found := RELATION_TAG.fullmatch(tag))]


def test_it_is_large_and_many_sided(models: list[dict[str, Any]]) -> None:
    assert len(models) >= 600
    tasks = {model["pipeline_tag"] for model in models if "pipeline_tag" in model}
    assert len(tasks) >= 15
    assert len({model["library_name"] for model in models if "library_name" in model}) >= 20
    wanted = {
        "text": "text-generation",
        "sentences": "sentence-similarity",
        "vision": "image-classification",
        "audio": "automatic-speech-recognition",
        "multimodal": "image-text-to-text",
        "tables": "tabular-classification",
        "games": "reinforcement-learning",
    }
    assert {name: task for name, task in wanted.items() if task not in tasks} == {}


def test_german_sentence_similarity_is_there(models: list[dict[str, Any]]) -> None:
    found = [m["id"] for m in models if m.get("pipeline_tag") == "sentence-similarity" and "de" in m["tags"]]
    assert len(found) >= 15
    assert "T-Systems-onsite/cross-en-de-roberta-sentence-transformer" in found


def test_ids_are_unique_and_have_an_author(models: list[dict[str, Any]]) -> None:
    ids = [model["id"] for model in models]
    assert len(set(ids)) == len(ids)
    assert [m["id"] for m in models if not re.fullmatch(r"[\w.-]+/[\w.-]+", m["id"])] == []
    assert [m["id"] for m in models if m["author"] != m["id"].split("/")[0]] == []


def test_most_downloaded_come_first(models: list[dict[str, Any]]) -> None:
    downloads = [model["downloads"] for model in models]
    assert downloads == sorted(downloads, reverse=True)


def test_lineage_hangs_together(models: list[dict[str, Any]], by_id: dict[str, dict[str, Any]]) -> None:
    edges = 0
    for model in models:
        plain = bases(model)
        assert set(typed(model)) <= set(plain), model["id"]
        assert model["id"] not in plain
        for base in plain:
            assert base in by_id, f"{model['id']} is made from {base}, which is not in the sample"
            assert by_id[base]["createdAt"] <= model["createdAt"], f"{model['id']} is older than {base}"
        edges += len(typed(model))
    assert edges >= 300


def test_lineage_has_no_circles(models: list[dict[str, Any]], by_id: dict[str, dict[str, Any]]) -> None:
    settled: set[str] = set()

    def walk(name: str, under: tuple[str, ...]) -> None:
        assert name not in under, " → ".join((*under, name))
        if name not in settled:
            for base in bases(by_id[name]):
                walk(base, (*under, name))
            settled.add(name)

    for model in models:
        walk(model["id"], ())


def test_authors_build_on_several_bases_over_time(models: list[dict[str, Any]]) -> None:
    built: dict[str, dict[str, str]] = defaultdict(dict)
    for model in models:
        for base in typed(model):
            built[model["author"]].setdefault(base, model["createdAt"])
    assert sum(len(each) >= 2 for each in built.values()) >= 60
    assert sum(len(each) >= 3 and len(set(each.values())) >= 3 for each in built.values()) >= 12
    years = {moment[:4] for each in built.values() for moment in each.values()}
    assert {"2022", "2023", "2024", "2025"} <= years


def test_figures_are_rough(models: list[dict[str, Any]]) -> None:
    for model in models:
        assert model["rough"] is True
        for count in (model["downloads"], model["likes"]):
            assert len(str(count).rstrip("0")) <= 2, f"{model['id']} has {count}"
        assert len(str(model.get("safetensors", {}).get("total", 0)).rstrip("0")) <= 3


def test_moments_are_the_hubs(models: list[dict[str, Any]]) -> None:
    shape = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z")
    for model in models:
        assert shape.fullmatch(model["createdAt"])
        assert shape.fullmatch(model["lastModified"])
        assert OLDEST <= model["createdAt"] <= model["lastModified"]


def test_languages_are_iso_codes() -> None:
    written = {
        code
        for path in (TABLES / "models").glob("*.toml")
        for found in re.findall(r"languages = \[([^]]*)\]", path.read_text(encoding="utf-8"))
        for code in re.findall(r'"([^"]+)"', found)
    }
    assert written - LANGUAGES == set()
    assert len(written) >= 50


def test_tags_repeat_the_facts(by_id: dict[str, dict[str, Any]]) -> None:
    bert = by_id["google-bert/bert-base-uncased"]
    assert bert["tags"][:2] == ["transformers", "bert"]
    assert {"fill-mask", "en", "dataset:bookcorpus", "arxiv:1810.04805", "license:apache-2.0"} <= set(bert["tags"])
    assert bert["config"] == {"model_type": "bert", "architectures": ["BertForMaskedLM"]}
    assert bert["createdAt"] == OLDEST
    for model in by_id.values():
        assert model.get("pipeline_tag") in (None, *model["tags"])
        assert model.get("library_name") in (None, *model["tags"])


def test_children_take_facts_from_their_base(by_id: dict[str, dict[str, Any]]) -> None:
    copy = by_id["TheBloke/Mistral-7B-Instruct-v0.2-GGUF"]
    assert copy["pipeline_tag"] == "text-generation"
    assert copy["config"]["model_type"] == "mistral"
    assert "license:apache-2.0" in copy["tags"]
    assert "base_model:quantized:mistralai/Mistral-7B-Instruct-v0.2" in copy["tags"]
    assert "safetensors" not in copy


def test_it_is_json_and_always_the_same(models: list[dict[str, Any]]) -> None:
    assert json.dumps(models) == json.dumps(expand())
    assert None not in {value for model in models for value in model.values() if not isinstance(value, (list, dict))}


def test_every_named_dataset_is_listed(models: list[dict[str, Any]]) -> None:
    datasets = expand_datasets()
    named = {tag.removeprefix("dataset:") for model in models for tag in model["tags"] if tag.startswith("dataset:")}
    assert {each["id"] for each in datasets} == named
    described = [each for each in datasets if each.get("description")]
    assert len(described) >= 80
    assert all(len(str(each["downloads"]).rstrip("0")) <= 2 for each in described)
    json.dumps(datasets)


def tables(folder: Path, models: str, datasets: str = "datasets = []") -> Path:
    (folder / "models").mkdir()
    (folder / "models" / "some.toml").write_text(models, encoding="utf-8")
    (folder / "types.toml").write_text('[heads]\n[own]\n[prefix]\nbert = "Bert"\n', encoding="utf-8")
    (folder / "datasets.toml").write_text(datasets, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('["a/b", "1k", 1]', "some.toml: model a/b is not"),
        ('["a/b", "many", 1, "2023-01"]', "some.toml: model a/b has the count 'many'"),
        ('["a/b", 1, 1, "2023-13"]', "some.toml: model a/b has the date '2023-13'"),
        ('["a/b", 1, 1, "2023-01", { colour = "red" }]', "some.toml: model a/b has 'colour'"),
        ('["a/b", 1, 1, "2023-01", { tags = "x" }]', "some.toml: model a/b has tags = 'x', which is no list"),
        ('["a/b", 1, 1, "2023-01", { type = "bort" }]', "some.toml: model a/b has type 'bort'"),
        ('["a/b", 1, 1, "2023-01", { base = "a/c", relation = "kin" }]', "some.toml: model a/b has relation 'kin'"),
        ('["a/b", 1, 1, "2023-01", { base = "a/b" }]', "some.toml: model a/b is made from itself"),
        ('["a/b", 1, 1, "2023-01"], ["a/b", 1, 1, "2023-01"]', "some.toml: model a/b is also in"),
        ('["a/b", 1, 1, "2023-01", { base = "a/c" }], ["a/c", 1, 1, "2023-02"]', "a/b is older than its base a/c"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        expand(tables(tmp_path, f"[[family]]\nmodels = [{row}]\n"))
    assert said in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"some\.toml is not TOML"):
        expand(tables(tmp_path, "[[family"))


def test_a_dataset_that_no_model_names_is_refused(tmp_path: Path) -> None:
    folder = tables(tmp_path, "", 'datasets = [["glue", 1, 1, "2022-03", "Tests."]]')
    with pytest.raises(BadInput, match=r"datasets\.toml: dataset glue is named by no model"):
        expand_datasets(folder)
