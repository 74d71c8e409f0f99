"""A workload: named queries with weights, read from a file of SQL statements and checked where they stand."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any, TypeAlias

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect as Grammar
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from dbworkbench.errors import UnknownName, WorkloadError, kind_of, listed
from dbworkbench.shown import Shown
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.reach import is_file, outside

KINDS = ("read", "write")
WORDS = ("name", "weight", "kind", "engine", "dialect")

_GRAMMARS = {"postgresql": "postgres", "mariadb": "mysql", "sqlserver": "tsql"}
_WRITING = {TokenType.INSERT, TokenType.UPDATE, TokenType.DELETE}
_READING = {TokenType.SELECT, TokenType.WITH, TokenType.VALUES, TokenType.FROM, TokenType.L_PAREN}
_DIRECTIVE = re.compile(r"(?:^|(?<=\s))(\w+)\s*:(?=\s|$)\s*")
_MISSING = "something is missing"
_OPENERS = re.compile(r"""--[^\n]*|/\*|'|"|\$(?:[A-Za-z_]\w*)?\$""")

Source: TypeAlias = "Workload | str | Path | Mapping[str, str]"


@dataclass(frozen=True, slots=True)
class Query(Shown):
    """A named question in SQL: how much it weighs, and the line and column of its file at which it begins.

    `own` holds pairs of an engine's name and the text to run there instead of a translation.
    """

    name: str
    text: str
    weight: float = 1.0
    kind: str = "read"
    line: int = 1
    column: int = 1
    own: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise WorkloadError("a query needs a name", line=self.line)
        if not (isfinite(self.weight) and self.weight > 0):
            raise WorkloadError(f"the weight {self.weight:g} is not above zero", query=self.name, line=self.line)
        if self.kind not in KINDS:
            raise WorkloadError(_no_kind(self.kind), query=self.name, line=self.line)


@dataclass(frozen=True, slots=True)
class Workload(Shown):
    """Queries in the order they were written, in the SQL of `dialect`; no two share a name, and there is at least one."""

    queries: tuple[Query, ...]
    dialect: str = "duckdb"

    def __post_init__(self) -> None:
        grammar(self.dialect)
        if not self.queries:
            raise WorkloadError("there is no query in it — write at least one SELECT, each ended by ';'")
        lines: dict[str, int] = {}
        for query in self.queries:
            if query.name in lines:
                raise WorkloadError(
                    f"line {lines[query.name]} has a query of this name already — rename one",
                    query=query.name,
                    line=query.line,
                )
            lines[query.name] = query.line

    @property
    def names(self) -> tuple[str, ...]:
        """The queries' names, in order."""
        return tuple(query.name for query in self.queries)

    def __getitem__(self, name: str) -> Query:
        for query in self.queries:
            if query.name == name:
                return query
        raise UnknownName("query", name, self.names)

    def __iter__(self) -> Iterator[Query]:
        return iter(self.queries)

    def __len__(self) -> int:
        return len(self.queries)


@cache
def grammar(dialect: str) -> Grammar:
    """The grammar that reads a dialect's SQL; raises UnknownName."""
    name = DIALECTS.named(dialect) or dialect
    name = _GRAMMARS.get(name, name)
    if not name or name not in Grammar.classes:
        known = {ours for ours, theirs in _GRAMMARS.items() if theirs in Grammar.classes} | set(Grammar.classes)
        raise UnknownName("dialect", dialect, sorted(known - {""}))
    return Grammar.get_or_raise(name)


def spoken_by(engine: str) -> str:
    """The dialect of the texts that are written for an engine."""
    return engine if _GRAMMARS.get(engine, engine) in Grammar.classes else "duckdb"


def read_workload(source: Source, *, dialect: str = "duckdb") -> Workload:
    r"""Read a workload from a file, a text, a mapping of names to SQL, or a workload (returned as it is).

    Statements end with `;` and read (SELECT, WITH, VALUES) or write (INSERT, UPDATE, DELETE). Comment lines before a statement may say what it is:
    `-- name: revenue by country  weight: 5  kind: read`. A statement without a name is "query 1", "query 2" … by its
    place. `-- engine: sqlite` before a statement makes it what that engine runs for the query of the same name (or
    for the one before it). `-- dialect: sqlite` at the head of a file says in which SQL it is written.

    A string is a path if it names a file or ends in ".sql", else it is the workload itself. Every statement is parsed:
    WorkloadError names the query, and the line and column in the file.

    >>> read_workload("-- name: all  weight: 2\nSELECT * FROM sales; SELECT count(*) FROM sales").names
    ('all', 'query 2')
    """
    match source:
        case Workload():
            return source
        case Mapping():
            return _from_mapping(source, dialect)
        case Path():
            return _from_text(_contents(source), dialect)
        case str():
            return _from_text(_contents(Path(source)) if _is_path(source) else source, dialect)
    raise WorkloadError(f"{kind_of(source)} is no workload — give a path, SQL text, or a mapping of names to SQL")


