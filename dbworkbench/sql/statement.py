"""A file of SQL as single statements of tokens, whatever wrote it: comments, data and a client's own commands aside.

Nothing is executed, and nothing is read twice: each character is looked at once by a compiled pattern, rows of data
are passed over without being taken apart.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from dbworkbench.errors import NotationError
from dbworkbench.sql.batches import parted
from dbworkbench.sql.tokens import Token, manner_of, patterns

__all__ = ["MOST_TOKENS", "Statement", "split", "tokens_in"]


@dataclass(frozen=True, slots=True)
class Statement:
    """Some tokens of a file; `aside` says why it need not be read, where it needs not (its tokens are few then)."""

    source: str = field(repr=False)
    start: int
    end: int
    line: int
    tokens: tuple[Token, ...]
    aside: str = ""
    many: int = 1
    """How many statements it stands for: rows come in runs."""
    paths: bool = False
    """Whether one quoted name can be a whole path, as in BigQuery: `project.dataset.table`."""

    @property
    def text(self) -> str:
        """What stands in the file."""
        return self.source[self.start : self.end]


_HEAD = 40
"""How many characters of rows are taken apart: as many as tell where they go."""
MOST_TOKENS = 2_000_000
"""How long a statement may be that is not left aside as rows: about half a gigabyte of memory."""
_OWN_ROW = re.compile(r"INSERT\s+INTO\s+[\"'`\[]?sqlite_(?:schema|master|sequence)\b", re.IGNORECASE)
"""A row of SQLite's own, by which a dump makes a virtual table or says where numbers go on."""
_DATA = frozenset({"INSERT", "REPLACE", "UPDATE", "DELETE", "MERGE"})
_PLAIN = frozenset({"CREATE", "ALTER", "DROP", "COMMENT"})
_HOLDS = frozenset({"BEGIN", "DECLARE", "DO", "EXEC", "EXECUTE", "IF", "WHILE", "FOR", "LOOP"})
"""Words at the beginning of statements that have others within."""
_BEFORE = frozenset({",", "GRANT", "REVOKE", "DENY", "AUDIT", "NOAUDIT", "SHOW", "EXPLAIN"})
"""After these, CREATE TABLE is the name of a right, or of what is shown."""
_NEXT = re.compile(
    r"[\n)]\s*(?:(?:CREATE(?:\s+OR\s+REPLACE)?(?:\s+(?:GLOBAL|LOCAL|TEMP|TEMPORARY|TRANSIENT|EXTERNAL|UNLOGGED))*|ALTER|DROP|RENAME)\s+TABLE"
    r"|CREATE\s+(?:OR\s+REPLACE\s+)?VIEW|CREATE\s+(?:UNIQUE\s+)?INDEX|INSERT\s+INTO|COMMENT\s+ON)\b",
    re.IGNORECASE,
)
"""A line on which a statement begins, whether or not the one before was closed."""
_BODIES = frozenset({"TRIGGER", "PROCEDURE", "PROC", "FUNCTION", "EVENT", "PACKAGE"})


_DEFINES = re.compile(
    r"(?:CREATE|ALTER|DROP)\s+(?:(?:OR|REPLACE|UNIQUE|BITMAP|GLOBAL|TEMPORARY|PUBLIC|FORCE|EDITIONABLE|NONEDITIONABLE)\s+)*"
    r"(?:TABLE|INDEX|VIEW|SEQUENCE|TRIGGER|PROCEDURE|FUNCTION|PACKAGE|SYNONYM|TYPE)\b|COMMENT\s+ON\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_OPENS = re.compile(r"\$(?:[A-Za-z_]\w*)?\$|[Qq]'[^\s']")
_TABLE_LINE = re.compile(
    r"\n[ \t]*((?i:CREATE(?:\s+OR\s+REPLACE)?(?:\s+(?:GLOBAL|LOCAL|TEMP|TEMPORARY|TRANSIENT|EXTERNAL|UNLOGGED))*|ALTER|DROP|RENAME)\s+(?i:TABLE)\b)"
)
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{(?:[^{}]|\{[^{}]*\})*\}\}(?=[ \t]*(?:;|\r?\n|\Z))", re.DOTALL)
"""What a template does before a statement: a tag, a comment, or a call that fills in a line of its own."""
_CLOSES = {"[": "]", "{": "}", "(": ")", "<": ">"}


