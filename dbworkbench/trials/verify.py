"""A design put to what it is written for: an engine (created, filled, attacked rule by rule, read back), a vendor's own tool,
a grammar; and said by what all that was done.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property

import duckdb

from dbworkbench.data.scratch import scratch
from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import ENGINES, Asked, Engine, engine
from dbworkbench.engines.reflect import reflected
from dbworkbench.engines.sail import SAIL, Sail, SailSession, Unread
from dbworkbench.errors import EngineError, Unsatisfiable, Unsupported, WorkbenchError
from dbworkbench.formats.read import named
from dbworkbench.population.populate import populate
from dbworkbench.population.values import made_of
from dbworkbench.schema.condition import spoken_of
from dbworkbench.schema.native import own_words, shown
from dbworkbench.schema.notation import design_of
from dbworkbench.schema.relation import Attribute, Check, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Enumeration, Integer, Native, Text, set_members
from dbworkbench.sql.alike import differences
from dbworkbench.sql.declarations import beyond
from dbworkbench.sql.dialect import DIALECTS, Dialect, Feature
from dbworkbench.sql.harmless import common, executable
from dbworkbench.sql.names import names_in
from dbworkbench.sql.read import read
from dbworkbench.sql.write import statements, write
from dbworkbench.trials.artifacts import judged
from dbworkbench.trials.breaking import Breach, Row, breaches, chosen, evaluable, literal, varied
from dbworkbench.trials.emulated import Emulated, left_out
from dbworkbench.trials.grammars import parsed_by
from dbworkbench.trials.kept import runnable
from dbworkbench.trials.verification import Probe, Stamp, Verification

__all__ = ["verify"]

_FEWER = 8
"""Relations that may turn out to have no room for the rows that are asked for."""

_STANDS_FOR = {"mysql": "mariadb"}
"""Dialects that another engine runs, and which."""

_CHARSET = re.compile(r"""('(?:[^'\\]|\\.|'')*'|`(?:[^`]|``)*`)| charset utf8mb4\b""", re.DOTALL)
"""What MySQL's servers add to CAST(… AS CHAR), which then compares as that character set does; texts and names are kept."""


def verify(
    design: object, target: str | Engine | None = None, *, dialect: str | None = None, rows: int = 24, seed: int = 0
) -> Verification:
    """Put a design to what it is written for, and say how far that could be done: `stamp`.

    For a dialect of SQL, the engine that speaks it creates the design in a scratch database that is made for it and dropped;
    rows that obey the design are loaded; then, for each rule, one more row that breaks only that rule is offered and taken
    back: it must be refused. What the engine's catalogue holds is compared with what was written. Views, triggers and the like,
    which a design keeps as text, are then created there, too, unless they could do anything elsewhere: those are not run, and
    `beyond` says which and why; what the engine refuses is among the `differences`. `target` may also be an
    engine, or the URL of a server (`mysql://…`): there too, only databases that are made here are written to. For Databricks,
    Sail stands in (`pip install 'dbworkbench[spark]'`): the script is run less its keys and references, which Databricks
    itself keeps as hints, and `beyond` says what was left out; for MySQL, MariaDB does. What those have no words for is parsed
    instead. MariaDB's and MySQL's scratch databases tell texts apart to the last character, but for attributes that have a collation
    of their own. A dialect whose engine cannot be had is parsed by its grammar (`pip install sqlfluff`), and where that is
    missing, read back by our own reader.

    For a format (`"prisma"`, `"dbml"`, `"django"`, …), the vendor's own tool is run on what is written, and what it sees is
    compared with the design: relations, attributes, what may be null, keys, references. Models in Python are run against a
    scratch SQLite. npm packages are found as Node finds them, NODE_PATH included; where a tool is missing, `beyond` says what
    to install. `dialect` is the database that an artifact is for, where the format speaks to several.

    What comes of it has three values. It *holds* where all came out as it should: what was written is found again, and each rule
    was tried and fared as the dialect has it. It is *broken* where anything did not. It is *not shown* (`holds` is None, and the
    verification is false) where nothing came out wrong but not all was tried: no rows could be made, a table or a rule had no row
    to be tried with, no engine and no tool was there to be asked. `unshown` says what and why, and the stamp says so as well.
    What is kept as text and was not run is no part of this; `beyond` names it.

    `target` is PostgreSQL where nothing is said. Takes seconds: servers and programs are started. Raises UnknownName for a
    dialect or format that is not known, and EngineError where a server cannot be reached.
    """
    schema = _schema(design)
    if target is None:
        target, dialect = dialect or "postgresql", None
    if not isinstance(target, str) and not hasattr(target, "session"):
        raise Unsupported(
            f"{type(target).__name__} is no dialect — name one; databases are made here, and none is taken"
        )
    if isinstance(target, str) and "://" not in target:
        name, spoken_name = named(target, dialect)  # a dialect alone means SQL
        if name != "sql":
            return judged(schema, name, spoken_name)
        spoken = DIALECTS[spoken_name or "postgresql"]
        runs = _STANDS_FOR.get(spoken.name, spoken.name)
        if spoken.name == SAIL.dialect and SAIL.is_here:
            return _emulated(schema, spoken, (rows, seed))
        if runs not in ENGINES:
            return _parsed(schema, spoken)
        return _executed(schema, spoken, ENGINES[runs], "engine" if runs == spoken.name else "emulator", (rows, seed))
    given = engine(target)
    return _executed(schema, DIALECTS[given.dialect], given, "engine", (rows, seed))


