"""What a design does not enforce: dependencies that are no keys, and how many rows a change of one fact touches."""

from collections.abc import Iterator
from dataclasses import dataclass

from dbworkbench.data.tables import quoted
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD
from dbworkbench.trials.candidate import Candidate
from dbworkbench.trials.proof import Parts

_MOST = 100


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A dependency that a candidate holds without enforcing it, as found in its rows.

    `facts` are the different values of the determinant, each said in `rows / facts` rows on average and in `most` at
    worst: so many rows a change of one fact touches (the update anomaly; Codd 1972, §2). A dependency that no one
    relation holds, so that only a join could check it, has no `relation` and no counts.
    """

    candidate: str
    relation: str
    dependency: str
    facts: int = 0
    rows: int = 0
    most: int = 0

    @property
    def touched(self) -> float:
        """Rows that a change of one fact touches on average."""
        return self.rows / self.facts if self.facts else 0.0


def unenforced(relation: Relation) -> tuple[FD, ...]:
    """The declared dependencies that no key of the relation implies, those of one determinant as one."""
    keys = [frozenset(key.attributes) for key in relation.keys] or [frozenset(relation.primary_key)]
    found: dict[frozenset[str], frozenset[str]] = {}
    for dependency in relation.fds:
        here, there = dependency.determinant, dependency.dependent - dependency.determinant
        if there and not any(key <= here for key in keys):
            found[here] = found.get(here, frozenset()) | there
    return tuple(FD(here, found[here]) for here in sorted(found, key=sorted))


def anomalies(candidate: Candidate, reference: Schema, made: Parts) -> Iterator[Anomaly]:
    """A candidate's dependencies that are not enforced, counted in its rows; and those that no relation of it holds."""
    cursor = made.source.connection.cursor()
    try:
        for relation in candidate.schema:
            for dependency in unenforced(relation)[:_MOST]:
                names = [quoted(name) for name in relation.names if name in dependency.determinant]
                known = " AND ".join(f"{name} IS NOT NULL" for name in names) or "true"
                groups = f"GROUP BY {', '.join(names)}" if names else ""
                facts, rows, most = cursor.execute(
                    f"SELECT count(*), coalesce(sum(n), 0), coalesce(max(n), 0) FROM "
                    f"(SELECT count(*) AS n FROM {made.table(relation.name)} WHERE {known} {groups})"
                ).fetchall()[0]
                yield Anomaly(candidate.name, relation.name, str(dependency), int(facts), int(rows), int(most))
    finally:
        cursor.close()
    if len(reference) == 1:
        held = [frozenset(relation.names) for relation in candidate.schema]
        for dependency in reference.relations[0].fds[:_MOST]:
            if not any(dependency.attributes <= names for names in held) and not _implied(dependency, candidate.schema):
                yield Anomaly(candidate.name, "", str(dependency))


def _implied(dependency: FD, schema: Schema) -> bool:
    """Whether the dependencies within single relations imply one that no relation holds whole."""
    fds = [fd for relation in schema for fd in relation.fds]
    return dependency.dependent <= closure(dependency.determinant, fds)
