"""The first revision of an Alembic migration: what creates a schema and what drops it again."""

from hashlib import sha1

from dbworkbench.formats.carrying import carried
from dbworkbench.formats.format import Format
from dbworkbench.formats.sqlalchemy import fidelity
from dbworkbench.formats.sqlalchemy_text import NATIVE, SPOKEN, Words, arguments, quoted
from dbworkbench.formats.types import enumerations, rule_names
from dbworkbench.schema.loss import Written
from dbworkbench.schema.relation import Attribute, ForeignKey, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.names import Names

__all__ = ["ALEMBIC"]

_HEAD = '''\
"""The first revision: {title}.

Revision ID: {revision}
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = None
branch_labels = None
depends_on = None
'''


_EXCLUDE = "from sqlalchemy.dialects.postgresql import ExcludeConstraint\n"


def write_alembic(schema: Schema, dialect: str) -> Written:
    """The revision's file; tables come in the order in which they refer to each other."""
    spoken = dialect or "postgresql"
    kept = carried(schema, fidelity(spoken))
    return Written(_Text(kept.schema, spoken).whole(), kept.losses, "python")


class _Text:
    def __init__(self, schema: Schema, dialect: str) -> None:
        self.schema, self.dialect = schema, dialect
        self.words = Words(dialect, "sa.")
        names = Names(DIALECTS[dialect])
        names.given("relation", schema.names)
        names.given("index", rule_names(schema))
        self.indexes = {
            (relation.name, index): index.name or names.take("index", f"ix_{relation.name}_{number}")
            for relation in schema
            for number, index in enumerate(relation.indexes, 1)
        }

    def whole(self) -> str:
        up: list[str] = []
        down: list[str] = []
        for group in self.schema.in_reference_order():
            created: set[str] = set()
            after: list[str] = []
            undone: list[str] = []
            names = {relation.name for relation in group}
            for relation in group:
                created.add(relation.name)
                late = [key for key in relation.foreign_keys if key.relation in names - created]
                inside = late if self.dialect == "sqlite" else []
                up += self.create(relation, late=[] if inside else late)
                down[:0] = self.drop(relation)
                for number, key in enumerate(late if not inside else [], 1):
                    name = key.name or f"fk_{relation.name}_{number}"
                    said = arguments(
                        quoted(name),
                        quoted(relation.name),
                        quoted(key.relation),
                        f"[{', '.join(map(quoted, key.attributes))}]",
                        f"[{', '.join(map(quoted, key.referenced))}]",
                        *self.words.manner(key),
                    )
                    after.append(f"op.create_foreign_key({said})")
                    undone.append(f"op.drop_constraint({quoted(name)}, {quoted(relation.name)}, type_='foreignkey')")
            up += after
            down[:0] = undone  # before any table of those that refer to each other
        if self.dialect == "postgresql":
            names_made = (quoted(one.name) for one in enumerations(self.schema))
            down += [f"sa.Enum(name={name}).drop(op.get_bind(), checkfirst=True)" for name in names_made]
        title = (self.schema.name or "creates the design").replace("\\", "/").replace('"', "'")
        revision = sha1("".join(up).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()[:12]
        head = _HEAD.replace("import op\n", f"import op\n{_EXCLUDE}") if self.words.excludes else _HEAD
        native = f"\n\n{NATIVE.format(prefix='sa.types.')}" if self.words.native else ""
        return (
            head.format(title=" ".join(title.split()), revision=revision)
            + native
            + "\n\ndef upgrade() -> None:\n"
            + "".join(f"    {line}\n" for one in up for line in one.split("\n"))
            + "\n\ndef downgrade() -> None:\n"
            + "".join(f"    {line}\n" for line in down)
        )

    def create(self, relation: Relation, *, late: list[ForeignKey]) -> list[str]:
        words = self.words
        lines = ["op.create_table(", f"    {quoted(relation.name)},"]
        for attribute in relation.attributes:
            column = arguments(
                quoted(attribute.name),
                words.kind(attribute),
                words.filled(relation, attribute),
                "" if attribute.nullable else "nullable=False",
                self.counting(relation, attribute),
                words.default(attribute),
                f"comment={quoted(attribute.note)}" if attribute.note else "",
            )
            lines.append(f"    sa.Column({column}),")
        rules = [
            words.key("UniqueConstraint" if at else "PrimaryKeyConstraint", key) for at, key in enumerate(relation.keys)
        ]
        rules += [words.reference(key) for key in relation.foreign_keys if key not in late]
        rules += [words.check(check.expression, check.name, relation) for check in relation.checks]
        rules += [words.exclusion(one, relation) for one in relation.exclusions]
        lines += [f"    {rule}," for rule in rules]
        lines += [f"    comment={quoted(relation.note)},"] if relation.note else []
        made = ["\n".join([*lines, ")"])]
        for index in relation.indexes:
            columns = f"[{', '.join(words.parts(index, relation))}]"
            rest = words.index_rest(index, relation)
            name = self.indexes[relation.name, index]
            made.append(f"op.create_index({arguments(quoted(name), quoted(relation.name), columns, rest)})")
        return made

    @staticmethod
    def counting(relation: Relation, attribute: Attribute) -> str:
        """`autoincrement=…` for the one attribute of a primary key, which SQLAlchemy would number by itself."""
        alone = bool(relation.keys) and relation.keys[0].attributes == (attribute.name,)
        return f"autoincrement={attribute.identity is not None}" if alone else ""

    def drop(self, relation: Relation) -> list[str]:
        dropped = [
            f"op.drop_index({quoted(self.indexes[relation.name, index])}, table_name={quoted(relation.name)})"
            for index in relation.indexes
        ]
        return [*dropped, f"op.drop_table({quoted(relation.name)})"]


ALEMBIC = Format(
    "alembic",
    "an Alembic revision",
    writer=write_alembic,
    dialects=tuple(SPOKEN),
    fidelity=lambda dialect: fidelity(dialect or "postgresql"),
    says_dialect=True,
)
