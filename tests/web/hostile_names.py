"""Models with names that somebody chose to do harm."""

from __future__ import annotations

from graph.types import ModelRecord

EVIL = "<img src=x onerror=alert(1)>\u202e\u200b\"'{{ 7777 * 7777 }}</script>"
MADE = 24


def _name(kind: str) -> str:
    return kind + EVIL.replace("/", "")


NAMES = {
    "model": f"{_name('author')}/{_name('one')}",
    "base": f"{_name('author')}/{_name('base')}",
    "author": _name("author"),
    "task": _name("task"),
    "library": _name("library"),
    "license": _name("license"),
    "language": _name("language"),
    "dataset": f"data/{_name('set')}",
    "word": EVIL.replace("/", ""),
}


def records() -> list[ModelRecord]:
    def made(number: int) -> ModelRecord:
        evil = number % 2 == 0
        id = (
            NAMES["base"]
            if number == 0
            else NAMES["model"]
            if number == 2
            else f"{NAMES['author']}/{number}{EVIL[:28]}"
        )
        return ModelRecord(
            id,
            author=NAMES["author"],
            downloads=1000 - number,
            likes=number,
            task=NAMES["task"] if evil else "fill-mask",
            library=NAMES["library"] if evil else "transformers",
            license=NAMES["license"] if evil else "=HYPERLINK(1)",
            languages=(NAMES["language"],) if evil else ("de",),
            datasets=(NAMES["dataset"],) if evil else ("plain",),
            tags=(_name("tag"), f"tag-{number % 3}"),
            architectures=(_name("architecture"),),
            papers=(_name("paper"),),
            bases=((NAMES["base"], "finetune"),) if number in (2, 4, 6) else (),
            model_type=_name("type"),
            gated=_name("gate"),
            description=_name("description"),
        )

    return [*map(made, range(MADE)), ModelRecord(f"{NAMES['author']}/" + "very-long-" * 19, author=NAMES["author"])]
