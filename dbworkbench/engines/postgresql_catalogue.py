"""PostgreSQL's catalogue as DDL, in the order in which a dump has it: a few queries, whatever the number of tables."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from dbworkbench.schema.loss import Loss
from dbworkbench.sql.dialect import DIALECTS

__all__ = ["postgresql_definitions"]

_QUOTED = DIALECTS["postgresql"].quoted
_LITERAL = DIALECTS["postgresql"].literal

_NOT_OF_AN_EXTENSION = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = {oid} AND d.deptype = 'e')"

_TYPES = """
    SELECT n.nspname, t.typname, t.typtype::text, format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
      (SELECT array_to_json(array_agg(e.enumlabel ORDER BY e.enumsortorder))::text FROM pg_enum e WHERE e.enumtypid = t.oid),
      (SELECT string_agg('CONSTRAINT ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid), ' ' ORDER BY c.conname)
         FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c')
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype IN ('e', 'd') AND n.nspname IN ({schemas}) AND {own} ORDER BY t.oid"""

_TABLES = """
    SELECT c.oid, n.nspname, c.relname, c.relkind::text, c.relispartition, c.relrowsecurity,
      CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, pg_get_expr(c.relpartbound, c.oid),
      obj_description(c.oid, 'pg_class'),
      (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
      EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname IN ({schemas}) AND c.relpersistence <> 't' ORDER BY c.oid"""

_COLUMNS = """
    SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
      a.attidentity::text, a.attgenerated::text,
      (SELECT quote_ident(o.collname) FROM pg_collation o JOIN pg_type t ON t.oid = a.atttypid
        WHERE o.oid = a.attcollation AND a.attcollation <> t.typcollation),
      (SELECT 'START WITH ' || s.seqstart || ' INCREMENT BY ' || s.seqincrement
        FROM pg_depend p JOIN pg_sequence s ON s.seqrelid = p.objid
        WHERE p.refobjid = a.attrelid AND p.refobjsubid = a.attnum AND p.classid = 'pg_class'::regclass AND p.deptype = 'i'),
      col_description(a.attrelid, a.attnum)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f') AND n.nspname IN ({schemas})
    ORDER BY a.attrelid, a.attnum"""

_CONSTRAINTS = """
    SELECT c.conrelid, c.conname, c.contype::text, pg_get_constraintdef(c.oid)
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE c.contype IN ('p', 'u', 'f', 'c', 'x') AND c.conparentid = 0 AND n.nspname IN ({schemas})
    ORDER BY c.contype = 'f', c.contype = 'c' DESC, c.oid"""

_INDEXES = """
    SELECT i.indrelid, pg_get_indexdef(i.indexrelid)
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname IN ({schemas}) AND t.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
      AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
    ORDER BY i.indexrelid"""

_SEQUENCES = """
    SELECT n.nspname, c.relname, s.seqstart, s.seqincrement
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_sequence s ON s.seqrelid = c.oid
    WHERE n.nspname IN ({schemas})
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('i', 'e')) ORDER BY c.oid"""

_VIEWS = """
    SELECT n.nspname, c.relname, c.relkind::text, pg_get_viewdef(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('v', 'm') AND n.nspname IN ({schemas}) AND {own} ORDER BY c.oid"""

_TRIGGERS = """
    SELECT pg_get_triggerdef(g.oid) FROM pg_trigger g
    JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE NOT g.tgisinternal AND n.nspname IN ({schemas}) ORDER BY g.oid"""

_POLICIES = """
    SELECT schemaname, tablename, policyname, permissive, array_to_string(roles, ', '), cmd, qual, with_check
    FROM pg_policies WHERE schemaname IN ({schemas}) ORDER BY 1, 2, 3"""

_FUNCTIONS = """
    SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prokind IN ('f', 'p') AND n.nspname IN ({schemas}) AND {own} ORDER BY p.oid"""


def postgresql_definitions(
    ask: Callable[[str], Sequence[tuple[Any, ...]]], schemas: Sequence[str]
) -> tuple[list[str], list[Loss]]:
    """The statements that make what lies in some schemas, names with their schema, and what no statement says."""
    inside = ", ".join(map(_LITERAL, schemas))

    def found(query: str, oid: str = "") -> Sequence[tuple[Any, ...]]:
        return ask(query.format(schemas=inside, own=_NOT_OF_AN_EXTENSION.format(oid=oid)))

    ask("SELECT set_config('search_path', 'pg_catalog', true)")  # so that names come with their schema
    said: list[str] = []
    losses: list[Loss] = []
    for schema, name, kind, base, certain, default, labels, checks in found(_TYPES, "t.oid"):
        path = f"{_QUOTED(schema)}.{_QUOTED(name)}"
        if kind == "e":
            said.append(f"CREATE TYPE {path} AS ENUM ({', '.join(map(_LITERAL, _listed(labels)))})")
        else:
            rest = (f"DEFAULT {default}" if default else "", "NOT NULL" if certain else "", checks or "")
            said.append(" ".join(filter(None, (f"CREATE DOMAIN {path} AS {base}", *rest))))
    said += [
        f"CREATE SEQUENCE {_QUOTED(schema)}.{_QUOTED(name)} START WITH {start} INCREMENT BY {by}"
        for schema, name, start, by in found(_SEQUENCES)
    ]
    tables, more = _tables(found)
    said += tables
    losses += more
    said += [str(definition) for (definition,) in found(_FUNCTIONS, "p.oid")]
    for schema, name, kind, query in found(_VIEWS, "c.oid"):
        what = "MATERIALIZED VIEW" if kind == "m" else "VIEW"
        said.append(f"CREATE {what} {_QUOTED(schema)}.{_QUOTED(name)} AS {str(query).rstrip().rstrip(';')}")
    said += [str(definition) for (definition,) in found(_TRIGGERS)]
    for schema, table, name, permissive, roles, command, using, check in found(_POLICIES):
        parts = (f"USING ({using})" if using else "", f"WITH CHECK ({check})" if check else "")
        said.append(
            f"CREATE POLICY {_QUOTED(name)} ON {_QUOTED(schema)}.{_QUOTED(table)} AS {permissive} FOR {command} "
            f"TO {roles} {' '.join(filter(None, parts))}".rstrip()
        )
    return said, losses


def _tables(found: Callable[[str], Sequence[tuple[Any, ...]]]) -> tuple[list[str], list[Loss]]:
    columns: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for oid, *column in found(_COLUMNS):
        columns[oid].append(tuple(column))
    said: list[str] = []
    losses: list[Loss] = []
    paths: dict[int, str] = {}
    for oid, schema, name, kind, part, secured, key, bound, note, parents, extension in found(_TABLES):
        path = f"{_QUOTED(schema)}.{_QUOTED(name)}"
        if extension:
            losses.append(Loss(f"{schema}.{name}", "a table of an extension", "not read"))
            continue
        if part:
            said.append(f"CREATE TABLE {path} PARTITION OF {parents} {bound}")
            continue
        paths[oid] = path
        lines = ",\n".join(f"    {_column(*column)}" for column in columns[oid])
        said.append(f"CREATE TABLE {path} (\n{lines}\n){f' PARTITION BY {key}' if key else ''}")
        if parents:
            losses.append(
                Loss(f"{schema}.{name}", f"inheritance from {parents}", "read with the columns it has from there")
            )
        if kind == "f":
            losses.append(Loss(f"{schema}.{name}", "its rows lie on another server", "read as a table"))
        if secured:
            said.append(f"ALTER TABLE {path} ENABLE ROW LEVEL SECURITY")
        if note:
            said.append(f"COMMENT ON TABLE {path} IS {_LITERAL(note)}")
        said += [
            f"COMMENT ON COLUMN {path}.{_QUOTED(column[0])} IS {_LITERAL(column[-1])}"
            for column in columns[oid]
            if column[-1]
        ]
    for oid, name, _, definition in found(_CONSTRAINTS):
        if oid in paths:
            said.append(f"ALTER TABLE ONLY {paths[oid]} ADD CONSTRAINT {_QUOTED(name)} {definition}")
    said += [str(definition) for oid, definition in found(_INDEXES) if oid in paths]
    return said, losses


def _column(*row: Any) -> str:  # noqa: ANN401  a row of the catalogue
    name, kind, certain, default, identity, generated, collation, numbers, _ = row
    parts = [_QUOTED(name), kind, *([f"COLLATE {collation}"] if collation else [])]
    if generated:
        parts.append(f"GENERATED ALWAYS AS ({default}) {'STORED' if generated == 's' else 'VIRTUAL'}")
    elif identity:
        parts.append(f"GENERATED {'ALWAYS' if identity == 'a' else 'BY DEFAULT'} AS IDENTITY ({numbers or ''})")
    elif default:
        parts.append(f"DEFAULT {default}")
    return " ".join([*parts, *(["NOT NULL"] if certain else [])])


def _listed(labels: Any) -> list[str]:  # noqa: ANN401  a list in JSON, or a driver's list
    import json  # noqa: PLC0415  rarely needed

    return [str(label) for label in (json.loads(labels) if isinstance(labels, str) else labels or ())]
