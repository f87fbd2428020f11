"""The parameters of a statement as fields of a form: how each is shown, and what its text stands for."""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any, NamedTuple

from graph.errors import BadInput
from graph.statements import Param
from web.links import read, written

_MIDNIGHT = "T00:00:00"


class Field(NamedTuple):
    """`control` is `text`, `number`, `choice`, `lines`, `json`, `date` or `datetime-local`; `type` is empty where the
    statement is not a documented one. `default` is what an empty field stands for, where it says something else.
    `problem` is why `value` cannot be used."""

    name: str
    type: str
    control: str
    text: str
    about: str
    default: str
    value: Any
    problem: str


def field(name: str, declared: Param | None, given: str | None) -> Field:
    """The field of a parameter, with the text that was `given` in the address, if any."""
    if declared is None:
        missing = given is None or given == ""
        problem = f"${name} has no value yet." if missing else ""
        return Field(name, "", "text", given or "", "", "", None if missing else read(given or ""), problem)
    default = _text(declared.default, declared) if declared.optional else ""
    given = given.replace("\r\n", "\n") if given else given
    text = default if given is None else given
    value, problem = None, ""
    try:
        value = _value(text, declared)
    except BadInput as error:
        problem = error.message
    else:
        text = _text(value, declared)
    shown = default if default != text else ""
    return Field(
        name, declared.type, _control(declared, text, problem), text, declared.text, shown[:80], value, problem
    )


def _value(text: str, declared: Param) -> Any:
    """What a field's text stands for. Raises `BadInput`, which names the field."""
    name, given = f"${declared.name}", text.strip()
    if not given or (given == "null" and declared.optional and declared.default is None):
        if declared.optional:
            return declared.value(declared.default)
        if declared.type == "string":
            return text
        raise BadInput(f"{name} has no value yet.")
    if declared.type == "string":
        value = read(given)  # a text in quotes is what links write of one that reads as something else: "42"
        return value if isinstance(value, str) and written(value) == given else text
    if declared.type == "datetime":
        try:
            return declared.value(given)
        except BadInput:
            raise BadInput(f"{name} is no date: {given!r}.") from None
    if declared.type == "integer":
        try:
            return int(given)
        except ValueError:
            raise BadInput(f"{name} takes a whole number, not {given!r}.") from None
    if declared.type == "float":
        try:
            number = float(given)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise BadInput(f"{name} takes a number, not {given!r}.")
        return number
    if declared.type == "list" and not given.startswith("["):
        return [line.strip() for line in text.split("\n") if line.strip()]
    value = read(given)
    wanted = {"boolean": (bool, "true or false"), "list": (list, "a list"), "map": (dict, "a map as JSON")}
    if declared.type in wanted and not isinstance(value, wanted[declared.type][0]):
        raise BadInput(f"{name} takes {wanted[declared.type][1]}, not {given[:60]!r}.")
    return value


def _text(value: Any, declared: Param) -> str:
    """A value as its field holds it."""
    if value is None:
        return ""
    if declared.type == "string" and isinstance(value, str):
        return value
    if declared.type == "datetime":
        moment = declared.value(value)
        if isinstance(moment, datetime):
            if moment.utcoffset():
                return moment.isoformat()
            text = moment.replace(tzinfo=None).isoformat(timespec="seconds")
            return text.removesuffix(_MIDNIGHT)
    if declared.type == "list" and value and all(isinstance(each, str) and "\n" not in each for each in value):
        return "\n".join(value) if not value[0].startswith("[") else json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, default=str)


def _control(declared: Param, text: str, problem: str) -> str:
    """The control in which the text stands as it is; a text that is wrong needs one that holds anything."""
    if problem and text:
        return "text"
    if declared.type == "datetime":
        moment = text.partition("T")
        return "date" if not moment[1] else "datetime-local" if len(moment[2]) == 8 else "text"
    kinds = {"integer": "number", "float": "number", "boolean": "choice", "map": "json"}
    if declared.type == "list":
        return "json" if text.startswith("[") else "lines"
    return kinds.get(declared.type, "text")
