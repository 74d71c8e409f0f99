"""The text of what a schema keeps as text: a plain statement, in which what the schema holds is called as it is written there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dbworkbench.errors import NotationError
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.statement import Statement, tokens_in
from dbworkbench.sql.tables import Name
from dbworkbench.sql.tokens import Token

__all__ = ["Called", "definer_in", "elsewhere_in", "plain_text", "plain_words", "script_of"]

_CONDITIONAL = re.compile(r"(/\*(?!M?!)(?:[^*]|\*(?!/))*\*/|--[^\n]*|\#[^\n]*)|/\*M?!\d*[ ]?|[ ]?\*/")
"""What stands between two tokens of MySQL: comments, and the signs around what only some versions carry out."""
_HOME = {"postgresql": "public", "cockroachdb": "public", "redshift": "public", "sqlite": "main", "duckdb": "main"}
"""The schema that a name without one is looked for in."""
_COUNTS = frozenset({"NEXTVAL", "CURRVAL", "SETVAL"})


@dataclass(slots=True)
class Called:
    """What a file's names with a schema before them are called in the design: paths of names but for case."""

    dialect: str
    names: dict[Name, str] = field(default_factory=dict)
    schemas: set[str] = field(default_factory=set)

    def put(self, path: Name, name: str) -> None:
        """Say what a path is called."""
        folded = _folded(path)
        self.names[folded] = name
        if len(folded) > 1:
            self.schemas.add(folded[-2])

    def instead(self, path: Sequence[str], *, calls: bool) -> tuple[int, str | None] | None:
        """How many parts of a path are to be replaced, and by what (None: their last one stays); `calls` says that "(" follows."""
        folded = _folded(path)
        for many in range(min(3, len(folded)), 1, -1):
            name = self.names.get(folded[:many])
            if name is not None:
                return many, None if name.casefold() == folded[many - 1] else name
        home = _HOME.get(self.dialect)
        known = folded[0] == home or (calls and len(folded) == 2 and folded[0] in self.schemas)
        return (2, None) if known and len(folded) > 1 else None


def plain_text(statement: Statement, dialect: str, called: Called | None = None) -> str:
    """A statement without MySQL's conditional comments and its definer; with `called`, names as the design has them.

    >>> from dbworkbench.sql.statement import split
    >>> (view,) = split("/*!50001 CREATE ALGORITHM=UNDEFINED */ /*!50001 VIEW `v` AS select 1 */;", "mysql")
    >>> plain_text(view, "mysql")
    'CREATE ALGORITHM=UNDEFINED VIEW `v` AS select 1'
    """
    tokens = statement.tokens
    if not tokens:
        return statement.text
    definer = definer_in(tokens)
    edits = dict(_edits(statement.source, tokens, called)) if called is not None else {}
    if called is not None and dialect in {"postgresql", "cockroachdb"}:
        edits |= dict.fromkeys(_elsewhere(tokens), "")
    conditional = dialect in {"mysql", "mariadb"}
    said: list[str] = []
    last = tokens[0].start
    for at, token in enumerate(tokens):
        gap = statement.source[last : token.start]
        if conditional:
            gap = _CONDITIONAL.sub(lambda found: found[1] or "", gap)
        last = token.end
        if definer and definer[0] <= at < definer[1]:
            continue
        said += (gap, edits.get(token.start, statement.source[token.start : token.end]))
    text = "".join(said).strip()
    return (
        re.sub(r"^(CREATE\b[^\n]*?)\s+(?=VIEW|TRIGGER|EVENT|FUNCTION|PROCEDURE)", r"\1 ", text) if conditional else text
    )


def plain_words(text: str, dialect: str, called: Called) -> str:
    """An expression with names as the design has them.

    >>> names = Called("postgresql")
    >>> names.put(("app", "next"), "next")
    >>> plain_words("app.next('a.b'::text)", "postgresql", names)
    "next('a.b'::text)"
    """
    tokens = tokens_in(text, dialect)
    return _replaced(text, tokens, dict(_edits(text, tokens, called)))


