"""The keys, indexes and exclusions of a table, as far as one database has them."""

from dataclasses import replace
from functools import partial

from dbworkbench.errors import listed
from dbworkbench.schema.relation import Exclusion, Index, Key, Relation
from dbworkbench.sql.clustering import CLUSTER, clustered
from dbworkbench.sql.dialect import Dialect, Feature, Rare
from dbworkbench.sql.filling import Cannot
from dbworkbench.sql.indexing import changes, indexed, is_written
from dbworkbench.sql.operators import excludes, is_operator, kind_of
from dbworkbench.sql.planned import Planned, Planning, TablePlan, said
from dbworkbench.sql.room import is_cut, within

__all__ = ["exclusions", "indexes", "keys", "sorted_by"]

_AGAIN = "the same attributes again"
_CHANGING = "a condition that would change by itself, or with the settings of a session, such as its time zone"


def keys(planning: Planning, table: TablePlan) -> None:
    """Which keys a table has, and which of them is primary."""
    relation = table.relation
    wanted = list(relation.keys)
    if not wanted and relation.dependencies:
        wanted = [Key(relation.primary_key)]
    elif not wanted and not any(index.is_key for index in relation.indexes):
        planning.lose(relation.name, "no key and no dependency is declared", "equal rows are not refused")
    for at, key in enumerate(wanted):
        first = next((one.rule for one in table.keys if set(one.rule.attributes) == set(key.attributes)), None)
        if first is not None:
            if key != first:
                planning.lose(said(relation, "key", key.attributes), _AGAIN, f"said once, {_key_said(first)}")
            continue
        if not planning.fits(relation, "key", key.attributes):
            continue
        unknown = [name for name in key.attributes if relation[name].nullable]
        if at == 0 and unknown:
            what = f"a primary key over {listed(unknown)}, which may be NULL"
            pass_too = "" if Feature.MANY_NULLS in planning.dialect.lacks else ": rows with a NULL pass"
            planning.lose(said(relation, "key", key.attributes), what, f"written as UNIQUE{pass_too}")
        _take_key(planning, table, key, primary=at == 0 and not unknown)
    _referenced_keys(planning, table)


def _take_key(planning: Planning, table: TablePlan, key: Key, *, primary: bool = False) -> None:
    relation, lacks = table.relation, planning.dialect.lacks
    what = said(relation, "key", key.attributes)
    if not primary and Feature.UNIQUE in lacks:
        planning.lose(what, Feature.UNIQUE.value)
        return
    if Feature.KEYS_ENFORCED in lacks:
        planning.lose(what, Feature.KEYS_ENFORCED.value, "written as a hint")
    elif Feature.MANY_NULLS in lacks and any(relation[name].nullable for name in key.attributes):
        planning.lose(what, Feature.MANY_NULLS.value, "a second such row is refused")
    if not key.nulls_distinct and Feature.MANY_NULLS not in lacks and any(relation[n].nullable for n in key.attributes):
        key = _distinct(planning, what, key)
    if key.deferrable and Rare.DEFERRABLE_KEY not in planning.dialect.has:
        planning.lose(what, Rare.DEFERRABLE_KEY.value, "looked at once")
        key = replace(key, deferrable="")
    table.primary = table.primary or primary
    table.keys.append(Planned(key))


def _distinct(planning: Planning, what: str, key: Key) -> Key:
    """The key with its unknown values told apart, where they have to be."""
    if Rare.NULLS_NOT_DISTINCT in planning.dialect.has:
        return key
    planning.lose(what, Rare.NULLS_NOT_DISTINCT.value, "rows with a NULL pass")
    return replace(key, nulls_distinct=True)


def _referenced_keys(planning: Planning, table: TablePlan) -> None:
    """Superkeys and unique indexes that foreign keys refer to: engines want a constraint on just these columns."""
    relation = table.relation
    for names in planning.referenced.get(relation.name, ()):
        declared = (*relation.keys, *(known.rule for known in table.keys))
        if any(set(names) == set(key.attributes) for key in declared):
            continue
        if planning.fits(relation, "key", names):
            index = next((i for i in relation.indexes if i.is_key and set(i.attributes) == set(names)), None)
            _take_key(planning, table, Key(names, index.name if index else ""))


