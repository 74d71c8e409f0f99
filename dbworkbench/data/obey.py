"""Whether rows obey what a design declares: every rule checked on the data, and the rows that break it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import duckdb

from dbworkbench.data.tables import Tables, quoted
from dbworkbench.errors import DataError, DesignError, kind_of
from dbworkbench.schema.notation import design_of
from dbworkbench.schema.relation import ForeignKey, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.shown import Shown
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, in_order
from dbworkbench.theory.verdict import Verdict

MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Rows(Shown):
    """Some rows of a table, as the evidence of a verdict: `total` is how many there are in all."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int
    what: str = "rows"


@dataclass(frozen=True, slots=True)
class Obedience(Shown):
    """What rows obey of a design: one verdict per rule, in the design's order; true when all hold.

    `kept` is the design without the keys and dependencies that the rows refute; of `a → b, c` where only c is
    refuted, `a → b` is kept.
    """

    design: Relation | Schema
    kept: Relation | Schema
    verdicts: tuple[Verdict, ...]

    def __bool__(self) -> bool:
        return all(self.verdicts)

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """The verdicts on the rules that do not hold; their witness is the offending Rows."""
        return tuple(verdict for verdict in self.verdicts if not verdict)


def check(data: Tables, design: Relation | Schema | str) -> Obedience:
    """Check every key, dependency, reference, condition and required value of a design against rows.

    Where no key is declared, the one that the dependencies imply is checked: rows that agree on it are the same row twice.
    Unknown values are equal to one another when a dependency is checked, and an unknown determinant must not
    determine a known value (taking the relation apart would lose it). In a key no value may be unknown.
    Cost: one grouping scan per determinant, key and reference, in DuckDB.

    Raises UnknownName where the data lack a table or a column of the design.
    """
    if not isinstance(data, Tables):
        raise DataError(f"{kind_of(data)} holds no tables — read it first: wb.read_data(…)")
    design = design_of(design)
    relations = (design,) if isinstance(design, Relation) else design.relations
    verdicts: list[Verdict] = []
    kept: list[Relation] = []
    for relation in relations:
        columns = {name for name, _ in data.columns(relation.name)}
        for name in relation.names:
            if name not in columns:
                raise DesignError(f"the data of {relation.name!r} have no column {name!r}")
        found = list(_verdicts(data, relation))
        verdicts += [verdict for _, verdict, _ in found]
        refuted = {rule: left for rule, verdict, left in found if not verdict}
        kept.append(
            replace(
                relation,
                keys=tuple(key for key in relation.keys if key not in refuted),
                dependencies=frozenset(
                    left for rule in relation.dependencies if (left := refuted.get(rule, rule)) is not None
                ),
            )
        )
    if isinstance(design, Schema):
        for relation in design:
            verdicts += [_reference(data, relation, foreign_key) for foreign_key in relation.foreign_keys]
        kept_keys = {relation.name: relation for relation in kept}
        whole = tuple(
            kept_keys[relation.name] if _still_reached(design, kept_keys) else relation for relation in design
        )
        return Obedience(design, replace(design, relations=whole), tuple(verdicts))
    return Obedience(design, kept[0], tuple(verdicts))


def _still_reached(design: Schema, kept: dict[str, Relation]) -> bool:
    """Whether every reference of the design still reaches a key when refuted keys are gone."""
    return all(
        len(kept[foreign_key.relation].keys) == len(design[foreign_key.relation].keys)
        for relation in design
        for foreign_key in relation.foreign_keys
    )


def _verdicts(data: Tables, relation: Relation) -> Iterator[tuple[object, Verdict, Dependency | None]]:
    """Each rule, its verdict, and what of a refuted dependency still holds."""
    table, count = quoted(relation.name), data.rows(relation.name)
    for attribute in relation.attributes:
        if not attribute.nullable:
            broken = f"{quoted(attribute.name)} IS NULL"
            yield (
                attribute,
                _none(data, relation, broken, f"The attribute {attribute.name} is always known", required=True),
                None,
            )
    for key in relation.keys:
        yield key, _unique(data, relation, key.attributes, count), None
    if not relation.keys and relation.fds:
        yield relation, _unique(data, relation, relation.primary_key, count, implied=True), None
    for condition in relation.checks:
        claim = f"The check ({condition.expression}) holds"
        try:
            yield condition, _none(data, relation, f"NOT ({condition.expression})", claim), None
        except duckdb.Error as error:
            said = str(error).splitlines()[0]
            claim = f"The check ({condition.expression}) cannot be evaluated: {said}"
            yield condition, Verdict(holds=False, claim=claim), None
    by_determinant: dict[frozenset[str], list[FD]] = {}
    for dependency in in_order(relation.dependencies):
        match dependency:
            case FD(determinant):
                by_determinant.setdefault(determinant, []).append(dependency)
            case MVD() | JD():
                yield dependency, _joined(data, relation, dependency, count), None
    for determinant, dependencies in by_determinant.items():
        dependents = [
            name for name in relation.names if any(name in fd.attributes - determinant for fd in dependencies)
        ]
        broken_names = _broken(data, table, sorted(determinant), dependents)
        for dependency in dependencies:
            bad = [name for name in dependents if name in dependency.attributes and name in broken_names]
            left = dependency.dependent - set(bad)
            yield (
                dependency,
                _functional(data, relation, dependency, bad, count),
                FD(determinant, left) if left - determinant else None,
            )