class _Splitter:
    def __init__(self, source: str, dialect: str) -> None:
        self.source, self.dialect = source, dialect
        self.token, self.data, self.line = patterns(dialect)
        self.seen = (0, 1)  # a place whose line is known
        self.delimiter = ";"
        self.quotes = "'\"`[" if manner_of(dialect).brackets else "'\"`"
        self.paths = dialect == "bigquery"
        self.nested = manner_of(dialect).nested_comments

    def line_of(self, at: int) -> int:
        """The line of a place, counted on from the place that was asked for before."""
        known, line = self.seen
        between = self.source.count("\n", min(known, at), max(known, at))
        self.seen = (at, line + between if at >= known else line - between)
        return self.seen[1]

    def statements(self) -> Iterator[Statement]:
        source, end = self.source, len(self.source)
        at = 1 if source.startswith("\ufeff") else 0
        while at < end:
            at = self._blank(at)
            if at >= end:
                return
            if tag := _TAG.match(source, at):
                yield Statement(source, at, tag.end(), self.line_of(at), (), "a template's tag: what it guards is read")
                at = tag.end()
                continue
            command = self._command(at)
            if command is not None:
                if command > at:
                    yield Statement(source, at, command, self.line_of(at), (), "a command of the client's")
                at = command
                continue
            word = _WORD.match(source, at)
            first = word[0].upper() if word else ""
            rows = first in (_DATA if self.dialect != "sqlserver" else {"INSERT"}) and self.delimiter == ";"
            if rows and not (self.dialect == "sqlite" and _OWN_ROW.match(source, at)):
                at = yield from self._rows(at, first)
                continue
            found, at = self._statement(at)
            if found is not None:
                yield from self._parted(found)
                if first == "COPY" and self.line is not None and "stdin" in found.text.lower():
                    at = yield from self._copied(at)

    def _blank(self, at: int) -> int:
        """Past blanks, comments and stray delimiters."""
        while found := self.token.match(self.source, at):
            kind = found.lastgroup
            if kind == "comment":
                at = self._comment(found)
            elif kind == "space" or (kind == "sign" and found[0] == ";"):
                at = found.end()
            elif found[0] == "-" and self.dialect in {"mysql", "mariadb"} and self.source.startswith("--", at):
                at = self.source.find("\n", at)  # before a statement the client needs no blank behind it
                if at < 0:
                    return len(self.source)
            else:
                break
        return at

    def _comment(self, found: re.Match[str]) -> int:
        if found[0] != "/*":
            return found.end()
        if not self.nested:
            end = self.source.find("*/", found.end())
            if end < 0:
                raise self._open("comment", found.start())
            return end + 2
        depth, at = 1, found.end()
        for mark in re.compile(r"/\*|\*/").finditer(self.source, at):
            depth += 1 if mark[0] == "/*" else -1
            if depth == 0:
                return mark.end()
        raise self._open("comment", found.start())

    def _open(self, what: str, at: int) -> NotationError:
        return self._refused(f"an unclosed {what} — close it, or say which dialect this is", at)

    def _refused(self, why: str, at: int) -> NotationError:
        line, begin = self.line_of(at), self.source.rfind("\n", 0, at) + 1
        near = at - begin < 10_000  # a longer line is not shown
        text = self.source[begin : at + 100].split("\n")[0] if near else ""
        return NotationError(why, line=line, column=at - begin + 1, text=text)

    def _command(self, at: int) -> int | None:
        """The end of a line that is the client's own, where one stands."""
        if self.line is None or not self._begins_line(at):
            return None
        found = self.line.match(self.source, at)
        if not found:
            return None
        delimiter = found.groupdict().get("delimiter")
        if delimiter:
            self.delimiter = delimiter
        return found.end()

    def _begins_line(self, at: int) -> bool:
        while at and self.source[at - 1] in " \t\ufeff":
            at -= 1
        return not at or self.source[at - 1] == "\n"

    def _rows(self, at: int, first: str) -> Generator[Statement, None, int]:
        """Statements that say the same thing of other rows, one after another, as one that is left aside."""
        source, begin, many = self.source, at, 0
        again = re.compile(rf"[\s;]*+(?={first}\b)(?!{_OWN_ROW.pattern})", re.IGNORECASE)
        while True:
            found = self.data.match(source, at)
            end, many = found.end() if found else at, many + 1
            while opened := _OPENS.match(source, end if source[end : end + 1] == "$" else self._quoted(end)):
                found = self.data.match(source, self._closed(opened))
                end = found.end() if found else end
            if end < len(source) and source[end] not in ";\n":
                raise self._open("quote", end)
            following = again.match(source, end)
            if following is None or end == len(source):
                break
            at = following.end()
        table, before = self._table_within(begin, end)
        if before:
            end, many = begin + len(source[begin:table].rstrip()), before
        tokens = tuple(self.tokens(begin, min(end, begin + _HEAD), strict=False))
        why = f"rows ({first})" if many == 1 else f"rows ({many} × {first})"
        yield Statement(source, begin, end, self.line_of(begin), tokens, why, many)
        return table if before else end + 1

    def _table_within(self, at: int, end: int) -> tuple[int, int]:
        """Where a table begins a line within what would be rows, because a semicolon was forgotten, and after how many
        statements; 0 of them where none does.
        """
        if self.dialect == "sqlserver":
            return end, 0
        places = {found.start(1) for found in _TABLE_LINE.finditer(self.source, at, end)}
        depth = many = 0
        begins = True
        for token in self.tokens(at, max(places) + 1, strict=False) if places else ():
            if token.start in places and not depth:
                return token.start, many
            depth += (token.upper == "(") - (token.upper == ")")
            many += begins and token.upper != ";"
            begins = token.upper == ";"
        return end, 0

    def _copied(self, at: int) -> Generator[Statement, None, int]:
        """The rows that follow a COPY, as one statement to be left aside: up to a line of backslash and point."""
        found = re.compile(r"^\\\.[ \t]*\r?$", re.MULTILINE).search(self.source, at)
        end = found.end() if found else len(self.source)
        begin = at + len(self.source[at : at + 2]) - len(self.source[at : at + 2].lstrip("\r\n"))
        yield Statement(self.source, begin, end, self.line_of(begin), (), "rows (COPY)")
        return end

    def _quoted(self, at: int) -> int:
        """Where Oracle's q'[…]' begins whose quote stands here, else the end of the file."""
        is_so = self.dialect == "oracle" and self.source[at : at + 1] == "'" and self.source[at - 1] in "qQ"
        return at - 1 if is_so else len(self.source)

    def _closed(self, opened: re.Match[str]) -> int:
        """The end of a text that begins with $tag$ or q'[; raises NotationError where it has none."""
        first = opened[0]
        closing = first if first[0] == "$" else _CLOSES.get(first[-1], first[-1]) + "'"
        end = self.source.find(closing, opened.end())
        if end < 0:
            raise self._open("quote", opened.start())
        return end + len(closing)

    def tokens(self, at: int, end: int, *, strict: bool = True) -> Iterator[Token]:
        while at < end and (found := self.token.match(self.source, at)):
            kind = found.lastgroup or ""
            start, at = at, found.end()
            if kind == "comment":
                at = self._comment(found)
            elif kind != "space":
                token = self._made(kind, found, start)
                if strict and token.kind == "sign" and token.value in self.quotes:
                    raise self._open("quote", start)
                at = token.end
                yield token

    def _made(self, kind: str, found: re.Match[str], start: int) -> Token:
        if found["text"] is not None:
            return Token("text", found[0], start, found.end())
        if kind == "open":
            end = self._closed(found)
            return Token("text", self.source[start:end], start, end)
        if kind == "name":
            raw = found[0].removeprefix("U&").removeprefix("u&")
            last = raw[-1]
            return Token("name", raw[1:-1].replace(last + last, last), start, found.end())
        value = found[0]
        return Token(
            kind, value, start, found.end(), value.upper() if kind == "word" else value if kind == "sign" else ""
        )

    def _statement(self, start: int) -> tuple[Statement | None, int]:
        """One statement from `start`, and where the next one may begin."""
        source, end = self.source, len(self.source)
        tokens: list[Token] = []
        words: list[str] = []
        body, depth, at = "", 0, start
        ends_by_line = self.dialect in {"oracle", "sqlserver"}
        while at < end:
            if self.delimiter != ";" and source.startswith(self.delimiter, at):
                return self._whole(start, tokens), at + len(self.delimiter)
            found = self.token.match(source, at)
            if not found:
                break
            kind = found.lastgroup or ""
            begin, at = at, found.end()
            if kind == "comment":
                at = self._comment(found)
                if self.dialect == "databricks" and found[0].startswith("-- COMMAND ---") and not body:
                    return self._whole(start, tokens), at  # where a cell of a notebook ends
                continue
            if kind == "space":
                if ends_by_line and "\n" in found[0] and self._ends_here(at):
                    return self._whole(start, tokens), at
                continue
            token = self._made(kind, found, begin)
            at = token.end
            if token.kind == "sign" and token.value in self.quotes:
                raise self._open("quote", begin)
            cut = source.find(self.delimiter, begin, at) if self.delimiter != ";" and token.kind == "word" else -1
            if cut > begin:
                at = cut
                token = Token("word", source[begin:cut], begin, cut, source[begin:cut].upper())
            if token.value == ";" and token.kind == "sign" and self.delimiter == ";":
                waits = bool(body) and (depth > 0 or self.dialect in {"oracle", "sqlserver"})
                if body and self.dialect == "oracle" and _DEFINES.match(source, self._blank(at)):
                    return self._whole(
                        start, [*tokens, token]
                    ), at  # a body has no DDL: the slash after it was forgotten
                if not waits:
                    return self._whole(start, tokens), at
            tokens.append(token)
            if len(tokens) > MOST_TOKENS:
                raise self._refused(
                    f"a statement of more than {MOST_TOKENS:,} words — split the file, or say which dialect", start
                )
            if token.kind == "word":
                upper = token.value.upper()
                if len(words) < 12:
                    words.append(upper)
                    body = body or _body(words, blocks=self.dialect != "sqlserver")
                if body:
                    depth = _deeper(depth, upper, tokens)
        return self._whole(start, tokens), end

    def _ends_here(self, at: int) -> bool:
        found = self.line.match(self.source, at) if self.line else None
        if found is None:
            return False
        said = found[0].strip().upper()
        return said == "/" if self.dialect == "oracle" else said.startswith("GO")

    def _whole(self, start: int, tokens: list[Token]) -> Statement | None:
        if not tokens:
            return None
        return Statement(self.source, start, tokens[-1].end, self.line_of(start), tuple(tokens), paths=self.paths)

    def _after(self, statement: Statement) -> tuple[str, int, int]:
        return self.source, statement.start + 1, statement.end

    def _parted(self, statement: Statement) -> Iterator[Statement]:
        """A batch of T-SQL as its statements: semicolons are optional there."""
        tsql = self.dialect == "sqlserver"
        if not tsql and (statement.tokens[0].upper in _HOLDS or not _NEXT.search(*self._after(statement))):
            yield statement
            return
        for part in (parted if tsql else _without_semicolons)(statement.tokens, self.source):
            line = self.line_of(part[0].start)
            yield Statement(self.source, part[0].start, part[-1].end, line, part, paths=self.paths)


