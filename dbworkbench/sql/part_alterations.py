"""The parts of a partitioned table that are added, dropped or taken out of it."""

from dataclasses import replace

from dbworkbench.sql.cursor import Cursor, Puzzled
from dbworkbench.sql.paths import partitions_in
from dbworkbench.sql.tables import Name, Table
from dbworkbench.sql.type_alterations import TypeAlterations

__all__ = ["PartAlterations"]


class PartAlterations(TypeAlterations):
    """Carries out what alters the parts of a table."""

    def _with_partitions(self, table: Table, cursor: Cursor) -> None:
        """MySQL's `ADD PARTITION (PARTITION p VALUES LESS THAN (9))`, and `ADD PARTITION PARTITIONS 2`."""
        laid, said = table.partitioning, cursor.rest()
        if laid is None:
            return
        token = cursor.token(1)
        if cursor.upper() == "PARTITIONS" and laid.count and token and token.kind == "number":
            table.partitioning = replace(laid, count=laid.count + int(token.value))
            return
        others: list[tuple[str, str]] = []
        try:
            more = tuple(partitions_in(cursor, cursor.group(), self.dialect, others))
        except Puzzled as reason:
            self.catalogue.lose(".".join(table.name), f"a partition more, {said}: {reason}", "not read")
            return
        table.partitioning = replace(laid, partitions=(*laid.partitions, *more))
        self._aside_of_parts(table, others)

    def _without_partitions(self, table: Table, cursor: Cursor) -> None:
        cursor.take("IF", "EXISTS")
        gone = {token.value.casefold() for token in cursor.tokens[cursor.at :]}
        laid = table.partitioning
        if laid is not None:
            kept = tuple(one for one in laid.partitions if one.name.casefold() not in gone)
            table.partitioning = replace(laid, partitions=kept)

    def _detached(self, table: Table, name: Name) -> None:
        """A part becomes a table of its own, with the columns and the checks of the whole."""
        laid = table.partitioning
        found = (
            next((one for one in laid.partitions if one.name.casefold() == name[-1].casefold()), None) if laid else None
        )
        if laid is None or found is None:
            raise Puzzled(f"no partition {'.'.join(name)} to detach")
        table.partitioning = replace(laid, partitions=tuple(one for one in laid.partitions if one is not found))
        self.catalogue.others.pop(name[-1].casefold(), None)
        self.catalogue.put(
            replace(
                table,
                name=name,
                columns=dict(table.columns),
                partitioning=None,
                primary=replace(table.primary, name="") if table.primary else None,
                uniques=[replace(one, name="") for one in table.uniques],
                references=[replace(one, name="") for one in table.references],
                checks=list(table.checks),
                indexes=[replace(one, name="") for one in table.indexes],
                exclusions=[replace(one, name="") for one in table.exclusions],
                numbers={},
                domains=dict(table.domains),
                declared=dict(table.declared),
                asides=[],
            )
        )
