"""The client and what it keeps, without a database."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Event

import pytest

from etl import sources
from etl.hub import Hub
from etl.listings import Listing, Scope
from etl.raw import OVERLAP, Archive, Raw, fetch, plan, unfinished
from graph.errors import BadInput, HubUnavailable
from tests.hub.conftest import model
from tests.hub.replay import Replay, Trouble

ALL = Listing(Scope(), "all")


def listed(raw: Raw) -> list[str]:
    """The ids in a listing's file."""
    rows = list(sources.rows(raw.path))
    assert not [row for row in rows if isinstance(row, sources.Rejected)]
    return [row[1]["id"] for row in rows if not isinstance(row, sources.Rejected)]


def fetched(hub: Hub, folder: Path, listing: Listing = ALL) -> Raw:
    raw = Archive(folder).begin(listing)
    fetch(hub, raw, lambda done: None)
    return raw


def test_every_page_is_kept_as_it_came(replay: Replay, hub: Hub, tmp_path: Path) -> None:
    replay.models[0]["cardData"] = {"license": "mit", "text": "\ud800 ü"}
    with replay:
        raw = fetched(hub, tmp_path)
    assert (raw.pages, raw.rows, raw.state, len(replay.asked)) == (3, 25, "fetched", 3)
    assert raw.begun == replay.now
    rows = [row[1] for row in sources.rows(raw.path) if not isinstance(row, sources.Rejected)]
    assert sorted(rows, key=lambda row: row["id"]) == sorted(replay.models, key=lambda row: row["id"])
    assert sources.kind_of(raw.path) == "model"
    assert [path.name for path in sorted(raw.folder.iterdir())] == [raw.manifest.name, raw.path.name]


def test_the_hub_is_asked_for_the_fields_and_by_the_restrictions(replay: Replay, hub: Hub, tmp_path: Path) -> None:
    replay.models.append(model(70, author="p", id="p/Bert", library_name="timm", tags=["timm"], pipeline_tag="x"))
    with replay:
        scope = Scope(author="p", task="x", library="timm", search="bert")
        assert listed(fetched(hub, tmp_path, Listing(scope, "all"))) == ["p/Bert"]
    for name in ("cardData", "safetensors", "gguf", "evalResults", "lastModified", "trendingScore"):
        assert f"expand={name}" in replay.asked[0]
    assert "sort=createdAt" in replay.asked[0]


