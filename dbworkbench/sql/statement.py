"""A file of SQL as single statements of tokens, whatever wrote it: comments, data and a client's own commands aside.

Nothing is executed, and nothing is read twice: each character is looked at once by a compiled pattern, rows of data
are passed over without being taken apart.
"""

import re
from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from functools import cache

from dbworkbench.errors import NotationError

__all__ = ["Statement", "Token", "split", "spoken_in"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a quoted "name", a "text", a "number" or a "sign", with the characters it stands for."""

    kind: str
    value: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """A bare word in capitals, a sign as it is, "" for what is quoted."""
        return self.value.upper() if self.kind == "word" else self.value if self.kind == "sign" else ""


@dataclass(frozen=True, slots=True)
class Statement:
    """Some tokens of a file; `aside` says why it need not be read, where it needs not (its tokens are few then)."""

    source: str = field(repr=False)
    start: int
    end: int
    line: int
    tokens: tuple[Token, ...]
    aside: str = ""

    @property
    def text(self) -> str:
        """What stands in the file."""
        return self.source[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a family of databases quotes and comments."""

    backslash: bool = False  # an escape in texts
    double_is_text: bool = False
    brackets: bool = False  # quote names
    hash_comments: bool = False
    dollars: bool = False  # quote texts
    nested_comments: bool = False


_MANNERS = {
    "mysql": _Manner(backslash=True, double_is_text=True, hash_comments=True),
    "mariadb": _Manner(backslash=True, double_is_text=True, hash_comments=True),
    "bigquery": _Manner(backslash=True, double_is_text=True, hash_comments=True),
    "databricks": _Manner(backslash=True, double_is_text=True),
    "clickhouse": _Manner(backslash=True, hash_comments=True),
    "snowflake": _Manner(backslash=True, dollars=True),
    "postgresql": _Manner(dollars=True, nested_comments=True),
    "cockroachdb": _Manner(dollars=True, nested_comments=True),
    "redshift": _Manner(dollars=True, nested_comments=True),
    "duckdb": _Manner(dollars=True),
    "sqlite": _Manner(brackets=True),
    "sqlserver": _Manner(brackets=True, nested_comments=True),
    "oracle": _Manner(),
}

_SIGNS: tuple[tuple[str, int, str], ...] = (
    ("mysql", 9, r"(?im)\bENGINE\s*=\s*(?:InnoDB|MyISAM|Memory|Aria)|\bAUTO_INCREMENT\b|^\s*DELIMITER\s+\S+|/\*!\d{5}|^-- MySQL dump"),
    ("mysql", 1, r"`\w+`|(?i:\bunsigned\b)"),
    ("sqlserver", 9, r"(?im)^\s*GO\s*$|\[dbo\]|\bIDENTITY\s*\(\s*\d|\bNVARCHAR\s*\(\s*MAX|\bNONCLUSTERED\b|\bUNIQUEIDENTIFIER\b"),
    ("sqlserver", 1, r"\[\w[\w ]*\]\s*(?:\[\w+\]|[A-Z]+)|(?i:\bNVARCHAR\b)"),
    ("oracle", 9, r"(?im)\bVARCHAR2\b|\bSYSDATE\b|^/\s*$|:NEW\.|\bNOMAXVALUE\b|\bBINARY_(?:FLOAT|DOUBLE)\b"),
    ("oracle", 1, r"(?i)\bNUMBER\s*\(|\bCLOB\b"),
    ("clickhouse", 20, r"(?i)\bENGINE\s*=\s*\w*MergeTree|\bLowCardinality\(|\bNullable\("),
    ("bigquery", 20, r"(?i)\bSTRUCT<|\bARRAY<|\bINT64\b|\bBIGNUMERIC\b|\bOPTIONS\s*\(\s*description|`[\w-]+\.[\w-]+\.[\w-]+`"),
    ("databricks", 99, r"(?i)\bUSING\s+DELTA\b|\bTBLPROPERTIES\b"),
    ("snowflake", 20, r"(?i)\bVARIANT\b|\bTIMESTAMP_[NL]?TZ\b|\bTRANSIENT\s+TABLE|\bNUMBER\(38,\s*0\)|\bFILE\s+FORMAT\b"),
    ("redshift", 20, r"(?i)\bDISTKEY\b|\bSORTKEY\b|\bDISTSTYLE\b|\bENCODE\s+(?:lzo|zstd|az64)|\bVARBYTE\b|\bSUPER\b"),
    ("sqlite", 20, r"(?i)\bAUTOINCREMENT\b|\bPRAGMA\b|\bWITHOUT\s+ROWID\b|\)\s*STRICT\b|\bsqlite_\w+|\bUSING\s+fts[345]\b"),
    ("postgresql", 9, r"(?im)\bSERIAL\b|\bnextval\(|^COPY\s.*FROM\s+stdin|\bBYTEA\b|\$\$|\bJSONB\b|\bOWNER\s+TO\b|\bEXTENSION\b|^\\"),
    ("postgresql", 1, r"(?i)::|\bTIMESTAMPTZ\b|\bcharacter varying\b|\bON ONLY\b"),
    ("duckdb", 5, r"(?i)\bHUGEINT\b|\bUBIGINT\b|\bREAD_(?:CSV|PARQUET)\b|\bINSTALL\s+\w+;|\bDOUBLE(?!\s+PRECISION)\b|\bBLOB\b"),
)  # fmt: skip


def spoken_in(text: str) -> str:
    """The dialect that a text of SQL looks like most; "duckdb" where nothing tells.

    >>> spoken_in("CREATE TABLE t (id int AUTO_INCREMENT) ENGINE=InnoDB;")
    'mysql'
    """
    sample = text[:400_000]
    found: dict[str, int] = {}
    for name, weight, pattern in _SIGNS:
        found[name] = found.get(name, 0) + weight * sum(1 for _ in re.finditer(pattern, sample))
    best = max(found, key=found.__getitem__)
    return best if found[best] else "duckdb"


_DATA = frozenset({"INSERT", "REPLACE", "UPDATE", "DELETE", "MERGE"})
_BODIES = frozenset({"TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE"})
_TSQL_STARTS_WORDS = (
    "CREATE ALTER DROP INSERT UPDATE DELETE EXEC EXECUTE PRINT USE GRANT REVOKE DENY IF DECLARE BEGIN SET TRUNCATE"
)
_TSQL_STARTS = frozenset(_TSQL_STARTS_WORDS.split())
_SQLPLUS = "REM|REMARK|PROMPT|SET|SPOOL|EXIT|QUIT|WHENEVER|DEFINE|UNDEFINE|ACCEPT|START|CONNECT|CONN|CLEAR|COLUMN|TTITLE|SHOW|PAUSE"
_LINES = {
    "mysql": r"(?i:DELIMITER[ \t]+(?P<delimiter>\S+)[^\n]*|SOURCE[ \t][^\n]*|\\[.!uUgGcdehpqrstTw][^\n]*)",
    "postgresql": r"\\[^\n]*",
    "oracle": rf"(?i:/[ \t]*(?=\n|\Z)|@[^\n]*|!(?!=)[^\n]*|(?:{_SQLPLUS})\b(?![^\n]*\b(?:CONSTRAINTS?|ROLE|TRANSACTION)\b)[^\n]*)",
    "sqlserver": r"(?i:GO(?:[ \t]+\d+)?[ \t]*(?=\r?\n|\Z|--)|:\w+[^\n]*)",
    "sqlite": r"\.\w+[^\n]*",
}


@cache
def _patterns(dialect: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str] | None]:
    """What a token, a stretch of data, and a line of the client's own look like."""
    manner = _MANNERS.get(dialect, _Manner())
    inner = r"(?:[^'\\]++|''|\\.)*+" if manner.backslash else r"(?:[^']++|'')*+"
    named = manner.double_is_text or dialect == "clickhouse"  # where a backslash escapes between double quotes, too
    double = r"(?:[^\"\\]++|\"\"|\\.)*+" if manner.backslash and named else r"(?:[^\"]++|\"\")*+"
    texts = rf"(?:[NnBbXxUu]&?)?'{inner}'|[Ee]'(?:[^'\\]++|''|\\.)*+'|(?i:q'\[.*?\]'|q'\{{.*?\}}'|q'\(.*?\)'|q'<.*?>'|q'([^\s\[\{{\(<]).*?\1')"
    comments = r"--[^\n]*+" if not dialect.startswith(("mysql", "maria")) else r"--(?=[\s]|\Z)[^\n]*+"
    comments += (
        r"|\#[^\n]*+" if manner.hash_comments else r"|\#(?=\s)[^\n]*+" if dialect in {"sqlite", "duckdb"} else ""
    )
    block = r"/\*(?!!)(?:[^*]++|\*(?!/))*+\*/" if not manner.nested_comments else r"/\*"
    dollars = r"|(?P<dollar>\$(?P<tag>[A-Za-z_]?\w*)\$.*?\$(?P=tag)\$)" if manner.dollars else ""
    names = [rf"`(?:[^`]++|``)*+`"]  # noqa: F541  one of three alike
    names += [] if manner.double_is_text else [rf"[Uu]&\"{double}\"|\"{double}\""]
    names += [r"\[(?:[^\]]++|\]\])*+\]"] if manner.brackets else []
    quoted_text = rf"|\"{double}\"" if manner.double_is_text else ""
    token = re.compile(
        rf"""(?P<space>\s++|/\*!\d*|/\*M!\d*|\*/)|(?P<comment>{comments}|{block}){dollars}
        |(?P<text>{texts.replace("#", chr(92) + "#").replace(" ", "[ ]")}{quoted_text})|(?P<name>{"|".join(names)})
        |(?P<number>\d[\w.]*+|\.\d[\w]*+)|(?P<word>[^\W\d][\w$\#@]*+|[@\#:$][\w$\#@]++)|(?P<sign>::|:=|->>|->|<=|>=|<>|!=|\|\||.)""",
        re.VERBOSE | re.DOTALL,
    )
    batch = dialect == "sqlserver"  # where a line may begin a statement without a semicolon before it
    line_end = rf"|\n(?!\s*(?i:GO|{'|'.join(sorted(_TSQL_STARTS))})\b)" if batch else ""
    data = re.compile(
        rf"(?:[^;{chr(92) + 'n' if batch else ''}'\"`\-/$#\[\\]++|(?:[Ee])?'{inner}'|\"{double}\"|`[^`]*+`|{comments}|/\*(?:[^*]++|\*(?!/))*+\*/|[\-/$#\[\\]{line_end})*+",
        re.DOTALL,
    )
    line = _LINES.get({"mariadb": "mysql", "cockroachdb": "postgresql", "redshift": "postgresql"}.get(dialect, dialect))
    return token, data, re.compile(line) if line else None


