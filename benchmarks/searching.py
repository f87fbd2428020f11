"""Searches of settings that can be broken off at any time: what was tried is in a file, and decides what comes next."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.samplers import TPESampler
from optuna.storages import BaseStorage, JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from benchmarks.spaces import Search, Settings
from gnn.ranking.contest import Task, measured, rank
from graph.errors import BadInput

#: Hears of every trial: the search, its number from 1 on, and what came of it.
Told = Callable[[Search, int, "Trial"], object]


@dataclass(frozen=True, slots=True)
class Trial:
    """Settings that were tried: all of them, those that were not searched along with them too. `measures` by kind and
    name; `seconds` to fit and to ask."""

    settings: Settings
    measures: Mapping[str, float]
    seconds: float


def record(file: Path) -> BaseStorage:
    """The trials in a file, a line of JSON for each thing that happened; it is made where it is not there."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return JournalStorage(JournalFileBackend(str(file)))


def trials(kept: BaseStorage, task: str, search: str) -> list[Trial]:
    """What was tried so far, in its order; nothing of what was broken off."""
    try:
        study = optuna.load_study(storage=kept, study_name=_study(task, search))
    except KeyError:
        return []
    return [_trial(each) for each in _finished(study)]


def best(found: list[Trial], by: str) -> Trial | None:
    """The first of those with the highest measure."""
    return max(found, key=lambda each: each.measures[by], default=None)


def run(
    kept: BaseStorage, task: str, search: Search, asked: Task[Any], count: int, *, seed: int, end: float, tell: Told
) -> None:
    """Tries settings of `search` until there are `count` trials, or every combination of its lists was tried; none is
    begun after `end`, a moment of `time.monotonic`.

    Other than from lists, settings are drawn by the tree-structured Parzen estimator (Bergstra et al., Algorithms for
    Hyper-Parameter Optimization, 2011). A draw depends on the seed and on what was tried: a search that was broken off
    and goes on tries the same as one that was not. Raises `BadInput` where it was of other questions.
    """
    study = optuna.create_study(
        storage=kept, study_name=_study(task, search.name), direction="maximize", load_if_exists=True
    )
    about = dict(asked.about())
    if study.user_attrs.get("about", about) != about:
        raise BadInput(f"The record holds trials of {search.name} on another graph.", "Choose another --record FILE.")
    study.set_user_attr("about", about)
    for broken in study.get_trials(states=(TrialState.RUNNING,)):
        study.tell(broken.number, state=TrialState.FAIL)
    before = best(trials(kept, task, search.after), asked.best_by) if search.after else None
    base = before.settings if before else {}
    while time.monotonic() < end:
        done = [_trial(each) for each in _finished(study)]
        fixed = _next(search, base, done, seed)
        if len(done) >= count or (fixed is None and search.grid() is not None):
            return
        study.sampler = TPESampler(seed=seed + len(done))
        if fixed is not None and not study.get_trials(states=(TrialState.WAITING,)):
            study.enqueue_trial(dict(fixed))
        drawn = study.ask(dict(search.knobs))
        settings = {**base, **drawn.params}
        made = rank(search.name, search.make(**settings), asked, seed)
        values = {name: float(np.mean(each)) for name, each in measured(made, asked).items()}
        found = Trial(settings, values, made.seconds or 0.0)
        for name in ("settings", "measures", "seconds"):
            drawn.set_user_attr(name, getattr(found, name))
        study.tell(drawn, values[asked.best_by])
        tell(search, len(done) + 1, found)


def _next(search: Search, base: Settings, done: list[Trial], seed: int) -> Settings | None:
    """What is to be tried without being drawn: the settings in use first; of lists a combination that was not tried
    with the settings that stay as they are."""
    combinations = search.grid()
    if combinations is None:
        return None if done else search.first
    tried = [each.settings for each in done]
    order = np.random.default_rng(seed).permutation(len(combinations)).tolist()
    return next((combinations[i] for i in order if {**base, **combinations[i]} not in tried), None)


def _study(task: str, search: str) -> str:
    return f"{task}: {search}"


def _finished(study: optuna.Study) -> list[FrozenTrial]:
    return study.get_trials(states=(TrialState.COMPLETE,))


def _trial(each: FrozenTrial) -> Trial:
    return Trial(*(each.user_attrs[name] for name in ("settings", "measures", "seconds")))