def _none(data: Tables, relation: Relation, broken: str, claim: str, *, required: bool = False) -> Verdict:
    """The verdict that no row meets the condition `broken`."""
    total = _count(data, f"SELECT count(*) FROM {quoted(relation.name)} WHERE {broken}")
    if not total:
        return Verdict(holds=True, claim=f"{claim} in {data.rows(relation.name):,} rows of {relation.name}")
    rows = _rows(data, f"SELECT * FROM {quoted(relation.name)} WHERE {broken}", total)
    said = claim.replace(" is always known", " is unknown") if required else claim.replace("holds", "is broken")
    return Verdict(holds=False, claim=f"{said} in {_rows_said(total)} of {relation.name}", witness=rows)


def _unique(data: Tables, relation: Relation, key: Sequence[str], count: int, *, implied: bool = False) -> Verdict:
    names = f"{', '.join(key)}{' (implied by the dependencies)' if implied else ''}"
    if not key:
        return Verdict(holds=count <= 1, claim=f"The dependencies allow one row at most, and there are {count:,}")
    cells = ", ".join(map(quoted, key))
    groups = f'SELECT {cells}, count(*) AS "rows" FROM {quoted(relation.name)} GROUP BY {cells} HAVING count(*) > 1'
    total = _count(data, f"SELECT count(*) FROM ({groups})")
    if total:
        rows = _rows(data, f"{groups} ORDER BY count(*) DESC, {cells}", total, "values")
        claim = f"The key {names} does not hold in {relation.name}: {total:,} of its values stand in more than one row"
        return Verdict(holds=False, claim=claim, witness=rows)
    unknown = " OR ".join(f"{quoted(name)} IS NULL" for name in key)
    missing = _count(data, f"SELECT count(*) FROM {quoted(relation.name)} WHERE {unknown}")
    if missing:
        rows = _rows(data, f"SELECT * FROM {quoted(relation.name)} WHERE {unknown}", missing)
        claim = f"The key {names} does not hold in {relation.name}: it is unknown in {_rows_said(missing)}"
        return Verdict(holds=False, claim=claim, witness=rows)
    return Verdict(holds=True, claim=f"The key {names} tells all {count:,} rows of {relation.name} apart")


def _broken(data: Tables, table: str, determinant: Sequence[str], dependents: Sequence[str]) -> set[str]:
    """Of several dependents of one determinant, those that some group disagrees on: one scan for all of them."""
    if not dependents:
        return set()
    groups = ", ".join(f"{_disagree(determinant, name)} AS d{at}" for at, name in enumerate(dependents))
    grouped = f" GROUP BY {', '.join(map(quoted, determinant))}" if determinant else ""
    any_group = ", ".join(f"coalesce(bool_or(d{at}), false)" for at in range(len(dependents)))
    (found,) = data.connection.execute(f"SELECT {any_group} FROM (SELECT {groups} FROM {table}{grouped})").fetchall()
    return {name for name, bad in zip(dependents, found, strict=True) if bad}


def _disagree(determinant: Sequence[str], name: str) -> str:
    """Whether a group has two values of a dependent, or a known one beside an unknown determinant."""
    cell = quoted(name)
    two = f"(min({cell}) <> max({cell}) OR (count({cell}) > 0 AND count({cell}) < count(*)))"
    unknown = " OR ".join(f"{quoted(of)} IS NULL" for of in determinant)
    return f"coalesce({two} OR (({unknown}) AND count({cell}) > 0), false)" if unknown else f"coalesce({two}, false)"