def definer_in(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """Where MySQL's DEFINER = `user`@`host` stands among the first tokens."""
    begin = next((at for at, token in enumerate(tokens[:10]) if token.upper == "DEFINER"), None)
    if begin is None or begin + 2 >= len(tokens) or tokens[begin + 1].value != "=":
        return None
    end = begin + 3
    if end < len(tokens) and tokens[end].value == "@":
        end += 2
    elif end < len(tokens) and tokens[end].value[:1] == "@":
        end += 1
    elif tokens[begin + 2].upper == "CURRENT_USER" and end + 1 < len(tokens) and tokens[end].value == "(":
        end += 2
    return begin, end


def _edits(source: str, tokens: Sequence[Token], called: Called) -> Iterator[tuple[int, str]]:
    """What is written in place of tokens, by where they begin."""
    quoted = DIALECTS[called.dialect].quoted
    before = "dbo." if called.dialect == "sqlserver" else ""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "text":
            text = source[token.start : token.end]
            edited = _text(text, tokens, at, called)
            if edited != text:
                yield token.start, edited
        path = _path(tokens, at)
        calls = at + 2 * len(path) - 1 < len(tokens) and tokens[at + 2 * len(path) - 1].value == "("
        found = called.instead(path, calls=calls) if len(path) > 1 else None
        if found is not None:
            many, name = found
            places = tokens[at : at + 2 * many - 1]
            final = source[places[-1].start : places[-1].end] if name is None else quoted(name)
            yield from ((place.start, "") for place in places[1:])
            yield token.start, before + final
        at += max(1, 2 * len(path) - 1)


def elsewhere_in(statement: Statement, dialect: str) -> Iterator[str]:
    """What a statement of PostgreSQL says of schemas that its plain text does not, but for the usual ones.

    >>> from dbworkbench.sql.statement import split
    >>> [*elsewhere_in(next(split("CREATE EXTENSION pg_trgm WITH SCHEMA tools", "postgresql")), "postgresql")]
    ['WITH SCHEMA tools']
    """
    if dialect not in {"postgresql", "cockroachdb"}:
        return
    gone = set(_elsewhere(statement.tokens))
    said = " ".join(token.value for token in statement.tokens if token.start in gone)
    if said and not re.fullmatch(r"(?:WITH )?SCHEMA (?:public|pg_catalog)", said, re.IGNORECASE):
        yield re.sub(r" (?=,)", "", said)


def _elsewhere(tokens: Sequence[Token]) -> Iterator[int]:
    """Where PostgreSQL is told in which schema an extension lies or a function looks: all lies in one."""
    words = [token.upper for token in tokens]
    if words[:2] == ["CREATE", "EXTENSION"] and "SCHEMA" in words:
        at = words.index("SCHEMA")
        yield from (token.start for token in tokens[at - (words[at - 1] == "WITH") : at + 2])
    elif words[:1] == ["CREATE"] and {"FUNCTION", "PROCEDURE"} & set(words[:6]):
        for at in range(len(tokens) - 3):
            if words[at] == "SET" and words[at + 1] == "SEARCH_PATH" and words[at + 2] in {"TO", "="}:
                end = at + 4
                while end + 1 < len(tokens) and words[end] == ",":
                    end += 2
                yield from (token.start for token in tokens[at:end])


def _path(tokens: Sequence[Token], at: int) -> tuple[str, ...]:
    """The parts of the name that begins here, with points between them; () where none does."""
    if tokens[at].kind not in {"word", "name"} or (at and tokens[at - 1].value == "."):
        return ()
    parts = [tokens[at].value]
    while at + 2 < len(tokens) and tokens[at + 1].value == "." and tokens[at + 1].kind == "sign":
        parts.append(tokens[at + 2].value)
        at += 2
    return tuple(parts)


def _text(text: str, tokens: Sequence[Token], at: int, called: Called) -> str:
    """A body in dollars with its names, and the name of a sequence or a table that stands in a text."""
    if text[:1] == "$":
        tag = text[: text.index("$", 1) + 1]
        inner = text[len(tag) : -len(tag)]
        try:
            found = tokens_in(inner, called.dialect)
        except NotationError:
            return text
        return tag + _replaced(inner, found, dict(_edits(inner, found, called))) + tag
    counts = at > 1 and tokens[at - 1].value == "(" and tokens[at - 2].upper in _COUNTS
    cast = at + 2 < len(tokens) and tokens[at + 1].value == "::" and tokens[at + 2].upper in {"REGCLASS", "REGTYPE"}
    if not (counts or cast) or "." not in text:
        return text
    inner = text[1:-1]
    found = tokens_in(inner, called.dialect)
    return f"'{_replaced(inner, found, dict(_edits(inner, found, called)))}'"


def _replaced(source: str, tokens: Sequence[Token], edits: Mapping[int, str]) -> str:
    said: list[str] = []
    last = 0
    for token in tokens:
        said += (source[last : token.start], edits.get(token.start, source[token.start : token.end]))
        last = token.end
    return "".join((*said, source[last:]))


def _folded(path: Sequence[str]) -> Name:
    return tuple(part.casefold() for part in path)


_BLOCKS = frozenset({"trigger", "function", "procedure", "package", "type", "event"})


def script_of(text: str, kind: str, dialect: str) -> str:
    """A statement as it stands in a script that the vendor's own client runs.

    >>> print(script_of("CREATE TRIGGER t BEFORE INSERT ON r FOR EACH ROW BEGIN SET @a = 1; END", "trigger", "mysql"))
    DELIMITER ;;
    CREATE TRIGGER t BEFORE INSERT ON r FOR EACH ROW BEGIN SET @a = 1; END;;
    DELIMITER ;
    """
    bare = text.strip().rstrip(";").rstrip()
    if dialect in {"mysql", "mariadb"} and ";" in bare:
        sign = next(one for one in (";;", "$$", "//", "|||", "DELIMITED_") if one not in bare)
        return f"DELIMITER {sign}\n{bare}{sign}\nDELIMITER ;"
    if dialect == "oracle" and kind in _BLOCKS and (kind == "type" or re.search(r"(?i)\bend\b\s*\w*\s*$", bare)):
        return f"{bare};\n/"
    return f"GO\n{bare};\nGO" if dialect == "sqlserver" and kind in {*_BLOCKS, "view"} - {"type"} else f"{bare};"