def _schema(design: object) -> Schema:
    found = design_of(design)
    return Schema((found,)) if isinstance(found, Relation) else found


def _emulated(schema: Schema, dialect: Dialect, made: tuple[int, int]) -> Verification:
    try:
        return _executed(schema, dialect, SAIL, "emulator", made)
    except Unread as reason:
        return _parsed(schema, dialect, f"Sail, which stands in for it, does not take it ({_said(reason)})")


def _said(error: EngineError) -> str:
    """An engine's own words."""
    return str(error).split(" — in: ", 1)[0].partition(": ")[2]


def _parsed(schema: Schema, dialect: Dialect, why: str = "") -> Verification:
    written = write(schema, dialect.name)
    tables = "".join(f"{statement};\n" for statement in statements(schema, dialect))
    found = parsed_by(
        dialect.name, tables if dialect.name == "mysql" else f"{written.text}\n"
    )  # whose triggers are the client's
    if not why and dialect.name == SAIL.dialect:
        why = "Sail would execute it in its place — pip install 'dbworkbench[spark]'"
    why = why or f"no engine of {dialect.title} can be started here"
    if found is not None:
        tool, version, complaint = found
        return Verification(
            dialect.name,
            Stamp("grammar", tool, version),
            complaint,
            losses=written.losses,
            beyond=why,
            unasked="it was parsed, and nothing was executed",
        )
    reading = read(written.text, dialect.name)
    puzzled = [str(entry) for entry in reading.ledger if entry.fate != "understood"]
    return Verification(
        dialect.name,
        Stamp("shape", "dbworkbench's own reader", ""),
        "; ".join(puzzled),
        losses=written.losses,
        beyond=f"its grammar would be checked by sqlfluff — pip install sqlfluff; {why}",
        unasked="our own reader alone reads it, and nothing was executed",
    )


