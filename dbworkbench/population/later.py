"""References within a circle, or to the same relation: filled in once all rows exist."""

from collections.abc import Mapping

from dbworkbench.data.tables import quoted
from dbworkbench.errors import Unsatisfiable, Unsupported
from dbworkbench.population.coding import Values
from dbworkbench.population.numbers import hashed
from dbworkbench.population.scratch import Scratch
from dbworkbench.schema.relation import ForeignKey, Relation


def fill_in(
    scratch: Scratch,
    relation: Relation,
    target_relation: Relation,
    values: Mapping[str, Values],
    foreign_key: ForeignKey,
    *,
    free: tuple[str, ...],
    key: int,
) -> None:
    """Give a reference its values now that all rows exist.

    Each row takes a row to refer to out of those that agree with what it has already; an earlier one where the
    reference is to the same relation. Without one it stays unknown, or refers to itself.
    """
    for side in (relation, target_relation):
        hiding = [name for name in side.names if name.lower() == "rowid"]
        if hiding:
            raise Unsupported(
                f"the attribute {hiding[0]!r} of {side.name!r} hides the rows' numbers, by which a reference in a circle "
                "is filled in — rename it"
            )
    run = scratch.run
    own = foreign_key.relation == relation.name
    pairs = list(zip(foreign_key.attributes, foreign_key.referenced, strict=True))
    fixed = [(here, there) for here, there in pairs if here not in free]
    nullable = all(relation[name].nullable for name in free)
    there = ", ".join(quoted(name) for _, name in pairs)
    by = ", ".join(quoted(name) for _, name in fixed)
    part = f"PARTITION BY {by} " if by else ""
    target, table = quoted(foreign_key.relation), quoted(relation.name)
    known = " AND ".join(f"{quoted(name)} IS NOT NULL" for _, name in pairs)
    given = ", ".join(f"{quoted(name)} AS v{at}" for at, (_, name) in enumerate(pairs))
    source = f"SELECT {there}, min(rowid) AS r FROM {target} WHERE {known} GROUP BY {there}"
    targets, rows = scratch.name(), scratch.name()
    run(
        f"CREATE TABLE {targets} AS SELECT {given}, row_number() OVER ({part}ORDER BY r) - 1 AS j, "
        f"count(*) OVER ({part}) AS many FROM ({source})"
    )
    held = ", ".join(f"CAST({quoted(here)} AS VARCHAR) AS f{at}" for at, (here, _) in enumerate(fixed))
    run(f"CREATE TABLE {rows} AS SELECT rowid AS n{', ' + held if held else ''} FROM {table}")
    place = {here: at for at, (here, _) in enumerate(pairs)}
    sides = [f"CAST(t.v{place[here]} AS VARCHAR) = s.f{at}" for at, (here, _) in enumerate(fixed)]
    many = " AND ".join(["t.j = 0", *sides])
    turn = ", ".join(f"s.f{at}" for at in range(len(fixed)))
    earlier = f"(row_number() OVER ({'PARTITION BY ' + turn if turn else ''} ORDER BY s.n) - 1)"
    limit = f"least(many, {earlier})" if own else "many"
    bits = hashed("s.n", key)
    chosen = scratch.name()
    run(
        f"CREATE TABLE {chosen} AS SELECT n{''.join(f', f{at}' for at in range(len(fixed)))}, "
        f"CASE WHEN many IS NULL THEN NULL WHEN top = 0 THEN {'NULL' if nullable else '0'} "
        f"ELSE (bits % top)::BIGINT END AS j FROM (SELECT s.*, many, {limit} AS top, {bits} AS bits "
        f"FROM {rows} s LEFT JOIN {targets} t ON {many})"
    )
    same = " AND ".join(["t.j = c.j", *(side.replace("s.", "c.") for side in sides)])
    names = {name: f"CAST(t.v{place[name]} AS {values[name].type})" for name in free}
    shown = ", ".join(
        f"{names[name]} AS {quoted(name)}" if name in names else f"q.{quoted(name)}" for name in relation.names
    )
    filled = scratch.name()
    run(
        f"CREATE TABLE {filled} AS SELECT {shown} FROM {table} q JOIN {chosen} c ON q.rowid = c.n "
        f"LEFT JOIN {targets} t ON {same} ORDER BY q.rowid"
    )
    run(f"DELETE FROM {table}")
    run(f"INSERT INTO {table} SELECT * FROM {filled}")
    for at in (targets, rows, chosen, filled):
        run(f"DROP TABLE {at}")
    _still_kept(scratch, relation, foreign_key, free)


def _still_kept(scratch: Scratch, relation: Relation, foreign_key: ForeignKey, free: tuple[str, ...]) -> None:
    """Raise where values filled in last break what was kept before."""
    run = scratch.run
    table = quoted(relation.name)
    for name in free:
        missing = run(f"SELECT count(*) FROM {table} WHERE {quoted(name)} IS NULL").fetchall()[0][0]
        if missing and not relation[name].nullable:
            raise Unsatisfiable(
                f"{missing} rows of {relation.name!r} have no row of {foreign_key.relation!r} that "
                f"({', '.join(foreign_key.attributes)}) can refer to — let {name!r} be nullable or give more rows"
            )
    for check in relation.checks:
        broken = run(f"SELECT count(*) FROM {table} WHERE NOT ({check.expression}\n)").fetchall()[0][0]
        if broken:
            raise Unsupported(f"the check ({check.expression}) of {relation.name!r} depends on a reference in a circle")