def indexes(planning: Planning, table: TablePlan) -> None:
    """Which indexes a table has, and which order of its rows."""
    relation = table.relation
    for index in relation.indexes:
        what = said(relation, "index", tuple(map(str, index.parts)))
        if index.method == CLUSTER and _clustered(planning, table, index, what):
            continue
        if index.method == CLUSTER and CLUSTER in planning.dialect.methods and not index.where:
            sorts = _sorted(planning, table, index, what)
            if sorts is None:
                continue
            index = sorts  # noqa: PLW2901  the same, where the rows are in another order already
        same_key = any(set(index.attributes) == set(key.rule.attributes) for key in table.keys)
        if index.is_key and same_key:
            _beside_key(planning, table, index, what)
            continue
        whole = sorted_by(index, planning.dialect) if is_written(index, planning.dialect) else ()
        parts = None if is_cut(index, planning.dialect) else index.parts
        if whole and not planning.fits(relation, "index", whole, what, parts):
            continue
        if Feature.INDEX in planning.dialect.lacks:
            if index.is_key:
                if replace(index, name="", nulls_distinct=True) != Index(index.attributes, unique=True):
                    planning.lose(what, "its method, its order and what it takes along", "written as a key")
                _take_key(planning, table, Key(index.attributes, index.name, index.nulls_distinct))
            else:
                planning.lose(what, Feature.INDEX.value)
            continue
        same_columns = any(index.on == key.rule.attributes for key in table.keys)
        if same_columns and Feature.REPEATED_INDEX in planning.dialect.lacks:
            planning.lose(what, Feature.REPEATED_INDEX.value, "the key has one")
            continue
        where = _where(planning, relation, index, what)
        if where is None:
            continue
        fitting = within(replace(index, where=where), table.types, planning.dialect)
        told_part = partial(planning.part_told, what, relation)
        found = fitting
        if fitting.index:
            found = indexed(
                fitting.index, relation, planning.dialect, told_part, types=table.types, extended=_extended(planning)
            )
        for lost, instead in dict.fromkeys((*fitting.losses, *found.losses)):
            planning.lose(what, lost, instead)
        unknown = index.unique and index.nulls_distinct and any(relation[one].nullable for one in index.attributes)
        if found.index is not None and unknown and Feature.MANY_NULLS in planning.dialect.lacks:
            planning.lose(what, Feature.MANY_NULLS.value, "a second such row is refused")
        if found.index is not None:
            table.indexes.append(Planned(found.index, what=what))
            if found.index.method == CLUSTER:
                table.sorted_by = table.indexes[-1]


def _where(planning: Planning, relation: Relation, index: Index, what: str) -> str | None:
    """The condition of a partial index in the dialect's words, "" for all rows; None where there is to be no such index."""
    if index.where and Feature.PARTIAL_INDEX in planning.dialect.lacks:
        fate = "not written: it would refuse more rows" if index.unique else "written for all rows"
        planning.lose(what, Feature.PARTIAL_INDEX.value, fate)
        return None if index.unique else ""
    if index.where and changes(index.where, relation, planning.dialect):
        planning.lose(f"{what} where {index.where}", _CHANGING)
        return None
    if index.where:
        return planning.condition_told(f"{what} where {index.where}", index.where, relation)
    return ""


def _sorted(planning: Planning, table: TablePlan, index: Index, what: str) -> Index | None:
    """An index that is the order of the rows where indexes can be: as it is written, or None where a key says it."""
    if table.sorted_by is not None:
        planning.lose(what, f"the method {CLUSTER}: the rows are in the order of another one", "written without")
        return replace(index, method="")
    key = next((one for one in table.keys if one.rule.attributes == index.attributes), None)
    if key is None or index.unique or not replace(index, method="").is_plain:
        return index
    if table.primary and key is table.keys[0]:
        planning.lose(what, Feature.REPEATED_INDEX.value, "the key has one")
        return None
    if index.name:
        planning.lose(f"{table.relation.name}: the index {index.name}", "its name", "the key is the order")
    table.sorted_by = key
    return None