def test_the_token_is_sent_to_the_endpoint_and_nowhere_else(
    replay: Replay, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    with replay:
        fetched(hub, tmp_path)  # the links of the replay point at huggingface.co
    assert replay.tokens == ["Bearer hf_secret"] * 3
    assert hub.has_token


@pytest.mark.parametrize("stop_after", [1, 2])
def test_an_interrupted_listing_goes_on_at_its_page(replay: Replay, hub: Hub, tmp_path: Path, stop_after: int) -> None:
    def stopped(done: Raw) -> None:
        if done.pages == stop_after:
            raise KeyboardInterrupt

    archive = Archive(tmp_path)
    with replay:
        with pytest.raises(KeyboardInterrupt):
            fetch(hub, archive.begin(ALL), stopped)
        assert not list(tmp_path.rglob("*.zst"))
        (raw,) = unfinished(archive.listings("models"), Scope())
        with raw.part.open("ab") as file:
            file.write(b"half a page, as a kill leaves it")
        replay.now += timedelta(days=1)
        fetch(hub, raw, lambda done: None)
    assert len(replay.served) == len(set(replay.served)) == 3
    assert sorted(listed(raw)) == sorted(str(row["id"]) for row in replay.models)
    (raw,) = archive.listings("models")
    assert (raw.state, raw.begun) == ("fetched", replay.now - timedelta(days=1))
    assert unfinished([raw], Scope()) == []


def test_a_kill_before_the_file_gets_its_ending_is_mended(replay: Replay, hub: Hub, tmp_path: Path) -> None:
    with replay:
        raw = fetched(hub, tmp_path)
    raw.path.replace(raw.part)
    (again,) = Archive(tmp_path).listings("models")
    assert len(listed(again)) == 25


def test_a_place_that_the_hub_no_longer_knows_begins_anew(replay: Replay, hub: Hub, tmp_path: Path) -> None:
    raw = Archive(tmp_path).begin(ALL)
    with replay:
        raw.append(hub.page(ALL))
        replay.troubles = [Trouble(400, body=b'{"error": "Invalid cursor"}')]
        fetch(hub, raw, lambda done: None)
    assert (raw.pages, raw.rows, len(set(listed(raw)))) == (3, 25, 25)


def test_rows_that_change_or_vanish_between_pages_cost_only_themselves(
    replay: Replay, hub: Hub, tmp_path: Path
) -> None:
    def move(number: int) -> None:
        if number == 2:
            gone = replay.models.pop()
            replay.models[0] |= {"downloads": 1, "lastModified": "2024-06-01T00:00:00.000Z"}
            replay.models.append(model(99, createdAt="2024-06-01T00:00:00.000Z"))
            assert gone["id"] == "o/m24"

    replay.before_page = move
    with replay:
        assert sorted(listed(fetched(hub, tmp_path))) == sorted(f"o/m{number}" for number in range(25))


def test_a_limit_takes_the_most_downloaded(replay: Replay, hub: Hub, tmp_path: Path) -> None:
    with replay:
        raw = fetched(hub, tmp_path, Listing(Scope(limit=12), "top", limit=12))
    assert listed(raw) == [f"o/m{number}" for number in range(12)]
    assert len(replay.asked) == 2


def test_changes_end_at_the_first_older_row(replay: Replay, hub: Hub, tmp_path: Path) -> None:
    floor = datetime(2024, 1, 21, tzinfo=timezone.utc)
    with replay:
        raw = fetched(hub, tmp_path, Listing(Scope(), "changed", floor))
    assert listed(raw) == ["o/m24", "o/m23", "o/m22", "o/m21", "o/m20"]
    assert len(replay.asked) == 1


def test_what_is_private_is_not_kept(replay: Replay, hub: Hub, tmp_path: Path) -> None:
    replay.models[3]["private"] = True
    with replay:
        assert "o/m3" not in listed(fetched(hub, tmp_path))


def test_an_empty_listing_is_an_empty_file(replay: Replay, hub: Hub, tmp_path: Path) -> None:
    with replay:
        raw = fetched(hub, tmp_path, Listing(Scope(author="nobody"), "all"))
    assert (listed(raw), raw.pages, raw.state) == ([], 1, "fetched")


@pytest.mark.parametrize(
    ("trouble", "wait"),
    [
        (Trouble(429, headers={"Retry-After": "0"}), 1.0),
        (Trouble(429, headers={"ratelimit": '"api";r=0;t=55', "ratelimit-policy": '"fixed";"api";q=500;w=300'}), 56.0),
        (Trouble(500), 1.0),
        (Trouble(503, body=b"<html>down</html>", headers={"Content-Type": "text/html"}), 1.0),
        (Trouble(cut=True), 1.0),
    ],
    ids=["429", "ratelimit", "500", "503", "cut"],
)  # fmt: skip
def test_trouble_that_passes_is_waited_for(
    replay: Replay, hub: Hub, tmp_path: Path, waits: list[float], told: list[str], trouble: Trouble, wait: float
) -> None:
    replay.troubles = [trouble, None, trouble]
    with replay:
        assert len(listed(fetched(hub, tmp_path))) == 25
    assert waits == [wait, wait]
    assert len(told) == 2
    assert all("http" not in line for line in told)


def test_a_page_that_never_comes_is_asked_for_again(replay: Replay, told: list[str], tmp_path: Path) -> None:
    slow = Event()
    replay.troubles = [None, Trouble(slow=slow)]
    with replay:
        assert len(listed(fetched(Hub(told.append, timeout=0.2), tmp_path))) == 25
        slow.set()
    assert len(replay.asked) == 4


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Trouble(401, body=b'{"error": "Invalid credentials"}'), "does not know this token: Invalid credentials."),
        (Trouble(403), "refuses access"),
        (Trouble(404), "has no such page"),
        (Trouble(400, body=b'{"error": "Invalid sort"}'), "does not take the question (400): Invalid sort."),
        (Trouble(429), "wants fewer requests"),
        (Trouble(502), "has a fault of its own (502)"),
        (Trouble(body=b"<html>log in</html>"), "not as the Hub does"),
        (Trouble(body=b'{"error": "x"}'), "no list of models"),
        (Trouble(cut=True), "does not answer (RemoteProtocolError)"),
    ],
    ids=["401", "403", "404", "400", "429", "502", "html", "object", "cut"],
)
def test_trouble_that_stays_is_one_sentence_and_what_to_do(
    replay: Replay, hub: Hub, tmp_path: Path, trouble: Trouble, said: str
) -> None:
    replay.troubles = [trouble] * 10
    with replay, pytest.raises(HubUnavailable) as caught:
        fetched(hub, tmp_path)
    assert said in caught.value.message
    assert caught.value.message.startswith(replay.endpoint)
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_no_network_is_said_plainly(hub: Hub, replay: Replay, tmp_path: Path, waits: list[float]) -> None:
    with replay:
        pass  # gone again: nothing listens there
    with pytest.raises(HubUnavailable, match="does not answer"):
        fetched(hub, tmp_path)
    assert waits == [1.0, 2.0]


