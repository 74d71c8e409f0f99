"""ALTER TYPE and ALTER DOMAIN: what changes the types that a file made, and the columns that have them."""

from dataclasses import replace

from dbworkbench.schema.relation import Attribute
from dbworkbench.schema.types import Enumeration, Type
from dbworkbench.sql.cursor import Cursor, unquoted
from dbworkbench.sql.definitions import Definitions
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.tables import Table

__all__ = ["TypeAlterations"]


class TypeAlterations(Definitions):
    """Carries out what alters types and domains."""

    def _alter_type(self, cursor: Cursor) -> tuple[str, str]:
        name = self.catalogue.type_key(cursor.name())
        kind = self.catalogue.types.get(name)
        if isinstance(kind, Enumeration) and cursor.take("ADD", "VALUE"):
            cursor.take("IF", "NOT", "EXISTS")
            token = cursor.token()
            value = unquoted(token.value, self.dialect) if token else ""
            cursor.skip()
            where, beside = cursor.any("BEFORE", "AFTER"), cursor.token()
            values = [one for one in kind.values if one != value] if value not in kind.values else list(kind.values)
            known = unquoted(beside.value, self.dialect) if beside else ""
            if value not in values:
                at = values.index(known) + (where == "AFTER") if where and known in values else len(values)
                values.insert(at, value)
            self._retype(name, kind, Enumeration(tuple(values)))
            return "understood", ""
        if isinstance(kind, Enumeration) and cursor.take("RENAME", "VALUE"):
            old, _, new = (token.value for token in cursor.tokens[cursor.at : cursor.at + 3])
            swapped = tuple(unquoted(new, self.dialect) if v == unquoted(old, self.dialect) else v for v in kind.values)
            self._retype(name, kind, Enumeration(swapped))
            before, after = (DIALECTS["duckdb"].literal(unquoted(said, self.dialect)) for said in (old, new))
            for table in self.catalogue.tables.values():
                for column in tuple(table.columns.values()):
                    if table.domains.get(column.name) == name and column.default == before:
                        table.put(replace(column, default=after))
            return "understood", ""
        if kind is not None and cursor.take("RENAME", "TO"):
            self._rename_type(name, cursor.identifier())
            return "understood", ""
        return "ignored", "alters a type in no way that a schema holds"

    def _alter_domain(self, cursor: Cursor) -> tuple[str, str]:
        name = cursor.name()
        key = self.catalogue.type_key(name)
        domain = self.catalogue.domains.get(key)
        if domain is None:
            return "ignored", "a domain that is not here"
        if cursor.take("RENAME", "TO"):
            self._rename_type(key, cursor.identifier())
            return "understood", ""
        now = domain
        if cursor.take("SET", "DEFAULT"):
            said = self._default(Table(name), ".".join(name), Attribute("value", domain.type), cursor)
            now = replace(domain, default=said.default)
        elif cursor.take("DROP", "DEFAULT"):
            now = replace(domain, default=None)
        elif cursor.take("SET", "NOT", "NULL"):
            now = replace(domain, nullable=False)
        elif cursor.take("DROP", "NOT", "NULL"):
            now = replace(domain, nullable=True)
        elif cursor.take("DROP", "CONSTRAINT"):
            cursor.take("IF", "EXISTS")
            gone = cursor.identifier().casefold()
            implicit = f"{name[-1]}_check".casefold()
            kept = tuple(one for one in domain.checks if (one.name or implicit).casefold() != gone)
            now = replace(domain, checks=kept)
        elif cursor.take("ADD"):
            more = self._domain_rules(name, domain.type, cursor)
            now = replace(domain, nullable=domain.nullable and more.nullable, checks=(*domain.checks, *more.checks))
        elif cursor.take("RENAME", "CONSTRAINT"):
            old = cursor.identifier()
            cursor.any("TO")
            new = cursor.identifier()
            checks = tuple(replace(one, name=new) if one.name == old else one for one in domain.checks)
            now = replace(domain, checks=checks)
        else:
            return "ignored", f"alters a domain in no way that a schema holds: {cursor.rest()}"
        self.catalogue.domains[key] = now
        return "understood", ""

    def _rename_type(self, old: str, new: str) -> None:
        key = self.catalogue.type_names.rename(old, new)
        self.catalogue.types[key] = self.catalogue.types.pop(old)
        domain = self.catalogue.domains.pop(old, None)
        if domain is not None:
            self.catalogue.domains[key] = replace(domain, name=self.catalogue.type_names.called(key))
        for table in self.catalogue.tables.values():
            table.domains = {column: key if known == old else known for column, known in table.domains.items()}

    def _retype(self, name: str, old: Type, new: Type) -> None:
        self.catalogue.types[name] = new
        if name in self.catalogue.domains:
            self.catalogue.domains[name] = replace(self.catalogue.domains[name], type=new)
        for table in self.catalogue.tables.values():
            for column in tuple(table.columns.values()):
                if column.type == old and table.domains.get(column.name, name) == name:
                    table.put(replace(column, type=new))
