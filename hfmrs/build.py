"""The stages between what is loaded and what is recommended: embed → similar → train → publish → describe →
advise.

A stage's fingerprint is made of the one before it and of its own settings. It is recorded in the graph when the stage
is done, and a stage whose fingerprint stands there already is skipped.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from graph import report, stages, tiles
from graph.errors import BadInput, NotBuilt, NotFound
from graph.memory import measured
from graph.slots import ADVICE_METHOD, FORM
from hfmrs import __version__
from hfmrs.progress import Report, progress
from hfmrs.settings import Settings

if TYPE_CHECKING:
    from graph.database import Database
    from graph.types import Subgraph


@dataclass(frozen=True, slots=True)
class StageReport:
    """What a stage did. `seconds` and `peak_mb` (of this process) are 0 for a skipped one."""

    stage: str
    skipped: bool
    summary: str
    seconds: float = 0.0
    peak_mb: float = 0.0

    def as_row(self) -> dict[str, Any]:
        done = f"unchanged: {self.summary}" if self.skipped else self.summary
        return {"stage": self.stage, "done": done, "seconds": round(self.seconds, 1), "peak MB": round(self.peak_mb)}


@dataclass(frozen=True, slots=True)
class _Stage:
    """One step of the build.

    `settings`: what its outcome depends on beside the stage before. `work` gets its fingerprint and returns one line
    on what it did. `kept`: whether what it left on disk is still there. `lasts`: whether what it made is good enough
    though what came before it has changed.
    """

    name: str
    settings: Callable[[Database, Settings], Mapping[str, Any]]
    work: Callable[[Database, Settings, str, Report], str]
    kept: Callable[[Database, Settings], bool] = lambda db, settings: True
    lasts: Callable[[Database, Settings], bool] = lambda db, settings: False


def _embed(db: Database, settings: Settings, fingerprint: str, on_progress: Report) -> str:
    from etl import embed, transformer
    from graph import words

    embedded = embed.run(
        db,
        settings.home,
        transformer_limit=settings.transformer_limit,
        most_used=settings.transformer_most_used,
        name=settings.transformer or transformer.NAME,
        on_progress=on_progress,
    )
    words.make(db, settings.home, on_progress)
    return f"{embedded}; an index of words"


def _words_kept(db: Database, settings: Settings) -> bool:
    from graph import words

    return words.there(db, settings.home)


def _similar(db: Database, settings: Settings, fingerprint: str, on_progress: Report) -> str:
    from etl import similar

    return str(similar.run(db, settings.home, on_progress=on_progress))


def learned_from(db: Database, settings: Settings) -> Subgraph:
    """The graph that the networks in service learn from: all models, or `train_limit` of them."""
    from graph.export import most_used, subgraph

    large = _models(db) > settings.train_limit
    return subgraph(db, settings.home, ids=most_used(db, settings.train_limit) if large else None)


def _train(db: Database, settings: Settings, fingerprint: str, on_progress: Report) -> str:
    """Each network is recorded as it is done, so that a build that was interrupted does not train it again."""
    from gnn import store
    from gnn.training import TrainingSettings, train
    from hfmrs.runs import REPORT, write_report

    on_progress(0, None, "reading the graph")
    data = learned_from(db, settings)
    whole = stages.get(db, "train")
    again = whole is not None and whole.fingerprint == fingerprint
    done = []
    for method in settings.methods(_models(db)):
        before = stages.get(db, f"train {method}")
        if not again and before and before.fingerprint == fingerprint and (settings.runs / before.summary).is_dir():
            done.append(before.summary)
            continue
        chosen = TrainingSettings(method=method, seed=settings.seed, device=settings.device)
        with measured() as peak_mb:
            trained = train(data, chosen, on_progress=on_progress)
            trained = replace(trained, metrics={**trained.metrics, "peak_mb": round(peak_mb())})
        folder = store.save(trained, settings.runs)
        stages.record(db, f"train {method}", fingerprint, float(trained.metrics["seconds"]), trained.id)
        write_report(trained, folder / REPORT)
        done.append(trained.id)
    return ", ".join(done)


def _publish(db: Database, settings: Settings, fingerprint: str, on_progress: Report) -> str:
    """The trained networks place every model, or, where they are in service and few models changed, these alone."""
    from gnn import store
    from gnn.placing import place
    from graph.export import sent, subgraph, with_kin
    from graph.publish import extend, publish
    from graph.slots import Slot

    networks = [store.load(settings.runs / run) for run in _trained(db)]
    on_progress(0, None, "reading the graph")
    current = {row["method"]: row for row in db.read("publish/current")}
    # A run is named after its network and the graph that it placed.
    there = {method: (row["run"].split(".")[0], row["form"]) for method, row in current.items()}
    kept = all(there.get(each.method) == (each.id, FORM) for each in networks)
    changed = _made_from(db, all=not kept)
    if kept and _few(db, len(changed)):
        if changed:
            data = subgraph(db, settings.home, ids=with_kin(db, sorted(changed)))
            for each in networks:
                row = current[each.method]
                placed = sent(db, data, Slot(each.method, row["slot"]), changed)
                run = place(each, data, id=row["run"], as_of=row["asOf"], placed=placed)
                extend(db, run, made_from=changed, on_progress=on_progress)
        return f"placed {len(changed):,} changed models by {', '.join(_trained(db))}"
    made_from = _made_from(db, all=True) if kept else changed
    data = subgraph(db, settings.home)
    for each in networks:
        on_progress(0, None, f"{each.method}: placing models")
        run = place(each, data, id=f"{each.id}.{fingerprint[:6]}")
        publish(db, run, made_from=made_from, on_progress=on_progress)
    return f"in service for {len(made_from):,} models: {', '.join(_trained(db))}"


def _made_from(db: Database, *, all: bool = False) -> dict[str, str]:
    """What the models say now that said something else, or nothing, when they were placed last; or what all say."""
    return {row["id"]: row["now"] for row in db.stream("publish/made_from", all=all)}


def _few(db: Database, changed: int) -> bool:
    return changed <= stages.CHANGED_SHARE * _models(db)


def _describe(db: Database, settings: Settings, fingerprint: str, on_progress: Report) -> str:
    from etl import describe

    return str(describe.run(db, settings.home, seed=settings.seed, on_progress=on_progress))


def _advise(db: Database, settings: Settings, fingerprint: str, on_progress: Report) -> str:
    from gnn.ranking.advice import advise
    from gnn.ranking.task import TooLittle
    from graph.advice import store
    from graph.export import subgraph

    if (models := _models(db)) > settings.advise_limit:
        return f"no lists for authors of {models:,} models: HFMRS_ADVISE_LIMIT is {settings.advise_limit:,}"
    on_progress(0, None, "reading the graph")
    try:
        advice = advise(subgraph(db, settings.home), seed=settings.seed, on_progress=on_progress)
    except TooLittle as error:
        return f"no lists for authors, there is too little to learn from: {error.message}"
    lists = store(db, advice, on_progress=on_progress)
    return f"lists for {lists:,} authors out of {advice.bases:,} bases: {advice.id}"


def _advice_lasts(db: Database, settings: Settings) -> bool:
    from graph.advice import lasts

    return lasts(db, ADVICE_METHOD, {"seed": settings.seed})


def _models(db: Database) -> int:
    return int(db.read("explore/count_models")[0]["models"])


def _trained(db: Database) -> list[str]:
    """Ids of the networks trained last."""
    recorded = stages.get(db, "train")
    return recorded.summary.split(", ") if recorded else []


def _runs_kept(db: Database, settings: Settings) -> bool:
    return all((settings.runs / run).is_dir() for run in _trained(db))


def _networks_last(db: Database, settings: Settings) -> bool:
    """Networks place models that they never saw: they are trained anew only when many models have changed."""
    from gnn import store

    networks = [store.load(settings.runs / run) for run in _trained(db)]
    if [each.method for each in networks] != list(settings.methods(_models(db))):
        return False
    if any(each.settings["seed"] != settings.seed for each in networks):
        return False
    return _few(db, len(_made_from(db)))


STAGES = (
    _Stage(
        "embed",
        lambda db, s: {
            "transformer_limit": s.transformer_limit,
            "most_used": s.transformer_most_used,
            "transformer": s.transformer,
        },
        _embed,
        _words_kept,
    ),
    _Stage("similar", lambda db, s: {}, _similar),
    _Stage(
        "train",
        lambda db, s: {"seed": s.seed, "methods": s.methods(_models(db)), "limit": s.train_limit},
        _train,
        _runs_kept,
        _networks_last,
    ),
    _Stage("publish", lambda db, s: {"runs": _trained(db), "form": FORM}, _publish),
    _Stage(
        "describe",
        lambda db, s: {"seed": s.seed, "form": report.FORM},
        _describe,
        lambda db, s: tiles.there(s.home) and report.whole(db),
    ),
    _Stage("advise", lambda db, s: {"seed": s.seed, "limit": s.advise_limit}, _advise, lasts=_advice_lasts),
)


def build(
    db: Database, settings: Settings, *, only: str | None = None, networks: str | None = None
) -> list[StageReport]:
    """Runs what is out of date, in order, and says what each stage did.

    `only` runs just that stage, out of date or not. `networks`: ids, as the stage train tells them, that count as
    trained last where that stage is up to date. Raises `NotFound` where nothing is loaded, `NotBuilt` where a stage
    before `only` is out of date, `NoDevice` where networks cannot learn where they are set to.
    """
    if only in (None, "train"):
        check_device(settings)
    loaded = stages.get(db, "load")
    if loaded is None:
        raise NotFound("There are no models in the graph to build from.", "Load some: hfmrs load FILE, or hfmrs demo")
    reports = []
    fingerprint = loaded.fingerprint
    for stage in STAGES:
        own = [__version__, fingerprint, stage.name, stage.settings(db, settings)]
        fingerprint = hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()[:32]
        recorded = stages.get(db, stage.name)
        current = (
            recorded is not None
            and stage.kept(db, settings)
            and (recorded.fingerprint == fingerprint or stage.lasts(db, settings))
        )
        if only == stage.name:
            return [_run(db, settings, stage, fingerprint)]
        if recorded is not None and current:
            if networks and stage.name == "train":
                stages.record(db, stage.name, fingerprint, recorded.seconds, networks)
            reports.append(StageReport(stage.name, True, recorded.summary))
        elif only:
            raise NotBuilt(f"Stage {only} needs {stage.name}, which is out of date.", "Run: hfmrs build")
        else:
            reports.append(_run(db, settings, stage, fingerprint))
    if not all(report.skipped for report in reports):
        db.share()
    return reports


def check_device(settings: Settings) -> None:
    """Raises `NoDevice` where networks cannot learn where they are set to: better now than after other work."""
    if settings.device != "cpu":
        from gnn import device

        device.check(settings.device)


def publish_again(db: Database, settings: Settings, id: str) -> StageReport:
    """Puts a network that was trained earlier into service, in place of the one of its method, which stays on disk.

    It counts as trained last from then on, so that the next build goes on with it. Raises `NotFound` and `BadInput`
    where it cannot be used, `NotBuilt` where the graph has to be built first; then all stays as it was.
    """
    from gnn import record
    from hfmrs.runs import in_service

    method = record.read(settings.runs / id).method
    before = stages.get(db, "train")
    if before is None:
        raise NotBuilt("No network of this graph is in service yet.", "Run: hfmrs build")
    methods = {record.read(settings.runs / each).method: each for each in _trained(db)}
    if method not in methods:
        raise BadInput(
            f"{id} is a {method}, and the networks of this graph are {', '.join(methods)}.",
            f"Name {method} in HFMRS_NETWORKS, and run: hfmrs build",
        )
    if methods[method] == id and id in in_service(db):
        return StageReport("publish", True, f"{id} is in service")
    try:
        (report,) = build(db, settings, only="publish", networks=", ".join({**methods, method: id}.values()))
    except Exception:
        stages.record(db, "train", before.fingerprint, before.seconds, before.summary)
        raise
    return report


def _run(db: Database, settings: Settings, stage: _Stage, fingerprint: str) -> StageReport:
    begun = time.perf_counter()
    with measured() as peak_mb, progress(stage.name) as on_progress:
        summary = stage.work(db, settings, fingerprint, on_progress)
        seconds = time.perf_counter() - begun
        stages.record(db, stage.name, fingerprint, seconds, summary)
        return StageReport(stage.name, False, summary, seconds, peak_mb())
