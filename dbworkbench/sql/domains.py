"""The domains of a schema as one database makes them: those it has no word for are said by the attributes themselves."""

from collections.abc import Mapping
from dataclasses import replace

from dbworkbench.schema.loss import Loss
from dbworkbench.schema.plain import without_domains
from dbworkbench.schema.relation import Attribute, Domain
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Enumeration, Unknown
from dbworkbench.sql.dialect import Dialect, Feature, Rare, unkept
from dbworkbench.sql.expression import Untold, translated
from dbworkbench.sql.fitting import Unfit, fitted
from dbworkbench.sql.names import Names

__all__ = ["domained"]


def domained(schema: Schema, dialect: Dialect, losses: list[Loss]) -> tuple[Schema, tuple[str, ...], Mapping[str, str]]:
    """The schema as it is written, the statements that make its domains, and what each is called in a column."""
    taken = Names(dialect)
    taken.given("relation", schema.names)
    made: list[str] = []
    called: dict[str, str] = {}
    listed: set[tuple[str, ...] | None] = set()
    for domain in schema.domains:
        values = domain.type.values if isinstance(domain.type, Enumeration) else None
        if values and values in listed and not dialect.names_enumerations:
            why = f"another one has the same values, and {dialect.title} tells them not apart"
            losses.append(Loss(domain.name, f"the domain: {why}", "said by its attributes"))
            continue
        try:
            statement, name = _made(domain, dialect, taken)
        except (Untold, Unfit) as reason:
            losses.append(Loss(domain.name, f"the domain: {reason}", "said by its attributes"))
            continue
        listed.add(values)
        made.append(statement)
        if domain.note and Feature.COMMENT not in dialect.lacks and not dialect.note_suffix:
            what = statement.split(maxsplit=2)[1]  # TYPE or DOMAIN
            note, lost = dialect.noted(domain.note, "attribute")
            made.append(f"COMMENT ON {what} {name} IS {dialect.literal(note)}")
            losses.extend(Loss(domain.name, feature, instead) for feature, instead in lost)
        elif domain.note:
            losses.append(Loss(domain.name, "a comment on a domain", "not written"))
        called[domain.name] = name
        if name != dialect.quoted(domain.name):
            losses.append(Loss(domain.name, "the domain's name", f"written as {name}"))

    def kept(attribute: Attribute) -> bool:
        return attribute.domain is None or attribute.domain.name in called

    relations = []
    for relation in schema:
        if all(map(kept, relation.attributes)):
            relations.append(relation)
            continue
        hidden = replace(
            relation,
            attributes=tuple(replace(one, domain=None) if kept(one) else one for one in relation.attributes),
        )
        said = without_domains(hidden)
        attributes = tuple(
            replace(now, domain=one.domain) if kept(one) else now
            for now, one in zip(said.attributes, relation.attributes, strict=True)
        )
        relations.append(replace(said, attributes=attributes))
    return replace(schema, relations=tuple(relations)), tuple(made), called


def _made(domain: Domain, dialect: Dialect, taken: Names) -> tuple[str, str]:
    """The statement that makes a domain, and its name; raises Untold."""
    values = domain.type.values if isinstance(domain.type, Enumeration) else ()
    bare = not domain.checks and domain.default is None and domain.nullable
    if values and bare and Rare.ENUMERATION in dialect.has:
        if any(unkept(value) or len(value.encode()) > 63 for value in values):
            raise Untold("a value that no enumeration has")
        name = dialect.quoted(taken.take("relation", taken.fitting("type", domain.name)))
        return f"CREATE TYPE {name} AS ENUM ({', '.join(map(dialect.literal, values))})", name
    if Rare.DOMAIN not in dialect.has or isinstance(domain.type, Unknown | Enumeration):
        raise Untold(f"{dialect.title} has none such")
    spelling = dialect.spelling(domain.type, "VALUE")
    if spelling.loss or spelling.check:
        raise Untold("its type is written with a condition")
    text = f" AS {spelling.text}"
    if domain.default is not None:
        text += f" DEFAULT {translated(fitted(domain.default, domain.type), dialect, {})}"
    text += "" if domain.nullable else " NOT NULL"
    named = Names(dialect)
    for check in domain.checks:
        told = translated(check.expression, dialect, {"value": "VALUE"}, types={"value": domain.type})
        text += f" CONSTRAINT {dialect.quoted(named.take('check', check.name))}" if check.name else ""
        text += f" CHECK ({told.replace(dialect.quoted('VALUE'), 'VALUE')})"
    name = dialect.quoted(taken.take("relation", taken.fitting("type", domain.name)))
    return f"CREATE DOMAIN {name}{text}", name
