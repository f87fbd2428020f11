"""evaluate: how good the recommendations are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

import click

from hfmrs.output import format_option, show
from hfmrs.session import Session, device_option, pass_session

TASKS = ("held-out", "built-next", "built-next-cold", "lineage", "dataset", "for-model")
GROUPS = ("author-size", "popularity", "task", "library", "language")
DAY = click.DateTime(["%Y-%m-%d"])


def _numbers(context: click.Context, parameter: click.Parameter, value: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in value.split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is no list of numbers, such as 0,1,2.") from None


def _strengths(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[float, ...] | None:
    try:
        found = None if value is None else tuple(float(part) for part in value.split(","))
    except ValueError:
        found = (float("nan"),)
    if not all(-1 <= each <= 1 for each in found or ()):
        raise click.BadParameter(f"{value!r} is no list of numbers from -1 to 1, such as 0,0.25,0.5,1.")
    return found


def _names(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(part.strip() for part in value.split(","))


@click.command()
@click.argument("task", type=click.Choice(TASKS), default="held-out")
@click.option("--cut", type=DAY, help="What is younger is not known to any method.")
@click.option("--until", type=DAY, help="The truth ends before this day. Without it: all there is.")
@click.option("--methods", callback=_names, metavar="NAME,…", help="Only these methods.")
@click.option(
    "--seeds",
    default="0",
    callback=_numbers,
    metavar="N,…",
    help="Seeds of the methods that draw.",
    show_default=True,
)
@click.option("--export", type=click.Path(dir_okay=False, path_type=Path), help="A file that gets every ranked list.")
@click.option(
    "--lists",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Judge the lists of such a file instead of making new ones.",
)
@click.option("--against", metavar="NAME", help="Compare all with this method; without it, with the best.")
@click.option("--by", type=click.Choice(GROUPS), help="A row for each group of queries, or of what is right.")
@click.option(
    "--novelty",
    callback=_strengths,
    metavar="S,…",
    help="Each method also with less of what is popular: from -1, well-trodden, to 1, hidden gems.",
)
@click.option("--ablations", "ablate", is_flag=True, help="The network gat also without each of its parts.")
@click.option("--explanations", "explained", is_flag=True, help="Judge the reasons of the network in service instead.")
@click.option("--pairs", type=click.IntRange(2), help="Of so many recommendations (200).")
@device_option
@format_option
@pass_session
def evaluate(
    session: Session,
    task: str,
    cut: datetime | None,
    until: datetime | None,
    methods: tuple[str, ...] | None,
    seeds: tuple[int, ...],
    export: Path | None,
    lists: Path | None,
    against: str | None,
    by: str | None,
    novelty: tuple[float, ...] | None,
    ablate: bool,
    explained: bool,
    pairs: int | None,
    device: str | None,
    form: str,
) -> None:
    """Judge methods on links of a later time. Nothing is published.

    \b
    held-out         the networks, trained on the older links of the graph, beside popularity
    built-next       which base of others will an author build on next?
    built-next-cold  the same of authors who have models, but have built on nothing yet
    lineage          which model was a new one made from?
    dataset          which datasets was a new model trained on?
    for-model        which bases will those who built on a model build on next?

    All but the first show methods what was there before --cut, and have them rank all that may be the answer;
    docs/evaluation.md explains the measures. --export writes a line of JSON for each list: method, seed, query, ranked,
    scores. --lists judges such a file, by whoever it was made, without fitting anything. --by tells authors apart by
    how many models they had before the cut, and right answers by popularity, task, library or language; groups of fewer
    than 20 queries are one, "other". --novelty shows what it costs to recommend what is built upon less. --ablations
    (of built-next, built-next-cold, lineage and dataset) shows what each part of the network gat is worth: gat without
    attention, messages, text, time, pairs, and each relationship, such as BASED_ON; --methods takes these names too.

    --explanations asks of --pairs recommendations whether their reasons are true: what becomes of the score where the
    facts that they name are gone, or nothing else is left, beside other ways to name facts; docs/explanations.md says
    how. --methods names the network, gat or gcn. --seeds trains a network for each further seed, which takes a while,
    to see whether it gives the same reasons.

    \b
    Example:
      hfmrs evaluate
      hfmrs evaluate --explanations --seeds 0,1,2 --format markdown
      hfmrs evaluate built-next --cut 2024-04-01 --methods popularity,ease --export lists.jsonl
      hfmrs evaluate built-next --cut 2024-04-01 --lists lists.jsonl --against ease --format markdown
      hfmrs evaluate built-next --cut 2024-04-01 --lists lists.jsonl --by author-size
      hfmrs evaluate built-next --cut 2024-04-01 --methods ease-recency --novelty 0.25,0.5,1
      hfmrs evaluate built-next --cut 2024-04-01 --methods gat --ablations --against gat
      hfmrs evaluate lineage --cut 2024-04-01 --methods "gat,gat without text"
    """
    from hfmrs import evaluation

    given: dict[str, object] = {"--cut": cut, "--until": until, "--methods": methods, "--export": export}
    given |= {"--lists": lists, "--against": against, "--by": by, "--novelty": novelty, "--ablations": ablate or None}
    if explained:
        _explanations(session, given, task, methods or ("gat",), seeds, pairs, device, form)
        return
    if pairs is not None:
        raise click.UsageError("--pairs is for reasons: hfmrs evaluate --explanations --pairs N")
    if task == "held-out":
        if unused := [name for name, value in given.items() if value is not None]:
            raise click.UsageError(f"{unused[0]} is for a task with a cut: hfmrs evaluate built-next {unused[0]} …")
        with session.database() as database:
            table = evaluation.held_out(database, session.settings_on(device))
        show(form, table, ("task", "method", "pairs", "mrr", "hits@1", "hits@10", "recall@20", "ndcg@20"))
        return
    if cut is None:
        raise click.UsageError("Say from which day on nothing is known: --cut 2024-04-01")
    if until is not None and until <= cut:
        raise click.UsageError("--until is not after --cut: nothing can have come true.")
    if export is not None and lists is not None:
        raise click.UsageError("--lists makes no new lists: leave out --export.")
    if novelty is not None and (task != "built-next" or lists is not None):
        raise click.UsageError(
            "--novelty makes new lists of built-next: leave it out for other tasks and with --lists."
        )
    if ablate and (task not in evaluation.ABLATED or lists is not None):
        raise click.UsageError(
            f"--ablations makes new lists of {', '.join(evaluation.ABLATED)}: "
            "leave it out for other tasks and with --lists."
        )
    with session.database() as database:
        judged = evaluation.judged(
            database,
            session.settings_on(device),
            task,
            cut=cut.replace(tzinfo=timezone.utc),
            until=until.replace(tzinfo=timezone.utc) if until else None,
            names=methods,
            seeds=seeds,
            export=export,
            lists=lists,
            against=against,
            by=by,
            novelty=novelty,
            ablate=ablate,
        )
    for line in judged.lines:
        click.echo(line, err=True)
    show(form, judged.rows, tuple(judged.rows[0]), whole=judged.whole)


def _explanations(
    session: Session,
    given: Mapping[str, object],
    task: str,
    methods: tuple[str, ...],
    seeds: tuple[int, ...],
    pairs: int | None,
    device: str | None,
    form: str,
) -> None:
    from graph.slots import NETWORK_METHODS
    from hfmrs import explaining

    unused = [name for name, value in given.items() if value is not None and name != "--methods"]
    if unused or task != "held-out":
        raise click.UsageError(f"--explanations judges what is in service now: leave out {(unused or [task])[0]}.")
    if len(methods) != 1 or methods[0] not in NETWORK_METHODS:
        raise click.UsageError(f"--explanations is about one network: --methods {' or '.join(NETWORK_METHODS)}")
    settings = session.settings_on(device)
    with session.database() as database:
        found = explaining.explanations(
            database, settings, method=methods[0], pairs=pairs or explaining.PAIRS, seeds=seeds
        )
    for line in found.lines:
        click.echo(line, err=True)
    show(form, found.rows, tuple(found.rows[0]), whole=found.whole)
    if form in ("table", "markdown"):
        click.echo()
        show(form, found.measures, tuple(found.measures[0]))
