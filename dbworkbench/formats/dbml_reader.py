"""The reader of DBML: tables, partials, references, enumerations, indexes and checks; the rest is reported."""

import re
from dataclasses import dataclass, field, replace

from dbworkbench.formats.cursor import Cursor, Token, escapes
from dbworkbench.formats.draft import Draft, Reference, Table
from dbworkbench.formats.expressions import literal
from dbworkbench.formats.source import Source
from dbworkbench.formats.types import sql_type
from dbworkbench.schema.index import Part
from dbworkbench.schema.loss import Read
from dbworkbench.schema.relation import Attribute, Check, Domain, Identity, Index, Key

__all__ = ["read_dbml"]

_LANGUAGE = re.compile(
    r"""(?P<skip>[\s]+|//[^\n\r]*|/\*.*?\*/)
    |(?P<text>'''(?:[^'\\]|\\.|'(?!''))*'''|'(?!'')(?:[^'\\\n]|\\.)*'|''(?!'))
    |(?P<name>"(?:[^"\\\n]|\\.)*")
    |(?P<code>`[^`]*`)
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w]))
    |(?P<word>\w+)
    |(?P<colour>\#\w+)
    |(?P<bad>['"`]|/\*)
    |(?P<sign><>|[{}\[\]():;,.<>~?*+=!/@$%^&|-])""",
    re.VERBOSE | re.DOTALL,
)
_MISTAKES = {
    "'": "this text is never closed",
    '"': "this name is never closed",
    "`": "this expression is never closed",
    "/": "this comment is never closed",
}
_MOST_WORDS = 1000
_MOST_WITHIN = 50
_ACTIONS = frozenset({"cascade", "restrict", "no action", "set null", "set default"})
_SPOKEN = {
    **dict.fromkeys(("postgresql", "postgres", "pg"), "postgresql"),
    **dict.fromkeys(("mysql", "mariadb"), "mysql"),
    **dict.fromkeys(("sqlserver", "mssql", "sql server", "microsoft sql server"), "sqlserver"),
    **dict.fromkeys(("oracle", "snowflake", "bigquery", "sqlite", "redshift", "duckdb")),
}


def read_dbml(source: Source) -> Read:
    """The schema of a DBML text. Raises NotationError (line, column) where it is none."""
    return _Reader(source).read()


@dataclass(slots=True)
class _Body:
    """A table or partial: columns with their types as they stand, partials to put in, and who is meant."""

    table: Table
    kinds: dict[str, str] = field(default_factory=dict)
    partials: list[tuple[int, str, Token]] = field(default_factory=list)
    inline: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list)


@dataclass(slots=True)
class _Column:
    """A column as far as it is read: its type is told when all enumerations are known."""

    name: str
    nullable: bool = True
    default: str | None = None
    identity: Identity | None = None
    note: str = ""

    def attribute(self) -> Attribute:
        return Attribute(
            self.name, nullable=self.nullable, default=self.default, identity=self.identity, note=self.note
        )


@dataclass(frozen=True, slots=True)
class _End:
    table: tuple[str, ...]
    columns: tuple[str, ...]