def test_offline_mode_is_honoured(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(HubUnavailable, match="HF_HUB_OFFLINE"):
        fetched(hub, tmp_path)


def test_an_endpoint_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "hub.example")
    with pytest.raises(BadInput, match="HF_ENDPOINT"):
        Hub(print)


def test_of_one_entry_the_hub_says_whether_it_is_gone(replay: Replay, hub: Hub) -> None:
    replay.hidden = {"o/m1": 403, "o/m2": 401, "o/m3": 500}
    replay.renamed = {"o/old": "o/m4"}
    with replay:
        asked = ["o/m0", "o/none", "o/old", "o/m1", "o/m2", "o/m3"]
        found = [hub.is_gone("models", id_) for id_ in asked]
    assert found == [False, True, True, None, True, None]


def test_the_plan_follows_from_what_was_fetched(replay: Replay, hub: Hub, tmp_path: Path) -> None:
    scope, archive = Scope(author="o"), Archive(tmp_path)
    (first,) = plan([], scope)
    assert (first.which, first.floor, first.limit) == ("all", None, None)
    with replay:
        fetch(hub, archive.begin(first), lambda done: None)
    history = archive.listings("models")
    assert history[0].listing == first
    changed, top = plan(history, scope, counts=7)
    assert (changed.which, changed.floor) == ("changed", replay.now - OVERLAP)
    assert (top.which, top.limit) == ("top", 7)
    assert [each.which for each in plan(history, scope, counts=0)] == ["changed"]
    assert [each.which for each in plan(history, scope, full=True)] == ["all"]
    assert [each.which for each in plan(history, Scope())] == ["all"]
    since = datetime(2024, 7, 1, tzinfo=timezone.utc)
    assert plan(history, Scope(since=since)) == [Listing(Scope(since=since), "changed", since)]
    assert plan(history, Scope(limit=5)) == [Listing(Scope(limit=5), "top", None, 5)]


def test_a_whole_listing_makes_older_ones_superfluous(replay: Replay, hub: Hub, tmp_path: Path) -> None:
    archive, floor = Archive(tmp_path), replay.now
    made = [
        ALL,
        Listing(Scope(), "changed", floor),
        Listing(Scope(), "top", limit=3),
        Listing(Scope(author="o"), "all"),
    ]

    def names() -> list[str]:
        return [raw.name[len("models-") :] for raw in archive.listings("models")]

    def add(listing: Listing) -> None:
        raw = fetched(hub, tmp_path, listing)
        raw.state = "loaded"
        raw.save()
        archive.prune(raw)

    with replay:
        for listing in made:
            add(listing)
        assert names() == ["000001-all", "000002-changed", "000003-top", "000004-all"]
        add(made[1])
        add(made[2])
        assert names() == ["000001-all", "000004-all", "000005-changed", "000006-top"]
        add(ALL)
    assert names() == ["000004-all", "000007-all"]
    assert len(list(tmp_path.rglob("*.zst"))) == 2


def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    raw = Archive(tmp_path).begin(ALL)
    raw.manifest.write_text(json.dumps({"listing": 7}))
    with pytest.raises(BadInput, match=r"models-000001-all\.json cannot be read"):
        Archive(tmp_path).listings("models")


def test_two_syncs_keep_out_of_each_others_way(tmp_path: Path) -> None:
    with Archive(tmp_path).lock(), pytest.raises(BadInput, match="Another hfmrs sync"), Archive(tmp_path).lock():
        pass