class _Splitter:
    def __init__(self, source: str, dialect: str) -> None:
        self.source, self.dialect = source, dialect
        self.token, self.data, self.line = _patterns(dialect)
        self.newlines = [found.start() for found in re.finditer("\n", source)]
        self.delimiter = ";"
        self.nested = _MANNERS.get(dialect, _Manner()).nested_comments

    def line_of(self, at: int) -> int:
        return bisect_right(self.newlines, at - 1) + 1

    def statements(self) -> Iterator[Statement]:
        source, end = self.source, len(self.source)
        at = 1 if source.startswith("\ufeff") else 0
        while at < end:
            at = self._blank(at)
            if at >= end:
                return
            command = self._command(at)
            if command is not None:
                if command > at:
                    yield Statement(source, at, command, self.line_of(at), (), "a command of the client's")
                at = command
                continue
            word = re.compile(r"\w+").match(source, at)
            first = word[0].upper() if word else ""
            if first in (_DATA if self.dialect != "sqlserver" else {"INSERT"}) and self.delimiter == ";":
                at = yield from self._rows(at, first)
                continue
            found, at = self._statement(at)
            if found is not None:
                yield from self._parted(found)
                if first == "COPY" and self.line is not None and "stdin" in found.text.lower():
                    at = self._copied(at)

    def _blank(self, at: int) -> int:
        """Past blanks, comments and stray delimiters."""
        while found := self.token.match(self.source, at):
            kind = found.lastgroup
            if kind == "comment":
                at = self._comment(found)
            elif kind == "space" or (kind == "sign" and found[0] == ";"):
                at = found.end()
            else:
                break
        return at

    def _comment(self, found: re.Match[str]) -> int:
        if not (self.nested and found[0] == "/*"):
            return found.end()
        depth, at = 1, found.end()
        for mark in re.compile(r"/\*|\*/").finditer(self.source, at):
            depth += 1 if mark[0] == "/*" else -1
            if depth == 0:
                return mark.end()
        raise self._open("comment", found.start())

    def _open(self, what: str, at: int) -> NotationError:
        line = self.line_of(at)
        begin = self.newlines[line - 2] + 1 if line > 1 else 0
        text = self.source[begin : begin + 200].split("\n")[0]
        return NotationError(
            f"an unclosed {what} — close it, or say which dialect this is", line=line, column=at - begin + 1, text=text
        )

    def _command(self, at: int) -> int | None:
        """The end of a line that is the client's own, where one stands."""
        if self.line is None or self.source[
            self.newlines[self.line_of(at) - 2] + 1 if self.line_of(at) > 1 else 0 : at
        ].strip(" \t"):
            return None
        found = self.line.match(self.source, at)
        if not found:
            return None
        delimiter = found.groupdict().get("delimiter")
        if delimiter:
            self.delimiter = delimiter
        return found.end()

    def _rows(self, at: int, first: str) -> Generator[Statement, None, int]:
        found = self.data.match(self.source, at)
        end = found.end() if found else at
        if end < len(self.source) and self.source[end] not in ";\n":
            raise self._open("quote", end)
        tokens = tuple(token for token in self._tokens(at, min(end, at + 200), strict=False))
        yield Statement(self.source, at, end, self.line_of(at), tokens, f"rows ({first})")
        return end + 1

    def _copied(self, at: int) -> int:
        found = re.compile(r"^\\\.[ \t]*\r?$", re.MULTILINE).search(self.source, at)
        return found.end() if found else len(self.source)

    def _tokens(self, at: int, end: int, *, strict: bool = True) -> Iterator[Token]:
        while at < end and (found := self.token.match(self.source, at)):
            kind = found.lastgroup or ""
            start, at = at, found.end()
            if kind == "comment":
                at = self._comment(found)
            elif kind != "space":
                token = self._made(kind, found, start)
                if strict and token.kind == "sign" and token.value in "'\"`":
                    raise self._open("quote", start)
                yield token

    def _made(self, kind: str, found: re.Match[str], start: int) -> Token:
        if found["text"] is not None:
            return Token("text", found[0], start, found.end())
        if kind in {"dollar", "tag"}:
            return Token("text", found[0], start, found.end())
        if kind == "name":
            raw = found[0].removeprefix("U&").removeprefix("u&")
            last = raw[-1]
            return Token("name", raw[1:-1].replace(last + last, last), start, found.end())
        return Token(kind, found[0], start, found.end())

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
                continue
            if kind == "space":
                if ends_by_line and "\n" in found[0] and self._ends_here(at):
                    return self._whole(start, tokens), at
                continue
            token = self._made(kind, found, begin)
            if token.kind == "sign" and token.value in "'\"`":
                raise self._open("quote", begin)
            cut = source.find(self.delimiter, begin, at) if self.delimiter != ";" and token.kind == "word" else -1
            if cut > begin:
                at = cut
                token = Token("word", source[begin:cut], begin, cut)
            if token.value == ";" and token.kind == "sign" and self.delimiter == ";":
                waits = bool(body) and (
                    depth > 0 or (self.dialect == "oracle" and body != "plain") or self.dialect == "sqlserver"
                )
                if not waits:
                    return self._whole(start, tokens), at
            tokens.append(token)
            if token.kind == "word":
                upper = token.value.upper()
                if len(words) < 12:
                    words.append(upper)
                    body = body or _body(words)
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
        return Statement(self.source, start, tokens[-1].end, self.line_of(start), tuple(tokens))

    def _parted(self, statement: Statement) -> Iterator[Statement]:
        """A batch of T-SQL as the statements that begin its lines: semicolons are optional there."""
        tokens = statement.tokens
        if self.dialect != "sqlserver" or _body([token.upper for token in tokens[:12] if token.kind == "word"]):
            yield statement
            return
        cuts, depth = [0], 0
        for place, token in enumerate(tokens):
            depth += (token.value == "(") - (token.value == ")") if token.kind == "sign" else 0
            fresh = place > 0 and "\n" in self.source[tokens[place - 1].end : token.start]
            before = tokens[place - 1].upper if place else ""
            if (
                fresh
                and depth == 0
                and token.upper in _TSQL_STARTS
                and before not in {"DELETE", "UPDATE", "ON", "ADD", "FOR", "AS"}
            ):
                cuts.append(place)
        for here, there in zip(cuts, [*cuts[1:], len(tokens)], strict=True):
            part = tokens[here:there]
            yield Statement(self.source, part[0].start, part[-1].end, self.line_of(part[0].start), part)


def _body(words: list[str]) -> str:
    """The kind of thing with a body of statements that these first words create, "" if none."""
    if not words or words[0] not in {"CREATE", "ALTER", "DECLARE", "BEGIN"}:
        return ""
    if words[0] in {"DECLARE", "BEGIN"}:
        return (
            "block"
            if len(words) > 1 and words[1] not in {"TRANSACTION", "TRAN", "WORK", "IMMEDIATE", "EXCLUSIVE", "DEFERRED"}
            else ""
        )
    for word in words[1:]:
        if word in _BODIES:
            return word
        if word in {"TABLE", "INDEX", "VIEW", "SEQUENCE", "DATABASE", "SCHEMA"}:
            return ""
    return ""


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