class _Reader:
    def __init__(self, source: Source) -> None:
        self.cursor = Cursor(source.text.removeprefix("\ufeff"), _LANGUAGE, _MISTAKES)
        self.draft = Draft()
        self.dialect = source.dialect or "postgresql"
        self.enumerations: dict[str, Domain] = {}
        self.bodies: list[_Body] = []
        self.partials: dict[str, _Body] = {}
        self.aliases: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.references: list[tuple[_End, str, _End, dict[str, str], str]] = []
        self.by_end: dict[str, list[Table]] = {}
        self.between: dict[str, int] = {}

    def read(self) -> Read:
        while not self.cursor.done:
            self._element()
            self.cursor.forget()
        for body in self.bodies:
            self._put_in(body, ())
            self._types(body)
            self._add(body.table)
        for body in self.bodies:
            columns = {attribute.name for attribute in body.table.attributes}
            for column, target, sign in body.inline:
                one = _End(body.table.name, (column,))
                own = len(target) == 1 and target[0] in columns
                other = (
                    _End(target[:-1] if not own else body.table.name, target[-1:])
                    if own or target[1:]
                    else _End(target, ())
                )
                self._refer(one, sign, other, {}, "", inline=True)
        for one, sign, other, settings, name in self.references:
            self._refer(one, sign, other, settings, name)
        return self.draft.read()

    # Elements -------------------------------------------------------------------------------------------------------

    def _element(self) -> None:
        cursor = self.cursor
        token = cursor.next()
        match token.text.casefold():
            case "table":
                self._table()
            case "tablepartial":
                name = self._name("the name of a partial")[-1]
                settings = self._settings()
                body = _Body(Table((name,)))
                body.table.note = settings.get("note", "")
                self._body(body)
                if name in self.partials:
                    self.draft.lose(name, "a second TablePartial of this name", "the last one is read")
                self.partials[name] = body
            case "enum":
                self._enumeration()
            case "ref":
                self._reference()
            case "project":
                self._project()
            case "tablegroup" | "diagramview" | "records" | "note" | "use" | "reuse" | "import":
                self._aside(token)
            case _:
                raise cursor.wrong(f"{token.text!r} begins no element of DBML — Table, Enum, Ref, Project …", token)

    def _aside(self, token: Token) -> None:
        what = {
            "tablegroup": "a group of tables",
            "records": "rows",
            "note": "a note on the diagram",
            "diagramview": "a view of the diagram",
        }.get(token.text.casefold(), "what another file holds")
        said: list[str] = []
        while not self.cursor.done and not self.cursor.sees("{"):
            here = self.cursor.peek()
            if here.text == "[":
                self.cursor.skip_group()
                continue
            if said and here.fresh:
                break
            said.append(here.text)
            self.cursor.next()
        if self.cursor.sees("{"):
            self.cursor.skip_group()
            if self.cursor.take("from"):
                self.cursor.next()
        self.draft.lose(" ".join(said[:1]).strip("\"'") or f"line {self._line(token)}", what)

    def _line(self, token: Token) -> int:
        return self.cursor.source.count("\n", 0, token.at) + 1

    def _project(self) -> None:
        cursor = self.cursor
        if not cursor.sees("{"):
            self.draft.title = self._name("the name of the project")[-1]
        cursor.expect("{", "after the name of the project")
        while not cursor.take("}"):
            token = cursor.next()
            if token.kind not in {"word", "name"}:
                raise cursor.wrong("a setting of the project was expected", token)
            key = token.text.casefold()
            if cursor.sees("{"):
                cursor.next()
                value = self._string()
                cursor.expect("}", "after the note")
            else:
                cursor.expect(":", f"after {token.text!r}")
                value = self._value()
            if key == "note":
                self.draft.note = value
            elif key == "database_type":
                self.dialect = _SPOKEN.get(value.casefold().strip(), "") or self.dialect

    def _enumeration(self) -> None:
        cursor = self.cursor
        name = self._name("the name of an enumeration")
        cursor.expect("{", "after the name of the enumeration")
        values: list[str] = []
        while not cursor.take("}"):
            token = cursor.next()
            if token.kind not in {"word", "name", "number", "text"}:
                cursor.at -= token.kind != "end"
                raise cursor.unexpected("a value of the enumeration or '}'")
            values.append(_plain(token))
            if self._settings():
                self.draft.lose(f"{'.'.join(name)}.{values[-1]}", "a note of a value")
        found = self.draft.enumeration(".".join(_own(name)), values)
        if found:
            self.enumerations[".".join(name)] = found
            self.enumerations.setdefault(name[-1], found)

    def _table(self) -> None:
        name = _own(self._name("the name of a table"))
        body = _Body(Table(name))
        if self.cursor.peek().text.casefold() == "as":
            self.cursor.next()
            alias = self._name("an alias")
            if self.aliases.setdefault(alias, name) != name:
                said = f"the alias {'.'.join(alias)}, which {'.'.join(self.aliases[alias])} has"
                self.draft.lose(name[-1], said, "read without it")
        settings = self._settings()
        body.table.note = settings.get("note", "")
        self._body(body)
        self.bodies.append(body)

    # Inside a table -------------------------------------------------------------------------------------------------

    def _body(self, body: _Body) -> None:
        cursor = self.cursor
        cursor.expect("{", f"to begin the columns of {body.table.name[-1]!r}")
        while not cursor.take("}"):
            token, follower = cursor.peek(), cursor.peek(1).text
            word = token.text.casefold() if token.kind == "word" else ""
            if cursor.take("~"):
                at = cursor.next()
                body.partials.append((len(body.table.attributes), _plain(at), at))
            elif word == "note" and follower in {":", "{"}:
                body.table.note = self._note()
            elif word == "indexes" and follower == "{":
                self._indexes(body.table)
            elif word == "checks" and follower == "{":
                self._checks(body.table)
            elif word == "records" and follower in {"{", "("}:
                self._aside(cursor.next())
            elif token.kind in {"word", "name", "number"}:
                self._column(body)
            else:
                raise cursor.unexpected(f"a column of {body.table.name[-1]!r} or '}}'")

    def _note(self) -> str:
        self.cursor.next()
        if self.cursor.take(":"):
            return self._string()
        self.cursor.expect("{", "to begin the note")
        said = self._string()
        self.cursor.expect("}", "to end the note")
        return said

    def _column(self, body: _Body) -> None:
        cursor, table = self.cursor, body.table
        name = _plain(cursor.peek())
        if not name:
            raise cursor.wrong(f"a column of {table.name[-1]!r} has a name without signs in it")
        cursor.next()
        body.kinds[name] = self._kind(name)
        column = _Column(name)
        while cursor.peek().kind == "word" and not cursor.peek().fresh:  # an old form: id int pk unique
            self._setting(body, column, cursor.next().text.casefold(), "")
        if cursor.sees("[") and not cursor.peek().fresh:
            cursor.next()
            while not cursor.take("]"):
                self._column_setting(body, column)
                if not cursor.take(",") and not cursor.sees("]"):
                    raise cursor.unexpected("',' or ']'")
        table.attributes.append(column.attribute())

    def _kind(self, column: str) -> str:
        """A type as it stands, with its arguments and brackets."""
        cursor = self.cursor
        token = cursor.peek()
        if token.fresh or token.kind not in {"word", "name", "number"}:
            raise cursor.unexpected(f"the type of {column!r}")
        said = _plain(cursor.next())
        while cursor.sees(".") and not cursor.peek().fresh:
            cursor.next()
            said += "." + _plain(cursor.next())
        if cursor.sees("(") and not cursor.peek().fresh:
            begin = cursor.peek().at
            cursor.skip_group()
            end = cursor.peek(-1).at + 1
            said += cursor.source[begin:end]
        while cursor.sees("[", "]") or (cursor.sees("[") and cursor.peek(1).kind == "number"):
            cursor.skip_group()
            said += "[]"
        return said

    def _column_setting(self, body: _Body, column: _Column) -> None:
        cursor = self.cursor
        words = self._words()
        if not cursor.take(":"):
            self._setting(body, column, words, "")
        elif words == "ref":
            sign = self._sign()
            body.inline.append((column.name, self._name("the column referred to"), sign))
        elif words == "check":
            body.table.checks.append(Check(_plain(cursor.next()).strip()))
        elif words == "default":
            default = self._default()
            if column.identity is not None:
                self.draft.lose(f"{body.table.name[-1]}.{column.name}", f"the default {default}", "it is numbered")
            else:
                column.default = default
        else:
            self._setting(body, column, words, self._value())

    def _setting(self, body: _Body, column: _Column, word: str, value: str) -> None:
        table = body.table
        match word:
            case "pk" | "primary key" | "primary":
                before = table.primary.attributes if table.primary else ()
                table.primary = Key((*before, column.name))
            case "not null":
                column.nullable = False
            case "unique":
                table.uniques.append(Key((column.name,)))
            case "increment":
                if column.default is not None:
                    self.draft.lose(
                        f"{table.name[-1]}.{column.name}", f"the default {column.default}", "it is numbered"
                    )
                column.default, column.identity, column.nullable = None, Identity(), False
            case "note":
                column.note = value
            case "null" | "key" | "not":
                pass
            case _:
                self.draft.lose(f"{table.name[-1]}.{column.name}", f"the setting {word}")

    def _default(self) -> str | None:
        """A default as SQL."""
        cursor = self.cursor
        sign = ""
        while cursor.peek().text in {"-", "+"} and cursor.peek().kind == "sign":
            sign += cursor.next().text
        sign = "-" if sign.count("-") % 2 else ""
        token = cursor.next()
        match token.kind:
            case "number":
                return sign + token.text
            case "text":
                return literal(_plain(token))
            case "code":
                return token.text[1:-1].strip() or None
            case "word" | "name":
                said = _plain(token)
                while cursor.take("."):
                    said = _plain(cursor.next())
                if token.kind == "word" and said.casefold() in {"true", "false", "null"}:
                    return None if said.casefold() == "null" else said.casefold()
                return literal(said)
            case _:
                raise cursor.wrong("a default was expected: a number, 'text' or `expression`", token)

    def _indexes(self, table: Table) -> None:
        cursor = self.cursor
        cursor.at += 2
        while not cursor.take("}"):
            columns: list[Part] = []
            token = cursor.next()
            if token.text == "(" and token.kind == "sign":
                while not cursor.take(")"):
                    columns.append(self._part(cursor.next()))
                    cursor.take(",")
            else:
                columns.append(self._part(token))
            self._index(table, columns, self._settings())

    def _part(self, token: Token) -> Part:
        """A column of an index, or an expression between backticks."""
        if token.kind not in {"word", "name", "code", "number"}:
            raise self.cursor.wrong("a column or columns in parentheses were expected", token)
        return Part(expression=_plain(token)) if token.kind == "code" else Part(_plain(token))

    def _index(self, table: Table, columns: list[Part], settings: dict[str, str]) -> None:
        name = settings.get("name", "")
        names = tuple(part.attribute for part in columns)
        what = f"{table.name[-1]}: the index {name}".rstrip()
        for word in settings:
            if word not in {"name", "pk", "unique", "type"}:
                self.draft.lose(what, f"its {word}", "read without")
        if all(names) and "pk" in settings:
            if table.primary and table.primary.attributes != names:
                before = ", ".join(table.primary.attributes)
                self.draft.lose(f"{table.name[-1]}: the primary key ({before})", "a second one follows", "not read")
            table.primary = Key(names, name)
        elif all(names) and "unique" in settings and settings.get("type", "btree").lower() == "btree":
            table.uniques.append(Key(names, name))
        else:
            method = settings.get("type", "").lower()
            method = "" if method == "btree" else method
            table.indexes.append(Index(tuple(columns), "unique" in settings, name=name, method=method))

    def _checks(self, table: Table) -> None:
        cursor = self.cursor
        cursor.at += 2
        while not cursor.take("}"):
            token = cursor.next()
            if token.kind != "code":
                raise cursor.wrong("a check was expected: an `expression`", token)
            table.checks.append(Check(token.text[1:-1], self._settings().get("name", "")))

    # References -----------------------------------------------------------------------------------------------------

    def _reference(self) -> None:
        cursor = self.cursor
        name = "" if cursor.sees(":") or cursor.sees("{") else self._name("the name of a reference")[-1]
        if cursor.take("{"):
            while not cursor.take("}"):
                self._one_reference(name)
        else:
            cursor.expect(":", "after Ref")
            self._one_reference(name)

    def _one_reference(self, name: str) -> None:
        one = self._end()
        sign = self._sign()
        other = self._end()
        self.references.append((one, sign, other, self._settings(), name))

    def _end(self) -> _End:
        cursor = self.cursor
        parts = [_plain(self._named("a table"))]
        while cursor.take("."):
            if cursor.take("("):
                columns: list[str] = []
                while not cursor.take(")"):
                    columns.append(_plain(self._named("a column")))
                    cursor.take(",")
                return _End(tuple(parts), tuple(columns))
            parts.append(_plain(self._named("a column")))
        return _End(tuple(parts[:-1]), (parts[-1],)) if len(parts) > 1 else _End(tuple(parts), ())

    def _sign(self) -> str:
        cursor = self.cursor
        cursor.take("?")
        token = cursor.next()
        if token.text not in {">", "<", "-", "<>"}:
            raise cursor.wrong("one of > < - <> was expected", token)
        cursor.take("?")
        return token.text

    def _refer(
        self, one: _End, sign: str, other: _End, settings: dict[str, str], name: str, *, inline: bool = False
    ) -> None:
        one, other = (_End(self.aliases.get(end.table, _own(end.table)), end.columns) for end in (one, other))
        if sign == "<>":
            self._between(one, other)
            return
        if sign == "<" or (sign == "-" and not inline and not (self._is_primary(other) and not self._is_primary(one))):
            one, other = other, one
        source = self._found(one.table)
        if source is None:
            said = f"{'.'.join(one.table)}: the foreign key ({', '.join(one.columns)}) to {'.'.join(other.table)}"
            self.draft.lose(said, "a table that is not here")
            return
        on_delete, on_update = (self._action(source, when, settings.get(when, "")) for when in ("delete", "update"))
        source.references.append(Reference(one.columns, other.table, other.columns, on_delete, on_update, name))
        if sign == "-" and not self._is_primary(one):
            source.uniques.append(Key(one.columns))

    def _action(self, table: Table, when: str, said: str) -> str:
        action = " ".join(said.casefold().split())
        if action and action not in _ACTIONS:
            self.draft.lose(table.name[-1], f"on {when} {action}")
            return ""
        return action

    def _add(self, table: Table) -> None:
        self.draft.tables.append(table)
        self.by_end.setdefault(table.name[-1].casefold(), []).append(table)

    def _found(self, name: tuple[str, ...]) -> Table | None:
        folded = self.by_end.get(name[-1].casefold(), []) if name else []
        exact = [table for table in folded if table.name == name]
        near = exact or [table for table in folded if table.name[-len(name) :] == name] or folded
        return near[0] if len(near) == 1 else None

    def _is_primary(self, end: _End) -> bool:
        table = self._found(end.table)
        return table is not None and table.primary is not None and set(table.primary.attributes) == set(end.columns)

    def _between(self, one: _End, other: _End) -> None:
        """A table for a reference of many to many, as the tools of DBML make it."""
        sides = [self._found(one.table), self._found(other.table)]
        if sides[0] is None or sides[1] is None:
            self.draft.lose(".".join(one.table), f"a reference of many to many with {'.'.join(other.table)}")
            return
        name = base = f"{sides[0].name[-1]}_{sides[1].name[-1]}"
        number = self.between.get(base, 1)
        while any(table.name[-1] == name for table in self.by_end.get(name.casefold(), [])):
            number += 1
            name = f"{base}_{number}"
        self.between[base] = number
        between = Table((name,))
        for side, end in zip(sides, (one, other), strict=True):
            assert side is not None  # noqa: S101  looked at above
            kinds = {attribute.name: attribute.type for attribute in side.attributes}
            ours = []
            for column in end.columns:
                own = f"{side.name[-1]}_{column}"
                own = own if not between.has(own) else f"{own}_2"
                between.attributes.append(Attribute(own, kinds.get(column, Attribute("x").type)))
                ours.append(own)
            between.references.append(Reference(tuple(ours), side.name, end.columns))
        between.primary = Key(tuple(attribute.name for attribute in between.attributes))
        self._add(between)
        self.draft.lose(name, "a reference of many to many", "read as a table of its own")

    # Partials and types ---------------------------------------------------------------------------------------------

    def _put_in(self, body: _Body, above: tuple[str, ...]) -> None:
        """Put the columns and rules of partials in; what the table itself says wins."""
        own = {attribute.name for attribute in body.table.attributes}
        shift = 0
        for at, name, token in body.partials:
            if name not in self.partials:
                raise self.cursor.wrong(f"there is no TablePartial called {name!r}", token)
            if name in above:
                raise self.cursor.wrong(f"the TablePartial {name!r} stands within itself", token)
            if len(above) > _MOST_WITHIN:
                raise self.cursor.wrong(f"more than {_MOST_WITHIN} TablePartials within each other", token)
            partial = self.partials[name]
            self._put_in(partial, (*above, name))
            fresh = [attribute for attribute in partial.table.attributes if attribute.name not in own]
            body.table.attributes[at + shift : at + shift] = fresh
            shift += len(fresh)
            own |= {attribute.name for attribute in fresh}
            body.kinds = {**{one.name: partial.kinds[one.name] for one in fresh}, **body.kinds}
            given = {attribute.name for attribute in fresh}
            body.inline += [one for one in partial.inline if one[0] in given]
            body.table.primary = body.table.primary or partial.table.primary
            body.table.uniques += partial.table.uniques
            body.table.indexes += partial.table.indexes
            body.table.checks += partial.table.checks
            body.table.note = body.table.note or partial.table.note
        body.partials = []
        table = body.table  # what comes by two ways is there once
        table.uniques, table.indexes = list(dict.fromkeys(table.uniques)), list(dict.fromkeys(table.indexes))
        table.checks, body.inline = list(dict.fromkeys(table.checks)), list(dict.fromkeys(body.inline))

    def _types(self, body: _Body) -> None:
        typed = []
        for attribute in body.table.attributes:
            said = body.kinds[attribute.name]
            domain = self.enumerations.get(said) or self.enumerations.get(said.strip())
            if domain:
                typed.append(replace(attribute, type=domain.type, domain=domain))
                continue
            kind, lost = sql_type(body.kinds[attribute.name], self.dialect)
            if lost:
                self.draft.lose(f"{body.table.name[-1]}.{attribute.name}", lost, "read without")
            typed.append(replace(attribute, type=kind))
        body.table.attributes = typed
        body.kinds = {}

    # Words ----------------------------------------------------------------------------------------------------------

    def _named(self, what: str) -> Token:
        token = self.cursor.peek()
        if token.kind not in {"word", "name", "number"}:
            raise self.cursor.unexpected(what)
        return self.cursor.next()

    def _name(self, what: str) -> tuple[str, ...]:
        token = self.cursor.peek()
        parts = [_plain(self._named(what))]
        while self.cursor.take("."):
            parts.append(_plain(self._named(what)))
        if not all(parts):
            raise self.cursor.wrong(f"{what} has no signs in it", token)
        return tuple(parts)

    def _words(self) -> str:
        said: list[str] = []
        while self.cursor.peek().kind in {"word", "name", "number"}:
            said.append(_plain(self.cursor.next()).casefold())
        if not said:
            raise self.cursor.unexpected("a setting")
        return " ".join(said)

    def _string(self) -> str:
        token = self.cursor.next()
        if token.kind not in {"text", "name"}:
            raise self.cursor.wrong("a 'text' was expected", token)
        return _plain(token)

    def _value(self) -> str:
        """The value of a setting: a text, or words up to a comma or bracket."""
        said: list[str] = []
        while not self.cursor.done and not (self.cursor.peek().kind == "sign" and self.cursor.peek().text in ",]}"):
            token = self.cursor.peek()
            if said and token.fresh:
                break
            if len(said) > _MOST_WORDS:
                raise self.cursor.wrong(f"a setting of more than {_MOST_WORDS:,} words", token)
            said.append(_plain(self.cursor.next()))
        return " ".join(said)

    def _settings(self) -> dict[str, str]:
        """What stands in brackets here, if they follow on the same line."""
        cursor = self.cursor
        found: dict[str, str] = {}
        if not cursor.sees("["):
            return found
        cursor.next()
        while not cursor.take("]"):
            word = self._words()
            found["pk" if word in {"primary key", "pk"} else word] = self._value() if cursor.take(":") else ""
            if not cursor.take(",") and not cursor.sees("]"):
                raise cursor.unexpected("',' or ']'")
        return found


def _own(name: tuple[str, ...]) -> tuple[str, ...]:
    """A table's name without the schema that is meant where none is said."""
    return name[1:] if len(name) == 2 and name[0] == "public" else name


def _plain(token: Token) -> str:
    """What a token says."""
    match token.kind:
        case "text" if token.text.startswith("'''") and len(token.text) >= 6:
            return _block(escapes(token.text[3:-3]))
        case "text" | "name":
            return escapes(token.text[1:-1])
        case "code":
            return token.text[1:-1]
        case _:
            return token.text


def _block(text: str) -> str:
    """A text of several lines without what they are all indented by."""
    lines = text.split("\n")
    indents = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    cut = min(indents, default=0)
    return "\n".join(line[cut:] for line in lines).strip("\n").rstrip()
