"""References within a circle, or to the same relation: filled in once all rows exist."""

from collections.abc import Callable, Mapping

from dbworkbench.data.tables import quoted
from dbworkbench.errors import Unsatisfiable, Unsupported, listed
from dbworkbench.population.coding import Values
from dbworkbench.population.numbers import hashed
from dbworkbench.population.references import unheld
from dbworkbench.population.scratch import Scratch
from dbworkbench.schema.relation import ForeignKey, Relation

_TRIES = 16  # with which a row chooses again at random
_AT_ONCE = 1_000  # rows that choose at once among all that they may refer to: bounds what is compared


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
    asked = [f"{quoted(name)} IS NOT NULL" for _, name in pairs]
    known = " AND ".join((*asked, *unheld(relation, foreign_key, target_relation)))
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
        f"CREATE TABLE {chosen} AS SELECT n, many{''.join(f', f{at}' for at in range(len(fixed)))}, "
        f"CASE WHEN many IS NULL THEN NULL WHEN top = 0 THEN {'NULL' if nullable else '0'} "
        f"ELSE (bits % top)::BIGINT END AS j FROM (SELECT s.*, many, {limit} AS top, {bits} AS bits "
        f"FROM {rows} s LEFT JOIN {targets} t ON {many})"
    )
    same = " AND ".join(["t.j = c.j", *(side.replace("s.", "c.") for side in sides)])
    names = {name: f"CAST(t.v{place[name]} AS {values[name].type})" for name in free}
    shown = ", ".join(
        f"{names[name]} AS {quoted(name)}" if name in names else f"q.{quoted(name)}" for name in relation.names
    )
    told = f"{shown}, c.n AS {_apart('row', relation)}, t.j AS {_apart('turn', relation)}"
    _choose_by_checks(
        scratch,
        relation,
        chosen,
        lambda some, on: f"SELECT {told} FROM {some} c JOIN {table} q ON q.rowid = c.n LEFT JOIN {targets} t ON {on}",
        (same, " AND ".join(side.replace("s.", "c.") for side in sides) or "true"),
        key=key,
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


def _choose_by_checks(
    scratch: Scratch,
    relation: Relation,
    chosen: str,
    query: Callable[[str, str], str],
    joined: tuple[str, str],
    *,
    key: int,
) -> None:
    """Let rows that break a check by what they refer to choose again: at random, then among all by which they keep it.

    One without such a row refers to none. `query` has some rows of `chosen` with what they refer to by a join, `joined`
    are those with the one row that was chosen, and with all that may be.
    """
    if not relation.checks:
        return
    run, name = scratch.run, quoted(relation.name)
    passing = " AND ".join(f"((({check.expression}\n)) IS NOT FALSE)" for check in relation.checks)
    row, turn, broken, some = _apart("row", relation), _apart("turn", relation), scratch.name(), scratch.name()

    def wrong(among: str) -> str:
        return f"SELECT {row} AS n FROM ({query(among, joined[0])}) AS {name} WHERE NOT ({passing})"

    run(f"CREATE TABLE {broken} AS {wrong(chosen)}")
    for attempt in range(_TRIES):
        if not scratch.count(broken):
            break
        run(f"CREATE OR REPLACE TABLE {some} AS SELECT * FROM {chosen} WHERE n IN (FROM {broken}) AND many IS NOT NULL")
        run(f"UPDATE {some} SET j = ({hashed('n', key ^ 1 + 2 * attempt)} % many)::BIGINT")
        run(f"UPDATE {chosen} SET j = s.j FROM {some} s WHERE {chosen}.n = s.n")
        run(f"CREATE OR REPLACE TABLE {broken} AS {wrong(some)}")
    for start in range(0, scratch.count(broken), _AT_ONCE):
        part = f"SELECT n FROM {broken} ORDER BY n LIMIT {_AT_ONCE} OFFSET {start}"
        run(f"CREATE OR REPLACE TABLE {some} AS SELECT * FROM {chosen} WHERE n IN ({part})")
        among = f"SELECT {row} AS n, {turn} AS j FROM ({query(some, joined[1])}) AS {name} WHERE {passing}"
        found = f"SELECT n, arg_min(j, {hashed('xor(n, j << 32)', key ^ 1)}) AS j FROM ({among}) GROUP BY n"
        run(f"UPDATE {chosen} SET j = NULL WHERE n IN ({part})")
        run(f"UPDATE {chosen} SET j = f.j FROM ({found}) f WHERE {chosen}.n = f.n")
    for table in (broken, some):
        run(f"DROP TABLE IF EXISTS {table}")


def _apart(word: str, relation: Relation) -> str:
    """A column beside a relation's own, quoted."""
    taken = {name.lower() for name in relation.names}
    while word in taken:
        word += "_"
    return quoted(word)


def _still_kept(scratch: Scratch, relation: Relation, foreign_key: ForeignKey, free: tuple[str, ...]) -> None:
    """Raise where values filled in last break what was kept before."""
    run = scratch.run
    table = quoted(relation.name)
    for name in free:
        missing = run(f"SELECT count(*) FROM {table} WHERE {quoted(name)} IS NULL").fetchall()[0][0]
        if missing and not relation[name].nullable:
            rules = listed([f"({check.expression})" for check in relation.checks])
            raise Unsatisfiable(
                f"{missing} rows of {relation.name!r} have no row of {foreign_key.relation!r} that "
                f"({', '.join(foreign_key.attributes)}) can refer to{f' by its checks, {rules}' if rules else ''} — "
                f"let {name!r} be nullable or give more rows"
            )
    for check in relation.checks:
        broken = run(f"SELECT count(*) FROM {table} WHERE NOT ({check.expression}\n)").fetchall()[0][0]
        if broken:
            raise Unsupported(f"the check ({check.expression}) of {relation.name!r} depends on a reference in a circle")