def _executed(schema: Schema, dialect: Dialect, on: Engine | Sail, tier: str, made: tuple[int, int]) -> Verification:
    losses = write(schema, dialect.name).losses
    schema, harmful = executable(schema)
    whole = carried = read(write(schema, dialect.name).text, dialect.name).schema
    with scratch() as folder, on.session(folder) as session:
        settings = session.settings
        title = {"mysql": "MariaDB" if "MariaDB" in settings["version"] else "MySQL", "sail": "Sail"}.get(
            on.name, DIALECTS[on.dialect].title
        )
        stamp = Stamp(tier, title, settings["version"])

        script = Emulated() if isinstance(session, SailSession) else None

        def found() -> Schema:
            if isinstance(session, SailSession):
                return read("".join(f"{one};\n" for one in session.definitions()), on.dialect).schema
            return reflected(lambda sql: session.run(sql, plain=True).rows, on.dialect, (session.namespace,)).schema

        if len(found()):
            raise EngineError(
                "there is something in it: only databases that are made here are written to", engine=on.name
            )
        if on.name == "sqlite":
            session.run("PRAGMA foreign_keys = on", plain=True)
        kept = _Kept(schema, dialect, session)
        kept.missing += harmful
        kept.extend(own=not getattr(on, "url", ""))
        kept.run(kept.found.before)
        try:
            for statement in statements(schema, dialect):
                taken = script.take(statement) if script else statement
                if taken:
                    session.run(taken, plain=True)
        except Unread:
            raise
        except EngineError as error:
            if tier == "emulator":
                return _parsed(schema, dialect, f"{title}, which stands in for it, does not take it ({_said(error)})")
            said = "; ".join((str(error), *kept.missing))
            return Verification(
                dialect.name, stamp, said, differences=tuple(kept.refused), losses=losses, beyond=kept.beyond
            )
        carried = read(script.script, dialect.name).schema if script else whole
        there = found()  # before rows take numbers
        tried = _Tried(schema, carried, dialect, session, on.name)
        complaint = tried.fill_and_break(*made)
        tried.probes += left_out(schema, tried.names, whole, carried) if tried.probes else ()
        differing = differences(carried, there)
        kept.run(kept.found.after)
        return Verification(
            dialect.name,
            stamp,
            complaint,
            tried.rows,
            tuple(tried.probes),
            (*differing, *kept.refused),
            losses,
            tried.unfilled,
            "; ".join(filter(None, (script.left if script else "", kept.beyond))),
        )


class _Kept:
    """What a design keeps as text, put to a session: after the rows, so that triggers do not change what rules refuse."""

    def __init__(self, schema: Schema, dialect: Dialect, session: Asked) -> None:
        self.session, self.dialect, self.found = session, dialect, runnable(schema, dialect)
        self.refused: list[str] = []
        self.missing: list[str] = []

    @property
    def beyond(self) -> str:
        """What was not run, and why."""
        return "; ".join(f"{one}: not run" for one in (*self.missing, *self.found.left))

    def extend(self, *, own: bool) -> None:
        """Create the extensions that anyone may, on a server that is started for this alone."""
        for name in self.found.extensions:
            called = DIALECTS["postgresql"].literal(name)
            there = self.session.run(f"SELECT 1 FROM pg_extension WHERE extname = {called}", plain=True).rows
            trusted = f"SELECT 1 FROM pg_available_extension_versions WHERE trusted AND name = {called}"
            if there:
                continue
            if not own:
                self.missing.append(f"the extension {name}: it would be made for the whole database, by its owner")
            elif not self.session.run(trusted, plain=True).rows:
                self.missing.append(f"the extension {name}: this server does not have it, or not for everyone")
            else:
                quoted = DIALECTS["postgresql"].quoted(name)
                self.run(((f"the extension {name}", f"CREATE EXTENSION {quoted}"),))

    def run(self, statements: Iterable[tuple[str, str]]) -> None:
        """Run what may be, and keep what the engine refuses."""
        for what, statement in statements:
            try:
                self.session.run(statement, plain=True)
                if self.dialect.name == "sqlite" and what.startswith(
                    "the view "
                ):  # which it does not look into before it is asked
                    view = self.dialect.quoted(what.removeprefix("the view "))
                    self.session.run(f"EXPLAIN SELECT * FROM {view}", plain=True)
            except Unread as error:
                self.missing.append(f"{what}: {_said(error)}")
            except EngineError as error:
                said = str(error).split(" — in: ", 1)[0].split("\n", 1)[0]
                self.refused.append(f"{what}: {said}")


def _fillable(schema: Schema, carried: Schema, names: Mapping[tuple[str, ...], str]) -> Schema:
    """The schema with MySQL's sets as lists of values, of which one alone is a set, too; and as texts what an engine holds
    as such of types that it does not have.
    """

    def filled(mine: Attribute, held: Attribute) -> Attribute:
        if not isinstance(mine.type, Native):
            return mine
        if members := set_members(mine.type):
            return replace(mine, type=Enumeration(tuple(dict.fromkeys(members))))
        return mine if made_of(mine.type) or isinstance(held.type, Native) else replace(mine, type=Text())

    return replace(
        schema,
        relations=tuple(
            replace(one, attributes=tuple(map(filled, one.attributes, carried[names[(one.name,)]].attributes)))
            for one in schema
        ),
    )


