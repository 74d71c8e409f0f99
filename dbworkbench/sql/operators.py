"""Which operators PostgreSQL has for the values of a type in an index or an exclusion: its own classes (pg_opclass, 18.4).

An extension brings classes of its own, which are taken as they are where a design has one.
"""

import re

from dbworkbench.schema.relation import Attribute
from dbworkbench.schema.types import Enumeration
from dbworkbench.sql.declarations import spelled
from dbworkbench.sql.dialect import Dialect

__all__ = ["excludes", "has_operators", "is_operator", "is_own", "kind_of", "usual"]

_SAME = {
    "varchar": "text", "character varying": "text", "char": "bpchar", "character": "bpchar", "nchar": "bpchar", "cidr": "inet", "int": "int4",
    "integer": "int4", "smallint": "int2", "bigint": "int8", "real": "float4", "double precision": "float8", "double": "float8",
    "decimal": "numeric", "boolean": "bool", "bit varying": "varbit", "polygon": "poly", '"char"': "char",
    "timestamp with time zone": "timestamptz", "timestamp without time zone": "timestamp", "time with time zone": "timetz",
    "time without time zone": "time",
}  # fmt: skip
"""Types in the words that classes are called by, where those are others."""

_PLAIN_WORDS = """int2 int4 int8 float4 float8 numeric bool bytea char date time timetz timestamp timestamptz interval inet macaddr macaddr8 name
    oid uuid pg_lsn jsonb array enum range multirange record text bpchar"""
_PLAIN = frozenset(_PLAIN_WORDS.split())
_SINGLE = _PLAIN - {"bool", "jsonb", "array", "enum", "range", "multirange", "record"}
"""Kinds of types with a least and a greatest value in a block of rows."""
_MEASURED = _SINGLE - {"bytea", "char", "name", "text", "bpchar"}
"""Those of them whose values lie at distances from each other."""
_KINDS: dict[str, frozenset[str]] = {
    "btree": _PLAIN | {"bit", "varbit", "money", "tsvector", "tsquery"},
    "hash": _PLAIN,
    "gin": frozenset({"array", "jsonb", "tsvector"}),
    "gist": frozenset({"box", "circle", "multirange", "point", "poly", "range", "tsquery", "tsvector"}),
    "spgist": frozenset({"box", "inet", "poly", "range", "text", "quad_point"}),
    "brin": frozenset(),
}
"""For each method, the kinds of types that have a class of their name."""
_TEXTS = {
    **dict.fromkeys(("varchar_ops", "text_pattern_ops", "varchar_pattern_ops"), "text"),
    "bpchar_pattern_ops": "bpchar",
    "cidr_ops": "inet",
}
_SPECIAL: dict[str, dict[str, str]] = {
    "btree": _TEXTS,
    "hash": _TEXTS,
    "gin": {"jsonb_path_ops": "jsonb"},
    "gist": {"inet_ops": "inet"},
    "spgist": {"quad_point_ops": "point", "kd_point_ops": "point"},
    "brin": {
        **{f"{kind}_{how}_ops": kind for kind in _SINGLE for how in ("minmax", "bloom")},
        **{f"{kind}_minmax_multi_ops": kind for kind in _MEASURED},
        "box_inclusion_ops": "box",
        "inet_inclusion_ops": "inet",
        "range_inclusion_ops": "range",
        "bit_minmax_ops": "bit",
        "varbit_minmax_ops": "varbit",
    },
}
"""Classes of other names, and the kind of types that they are for."""

_EXCLUDING: dict[str, dict[str, str]] = {
    "btree": dict.fromkeys(_KINDS["btree"], "="),
    "hash": dict.fromkeys(_PLAIN, "="),
    "gist": {
        **dict.fromkeys(("range", "multirange"), "&& -|- ="),
        **dict.fromkeys(("box", "circle", "poly"), "&& ~="),
        "point": "~=",
    },
    "spgist": {"range": "&& -|- =", "box": "&& ~=", "poly": "&& ~=", "inet": "&& <> =", "point": "~=", "text": "="},
}
"""For each method and kind of types, the operators that are the same from either side."""


def kind_of(attribute: Attribute, dialect: Dialect) -> str:
    """The kind of an attribute's type as it is written for PostgreSQL."""
    if attribute.domain is not None:
        return "enum" if isinstance(attribute.type, Enumeration) else _kind(dialect.spelling(attribute.type).text)
    return _kind(spelled(attribute, dialect, "", keyed=False)[0].text)


def _kind(spelled: str) -> str:
    """The kind of a type as it is written.

    >>> _kind("varchar(20)"), _kind("int4range"), _kind("integer[]"), _kind("timestamp(3) with time zone")
    ('text', 'range', 'array', 'timestamptz')
    """
    if spelled.rstrip().endswith("]"):
        return "array"
    word = " ".join(re.sub(r"\(.*?\)", " ", spelled.casefold()).split())
    word = _SAME.get(word, word)
    return "multirange" if word.endswith("multirange") else "range" if word.endswith("range") else word


def has_operators(name: str, method: str, kind: str) -> bool:
    """Whether a class of operators of PostgreSQL's own is for a kind of types ("" for any) in an index of a method ("" is btree).

    >>> has_operators("text_pattern_ops", "", "text"), has_operators("jsonb_path_ops", "gin", "text")
    (True, False)
    """
    method, bare = method or "btree", name.removeprefix("pg_catalog.")
    own = bare.removesuffix("_ops")
    plain = own in _KINDS.get(method, ()) and own != bare
    return (plain and kind in {"", own}) or (bare in _SPECIAL.get(method, {}) and kind in {"", _SPECIAL[method][bare]})


def is_own(name: str) -> bool:
    """Whether PostgreSQL itself has a class of operators of this name, for an index of any method."""
    return any(has_operators(name, method, "") for method in _KINDS)


def usual(name: str) -> str:
    """A class of operators; "" for one that goes without saying, as it is called like the type that it is for.

    >>> usual("pg_catalog.text_ops"), usual("text_pattern_ops")
    ('', 'text_pattern_ops')
    """
    bare = name.removeprefix("pg_catalog.")
    return "" if bare.removesuffix("_ops") in _KINDS["btree"] | _KINDS["gist"] | _KINDS["gin"] else bare


def excludes(operator: str, method: str, kind: str) -> bool:
    """Whether an exclusion by a method ("" is gist) can hold values of a kind ("" for any) against each other by an operator.

    >>> excludes("&&", "", "range"), excludes("=", "gist", "int4"), excludes("=", "btree", "int4")
    (True, False, True)
    """
    bare = re.sub(r"(?i)operator\((?:\w+\.)?(.*)\)", r"\1", operator)
    known = _EXCLUDING.get(method or "gist", {})
    return any(bare in said.split() for each, said in known.items() if kind in {"", each})


def is_operator(text: str) -> bool:
    """Whether a text is an operator of PostgreSQL, by its signs or by its name."""
    return (
        bool(re.fullmatch(r"[+*/<>=~!@#%^&|`?-]+|(?i:operator)\(\w+\.[+*/<>=~!@#%^&|`?-]+\)", text))
        and "--" not in text
    )