def _body(words: list[str], *, blocks: bool) -> str:
    """The kind of thing with a body of statements that these first words begin, "" if none; `blocks` can be one."""
    if not words or words[0] not in {"CREATE", "ALTER", "DECLARE", "BEGIN"}:
        return ""
    if words[0] in {"DECLARE", "BEGIN"}:
        alone = {"TRANSACTION", "TRAN", "WORK", "IMMEDIATE", "EXCLUSIVE", "DEFERRED"}
        return "block" if blocks and len(words) > 1 and words[1] not in alone else ""
    if words[0] == "ALTER" and blocks:
        return ""  # ALTER TRIGGER t ENABLE: only T-SQL says a body anew
    for word in words[1:]:
        if word in _BODIES:
            return word
        if word in {"TABLE", "INDEX", "VIEW", "SEQUENCE", "DATABASE", "SCHEMA"}:
            return ""
    return ""


def _without_semicolons(tokens: tuple[Token, ...], source: str) -> Iterator[tuple[Token, ...]]:
    """Tables and indexes whose semicolons were forgotten: each begins a line or stands behind a parenthesis, outside any."""
    words = {token.upper for token in tokens[:6]}
    begin = depth = 0
    for place, token in enumerate(tokens):
        depth += (token.upper == "(") - (token.upper == ")")
        if (
            not place
            or depth
            or token.upper not in _PLAIN | {"INSERT", "RENAME"}
            or tokens[place - 1].upper in _BEFORE
            or words & (_BODIES | {"SCHEMA", "VIEW", "RULE"})
        ):
            continue
        before = tokens[place - 1].end
        line = source.rfind("\n", before - 1, token.start)
        if _NEXT.match(source, line if line >= 0 else before - 1, tokens[-1].end):
            yield tokens[begin:place]
            begin = place
    yield tokens[begin:]


def _deeper(depth: int, word: str, tokens: list[Token]) -> int:
    """How many BEGINs and CASEs are open after a word."""
    before = tokens[-2].upper if len(tokens) > 1 else ""
    if word in {"BEGIN", "CASE"} and before != "END":
        return depth + 1
    if word == "END":
        return max(0, depth - 1)
    if before == "END" and word in {"IF", "LOOP", "WHILE", "REPEAT", "FOR"}:
        return depth + 1  # that END closed something that was not counted
    return depth


def split(source: str, dialect: str) -> Iterator[Statement]:
    """The statements of a file in order; raises NotationError where a quote or a comment is not closed.

    >>> [statement.text for statement in split("SELECT ';' /* ; */, 1; ; SELECT 2", "duckdb")]
    ["SELECT ';' /* ; */, 1", 'SELECT 2']
    """
    return _Splitter(source, dialect).statements()


def tokens_in(text: str, dialect: str) -> tuple[Token, ...]:
    """The tokens of a text that is no whole file; raises NotationError as `split` does."""
    return tuple(_Splitter(text, dialect).tokens(0, len(text)))