def _bounded(schema: Schema, carried: Schema, names: Mapping[tuple[str, ...], str]) -> Schema:
    """The schema in the words that the engine has for types, where these hold fewer values, and with its bounds of whole numbers."""

    def narrower(one: Relation, held: Relation) -> Iterator[Check]:
        for mine, there in zip(one.attributes, held.attributes, strict=True):
            bounds = beyond(there.declared, there.type).bounds if there.declared else None
            if bounds and mine.type == there.type:
                yield Check(f"{DIALECTS['duckdb'].quoted(mine.name)} BETWEEN {bounds[0]} AND {bounds[1]}")

    def worded(one: Relation, held: Relation) -> Iterator[Attribute]:
        for mine, there in zip(one.attributes, held.attributes, strict=True):
            yield replace(mine, declared=there.declared) if there.declared and mine.type == there.type else mine

    pairs = [(one, carried[names[(one.name,)]]) for one in schema]
    return replace(
        schema,
        relations=tuple(
            replace(one, attributes=tuple(worded(one, held)), checks=(*one.checks, *narrower(one, held)))
            for one, held in pairs
        ),
    )


def _asked(relation: Relation) -> tuple[str, ...]:
    """What a relation asks of its rows in the engine's own words."""
    conditions = [one.expression for one in relation.checks]
    conditions += [check.expression for one in relation.attributes if one.domain for check in one.domain.checks]
    conditions += [one.expression for rule in relation.exclusions for one in rule.parts]
    conditions += [one.expression for index in relation.indexes if index.unique for one in index.parts]
    return tuple(text for text in conditions if own_words(text))


def _worded(relation: Relation) -> str:
    """The same, as it is told; "" for nothing."""
    return ", ".join(map(shown, _asked(relation)))


def _without_xml(schema: Schema) -> Schema:
    """The schema for a server that knows no XML, of which no values are made then."""

    def told(attribute: Attribute) -> Attribute:
        xml = isinstance(attribute.type, Native) and attribute.type.text.casefold() == "xml"
        return replace(attribute, type=Native("xml (which this server was built without)")) if xml else attribute

    return replace(schema, relations=tuple(replace(one, attributes=tuple(map(told, one.attributes))) for one in schema))


