"""Whether a condition's parts are of kinds that go together: PostgreSQL and DuckDB compare no text with a number."""

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from sqlglot import exp

from dbworkbench.schema.types import Boolean, Date, Decimal, Float, Integer, Text, Timestamp, Type, Unknown

__all__ = ["Apart", "Kind", "agreeing", "is_truth", "kind_of"]

Kind: TypeAlias = Literal["truth", "number", "text", "date", ""]
"""What a value is, "" where it may be anything: a constant text, NULL, an engine's own type."""

_TRUTHS = (
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Is,
    exp.In,
    exp.Between,
    exp.Like,
    exp.Connector,
    exp.Not,
)
_COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod)
_OF_NUMBERS = (exp.Abs, exp.Round, exp.Neg)
_OF_TEXTS = (exp.Length, exp.Lower, exp.Upper)
_SAID = {"truth": "a truth value", "number": "a number", "text": "a text", "date": "a date"}


class Apart(Exception):
    """Parts of a condition whose kinds do not go together; the text says which."""


def kind_of(declared: Type) -> Kind:
    """The kind of the values of a type; what has no type is written as a text."""
    match declared:
        case Boolean():
            return "truth"
        case Integer() | Decimal() | Float():
            return "number"
        case Text() | Unknown():
            return "text"
        case Date() | Timestamp():
            return "date"
        case _:
            return ""


def is_truth(node: exp.Expr) -> bool:
    """Whether an expression is a truth value, whatever its columns are."""
    return isinstance(node.unnest(), (*_TRUTHS, exp.Boolean))


def agreeing(condition: exp.Expr, kinds: Mapping[str, Kind], *, truths: bool) -> exp.Expr:
    """A condition with its truth values as numbers where numbers are asked for, and the reverse where `truths` says so.

    `kinds` are those of the columns, by name. Raises Apart for kinds that no conversion brings together. Linear in the
    condition.
    """
    holder = exp.Paren(this=condition)
    found = _Kinds(kinds, truths=truths)
    for node in reversed([node for node in holder.walk() if node is not holder]):
        found.settle(node)
    return found.truth(holder.this) if truths else holder.this


