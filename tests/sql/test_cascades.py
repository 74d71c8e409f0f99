"""SQL Server refuses two paths of actions from one table to another, and any path back to a table (error 1785)."""

from collections import Counter

from hypothesis import given, settings

from dbworkbench.schema.schema import Schema
from dbworkbench.sql.read import read
from dbworkbench.sql.write import write
from tests.sql.designs import schemas

PATHS = """CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE);
CREATE TABLE c (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE,
    b int REFERENCES b ON DELETE SET NULL ON UPDATE CASCADE, c int REFERENCES c ON DELETE CASCADE);
CREATE TABLE d (id int PRIMARY KEY, m int REFERENCES a ON DELETE CASCADE, n int REFERENCES a ON UPDATE CASCADE);"""


def more_than_once(schema: Schema) -> list[tuple[str, str]]:
    """The pairs of relations with more than one path of actions from the one to the other, itself included."""
    below: dict[str, list[str]] = {name: [] for name in schema.names}
    for relation in schema:
        for key in relation.foreign_keys:
            if {key.on_delete, key.on_update} - {"", "no action", "restrict"}:
                below[key.relation].append(relation.name)
    found = []
    for first in schema.names:
        paths, waiting = Counter([first]), [first]
        while waiting and paths.total() < 1000:
            for there in below[waiting.pop()]:
                paths[there] += 1
                waiting.append(there)
        found += [(first, there) for there, many in paths.items() if many > 1]
    return found


def test_a_second_path_is_written_without_its_action_and_told_with_the_first() -> None:
    schema = read(PATHS, "postgresql").schema
    assert ("a", "c") in more_than_once(schema)
    written = write(schema, "sqlserver")
    assert more_than_once(read(written.text, "sqlserver").schema) == []
    told = [str(loss) for loss in written.losses]
    second = "a second path of actions to a table"
    assert (
        f"c: the foreign key (b) to b: on delete set null, {second}: a → c and a → b → c — such a change is refused"
        in told
    )
    assert (
        f"d: the foreign key (n) to a: on update cascade, {second}: a → d and a → d — such a change is refused" in told
    )
    assert not any(second in str(loss) for loss in write(schema, "postgresql").losses)


@settings(max_examples=40)
@given(schema=schemas())
def test_no_design_is_written_with_two_paths(schema: Schema) -> None:
    assert more_than_once(read(write(schema, "sqlserver").text, "sqlserver").schema) == []
