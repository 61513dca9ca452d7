"""JSON arrays on their way to and from a fixed statement.

A list of unknown length is one parameter, which both databases unfold into rows:

    _read = hot(sa.select(Person.name).where(among(Person.id, "ids")))
    _read.rows(session, {"ids": json_list(ids)})

And of many columns a row can come back as one text, which msgspec makes an ``array_like`` struct of: of thousands of
rows that takes half the time of twenty values each.

    _read = hot(sa.select(as_array(Person.id, as_array(Person.given, Person.family))))
"""

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


def among(column: sa.ColumnElement[Any] | orm.InstrumentedAttribute[Any], parameter: str) -> sa.ColumnElement[bool]:
    """Whether a column of text or integers is in the list that is given as ``parameter``; see :func:`json_list`."""
    return column.op("IN", is_comparison=True)(_Unfolded(sa.bindparam(parameter, type_=sa.Text), column.type))


def as_array(*columns: sa.ColumnElement[Any] | orm.InstrumentedAttribute[Any]) -> sa.ColumnElement[str]:
    """These columns of a row, of text and integers, as the text of a JSON array; one may stand in another."""
    return _Array(*columns)


def json_list(values: Iterable[str | int]) -> str:
    """Values as the parameter that :func:`among` names."""
    return msgspec.json.encode(list(values)).decode()


class _Unfolded(sa.sql.functions.FunctionElement[Any]):
    """The elements of a JSON array as a column of rows."""

    inherit_cache = False

    def __init__(self, array: sa.BindParameter[str], type_: sa.types.TypeEngine[Any]) -> None:
        super().__init__(array)
        self.element_type = type_


@compiles(_Unfolded, "sqlite")
def _on_sqlite(element: _Unfolded, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **options)}))"


@compiles(_Unfolded, "postgresql")
def _on_postgresql(element: _Unfolded, compiler: SQLCompiler, **options: Any) -> str:
    array, kind = compiler.process(element.clauses, **options), element.element_type.compile(compiler.dialect)
    return f"(SELECT CAST(value AS {kind}) FROM jsonb_array_elements_text(CAST({array} AS JSONB)))"


class _Array(sa.sql.functions.FunctionElement[str]):
    """Values as a JSON array."""

    inherit_cache = True
    type = sa.Text()


@compiles(_Array, "sqlite")
def _array_on_sqlite(element: _Array, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **options)})"


@compiles(_Array, "postgresql")
def _array_on_postgresql(element: _Array, compiler: SQLCompiler, *, within: bool = False, **options: Any) -> str:
    array = f"json_build_array({compiler.process(element.clauses, within=True, **options)})"
    return array if within else f"CAST({array} AS TEXT)"