class _Kinds:
    def __init__(self, columns: Mapping[str, Kind], *, truths: bool) -> None:
        self.columns, self.truths = columns, truths

    def of(self, node: object) -> Kind:
        match node:
            case exp.Paren():
                return self.of(node.this)
            case exp.Column():
                return self.columns.get(node.name, "")
            case exp.Boolean():
                return "truth"
            case exp.Literal():
                return "" if node.is_string else "number"
            case exp.Cast():
                return self._cast(node)
            case exp.Length() | exp.Abs() | exp.Round() | exp.Neg():
                return "number"
            case exp.Lower() | exp.Upper() | exp.DPipe() | exp.Trim():
                return "text"
            case exp.Case() | exp.Coalesce() | exp.Nullif():
                return next(filter(None, map(self.of, _results(node))), "")
            case exp.Add() | exp.Sub() | exp.Mul() | exp.Div() | exp.IntDiv() | exp.Mod():
                sides = {self.of(node.this), self.of(node.expression)}
                return "number" if sides <= {"number", "truth"} else ""
        return "truth" if isinstance(node, _TRUTHS) else ""

    @staticmethod
    def _cast(node: exp.Cast) -> Kind:
        if node.to.is_type(exp.DType.BOOLEAN):
            return "truth"
        if node.to.is_type(*exp.DataType.NUMERIC_TYPES):
            return "number"
        if node.to.is_type(*exp.DataType.TEXT_TYPES):
            return "text"
        return "date" if node.to.is_type(*exp.DataType.TEMPORAL_TYPES) else ""

    def settle(self, node: exp.Expr) -> None:
        """Bring together what a node has below it, which is settled already."""
        match node:
            case exp.In() if not node.args.get("query"):
                self._together([node.this, *node.expressions])
            case exp.Between():
                self._together([node.this, node.args["low"], node.args["high"]])
            case exp.Like() | exp.Length() | exp.Lower() | exp.Upper():
                self._only(node.this, "text")
            case exp.Abs() | exp.Round() | exp.Neg():
                self._only(node.this, "number")
            case exp.Case():
                if node.this:
                    self._together([node.this, *(branch.this for branch in node.args["ifs"])])
                elif self.truths:
                    for branch in node.args["ifs"]:
                        self.truth(branch.this)
                self._together(_results(node))
            case exp.Coalesce() | exp.Nullif():
                self._together(_results(node))
            case exp.Connector() if self.truths:
                self.truth(node.this)
                self.truth(node.expression)
            case exp.Not() if self.truths:
                self.truth(node.this)
            case _ if isinstance(node, _COMPARED):
                self._together([node.this, node.expression])
            case _ if isinstance(node, _ARITHMETIC):
                for side in (node.this, node.expression):
                    if self.of(side) == "truth":
                        self._number(side)
                    elif self.of(side) == "text":
                        raise Apart("it reckons with a text")

    def truth(self, node: exp.Expr) -> exp.Expr:
        """A number where a truth value is asked for, as the truth that it stands for."""
        match self.of(node):
            case "number":
                bare = node.unnest()
                made = exp.NEQ(this=exp.paren(bare.copy(), copy=False), expression=exp.Literal.number(0))
                if isinstance(bare, exp.Column | exp.Case):
                    made = exp.NEQ(this=bare.copy(), expression=exp.Literal.number(0))
                node.replace(made)
                return made
            case "text" | "date" as kind:
                raise Apart(f"{_SAID[kind]} stands where a truth value should")
        return node

    def _only(self, node: exp.Expr, wanted: Kind) -> None:
        found = self.of(node)
        if found == "truth" and wanted == "number":
            self._number(node)
        elif found not in {"", wanted}:
            raise Apart(f"{_SAID[found]} stands where {_SAID[wanted]} should")

    def _together(self, parts: list[exp.Expr]) -> None:
        kinds = {self.of(part) for part in parts} - {""}
        if kinds == {"truth", "number"}:
            columns = any(self.of(part) == "truth" and not isinstance(part, exp.Boolean) for part in parts)
            for part in parts:
                if columns and isinstance(part, exp.Literal) and part.name in {"0", "1"} and self._alike(parts):
                    part.replace(exp.Boolean(this=part.name == "1"))
                elif self.of(part) == "truth" and not (columns and self._alike(parts)):
                    self._number(part)
            return
        if len(kinds) > 1:
            first, second, *_ = sorted(kinds)
            raise Apart(f"it holds {_SAID[first]} against {_SAID[second]}")
        form = {
            "number": r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*",
            "date": r"\s*\d{4}-\d\d?-\d\d?(?:[ T].*)?\s*",
        }
        for kind in kinds & form.keys():
            wrong = next(
                (
                    p
                    for p in parts
                    if isinstance(p, exp.Literal) and p.is_string and not re.fullmatch(form[kind], p.name)
                ),
                None,
            )
            if wrong is not None:
                raise Apart(f"it holds {_SAID[kind]} against {wrong.name!r}")

    def _alike(self, parts: list[exp.Expr]) -> bool:
        """Whether every number among the parts stands for a truth, in a comparison for equality."""
        numbers = [part for part in parts if self.of(part) == "number"]
        plain = all(isinstance(part, exp.Literal) and part.name in {"0", "1"} for part in numbers)
        return plain and isinstance(parts[0].parent, exp.EQ | exp.NEQ | exp.In)

    @staticmethod
    def _number(node: exp.Expr) -> None:
        bare = node.unnest()
        made = (
            exp.Literal.number(int(bare.this))
            if isinstance(bare, exp.Boolean)
            else exp.cast(bare.copy(), exp.DType.INT)
        )
        node.replace(made)


def _results(node: exp.Expr) -> list[exp.Expr]:
    """What a CASE, COALESCE or NULLIF may come to."""
    if isinstance(node, exp.Case):
        return [*(branch.args["true"] for branch in node.args["ifs"]), *filter(None, [node.args.get("default")])]
    if isinstance(node, exp.Nullif):
        return [node.this, node.expression]
    return [node.this, *node.expressions]