def parsed(query: Query, dialect: str) -> exp.Expr:
    """A query's syntax tree (a fresh one, so that it may be changed)."""
    return _Reader(query.text, dialect).tree(query.name, 0)


def trees_of(text: str, dialect: str, *, name: str, kind: str = "read") -> tuple[exp.Expr, ...]:
    """The syntax trees of a text that is to be run for a query of a kind: one that reads, or any that write.

    Raises WorkloadError, which names the query, where the text is anything else.
    """
    reader = _Reader(text, dialect, name)
    trees = tuple(reader.tree(name, at) for at in range(max(1, len(reader.statements()))))
    if kind == "read" and len(trees) > 1:
        raise WorkloadError(f"one statement is wanted here, not {len(trees)}", query=name)
    for tree in trees:
        _kind({"kind": kind}, name, tree)
    return trees


def check_tables(
    tree: exp.Expr, known: Collection[str], *, query: str = "", line: int | None = None, column: int | None = None
) -> None:
    """Raise WorkloadError where a tree names another table than the known relations: one of a file, or of a database.

    `line` and `column` are where the text begins; with both the error points at the table.
    """
    folded = {name.casefold() for name in known}
    for table in tables_in(tree):
        if isinstance(table.this, exp.Func):
            continue
        if table.catalog or table.db.casefold() not in {"", "main"}:
            said = table.sql(dialect=grammar("duckdb"))
            message = f"{said} reaches beyond the relations — write their names alone: {listed(known)}"
        elif table.name.casefold() in folded:
            continue
        elif is_file(table):
            message = f"{table.name!r} is no relation, and files are not read — known: {listed(known)}"
        else:
            message = str(UnknownName("relation", table.name, known))
        place = line, column
        if line is not None and column is not None and "start" in table.this.meta:
            place = _within(table.this.meta, line, column)
        raise WorkloadError(message, query=query, line=place[0], column=place[1])


def _within(said: Mapping[str, int], line: int, column: int) -> tuple[int, int]:
    """Where a part of a text begins, by what its parser noted of it; the text begins at a line and column."""
    begins = said["col"] - (said["end"] - said["start"])
    return line + said["line"] - 1, begins + (column - 1 if said["line"] == 1 else 0)


def relations_named(query: Query, dialect: str) -> tuple[str, ...]:
    """The relations that a query reads, as it spells them, each once; names that WITH gives are not among them."""
    return tuple(dict.fromkeys(table.name for table in tables_in(parsed(query, dialect))))


def unlimited(query: Query, dialect: str) -> str | None:
    """The query without the LIMIT and OFFSET of its whole answer; None where it has none."""
    tree = parsed(query, dialect)
    if not (tree.args.get("limit") or tree.args.get("offset")):
        return None
    tree.set("limit", None)
    tree.set("offset", None)
    return tree.sql(dialect=grammar(dialect), comments=False)


def ordered_by(query: Query, dialect: str, columns: Sequence[str]) -> tuple[int, ...]:
    """The places, among the columns of its answer, of what a query orders its whole answer by, the first key first.

    What it orders by and does not select is passed over.
    """
    tree = parsed(query, dialect)
    order = tree.args.get("order")
    if order is None:
        return ()
    selected = [one.unalias() for one in tree.selects] if isinstance(tree, exp.Query) and not tree.is_star else []
    folded = [name.casefold() for name in columns]
    places: list[int] = []
    for part in order.expressions:
        key = part.this if isinstance(part, exp.Ordered) else part
        if key.name.upper() == "ALL" and isinstance(key, exp.Var | exp.Column):
            return tuple(range(len(columns)))
        if isinstance(key, exp.Literal) and not key.is_string:
            found = [int(key.name) - 1] if key.name.isdigit() else []
        elif isinstance(key, exp.Column) and not key.table and folded.count(key.name.casefold()) == 1:
            found = [folded.index(key.name.casefold())]
        else:
            found = [at for at, one in enumerate(selected) if one == key][:1]
        places += [at for at in found if 0 <= at < len(columns)]
    return tuple(dict.fromkeys(places))


