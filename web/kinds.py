"""Pages of a task, a library, a licence, a language and a dataset, and the same under /api/v1."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Response, render_template, url_for

from graph import statements
from graph.kinds import LABELS, KindPage
from web import charts, growth, schemas, words
from web.api import api, json_response, problems
from web.charts import Bar
from web.links import console_address, fact_address, query_address
from web.pages import pages
from web.paging import PageQuery, paged
from web.service import service

__all__ = ["pages"]

_HUB = {"task": "models?pipeline_tag=", "library": "models?library=", "license": "models?license=license:",
        "language": "models?language=", "dataset": "datasets/"}  # fmt: skip


class Block(NamedTuple):
    """What goes with it: values of a field as bars, each a search for both together; of its own kind, their pages."""

    title: str
    kind: str
    bars: list[Bar]
    more: tuple[Bar, ...] = ()


def _behind(page: KindPage) -> dict[str, tuple[str, dict[str, Any]]]:
    """The statement behind each block, and all its parameters."""
    found = {part: (statements.statement(each.name), each.params) for part, each in page.statements.items()}
    return {part: (statement.text, statement.fill(dict(params))) for part, (statement, params) in found.items()}


def hub_address(field: str, name: str) -> str:
    """Where the Hub shows the same."""
    return f"https://huggingface.co/{_HUB[field]}{quote(name, safe='/' if field == 'dataset' else '')}"


def _blocks(page: KindPage) -> list[Block]:
    made = []
    for each in page.beside:
        rows = [{"name": value, "models": count} for value, count in each.values]

        def address(value: str, field: str = each.field) -> str:
            if field == page.field:  # a query names a field once
                return fact_address(LABELS[field], value)
            return query_address(page.query.having(field, value))

        made.append(Block(words.KIND_PLURALS[each.field], each.field, charts.bars(rows, "name", "models", address)))
    return made


@pages.get("/<any(task, library, license, language, dataset):field>/<path:name>")
def kind(field: str, name: str) -> str:
    page = service().kind(field, name)
    share = page.models / page.total if page.total else 0.0
    return render_template(
        "kind.html",
        page=page,
        label=LABELS[field],
        word=words.FACETS.get(field, "Dataset"),
        share=charts.percent(share) if share else "",
        grown=growth.drawn(page.growth, page.query, share),
        blocks=_blocks(page),
        most_address=query_address(page.query),
        newest_address=query_address(page.query, "newest"),
        console={part: console_address(*behind) for part, behind in _behind(page).items()},
        hub=hub_address(field, name),
        api_address=url_for(f"api.{field}", name=name),
    )


def _body(page: KindPage) -> dict[str, Any]:
    return {
        "kind": page.field,
        "name": page.name,
        "models": page.models,
        "share": round(page.models / page.total, 6) if page.total else 0.0,
        "query": page.query.text,
        "most_used": [asdict(each) for each in page.most_used],
        "newest": [asdict(each) for each in page.newest],
        "beside": {
            each.field: [{"name": value, "models": count} for value, count in each.values] for each in page.beside
        },
        "looked_at": page.looked_at,
        "growth": [asdict(each) | {"share": round(each.share, 6)} for each in page.growth],
        "statements": {part: {"cypher": cypher, "params": params} for part, (cypher, params) in _behind(page).items()},
        "about": asdict(page.about) if page.about else None,
        "hub": hub_address(page.field, page.name),
    }


def _endpoints(field: str) -> None:
    """The list of a kind, and one of it."""
    plural, example = words.KIND_ADDRESSES[field], words.KIND_EXAMPLES[field]
    said = words.KIND_PLURALS[field].lower()

    @api.get(f"/{plural}", endpoint=plural)
    @api.input(PageQuery, location="query", arg_name="query")
    @api.output(schemas.NamesOut, example=schemas.NAMES | {"names": [{"name": example, "models": 41}]})
    @api.doc(
        operation_id=plural,
        summary=f"The {said} with how many models each has, the most first",
        description="The first thousand." if field == "dataset" else "",
        responses=problems(422),
    )
    def names(query: dict[str, Any]) -> Response:
        found = service().names(field)
        return paged(query, "names", [{"name": name, "models": models} for name, models in found], json_response)

    @api.get(f"/{plural}/<path:name>", endpoint=field)
    @api.output(schemas.KindOut, example=schemas.KIND | {"kind": field, "name": example, "query": f"{field}:{example}"})
    @api.doc(
        operation_id=field,
        summary=f"One of the {said}: its numbers, its models and what goes with it",
        description="`beside` counts over the `looked_at` most downloaded models; `query` finds all in /search.",
        responses=problems(404),
    )
    def one(name: str) -> Response:
        return json_response(_body(service().kind(field, name)))


for _field in LABELS:
    _endpoints(_field)