class _Tried:
    """What is loaded into a session, and what is refused by it."""

    def __init__(self, schema: Schema, carried: Schema, dialect: Dialect, session: Asked, engine_name: str) -> None:
        self.names = names_in(schema, dialect)
        self.carried, self.dialect, self.session = carried, dialect, session
        self.engine = engine_name
        self.schema = _fillable(common(schema)[0], carried, self.names)
        if engine_name == "postgresql" and not self._has_xml():
            self.schema = _without_xml(self.schema)
        self.bounded = self.schema
        self.rows: dict[str, int] = {}
        self.probes: list[Probe] = []
        self.unfilled = ""

    @cached_property
    def _is_mariadb(self) -> bool:
        return "MariaDB" in self.session.settings["version"]

    @cached_property
    def _null_is_now(self) -> bool:
        """Whether a TIMESTAMP that is told NULL takes the time: always in MariaDB, in MySQL where it is set so."""
        asked = "SELECT version() LIKE '%MariaDB%' OR NOT @@explicit_defaults_for_timestamp"
        return int(str(self.session.run(asked, plain=True).rows[0][0])) == 1

    def _has_xml(self) -> bool:
        try:
            self._run("SELECT CAST('<a/>' AS xml)")
        except EngineError:
            return False
        return True

    def fill_and_break(self, rows: int, seed: int) -> str:
        """Load rows and try each rule; returns what was refused and should not have been."""
        try:
            tables = self._made(rows, seed)
        except (WorkbenchError, duckdb.Error, UnicodeError) as reason:
            self.unfilled = str(reason).split("\n", 1)[0]
            return ""
        with tables:
            loaded, spare = chosen(self.bounded, tables, themselves=self._takes_own)
            self._unasked(loaded, spare)
            own = {self.names[(relation.name,)]: relation for relation in self.schema}
            for group in self.carried.in_reference_order():
                try:
                    self._load(tuple(own[held.name] for held in group), group, loaded)
                except Unread:
                    raise
                except EngineError as error:
                    if not any(map(_worded, group)):
                        return str(error)
                    self.unfilled = f"no rows are made that obey {', '.join(_worded(held) for held in group)}"
                    return ""
            for relation in self.schema:
                complaint = self._probe(relation, spare.get(relation.name), loaded, tables.connection)
                if complaint:
                    return complaint
        return ""

    def _unasked(self, loaded: dict[str, list[Row]], spare: dict[str, Row]) -> None:
        """Leave unknown, where that may be, what rules in the engine's own words are about: no rows are made for them."""
        tied = {
            (key.relation, name) for relation in self.schema for key in relation.foreign_keys for name in key.referenced
        }
        for relation in self.schema:
            held = self.carried[self.names[(relation.name,)]]
            ours = dict(zip(held.names, relation.names, strict=True))
            fixed = {name for key in relation.keys for name in key.attributes} | set(relation.primary_key)
            fixed |= {name for key in relation.foreign_keys for name in key.attributes}
            asked = {ours[name] for text in _asked(held) for name in spoken_of(text, held.names, held.name)}
            nulls = {
                name: None for name in asked - fixed if relation[name].nullable and (relation.name, name) not in tied
            }
            loaded[relation.name] = [{**row, **nulls} for row in loaded[relation.name]]
            if relation.name in spare:
                spare[relation.name] = {**spare[relation.name], **nulls}

    def _takes_own(self, relation: Relation) -> bool:
        """Whether a row may refer to itself: DuckDB looks before the row is in, MariaDB when only its primary key is."""
        own = [key for key in relation.foreign_keys if key.relation == relation.name]
        if self.engine in {"mariadb", "mysql"}:
            first = relation.primary_key
            return all(key.referenced == first and set(first).isdisjoint(key.attributes) for key in own)
        return self.engine != "duckdb"

    def _made(self, rows: int, seed: int) -> Tables:
        """As many rows for each relation as are wanted, or as few as there are of some."""
        for relation in self.schema:
            for attribute in relation.attributes:
                spoken_of = any(attribute.name.casefold() in check.expression.casefold() for check in relation.checks)
                kind = attribute.type
                if isinstance(kind, Native) and not made_of(kind) and (spoken_of or not attribute.nullable):
                    what = f"{relation.name}.{attribute.name} is of an engine's own type, {kind.text}"
                    raise Unsupported(f"{what}, of which no values are made")
        with duckdb.connect() as evaluate:
            decided = self.bounded = evaluable(_bounded(self.schema, self.carried, self.names), evaluate)
        wanted = dict.fromkeys(decided.names, rows)
        with suppress(WorkbenchError):
            for _ in range(_FEWER):
                try:
                    return populate(decided, rows=wanted, seed=seed)
                except Unsatisfiable as error:
                    if not 0 < error.most < wanted.get(error.relation, 0):
                        raise
                    wanted[error.relation] = error.most
        return populate(decided, rows=rows, seed=seed)

    def _load(
        self, group: tuple[Relation, ...], carried: tuple[Relation, ...], loaded: Mapping[str, list[Row]]
    ) -> None:
        """Rows of one relation, or of a cycle of them as the engine has it, whose references are checked when all are in."""
        own = any(key.relation == relation.name for relation in carried for key in relation.foreign_keys)
        deferred = (len(group) > 1 or own) and self.engine in {"postgresql", "sqlite"}
        if deferred:
            self._run("BEGIN")
            if self.engine == "postgresql":
                self._run("SET CONSTRAINTS ALL DEFERRED")
        if len(group) > 1 and self.engine in {"mariadb", "mysql"}:
            self._run("SET foreign_key_checks = 0")
        try:
            for relation in group:
                if not self._at_once(relation, loaded[relation.name]):
                    for row in loaded[relation.name]:
                        self._run(self._insert(relation, row))
                self.rows[relation.name] = len(loaded[relation.name])
            if deferred:
                self._run("COMMIT")
        except EngineError:
            self.rows |= dict.fromkeys((relation.name for relation in group), 0) if deferred else {}
            if deferred:
                with suppress(EngineError):  # which a failed COMMIT has done already
                    self._run("ROLLBACK")
            raise
        if len(group) > 1 and self.engine in {"mariadb", "mysql"}:
            self._run("SET foreign_key_checks = 1")

    def _at_once(self, relation: Relation, rows: list[Row]) -> bool:
        """Whether all rows are in by one statement: where each one writes files, it takes as long for eight rows as for one."""
        if self.engine not in {"clickhouse", "sail"} or not rows:
            return False
        try:
            self._run(self._insert(relation, *rows))
        except Unread:
            raise
        except EngineError:  # of which row it is, these rows one by one tell
            return False
        return True

    def _probe(
        self,
        relation: Relation,
        spare: Row | None,
        loaded: Mapping[str, list[Row]],
        evaluate: duckdb.DuckDBPyConnection,
    ) -> str:
        """Offer the spare row, which must be taken, and each of its breaking variants."""
        row = spare or varied(relation, loaded)
        refused, said = self._offered(relation, row) if row else (True, "no row is left over to be changed")
        carried = self.carried[self.names[(relation.name,)]]
        if refused and spare and not _worded(carried):
            return f"a row that obeys {relation.name!r} is refused: {said}"
        if refused or row is None:
            self.probes.append(Probe(relation.name, "rows", "a row to be changed", None, said))
            return ""
        for breach in breaches(relation, carried, row, loaded, evaluate):
            if isinstance(breach, Breach):
                refused, said = self._offered(relation, breach.row)
                expected = self._expected(relation, carried, breach, refused=refused)
                if breach.kind == "check" and not refused and not expected:
                    said = "it is true of it there: texts that differ in case or in blanks at the end are the same"
                self.probes.append(Probe(relation.name, breach.kind, breach.rule, refused, said, expected))
            else:
                kind = breach.split(" (")[0]
                self.probes.append(Probe(relation.name, kind, breach, None, "no row that breaks it was found"))
        return ""

    def _expected(self, relation: Relation, carried: Relation, breach: Breach, *, refused: bool) -> bool:
        """Whether the dialect means to refuse it, as far as its documents say so, and else by what the engine itself answers."""
        if self.engine == "sqlite" and breach.kind == "not null":
            numbered = self._numbered(relation, carried, breach)
            return numbered is None or self._offered(relation, numbered)[0]
        if self.engine in {"mariadb", "mysql"} and breach.kind == "check" and not refused:
            return not self._same_without_case(relation, carried, breach)
        if self.engine in {"mariadb", "mysql"} and breach.kind == "not null":
            held = carried[self.names[relation.name, breach.rule]]
            if held.declared and held.declared.text.startswith("timestamp") and self._null_is_now:
                rules = [one.attributes for one in carried.foreign_keys] + [one.attributes for one in carried.keys]
                tied = any(held.name in names for names in rules)
                return refused and (tied or any(held.name in check.expression for check in carried.checks))
        lacks = {"key": Feature.KEYS_ENFORCED, "foreign key": Feature.REFERENCES_ENFORCED}
        return lacks.get(breach.kind) not in self.dialect.lacks

    def _numbered(self, relation: Relation, carried: Relation, breach: Breach) -> Row | None:
        """The row as SQLite completes it, which for NULL in a whole-number primary key puts the number after the last one; None
        for NULL in other attributes. Whether it is refused then is for the other rules to say, as it is of any number.
        """
        keyed = relation.keys or relation.dependencies  # else no primary key is written
        held = carried[self.names[relation.name, breach.rule]]
        if not keyed or relation.primary_key != (breach.rule,) or not isinstance(held.type, Integer):
            return None
        quoted = self.dialect.quoted
        last = f"SELECT coalesce(max({quoted(held.name)}), 0) + 1 FROM {quoted(carried.name)}"
        return {**breach.row, breach.rule: str(self.session.run(last, plain=True).rows[0][0])}

    def _same_without_case(self, relation: Relation, carried: Relation, breach: Breach) -> bool:
        """Whether a check is true of a row only because texts that differ in case or in blanks are the same to the server: it is
        false where it is asked of the same row in texts that are compared by their characters.
        """
        quoted, literally = self.dialect.quoted, self.dialect.literal
        exact = "utf8mb4_nopad_bin" if self._is_mariadb else "utf8mb4_0900_bin"
        before = self.session.run("SELECT @@collation_connection", plain=True).rows[0][0]
        texts = {one.name for one in carried.attributes if isinstance(one.type, Text | Enumeration)}
        columns = ", ".join(
            f"CONVERT({quoted(name)} USING utf8mb4) COLLATE {exact} AS {quoted(name)}"
            if name in texts
            else quoted(name)
            for name in carried.names
        )
        table = quoted(carried.name)
        asked = (
            "SELECT c.check_clause FROM information_schema.check_constraints c JOIN information_schema.table_constraints t"
            " ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name"
            f" WHERE t.constraint_schema = database() AND t.table_name = {literally(carried.name)}"
            + f" AND c.table_name = {literally(carried.name)}"
            * self._is_mariadb
        )
        told = [str(clause) for (clause,) in self.session.run(asked, plain=True).rows]
        clauses = [_CHARSET.sub(lambda found: found[1] or "", clause) for clause in told]
        self._run("BEGIN")
        try:
            self._run(self._insert(relation, breach.row))
            self._run(f"SET collation_connection = {exact}")
            broken = " OR ".join(f"NOT ({clause})" for clause in clauses) or "FALSE"
            counted = f"SELECT count(*) FROM (SELECT {columns} FROM {table}) AS {table} WHERE {broken}"
            return int(str(self.session.run(counted, plain=True).rows[0][0])) > 0
        finally:
            self._run("ROLLBACK")
            self._run(f"SET collation_connection = {before}")

    def _offered(self, relation: Relation, row: Row) -> tuple[bool, str]:
        """Whether a row is refused, and in which words; it is taken back."""
        transactions = self.engine not in {"clickhouse", "sail"}
        if transactions:
            self._run("BEGIN")
        try:
            self._run(self._insert(relation, row))
            if self.engine == "postgresql":
                self._run("SET CONSTRAINTS ALL IMMEDIATE")
            if self.engine == "sqlite":
                dangling = self.session.run("PRAGMA foreign_key_check", plain=True).rows
                if dangling:
                    return True, f"FOREIGN KEY constraint failed: {dangling[0][0]}"
        except Unread:
            raise
        except EngineError as error:
            return True, _said(error)[:200]
        finally:
            if transactions:
                with suppress(EngineError):  # an error may have ended the transaction already
                    self._run("ROLLBACK")
        return False, ""

    def _insert(self, relation: Relation, *rows: Row) -> str:
        quoted = self.dialect.quoted
        carried = self.carried[self.names[(relation.name,)]].attributes
        pairs = zip(relation.attributes, carried, strict=True)
        own = self.engine == "sail"  # where nothing is said over what numbers itself
        given = [a for a, held in pairs if not held.generated and not (own and held.identity and held.identity.always)]
        columns = ", ".join(quoted(self.names[relation.name, mine.name]) for mine in given)
        values = ", ".join(
            f"({', '.join(literal(row[mine.name], mine.type, self.dialect) for mine in given)})" for row in rows
        )
        numbered = any(held.identity and held.identity.always for held in carried) and self.engine == "postgresql"
        over = " OVERRIDING SYSTEM VALUE" if numbered else ""
        whole = self.engine == "sail" and len(given) == len(carried)  # it takes names in capitals for others in a list
        listed = "" if whole else f" ({columns}){over}"
        return f"INSERT INTO {quoted(self.names[(relation.name,)])}{listed} VALUES {values}"

    def _run(self, statement: str) -> None:
        self.session.run(statement, plain=True)
