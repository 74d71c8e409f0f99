"""What Prisma calls the types of databases (`@db.UnsignedInt`), where these say more than the scalar that they belong to.

Source: Prisma's reference, "Native types mapping" of PostgreSQL's and MySQL's connectors.
"""

import re
from collections.abc import Mapping

from dbworkbench.schema.relation import Declared
from dbworkbench.schema.types import Type
from dbworkbench.sql.declarations import declared_as, meaning, words_in

__all__ = ["declared_in", "scalar_of"]

_WORDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "mysql": {
        "tinyint": ("Int", "TinyInt"), "tinyint unsigned": ("Int", "UnsignedTinyInt"), "year": ("Int", "Year"),
        "smallint unsigned": ("Int", "UnsignedSmallInt"), "mediumint": ("Int", "MediumInt"),
        "mediumint unsigned": ("Int", "UnsignedMediumInt"), "int unsigned": ("Int", "UnsignedInt"),
        "bigint unsigned": ("BigInt", "UnsignedBigInt"), "char": ("String", "Char"), "tinytext": ("String", "TinyText"),
        "text": ("String", "Text"), "mediumtext": ("String", "MediumText"), "datetime": ("DateTime", "DateTime"),
        "timestamp": ("DateTime", "Timestamp"), "time": ("DateTime", "Time"), "binary": ("Bytes", "Binary"),
        "varbinary": ("Bytes", "VarBinary"), "tinyblob": ("Bytes", "TinyBlob"), "blob": ("Bytes", "Blob"),
        "mediumblob": ("Bytes", "MediumBlob"),
    },
    "postgresql": {
        "char": ("String", "Char"), "timestamp": ("DateTime", "Timestamp"), "timestamptz": ("DateTime", "Timestamptz"),
        "time": ("DateTime", "Time"), "timetz": ("DateTime", "Timetz"), "json": ("Json", "Json"),
    },
}  # fmt: skip
_MEASURED = frozenset({"Char", "Binary", "VarBinary", "DateTime", "Timestamp", "Timestamptz", "Time", "Timetz"})
"""Those that take a number: how long they are, or how many digits of a second they keep."""
_USUAL = {"mysql": "0", "postgresql": "6"}
"""The digits of a second that a type of the database keeps where it says nothing."""


def scalar_of(declared: Declared, dialect: str) -> tuple[str, str]:
    """The scalar for a type in the words of its database, and the attribute that says them; ("", "") where there is none.

    >>> scalar_of(Declared("mysql", "int unsigned"), "mysql"), scalar_of(Declared("mysql", "datetime"), "mysql")
    (('Int', '@db.UnsignedInt'), ('DateTime', '@db.DateTime(0)'))
    """
    words, arguments = words_in(declared.text)
    scalar, name = _WORDS.get(dialect, {}).get(" ".join(words), ("", ""))
    number = arguments[0] if len(arguments) == 1 and arguments[0].isdecimal() else ""
    if not name or (arguments and not (number and name in _MEASURED)):
        return "", ""
    if scalar == "DateTime":
        number = number or _USUAL[dialect]
    elif name in _MEASURED and not number:
        return "", ""
    return scalar, f"@db.{name}({number})" if number else f"@db.{name}"


def declared_in(
    scalar: str, name: str, arguments: tuple[str, ...], dialect: str
) -> tuple[Type, Declared | None] | None:
    """The type that `@db.Name(arguments)` means in a database whose words say more, and these; None for any other.

    >>> declared_in("Int", "UnsignedTinyInt", (), "mysql")
    (Integer(bits=16), Declared(dialect='mysql', text='tinyint unsigned'))
    """
    word = next((one for one, said in _WORDS.get(dialect, {}).items() if said == (scalar, name)), "")
    if not word or (arguments and not (name in _MEASURED and re.fullmatch(r"[0-9]{1,9}", arguments[0]))):
        return None
    if name in _MEASURED and not arguments and (scalar != "DateTime" or dialect != "mysql"):
        return None
    text = f"{word}({arguments[0]})" if arguments else word
    kind = meaning(text, dialect)
    return kind, declared_as(*words_in(text), dialect, kind, text)
