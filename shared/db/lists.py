"""Lists of unknown length as one parameter of a fixed statement: a JSON array, which both databases unfold into rows.

_read = hot(sa.select(Person.name).where(among(Person.id, "ids")))
_read.rows(session, {"ids": json_list(ids)})
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
