"""The forms that reports follow, and the shape of what is said of one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Optional

from . import _engine
from ._settings import Path, form_text


@dataclass(frozen=True)
class Field:
    """One figure that a form asks for."""

    key: str
    #: The labels of its row and column, as the form prints them.
    label: str
    label_en: str
    #: The unit that the form prints; `None` where it fixes none.
    unit: Optional[str]
    decimals: bool
    signed: bool
    #: It stands in a row that some reports print in place of others.
    alternative: bool


@dataclass(frozen=True)
class Equation:
    """A sum that must hold: the terms, each with its sign, come to nought."""

    rule: str
    terms: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Row:
    """A row of a form as it is laid out; one without figures names a group."""

    label: str
    depth: int
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """A table of a form, or a part of one whose columns are the same."""

    title: Optional[str]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Form:
    """An edition of the form."""

    name: str
    title: str
    #: The notice that it came with.
    notice: Optional[str]
    fields: tuple[Field, ...]
    equations: tuple[Equation, ...]
    blocks: tuple[Block, ...]

    def __repr__(self) -> str:
        return f"<Form {self.name}: {len(self.fields)} figures>"


def forms(form: Optional[Path] = None) -> list[Form]:
    """The forms: the built-in editions, or the one in a file of your own.

    >>> nianbao.forms()
    [<Form 2021: 207 figures>, <Form 2019: 198 figures>]
    >>> nianbao.forms()[0].fields[0].label
    '规章 · 本年制发件数'
    """
    return list(known(form_text(form)))


def schema(form: Optional[Path] = None) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what :meth:`Report.to_dict` gives.

    >>> nianbao.schema()["properties"]["status"]["enum"]
    ['ok', 'review', 'failed']
    """
    described: dict[str, Any] = json.loads(_engine.schema(form_text(form)))
    return described


@lru_cache(maxsize=8)
def known(text: Optional[str]) -> tuple[Form, ...]:
    """The built-in forms, or the one that this text says."""
    return tuple(map(of_form, json.loads(_engine.forms(text))))


def of_form(form: dict[str, Any]) -> Form:
    return Form(
        form["name"],
        form["title"],
        form["notice"],
        tuple(Field(**field) for field in form["fields"]),
        tuple(Equation(of["rule"], tuple((sign, key) for sign, key in of["terms"])) for of in form["equations"]),
        tuple(map(of_block, form["blocks"])),
    )


def of_block(block: dict[str, Any]) -> Block:
    rows = (Row(row["label"], row["depth"], tuple(row["figures"])) for row in block["rows"])
    return Block(block["title"], tuple(block["columns"]), tuple(rows))
