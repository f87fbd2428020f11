"""recommend, why, search, query: what reads from the graph."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from hfmrs.commands.filters import filter_options, filters_of
from hfmrs.output import format_option, show
from hfmrs.session import Session, pass_session

if TYPE_CHECKING:
    from graph.types import Answer

#: As in `graph.recommend`, which is not imported to parse a command line; a test holds the two together.
METHODS = ("gat", "gcn", "cosine", "jaccard")
AUTHOR_METHODS = ("gat-reranker", "gat", "gcn")
#: Of `gnn.ranking`, for authors and for models; a test holds these together too.
FITTED_FOR_AUTHORS = (
    "popularity", "recent-popularity", "decayed-popularity", "item-knn", "item-knn-decayed", "ease", "ease-decayed",
    "ease-recency", "als", "bpr", "reranker", "no-messages",
)  # fmt: skip
FITTED_FOR_MODELS = (
    "popularity", "recent-popularity", "item-knn", "ease", "ease-decayed", "texts", "facts", "kinship", "blend",
    "reranker",
)  # fmt: skip
SORTS = ("score", "downloads", "likes", "newest")
SEARCH_SORTS = ("relevance", "downloads", "likes", "newest", "trending")
REASONS = ("first", "all", "none")
LANGUAGES = ("en", "de")

METHOD = click.option(
    "--method",
    type=click.Choice(METHODS),
    default="gat",
    show_default=True,
    help="What ranks: a network (gat, gcn), text (cosine) or facts (jaccard).",
)
LANGUAGE = click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="What reasons are told in."
)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--author", metavar="A", help="What this author may build on next, instead of IDs.")
@click.option("--file", "file", type=click.File(encoding="utf-8"), help="Ids, one a line, each answered on its own.")
@click.option("--liked", multiple=True, metavar="ID", help="A model that somebody liked, built or viewed; up to 100.")
@click.option("--liked-file", type=click.File(encoding="utf-8"), help="Their ids, one a line.")
@click.option(
    "--method",
    type=click.Choice(tuple(dict.fromkeys((*METHODS, *AUTHOR_METHODS, *FITTED_FOR_AUTHORS, *FITTED_FOR_MODELS)))),
    metavar="NAME",
    help="What ranks: a network (gat, gcn), text (cosine) or facts (jaccard); for an author gat-reranker or a network. "
    "Without it gat, and for an author what was stored by gat-reranker. Others are fitted for the question, on who "
    f"built on what: for an author {', '.join(FITTED_FOR_AUTHORS)}; for IDs {', '.join(FITTED_FOR_MODELS)}.",
)
@click.option("-k", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many.")
@click.option("--sort", type=click.Choice(SORTS), default="score", show_default=True, help="Order of the k best.")
@click.option("--reasons", type=click.Choice(REASONS), default="first", show_default=True, help="Which reasons.")
@click.option(
    "--novelty",
    type=click.FloatRange(-1, 1),
    default=0.0,
    show_default=True,
    help="From -1, well-trodden, to 1, hidden gems: how far what is downloaded much comes last.",
)
@filter_options
@LANGUAGE
@format_option
@pass_session
def recommend(
    session: Session,
    /,
    ids: tuple[str, ...],
    author: str | None,
    file: Iterable[str] | None,
    liked: tuple[str, ...],
    liked_file: Iterable[str] | None,
    method: str | None,
    k: int,
    sort: str,
    reasons: str,
    novelty: float,
    language: str,
    form: str,
    **given: Any,
) -> None:
    """Recommend models and say why.

    Several IDs ask for what fits them all. In a --file (- is standard input) each line is a question of its own. With
    --liked the answer is for a person: each reason names the liked model that it comes from, and other forms of these
    are left out.

    \b
    Example:
      hfmrs recommend google-bert/bert-base-uncased -k 5
      hfmrs recommend bert-base-uncased --format json
      hfmrs recommend bert-base-uncased --permissive --max-parameters 500M
      hfmrs recommend --author sentence-transformers --novelty 0.5
      hfmrs recommend --author sentence-transformers --method ease-recency
      hfmrs recommend --liked bert-base-uncased --liked openai/whisper-small --permissive
      hfmrs recommend --file ids.txt --format csv
    """
    lines = _lines(file) if file else None
    person = [*liked, *_lines(liked_file or ())] if liked or liked_file else None
    if sum((bool(ids), author is not None, lines is not None, person is not None)) != 1:
        raise click.UsageError("Give the ids of models, --file, --liked, or --author.")
    from graph.languages import translated
    from graph.recommend import recommend as for_models
    from graph.recommend import recommend_for_author, recommend_for_liked
    from hfmrs import fitted

    choices: dict[str, Any] = {
        "k": k,
        "sort": sort,
        "reasons": reasons,
        "novelty": novelty,
        "filters": filters_of(given),
    }
    with session.database() as database:
        if author is not None and method in FITTED_FOR_AUTHORS:
            answers = [fitted.for_author(database, session.settings, author, method, **choices)]
        elif ids and method in FITTED_FOR_MODELS:
            answers = [fitted.for_models(database, session.settings, ids, method, **choices)]
        elif author is not None:
            answers = [recommend_for_author(database, author, method=method, **choices)]
        elif person is not None:
            answers = [recommend_for_liked(database, person, method=method or "gat", **choices)]
        else:
            asked = [ids] if lines is None else [(line,) for line in lines]
            answers = [for_models(database, each, method=method or "gat", **choices) for each in asked]
    answers = [translated(answer, language) for answer in answers]
    for answer in answers:
        for sentence in filter(None, (answer.fallback, answer.shortage)):
            print(sentence, file=sys.stderr)
    _show_answers(form, answers, alone=lines is None)


def _lines(file: Iterable[str]) -> list[str]:
    """The ids in a file."""
    return [line.strip() for line in file if line.strip()]


def _show_answers(form: str, answers: Sequence[Answer], alone: bool) -> None:
    """Tables one below the other; the answer as JSON, or a list of them; an answer a line; CSV of all together."""
    if form == "json":
        whole = [answer.as_json() for answer in answers]
        show(form, [], (), whole=whole[0] if alone else whole)
    elif form == "jsonl":
        show(form, [answer.as_json() for answer in answers], ())
    elif form == "csv":
        columns = ("query", "rank", "id", "score", "method", "task", "library", "license", "downloads", "likes", "why")
        show(form, [row for answer in answers for row in _rows(answer)], columns)
    else:
        for answer in answers:
            if not alone:
                click.echo(f"\n{_asked(answer)}")
            show(form, _rows(answer), ("rank", "id", "score", "why"))


def _asked(answer: Answer) -> str:
    return str(answer.query.get("author") or " ".join(answer.query.get("liked") or answer.query["ids"]))


def _rows(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "query": _asked(answer),
            "rank": each.rank,
            "id": each.model.id,
            "score": each.score,
            "method": each.method,
            "task": each.model.task,
            "library": each.model.library,
            "license": each.model.license,
            "downloads": each.model.downloads,
            "likes": each.model.likes,
            "why": next((reason.text for reason in each.reasons if not reason.common), ""),
        }
        for each in answer.recommendations
    ]


@click.command()
@click.argument("a")
@click.argument("b")
@METHOD
@click.option("-k", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many are recommended.")
@click.option(
    "--reasons",
    type=click.Choice(("first", "all")),
    default="first",
    show_default=True,
    help="The three that matter most, or all; json and jsonl have all.",
)
@filter_options
@LANGUAGE
@format_option
@pass_session
def why(
    session: Session, /, a: str, b: str, method: str, k: int, reasons: str, language: str, form: str, **given: Any
) -> None:
    """Say why B is recommended to who looks at A, or why it is not.

    The shares of the reasons add up to the score. By a network the answer also tells where B stands: among the first
    k, without which facts it would not be there; beyond them, what it lacks.

    \b
    Example:
      hfmrs why google-bert/bert-base-uncased FacebookAI/roberta-base
      hfmrs why google-bert/bert-base-uncased FacebookAI/roberta-base --reasons all
      hfmrs why google-bert/bert-base-uncased openai/whisper-small -k 5 --language de
      hfmrs why bert-base-uncased roberta-base --method jaccard --format json
    """
    from graph.languages import translated
    from graph.pairs import why as explain
    from graph.reasons import briefly

    with session.database() as database:
        answer = translated(explain(database, a, b, method=method, k=k, filters=filters_of(given)), language)
    (found,) = answer.recommendations
    told = found.reasons if reasons == "all" else briefly(found.reasons)
    if form == "table":
        click.echo(f"{' '.join(answer.query['ids'])} → {found.model.id}: {method} score {found.score:.4f}")
        for sentence in (answer.standing.place, *answer.standing.why_not) if answer.standing else ():
            click.echo(sentence)
        click.echo()
    rows = [{"share": reason.contribution, "kind": reason.kind, "reason": reason.text} for reason in told]
    show(form, [answer.as_json()] if form == "jsonl" else rows, ("share", "kind", "reason"), whole=answer.as_json())
    if form == "table" and len(told) < len(found.reasons):
        click.echo(f"… {len(found.reasons) - len(told)} more: --reasons all")


@click.command()
@click.argument("query")
@click.option("-k", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many.")
@click.option("--sort", type=click.Choice(SEARCH_SORTS), default="relevance", show_default=True, help="Order.")
@click.option("--task", help="Only models for this task.")
@click.option("--library", help="Only models of this library.")
@click.option("--license", help="Only models under this licence.")
@click.option("--literal", is_flag=True, help="Take words that no model has as they are.")
@click.option("--forms", is_flag=True, help="List quantisations and re-uploads by themselves.")
@format_option
@pass_session
def search(
    session: Session,
    query: str,
    k: int,
    sort: str,
    task: str | None,
    library: str | None,
    license: str | None,
    literal: bool,
    forms: bool,
    form: str,
) -> None:
    """Find models by words, by meaning and by filters.

    Filters stand among the words: task:, library:, license:, language:, author:, size:, created:, kind:, base:, card:,
    name:. See docs/search.md.

    \b
    Example:
      hfmrs search "sentence similarity in German"
      hfmrs search "mistral size:<8B license:apache-2.0 kind:original" --sort likes
      hfmrs search whisper --library transformers --format csv
    """
    from graph.query_language import parse
    from hfmrs.asking import find

    asked = parse(query)
    for name, value in (("task", task), ("library", library), ("license", license)):
        asked = asked.having(name, value) if value else asked
    with session.database() as database:
        found = find(database, session.settings, asked, limit=k, sort=sort, literal=literal, forms=forms)
    said = [*found.notes, *([f"Showing results for {found.query.text}."] if found.corrected else [])]
    others = [f"{each.count:,} with {each.query.text or 'no filter'}" for each in found.alternatives]
    said += [*([found.fallback] if found.fallback else []), *([f"Nothing, but {', '.join(others)}."] if others else [])]
    for sentence in said:
        print(sentence, file=sys.stderr)
    cards = [
        {**asdict(card), "forms": found.forms[card.id].ids if card.id in found.forms else ()} for card in found.cards
    ]
    whole = {
        "query": found.query.text,
        "total": found.total,
        "total_is_lower_bound": found.total_is_lower_bound,
        "models": cards,
    }
    show(form, cards, ("id", "task", "library", "license", "downloads", "likes"), whole=whole)


@click.command()
@click.argument("statement", required=False, metavar="NAME|CYPHER")
@click.option("--list", "listed", is_flag=True, help="List the statements of the analysts' library.")
@click.option("--all", "everything", is_flag=True, help="With --list: also what the pages and commands ask.")
@click.option(
    "-p", "given", multiple=True, metavar="NAME=VALUE", help="A parameter: text, or JSON such as 20 or [1, 2]."
)
@format_option
@pass_session
def query(
    session: Session, statement: str | None, listed: bool, everything: bool, given: tuple[str, ...], form: str
) -> None:
    """Run a named statement, or your own Cypher.

    A parameter of a named statement that is not given takes the value of its example. EXPLAIN or PROFILE before Cypher
    shows its plan. Tables and CSV leave out a node's vectors.

    \b
    Example:
      hfmrs query --list
      hfmrs query analysis/ancestry -p id=sentence-transformers/all-MiniLM-L6-v2
      hfmrs query "MATCH (m:Model) RETURN m.id AS id ORDER BY m.likes DESC LIMIT 5" --format csv
    """
    if listed == bool(statement) or (everything and not listed):
        raise click.UsageError("Give the name of a statement, Cypher in quotes, or --list.")
    from graph import things
    from graph.guard import plans
    from hfmrs.asking import catalogue, run

    if listed:
        show(form, catalogue(everything), ("kind", "name", "answers", "parameters"))
        return
    assert statement is not None
    with session.database() as database:
        table = run(database, statement, given, session.settings)
    values = things.outer if form not in ("json", "jsonl") else lambda each: each
    rows = [dict(zip(table.columns, map(values, row), strict=True)) for row in table.rows]
    if form == "table" and plans(statement):
        click.echo("\n".join(row["plan"] for row in rows))
    elif rows or form != "table":
        show(form, rows, table.columns)
    for note in (*table.notes, *(() if table.rows else ("No rows.",))):
        print(note, file=sys.stderr)
    if table.truncated:
        print(f"Only the first {len(table.rows)} rows are shown.", file=sys.stderr)