def _clustered(planning: Planning, table: TablePlan, index: Index, what: str) -> bool:
    """Write an index as the order of the rows; whether the engine keeps them so."""
    relation, key = table.relation, table.keys[0].rule.attributes if table.primary else ()
    columns = {name: planning.names[relation.name, name] for name in relation.names}
    try:
        if planning.dialect.key_outside and index.on == key:
            planning.lose(what, Feature.REPEATED_INDEX.value, "the key has one")
            return True
        order, lost = clustered(
            index,
            relation,
            planning.dialect,
            column=lambda name: planning.dialect.quoted(columns[name]),
            told=partial(planning.part_told, what, relation),
            key=key,
            another=bool(table.clustered),
        )
    except Cannot as reason:
        if planning.dialect.clustering:
            planning.lose(what, f"the method {CLUSTER}: {reason}", "written without")
        return False
    for one in lost:
        planning.lose(what, one, "written without")
    if planning.dialect.key_outside and tuple(dict.fromkeys(part.attribute for part in index.parts)) == key:
        planning.lose(what, Feature.REPEATED_INDEX.value, "the key has one")
        return True
    table.clustered = order
    if index.name:
        planning.lose(f"{relation.name}: the index {index.name}", "its name", "not written: an order has none")
    return True


def _beside_key(planning: Planning, table: TablePlan, index: Index, what: str) -> None:
    """A unique index on the attributes of a key is not written: what it says beyond the key is lost."""
    key = next(one.rule for one in table.keys if set(one.rule.attributes) == set(index.attributes))
    same = index.is_plain and key.nulls_distinct and index.attributes == key.attributes
    if not same or index.name not in {"", key.name}:
        planning.lose(what, "a unique index on the attributes of a key", "the key says that they are unique")


def exclusions(planning: Planning, table: TablePlan) -> None:
    """Which exclusions a table has."""
    relation = table.relation
    for exclusion in relation.exclusions:
        what = said(relation, "exclusion", tuple(map(str, exclusion.parts)))
        known = exclusion.method in {"", "gist", "spgist", "btree", "hash"} and all(
            map(is_operator, exclusion.operators)
        )
        known = known and (exclusion.method != "hash" or len(exclusion.parts) == 1)
        if Rare.EXCLUSION not in planning.dialect.has or not known:
            planning.lose(what, Rare.EXCLUSION.value)
            continue
        for part, operator in zip(exclusion.parts, exclusion.operators, strict=True):
            kind = kind_of(relation[part.attribute], planning.dialect) if part.attribute else ""
            if not excludes(operator, exclusion.method, kind) and not _extended(planning):
                planning.lose(what, f"the operator {operator} of {kind or 'it'} by {exclusion.method or 'gist'}")
                break
        else:
            _exclude(planning, table, exclusion, what)


def _extended(planning: Planning) -> bool:
    """Whether an extension may bring operators of its own."""
    return any(one.kind == "extension" and one.dialect == planning.dialect.name for one in planning.schema.definitions)


def _exclude(planning: Planning, table: TablePlan, exclusion: Exclusion, what: str) -> None:
    relation = table.relation
    spoken = [*(part.expression for part in exclusion.parts), exclusion.where]
    if any(changes(text, relation, planning.dialect) for text in spoken if text):
        planning.lose(what, _CHANGING)
        return
    told = [planning.part_told(what, relation, part.expression) for part in exclusion.parts if part.expression]
    where = planning.told(what, exclusion.where, relation, relation.names) if exclusion.where else ""
    if where is not None and None not in told:
        texts = iter(told)
        on = tuple(replace(part, expression=str(next(texts))) if part.expression else part for part in exclusion.parts)
        table.exclusions.append(Planned(replace(exclusion, on=on, where=where)))


def sorted_by(index: Index, dialect: Dialect) -> tuple[str, ...]:
    """The attributes whose whole values an index sorts by: none where its method looks into them."""
    inner = index.method in {"gin", "gist", "spgist", "brin", "fulltext", "spatial"} and not index.unique
    if inner and index.method in dialect.methods:
        return ()
    cut = Rare.LENGTH in dialect.has
    return tuple(part.attribute for part in index.parts if part.attribute and not (part.length and cut))


def _key_said(key: Key) -> str:
    """What a key says beside its attributes."""
    said = f"called {key.name}" if key.name else "without a name"
    said += "" if key.nulls_distinct else ", where rows with a NULL are alike"
    return said + (f", {key.deferrable}" if key.deferrable else "")
