"""The values that TypeScript is read as: constants, names, members, calls, objects, arrays, templates and arrow functions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dbworkbench.formats.cursor import Token

__all__ = ["Array", "Arrow", "Call", "Constant", "Member", "Name", "Node", "Object", "Other", "Template", "put_in"]

_MOST_PUT_IN = 1000


@dataclass(frozen=True, slots=True)
class Constant:
    """A text, number, truth value, or nothing (`null`, `undefined`); `text` is a number as it is written."""

    value: str | int | float | bool | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A name."""

    text: str


@dataclass(frozen=True, slots=True)
class Member:
    """`of.name`, or `of["name"]`."""

    of: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """`function(args)`."""

    function: "Node"
    args: tuple["Node", ...]
    at: Token


@dataclass(frozen=True, slots=True)
class Object:
    """`{ key: value, ...spread }`; what is spread in has the key "..."."""

    fields: tuple[tuple[str, "Node"], ...]

    def get(self, key: str) -> "Node | None":
        """The value of a key."""
        return dict(self.fields).get(key)


@dataclass(frozen=True, slots=True)
class Array:
    """`[a, b]`."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Template:
    r"""A template as it stands between its backticks, with the name before it: sql`…`.

    A dollar that is escaped there is `\u0024`, so that where `${` stands, something is put in.
    """

    tag: str
    text: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """`(parameters) => body`; a block's body is what it returns. `usual` are the values of parameters that are not given."""

    parameters: tuple[str, ...]
    body: "Node"
    usual: tuple[tuple[str, "Node"], ...] = ()

    def given(self, args: Iterable["Node"]) -> dict[str, "Node"]:
        """What stands for the parameters in a call with these arguments."""
        return {**dict(self.usual), **dict(zip(self.parameters, args, strict=False))}


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else."""


Node = Constant | Name | Member | Call | Object | Array | Template | Arrow | Other


def put_in(node: Node, names: Mapping[str, Node]) -> Node:
    """A value in which names stand for other values: the parameters of a function for what it is given."""
    match node:
        case Name(text) if text in names:
            return names[text] if _fits(names[text], _MOST_PUT_IN) > 0 else Other()
        case Member(of, name):
            return Member(put_in(of, names), name)
        case Call(function, args, at):
            return Call(put_in(function, names), tuple(put_in(arg, names) for arg in args), at)
        case Object(fields):
            return Object(tuple((key, put_in(value, names)) for key, value in fields))
        case Array(items):
            return Array(tuple(put_in(item, names) for item in items))
        case Arrow(parameters, body, usual):
            others = {name: names[name] for name in names if name not in parameters}
            return Arrow(parameters, put_in(body, others), tuple((name, put_in(value, names)) for name, value in usual))
        case Template(tag, text):
            return Template(tag, _INSERTED.sub(lambda found: _inserted(found, names), text))
        case _:
            return node


def _fits(node: Node, most: int) -> int:
    """How many more nodes there may be after those of a value; none where it has more than `most`."""
    most -= 1
    parts: tuple[Node, ...] = ()
    match node:
        case Member(of):
            parts = (of,)
        case Call(function, args):
            parts = (function, *args)
        case Object(fields):
            parts = tuple(value for _, value in fields)
        case Array(items):
            parts = items
        case Arrow(_, body):
            parts = (body,)
        case _:
            pass
    for part in parts:
        if most <= 0:
            break
        most = _fits(part, most)
    return most


_INSERTED = re.compile(r"\$\{\s*([A-Za-z_$][\w$]*)\s*\}")


def _inserted(found: re.Match[str], names: Mapping[str, Node]) -> str:
    value = names.get(found[1])
    if isinstance(value, Constant) and isinstance(value.value, str):
        return re.sub(r"[\\`$]", lambda sign: r"\u0024" if sign[0] == "$" else rf"\{sign[0]}", value.value)
    return found[0]
