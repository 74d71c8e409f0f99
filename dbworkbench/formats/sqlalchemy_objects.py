"""SQLAlchemy's own objects, read as a schema: a MetaData, a declarative base or model, a table."""

from typing import Any

from dbworkbench.formats.draft import Draft, Reference, Table
from dbworkbench.formats.expressions import constant, literal, part_read
from dbworkbench.formats.names import said_name
from dbworkbench.formats.source import Source
from dbworkbench.formats.sqlalchemy_types import plain_type, typed
from dbworkbench.schema.index import Part
from dbworkbench.schema.loss import Read
from dbworkbench.schema.relation import Attribute, Check, Generated, Identity, Index, Key
from dbworkbench.schema.rules import Deferrable
from dbworkbench.schema.types import Enumeration, Native, Type, Unknown, type_text
from dbworkbench.sql.expression import at_home

__all__ = ["holds_tables", "read_objects"]


def holds_tables(thing: object) -> bool:
    """Whether an object is SQLAlchemy's and has tables."""
    return _tables(thing) is not None


def read_objects(source: Source) -> Read:
    """The schema of SQLAlchemy's tables; what Python makes (its defaults, say) is reported."""
    draft = Draft()
    dialect = source.dialect or "postgresql"
    for table in _tables(source.thing) or ():
        draft.tables.append(_table(table, draft, dialect))
    return draft.read()


def _tables(thing: Any) -> list[Any] | None:  # noqa: ANN401  whatever somebody hands over
    """The tables in an object: SQLAlchemy is known by the module of its classes, so that it need not be imported."""

    def is_one(one: object, name: str) -> bool:
        return any(k.__name__ == name and k.__module__.startswith("sqlalchemy") for k in type(one).__mro__)

    if is_one(thing, "MetaData"):
        return list(thing.tables.values())
    if is_one(thing, "Table"):
        return [thing]
    if isinstance(thing, list | tuple) and thing and all(_tables(one) for one in thing):
        return [table for one in thing for table in _tables(one) or ()]
    metadata = getattr(thing, "metadata", None)
    if metadata is not None and is_one(metadata, "MetaData"):
        own = getattr(thing, "__table__", None)
        return [own] if own is not None else list(metadata.tables.values())
    return None


def _table(given: Any, draft: Draft, dialect: str) -> Table:  # noqa: ANN401  SQLAlchemy's Table
    name = str(given.name)
    table = Table((given.schema, name) if given.schema else (name,), note=given.comment or "")
    for column in given.columns:
        table.attributes.append(_column(column, f"{name}.{column.name}", draft, dialect))
    for rule in sorted(given.constraints, key=lambda one: (str(one.name or ""), [str(c) for c in one.columns])):
        _constraint(rule, table, draft, dialect)
    for index in sorted(given.indexes, key=lambda one: str(one.name or "")):
        _index(index, table, draft, dialect)
    return table


def _column(column: Any, what: str, draft: Draft, dialect: str) -> Attribute:  # noqa: ANN401  SQLAlchemy's Column
    default, generated, identity = None, None, None
    if column.computed is not None:
        said = _sql(column.computed.sqltext)
        told = at_home(said, dialect)
        kept = column.computed.persisted
        if told is None:
            draft.lose(what, f"computed as {said}", "read as a plain attribute")
        else:
            generated = Generated(told, dialect == "postgresql" if kept is None else bool(kept))
    elif column.identity is not None:
        numbers = column.identity
        identity = Identity(bool(numbers.always), _or_one(numbers.start), _or_one(numbers.increment) or 1)
    elif column.table is not None and column.table.autoincrement_column is column:
        identity = Identity()
    elif column.server_default is not None:
        default = _default(column.server_default, what, draft, dialect)
    elif column.default is not None:
        draft.lose(what, "a default that Python makes", "read without")
    kind = _type(column.type)
    name = getattr(column.type, "name", None)
    listed = isinstance(kind, Enumeration) and isinstance(name, str) and getattr(column.type, "native_enum", False)
    domain = draft.enumeration(name, kind.values) if listed and isinstance(kind, Enumeration) and name else None
    return Attribute(
        str(column.name),
        kind,
        bool(column.nullable and not column.primary_key and identity is None),
        default,
        column.comment or "",
        generated,
        identity,
        getattr(column.type, "collation", None) or "",
        domain,
    )


def _or_one(number: int | None) -> int:
    return 1 if number is None else number


def _type(kind: Any) -> Type:  # noqa: ANN401  SQLAlchemy's TypeEngine
    """The type by the nearest class that is known by name."""
    spelled = getattr(kind, "spelled", None)
    if isinstance(spelled, str):
        return Native(spelled)
    inner = getattr(kind, "item_type", None)
    if inner is not None:
        return Native(f"{type_text(_type(inner)) or 'text'}[]")
    impl = getattr(kind, "impl", None)
    if type(kind).__module__.startswith("sqlalchemy") and plain_type(type(kind).__name__):
        return plain_type(type(kind).__name__) or Unknown()
    if any(k.__name__ == "TypeDecorator" for k in type(kind).__mro__) and impl is not None:
        return _type(impl)
    found: Type | None = None
    for each in type(kind).__mro__:
        found = typed(
            each.__name__,
            getattr(kind, "length", None),
            getattr(kind, "precision", None),
            getattr(kind, "scale", None),
            zone=bool(getattr(kind, "timezone", False)),
            values=tuple(getattr(kind, "enums", ()) or ()),
        )
        if not isinstance(found, Native):
            return found
        if each.__module__.startswith("sqlalchemy.sql") or each.__name__ == "TypeEngine":
            break
    return Native(type(kind).__name__.lower())


