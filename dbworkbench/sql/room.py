"""What a row and an entry of an index have room for: engines have so many bytes for them, and a column is not cut for that."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from dbworkbench.errors import Unsupported
from dbworkbench.schema.index import Index
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.types import Enumeration, Native, Text, Type, Unknown
from dbworkbench.sql.clustering import CLUSTER
from dbworkbench.sql.dialect import Dialect, Rare, Spelling
from dbworkbench.sql.indexing import Indexed

__all__ = ["is_cut", "is_unbound", "keys_within", "rows_within", "width_of", "within"]

_OTHERS = 16  # bytes of a number, a date or a UUID, at most
_POINTER = 12  # bytes in a row of a text that lies elsewhere
_DECIMAL = re.compile(r"(?i)(?:decimal|numeric)\((\d+)")
_INSIDE = frozenset({"fulltext", "spatial", "gin", "gist", "spgist"})  # they do not sort by whole values
_UNBOUND = re.compile(r"(?i)(?:tiny|medium|long)?(?:text|blob)\b|n?clob\b|json\b|n?varchar\(max\)|varbinary\(max\)")
_CHARACTERS = re.compile(r"(?i)n?(?:var)?char2?\((\d+)")
_BINARY = re.compile(r"(?i)(?:var)?binary|raw|\w*blob")
_BYTES = re.compile(r"(?i)(?:(?:var)?binary|raw)\((\d+)")


def is_cut(index: Index, dialect: Dialect) -> bool:
    """Whether an index gives way where its values are too long: one that is no key, in an engine with a bound."""
    return bool(dialect.index_bytes) and not index.unique and index.method not in _INSIDE | {CLUSTER}


def within(index: Index, types: Mapping[str, Spelling], dialect: Dialect) -> Indexed:
    """An index of rows, not a key, as far as the engine has room for its values.

    MySQL sorts by the beginnings of what is too long; elsewhere there is no such index. The columns keep their length
    (narrowing them, as for a key, would refuse rows for the sake of speed).
    """
    if not is_cut(index, dialect):
        return Indexed(index)
    cuts = Rare.LENGTH in dialect.has
    widths = [
        width_of(types[part.attribute].text, part.length if cuts else None, dialect) if part.attribute else _OTHERS
        for part in index.parts
    ]
    room = dialect.index_bytes
    if None not in widths and sum(width or 0 for width in widths) <= room:
        return Indexed(index)
    what = f"more than {room:,} bytes in an index"
    if Rare.LENGTH not in dialect.has:
        return Indexed(None, ((what, "not written"),))
    parts = list(index.parts)
    ends: list[str] = []
    for left, at in zip(
        range(len(parts), 0, -1), sorted(range(len(parts)), key=lambda at: _order(widths[at])), strict=True
    ):
        part, width = parts[at], widths[at]
        text = types[part.attribute].text if part.attribute else ""
        if width is None or (
            width > room // left and any(kind.match(text) for kind in (_CHARACTERS, _BYTES, _UNBOUND))
        ):
            each = 1 if _BINARY.match(text) else dialect.character_bytes
            most = room // left // each
            if not most:
                return Indexed(None, ((what, "not written"),))
            parts[at] = replace(part, length=most)
            ends.append(f"{part.attribute}({most})")
            width = most * each
        room -= width
    return Indexed(replace(index, on=tuple(parts)), ((what, f"sorted by {', '.join(sorted(ends))}"),))


def keys_within(
    lists: Iterable[tuple[str, ...]], relation: Relation, types: Mapping[str, Spelling], dialect: Dialect
) -> dict[str, Spelling]:
    """The spellings of attributes that stand together in a key or a reference for which the engine has no room.

    Their texts are narrowed alike, the shortest left as they are, and enumerations take as much as their longest value.
    """
    found: dict[str, Spelling] = {}
    if not dialect.max_key_bytes:
        return found
    for names in sorted(set(lists), key=len, reverse=True):
        spelled = {name: found.get(name, types[name]) for name in names}
        if _together(spelled, dialect) <= dialect.max_key_bytes:
            continue
        for name in names:
            kind = relation[name].type
            found[name] = spelled[name] = _shortest(kind, spelled[name], dialect)
        texts = {
            name
            for name in names
            if isinstance(relation[name].type, Text | Unknown | Native) and _CHARACTERS.match(spelled[name].text)
        }
        room = dialect.max_key_bytes - _together({name: spelled[name] for name in names if name not in texts}, dialect)
        widths = {name: width_of(spelled[name].text, None, dialect) or 0 for name in texts}
        for left, name in zip(
            range(len(texts), 0, -1), sorted(texts, key=lambda name: (widths[name], name)), strict=True
        ):
            most = max(1, room // left // dialect.character_bytes)
            if widths[name] > most * dialect.character_bytes:
                text = dialect.spelling(Text(most), keyed=True).text
                said = (
                    spelled[name].loss
                    if isinstance(relation[name].type, Unknown | Native)
                    else f"more than {most} characters in a key"
                )
                found[name] = replace(spelled[name], text=text, loss=said, instead=f"written as {text}")
            room -= min(widths[name], most * dialect.character_bytes)
    return found


def rows_within(
    kept: Collection[str],
    names: Mapping[tuple[str, ...], str],
    relation: Relation,
    types: Mapping[str, Spelling],
    dialect: Dialect,
) -> dict[str, Spelling]:
    """The spellings of texts that lie outside of their row, where all of its columns are more than it has room for.

    The longest go first; those `kept` stay. `names` are those of the columns. Raises Unsupported where nothing that could go
    makes room in a page.
    """
    found: dict[str, Spelling] = {}
    for most, size in ((dialect.row_bytes, _in_a_row), (dialect.page_bytes, _in_a_page)):
        if most is None:
            continue
        now = {**types, **found}
        sizes = {name: size(one.text, dialect) for name, one in now.items()}
        if sum(sizes.values()) > most:
            for name, one in now.items():
                short = _shortest(relation[name].type, one, dialect)
                if size(short.text, dialect) < sizes[name]:
                    found[name] = now[name] = short
                    sizes[name] = size(short.text, dialect)
        outside = size(dialect.spelling(Text()).text, dialect)
        room = most - sum(sizes.values())
        room -= _HEAD + len(sizes) // 8 + 1 if size is _in_a_page else 0
        for name in sorted(sizes, key=lambda name: -sizes[name]) if room < 0 else ():
            length = _CHARACTERS.match(now[name].text)
            if room >= 0 or name in kept or length is None or now[name].check or sizes[name] <= outside:
                continue
            column = dialect.quoted(names[relation.name, name])
            check = f"char_length({column}) <= {length[1]}"
            found[name] = replace(now[name], text=dialect.spelling(Text()).text, check=check)
            room += sizes[name] - outside
        if room < 0 and size is _in_a_page:
            raise Unsupported(
                f"a row of {relation.name!r} has {most - room:,} bytes, and a page of {dialect.title} holds {most:,} of them "
                "— split the relation"
            )
    return found


def _shortest(kind: Type, spelled: Spelling, dialect: Dialect) -> Spelling:
    """An enumeration that is written as a text, as long as its longest value; any other as it is."""
    if not isinstance(kind, Enumeration) or not _CHARACTERS.match(spelled.text):
        return spelled
    return replace(spelled, text=dialect.spelling(Text(max(map(len, kind.values), default=1)), keyed=True).text)


def _in_a_row(text: str, dialect: Dialect) -> int:
    """How many bytes a column has in a row, at most."""
    width = width_of(text, None, dialect)
    return _POINTER if width is None else width + 2  # for the length, and for whether it is NULL


_HEAD = 24  # bytes before the columns of a row in a page: its own, a number, who wrote it last
_REFERENCE = 21  # bytes in a page of what lies elsewhere
_NEAR = 255  # bytes of texts that lie in the page whatever they hold
_FIXED = {
    **dict.fromkeys(("tinyint", "boolean", "year"), 1),
    **dict.fromkeys(("smallint", "enum"), 2),
    **dict.fromkeys(("mediumint", "date"), 3),
    **dict.fromkeys(("int", "float"), 4),
    **dict.fromkeys(("bigint", "double", "datetime", "time", "timestamp", "bit", "set"), 8),
}
"""Bytes of types in a page of InnoDB, at most; 16 of others."""


def _in_a_page(text: str, dialect: Dialect) -> int:
    """How many bytes a column has in a page of InnoDB, at most (measured on MariaDB 10.11)."""
    found = _DECIMAL.match(text)
    if found:
        return int(found[1]) // 9 * 4 + 8
    width = width_of(text, None, dialect)
    if width is None or (width > _NEAR and (_CHARACTERS.match(text) or _BYTES.match(text))):
        return _REFERENCE
    if _CHARACTERS.match(text) or _BYTES.match(text):
        return width + 1
    word = re.match(r"\w*", text)
    return _FIXED.get(word[0].casefold(), _OTHERS) if word else _OTHERS


def is_unbound(text: str) -> bool:
    """Whether a type, as it is spelled, has values of any length, which lie elsewhere."""
    return bool(_UNBOUND.match(text))


def _together(spelled: Mapping[str, Spelling], dialect: Dialect) -> int:
    return sum(width_of(one.text, None, dialect) or 0 for one in spelled.values())


def _order(width: int | None) -> float:
    return float("inf") if width is None else width


def width_of(text: str, length: int | None, dialect: Dialect) -> int | None:
    """How many bytes the values of a type take in an index at most, or the first `length` of them; None without a bound."""
    if found := _BYTES.match(text):
        return min(int(found[1]), length or int(found[1]))
    if found := _CHARACTERS.match(text):
        return dialect.character_bytes * min(int(found[1]), length or int(found[1]))
    if found := _DECIMAL.match(text):
        return max(_OTHERS, int(found[1]) // 2 + 2)  # nine digits in four bytes
    if not _UNBOUND.match(text):
        return _OTHERS
    return (1 if _BINARY.match(text) else dialect.character_bytes) * length if length else None