def tables_in(tree: exp.Expr) -> tuple[exp.Table, ...]:
    """The places in a syntax tree that name a stored relation, and no WITH name that is in scope there."""
    return tuple(table for table in tree.find_all(exp.Table) if table.name and not _names_a_with(table))


def _names_a_with(table: exp.Table) -> bool:
    if table.db:
        return False
    wanted = table.name.casefold()
    below: list[exp.Expr] = [table]
    while (here := below[-1].parent) is not None:
        scope = here.args.get("with_")
        if isinstance(scope, exp.With):
            given = list(scope.expressions)
            if below[-1] is scope and not scope.args.get("recursive"):  # a part of WITH sees only those before it
                given = given[: next(at for at, part in enumerate(given) if part is below[-2])]
            if any(part.alias.casefold() == wanted for part in given):
                return True
        below.append(here)
    return False


def _no_kind(kind: str) -> str:
    return f"no kind of query is called {kind!r} — known: {listed(KINDS)}"


def _is_path(text: str) -> bool:
    if "\n" in text or ";" in text or len(text) > 1000 or "\0" in text:
        return False
    return text.strip().casefold().endswith(".sql") or Path(text).is_file()


def _contents(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise WorkloadError(f"there is no file {str(path)!r}") from error
    except OSError as error:
        raise WorkloadError(f"the file {str(path)!r} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise WorkloadError(f"the file {str(path)!r} is not UTF-8 text — save it as UTF-8", line=line) from error


def _from_mapping(given: Mapping[str, str], dialect: str) -> Workload:
    queries: list[Query] = []
    for name, text in given.items():
        if not isinstance(text, str):
            raise WorkloadError(f"{kind_of(text)} is no SQL — give its text", query=str(name))
        reader = _Reader(text, dialect, name)
        statements = reader.statements()
        if len(statements) != 1:
            raise WorkloadError(f"one statement is wanted here, not {len(statements)}", query=name)
        queries.append(Query(name, statements[0].text, kind=_kind({}, name, reader.tree(name, 0), statements[0].line)))
    return Workload(tuple(queries), dialect)


def _from_text(text: str, dialect: str) -> Workload:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    written = _written_in(text) or dialect
    reader = _Reader(text, written)
    queries: list[Query] = []
    for at, statement in enumerate(reader.statements()):
        said = _directives(statement.comments)
        engine = said.get("engine")
        name = said.get("name") or (queries[-1].name if engine and queries else f"query {len(queries) + 1}")
        if engine:
            _give_own(queries, name, engine, statement)
            continue
        tree = reader.tree(name, at)
        queries.append(
            Query(
                name,
                statement.text,
                _weight(said, name, statement),
                _kind(said, name, tree, statement.line),
                statement.line,
                statement.indent + 1,
            )
        )
    return Workload(tuple(queries), written)


def _give_own(queries: list[Query], name: str, engine: str, statement: "_Statement") -> None:
    at = next((place for place, query in enumerate(queries) if query.name == name), None)
    if at is None:
        raise WorkloadError(
            f"it is written for engine {engine!r} only — write the query for all engines above it",
            query=name,
            line=statement.line,
        )
    before = queries[at]
    if engine in dict(before.own):
        raise WorkloadError(f"it is written twice for engine {engine!r}", query=name, line=statement.line)
    padding = "\n" * (statement.line - 1) + " " * statement.indent  # so that positions are those of the file
    _kind(
        {"kind": before.kind},
        name,
        _Reader(padding + statement.text, spoken_by(engine), name).tree(name, 0),
        statement.line,
    )
    own = (*before.own, (engine, statement.text))
    queries[at] = Query(before.name, before.text, before.weight, before.kind, before.line, before.column, own)


def _weight(said: Mapping[str, str], name: str, statement: "_Statement") -> float:
    given = said.get("weight", "1")
    try:
        return float(given)
    except ValueError:
        raise WorkloadError(f"the weight {given!r} is no number", query=name, line=statement.line) from None


def _kind(said: Mapping[str, str], name: str, tree: exp.Expr, line: int | None = None) -> str:
    found = "write" if isinstance(tree, exp.DML) else "read"
    kind = said.get("kind", found).casefold()
    if kind not in KINDS:
        raise WorkloadError(_no_kind(kind), query=name, line=line)
    if kind != found:
        raise WorkloadError(
            f"it is said to be of kind {kind!r}, but it {found}s — say kind: {found}", query=name, line=line
        )
    return kind


def _written_in(text: str) -> str | None:
    """The dialect that the head of a file names; its line is where an unknown one is reported."""
    for line, words in enumerate(text.split("\n"), start=1):
        said = words.strip()
        if said and not said.startswith("--"):
            return None
        named = _directives([(line, said[2:])]) if said else {}
        if "dialect" in named:
            try:
                grammar(named["dialect"])
            except UnknownName as error:
                raise WorkloadError(str(error), line=line) from error
            return DIALECTS.named(named["dialect"]) or named["dialect"]
    return None


def _directives(comments: list[tuple[int, str]]) -> dict[str, str]:
    """What the comment lines before a statement say of it, by word; lines that begin with no word of ours are prose."""
    said: dict[str, str] = {}
    for line, comment in comments:
        found = list(_DIRECTIVE.finditer(comment.strip()))
        if not found or found[0].start() != 0:
            continue
        words = [part.group(1).casefold() for part in found]
        if words[0] not in WORDS:
            _refuse_misspelt(words[0], line)
            continue
        parts = [part for part, word in zip(found, words, strict=True) if word in WORDS or _refuse_misspelt(word, line)]
        ends = [part.start() for part in parts[1:]] + [len(comment.strip())]
        for part, end in zip(parts, ends, strict=True):
            word, value = part.group(1).casefold(), comment.strip()[part.end() : end].strip()
            if word in said:
                raise WorkloadError(f"{word!r} is said twice of one statement", line=line)
            if not value:
                raise WorkloadError(f"nothing stands after '{word}:'", line=line)
            said[word] = value
    return said


def _refuse_misspelt(word: str, line: int) -> bool:
    """Raise where a word was surely meant to be one of ours; otherwise False."""
    near = get_close_matches(word, WORDS, n=1, cutoff=0.75)
    if near and abs(len(near[0]) - len(word)) <= 1 and word not in {"names", "kinds"}:
        raise WorkloadError(f"no directive is called {word!r} — did you mean '{near[0]}:'?", line=line)
    return False


@dataclass(frozen=True, slots=True)
class _Statement:
    text: str
    line: int
    indent: int
    tokens: tuple[Token, ...]
    comments: list[tuple[int, str]] = field(default_factory=list)


class _Reader:
    """A text cut into statements, whose positions are those of the whole text."""

    def __init__(self, text: str, dialect: str, query: str = "") -> None:
        self._text, self._grammar, self._query = text, grammar(dialect), query
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._refuse_unclosed()
        try:
            self._tokens = self._grammar.tokenize(text)
        except TokenError as error:
            said = str(error.__cause__ or error)
            raise WorkloadError(f"it cannot be read: {said}", query=query) from error
        self._cut: list[_Statement] | None = None

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset, counted from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def statements(self) -> list[_Statement]:
        if self._cut is None:
            self._cut = list(self._statements())
        return self._cut

    def _statements(self) -> Iterator[_Statement]:
        tokens: list[Token] = []
        free_from = 0
        for token in [*self._tokens, None]:
            if token is not None and token.token_type is not TokenType.SEMICOLON:
                tokens.append(token)
                continue
            if tokens:
                start, end = tokens[0].start, tokens[-1].end + 1
                line, column = self.place(start)
                comments = list(self._comments(free_from, start))
                yield _Statement(self._text[start:end], line, column - 1, tuple(tokens), comments)
                free_from = token.end + 1 if token is not None else end
            tokens = []

    def _comments(self, start: int, end: int) -> Iterator[tuple[int, str]]:
        at = start
        while at < end and (found := re.compile(r"--([^\n]*)|/\*.*?\*/", re.DOTALL).search(self._text, at, end)):
            if found.group(1) is not None:
                yield self.place(found.start())[0], found.group(1)
            at = found.end()

    def _refuse_unclosed(self) -> None:
        """Raise at the opening of a quotation or comment that never ends."""
        closers = {"'": "'", '"': '"', "/*": "*/"}
        at = 0
        while found := _OPENERS.search(self._text, at):
            opener = found.group()
            at = found.end()
            if opener.startswith("--"):
                continue
            closer = closers.get(opener, opener)
            end = self._text.find(closer, at)
            if end < 0:
                line, column = self.place(found.start())
                what = "comment" if opener == "/*" else "quotation"
                raise WorkloadError(
                    f"the {what} that {opener} opens is never closed", query=self._query, line=line, column=column
                )
            at = end + len(closer)

    def tree(self, name: str, at: int) -> exp.Expr:
        """The syntax tree of the statement at `at`; raises WorkloadError where it is none or does not just read."""
        statements = self.statements()
        if not statements:
            raise WorkloadError("there is no statement in it", query=name)
        statement = statements[at]
        first = statement.tokens[0]
        writes = first.token_type in _WRITING
        if not writes and first.token_type not in _READING and first.text.upper() != "TABLE":
            raise self._error(name, first.start, _no_query(first.text))
        try:
            trees = self._grammar.parser().parse(list(statement.tokens), self._text)
        except ParseError as error:
            raise self._parse_error(name, statement, error) from error
        tree: exp.Expr | None = trees[0] if trees else None
        if isinstance(tree, exp.DML) and not writes:
            raise self._error(name, first.start, _writes_after_with(first.text, tree.key.upper()))
        if tree is None or not isinstance(
            tree, (exp.Insert, exp.Update, exp.Delete) if writes else (exp.Query, exp.Values)
        ):
            raise self._error(name, first.start, _no_query(first.text))
        if isinstance(tree, exp.Select) and not tree.expressions:
            raise self._error(name, first.start, "it selects nothing — name attributes after SELECT, or *")
        if tree.find(exp.Into) or any(part is not tree for part in tree.find_all(exp.DML, exp.DDL)):
            raise self._error(
                name, first.start, "a part of it writes — let a statement read, or begin with what it writes"
            )
        if tree.find(exp.Placeholder, exp.Parameter):
            at = next((token.start for token in statement.tokens if token.text in {"?", "$", "@"}), first.start)
            raise self._error(name, at, "it has a parameter — write a value in its place")
        function = outside(tree)
        if function is not None:
            at = next((token.start for token in statement.tokens if token.text.casefold() == function), first.start)
            raise self._error(
                name, at, f"{function}() reaches beyond the relations — ask relations only, and make rows with VALUES"
            )
        return tree

    def _error(self, name: str, offset: int, message: str) -> WorkloadError:
        line, column = self.place(offset)
        return WorkloadError(f"{message}{self._pointer(line, column)}", query=name, line=line, column=column)

    def _parse_error(self, name: str, statement: _Statement, error: ParseError) -> WorkloadError:
        said: dict[str, Any] = error.errors[0] if error.errors else {}
        line, column = said.get("line"), said.get("col")
        message = _in_words(str(said.get("description") or error))
        if line is None or column is None:
            return self._error(name, statement.tokens[0].start, message)
        highlight = str(said.get("highlight") or "")
        column = max(1, column - len(highlight) + 1) if "\n" not in highlight else column
        last = statement.tokens[-1]
        ended = highlight == last.text and self.place(last.start) == (line, column)
        near = "after" if ended else "before" if message == _MISSING else "at"
        met = f" {near} {_operator(statement) if ended else highlight!r}" if highlight.strip() else ""
        return WorkloadError(f"{message}{met}{self._pointer(line, column)}", query=name, line=line, column=column)

    def _pointer(self, line: int, column: int) -> str:
        text = self._text[self._starts[line - 1] :].split("\n", 1)[0].replace("\t", " ").rstrip()
        cut = max(0, column - 60)
        return f"\n    {text[cut : cut + 100]}\n    {' ' * (column - 1 - cut)}^"


def _no_query(word: str) -> str:
    return f"{word!r} starts no query — write SELECT, WITH or VALUES, or INSERT, UPDATE or DELETE"


def _writes_after_with(word: str, what: str) -> str:
    fix = "write INSERT INTO … WITH … SELECT …" if what == "INSERT" else f"write {what} first, and a subquery for WITH"
    return f"it begins with {word.upper()}, but {what} is what it does — {fix}"


def _operator(statement: _Statement) -> str:
    """The last word of a statement, or its last operator whole: signs that stand together are several tokens."""
    *before, last = statement.tokens
    text, start = last.text, last.start
    for token in reversed(before):
        if any(one.isalnum() or one in "()[];,'\"" for one in token.text + text) or token.end + 1 != start:
            break
        text, start = token.text + text, token.start
    return text


def _in_words(description: str) -> str:
    if description.startswith("Required keyword: "):
        return _MISSING
    if description.startswith("Expected table name but got "):
        return "a table's name is missing"
    if description.startswith("Invalid expression / Unexpected token"):
        return "this was not expected"
    return description[:1].casefold() + description[1:]