def _functional(data: Tables, relation: Relation, fd: FD, bad: Sequence[str], count: int) -> Verdict:
    if not bad:
        return Verdict(holds=True, claim=f"The dependency {fd} holds in {count:,} rows of {relation.name}")
    determinant = [name for name in relation.names if name in fd.determinant]
    table = quoted(relation.name)
    shown = ", ".join(map(quoted, (*determinant, *bad)))
    having = " OR ".join(_disagree(determinant, name) for name in bad)
    if determinant:
        keys = ", ".join(map(quoted, determinant))
        groups = f"SELECT {keys} FROM {table} GROUP BY {keys} HAVING {having}"
        total = _count(data, f"SELECT count(*) FROM ({groups})")
        same = " AND ".join(f"t.{quoted(name)} IS NOT DISTINCT FROM g.{quoted(name)}" for name in determinant)
        listing = ", ".join(f"t.{quoted(name)}" for name in (*determinant, *bad))
        query = (
            f'SELECT {listing}, count(*) AS "rows" FROM {table} t JOIN ({groups} ORDER BY {keys} LIMIT {MOST_ROWS}) g '
            f"ON {same} GROUP BY {listing} ORDER BY {listing}"
        )
    else:
        total = 1
        query = f'SELECT {shown}, count(*) AS "rows" FROM {table} GROUP BY {shown} ORDER BY {shown}'
    broken = ", ".join(bad)
    values = f"{total:,} value{'s' if total != 1 else ''} of {', '.join(determinant)}" if determinant else "the table"
    claim = f"The dependency {fd} does not hold in {relation.name}: {values} {'come' if total != 1 else 'comes'} with different {broken}"
    return Verdict(holds=False, claim=claim, witness=_rows(data, query, total, "groups"))


def _joined(data: Tables, relation: Relation, dependency: MVD | JD, count: int) -> Verdict:
    """A multivalued or join dependency: joining the projections makes no row that is not there."""
    whole = frozenset(relation.names)
    if isinstance(dependency, MVD):
        left = dependency.determinant | dependency.dependent
        components = [left, dependency.determinant | (whole - left)]
    else:
        components = sorted(dependency.components, key=sorted)
    if frozenset().union(*components) != whole:
        return Verdict(
            holds=False, claim=f"The dependency {dependency} does not name every attribute of {relation.name}"
        )
    table = quoted(relation.name)
    joined = _natural_join(relation, table, components)
    listing = ", ".join(quoted(name) for name in relation.names)
    spurious = f"SELECT {listing} FROM ({joined}) EXCEPT SELECT {listing} FROM {table}"
    total = _count(data, f"SELECT count(*) FROM ({spurious})")
    if not total:
        return Verdict(holds=True, claim=f"The dependency {dependency} holds in {count:,} rows of {relation.name}")
    claim = f"The dependency {dependency} does not hold in {relation.name}: {_rows_said(total)} would have to be there as well"
    return Verdict(holds=False, claim=claim, witness=_rows(data, f"{spurious} ORDER BY ALL", total, "missing rows"))


def _natural_join(relation: Relation, table: str, components: Iterable[frozenset[str]]) -> str:
    """The join of projections; unknown values are equal to one another."""
    source, held = "", frozenset[str]()
    for at, component in enumerate(components):
        names = [name for name in relation.names if name in component]
        part = f"(SELECT DISTINCT {', '.join(map(quoted, names))} FROM {table}) p{at}"
        if not source:
            source, held = f"SELECT * FROM {part}", component
            continue
        on = " AND ".join(
            f"j.{quoted(name)} IS NOT DISTINCT FROM p{at}.{quoted(name)}" for name in names if name in held
        )
        more = "".join(f", p{at}.{quoted(name)}" for name in names if name not in held)
        source = f"SELECT j.*{more} FROM ({source}) j JOIN {part} ON {on or 'true'}"
        held |= component
    return source


def _reference(data: Tables, relation: Relation, foreign_key: ForeignKey) -> Verdict:
    here, there = ", ".join(foreign_key.attributes), ", ".join(foreign_key.referenced)
    said = f"The reference {relation.name}({here}) → {foreign_key.relation}({there})"
    known = " AND ".join(f"c.{quoted(name)} IS NOT NULL" for name in foreign_key.attributes)
    same = " AND ".join(
        f"p.{quoted(b)} = c.{quoted(a)}" for a, b in zip(foreign_key.attributes, foreign_key.referenced, strict=True)
    )
    orphans = (
        f"FROM {quoted(relation.name)} c WHERE {known} AND NOT EXISTS "
        f"(SELECT 1 FROM {quoted(foreign_key.relation)} p WHERE {same})"
    )
    total = _count(data, f"SELECT count(*) {orphans}")
    if not total:
        return Verdict(holds=True, claim=f"{said}: every value is there")
    listing = ", ".join(f"c.{quoted(name)}" for name in foreign_key.attributes)
    rows = _rows(data, f'SELECT {listing}, count(*) AS "rows" {orphans} GROUP BY {listing} ORDER BY {listing}', total)
    return Verdict(
        holds=False, claim=f"{said}: {_rows_said(total)} refer{'s' if total == 1 else ''} to nothing", witness=rows
    )


def _count(data: Tables, query: str) -> int:
    return int(data.connection.execute(query).fetchall()[0][0])


def _rows(data: Tables, query: str, total: int, what: str = "rows") -> Rows:
    found = data.connection.execute(f"{query} LIMIT {MOST_ROWS}")
    columns = tuple(column[0] for column in found.description or ())
    return Rows(columns, tuple(tuple(row) for row in found.fetchall()), total, what)


def _rows_said(total: int) -> str:
    return f"{total:,} row{'s' if total != 1 else ''}"