def _sql(clause: Any) -> str:  # noqa: ANN401  SQLAlchemy's ClauseElement
    """An expression as SQL, with its constants in place."""
    compile_ = getattr(clause, "compile", None)
    if compile_ is None:
        return str(clause)
    return str(clause.compile(compile_kwargs={"literal_binds": True})).replace("%%", "%")


def _default(given: Any, what: str, draft: Draft, dialect: str) -> str | None:  # noqa: ANN401  DefaultClause
    arg = getattr(given, "arg", None)
    if arg is None:
        draft.lose(what, "a default that the database makes", "read without")
        return None
    if isinstance(arg, str):
        return literal(arg)
    said = _sql(arg)
    if said.casefold() in {"now()", "current_timestamp", "(current_timestamp)"}:
        return "now()"
    told = at_home(said, dialect)
    if told is None or "nextval" in said.casefold():
        draft.lose(what, f"the default {said}", "read without")
        return None
    return constant(told)


def _constraint(rule: Any, table: Table, draft: Draft, dialect: str) -> None:  # noqa: ANN401  SQLAlchemy's Constraint
    name = str(rule.name or "")
    columns = tuple(str(column.name) for column in rule.columns)
    match type(rule).__name__:
        case "PrimaryKeyConstraint":
            table.primary = Key(columns, name, deferrable=_deferrable(rule)) if columns else None
        case "UniqueConstraint":
            table.uniques.append(Key(columns, name, not _option(rule, "nulls_not_distinct"), _deferrable(rule)))
        case "ForeignKeyConstraint":
            elements = list(rule.elements)
            *owner, _ = elements[0].target_fullname.split(".")
            target = elements[0].column.table if _resolves(elements[0]) else None
            known = (target.schema, target.name) if target is not None and target.schema else None
            reference = Reference(
                tuple(str(element.parent.name) for element in elements),
                known or ((target.name,) if target is not None else tuple(owner)),
                tuple(str(e.column.name) if target is not None else e.target_fullname.split(".")[-1] for e in elements),
                (rule.ondelete or "").casefold(),
                (rule.onupdate or "").casefold(),
                name,
                _deferrable(rule),
                (rule.match or "").upper() == "FULL",
            )
            table.references.append(reference)
        case "CheckConstraint":
            if getattr(rule, "_type_bound", False):
                return  # what an enumeration brings with it
            said = _sql(rule.sqltext)
            told = at_home(said, dialect)
            if told is None:
                draft.lose(table.name[-1], f"the check {said}")
            else:
                table.checks.append(Check(told, name))
        case kind:
            draft.lose(table.name[-1], f"{kind} {name}".rstrip())


def _deferrable(rule: Any) -> Deferrable:  # noqa: ANN401  SQLAlchemy's Constraint
    if not rule.deferrable:
        return ""
    return "deferred" if (rule.initially or "").upper() == "DEFERRED" else "immediate"


def _option(thing: Any, name: str) -> Any:  # noqa: ANN401  what a dialect has for an index or a constraint
    """The first value that is given for an option, whatever the dialect it is for."""
    return next((options[name] for options in thing.dialect_options.values() if options.get(name)), None)


def _resolves(element: Any) -> bool:  # noqa: ANN401  SQLAlchemy's ForeignKey
    """Whether what a foreign key refers to is there."""
    metadata = element.parent.table.metadata
    *owner, _ = element.target_fullname.split(".")
    return ".".join(owner) in metadata.tables


def _index(index: Any, table: Table, draft: Draft, dialect: str) -> None:  # noqa: ANN401  SQLAlchemy's Index
    name = str(index.name or "")
    what = f"{table.name[-1]}: the index {name}".rstrip()
    given = list(index.expressions)
    parts = [
        Part(str(one.name))
        if getattr(one, "table", None) is not None and hasattr(one, "name")
        else part_read(_sql(one), dialect)
        for one in given
    ]
    if not all(parts) or not parts:
        draft.lose(what, f"over {', '.join(_sql(one) for one in given)}")
        return
    wheres = [options["where"] for options in index.dialect_options.values() if options.get("where") is not None]
    said = _sql(wheres[0]) if wheres else ""
    where = at_home(said, dialect) if said else ""
    if where is None:
        draft.lose(what, f"where {said}", "not read" if index.unique else "read for all rows")
        if index.unique:
            return
    method = str(_option(index, "using") or _option(index, "prefix") or "").lower()
    found = Index(
        tuple(filter(None, parts)),
        bool(index.unique),
        where or "",
        said_name(name),
        "" if method == "btree" else method,
        tuple(str(getattr(one, "name", one)) for one in _option(index, "include") or ()),
        not _option(index, "nulls_not_distinct"),
    )
    table.indexes.append(found)
