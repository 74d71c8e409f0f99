"""What is computed in a relation is found in the order in which it is rewritten."""

from hypothesis import given

from dbworkbench.schema.expressions import computed, recomputed
from dbworkbench.schema.schema import Schema
from tests.sql.designs import schemas


@given(schemas())
def test_what_is_computed_is_found_and_rewritten_in_one_order(schema: Schema) -> None:
    for relation in schema:
        met: list[str] = []

        def numbered(text: str, met: list[str] = met) -> str:
            met.append(text)
            return f"{len(met)} + {text}"

        rewritten = recomputed(relation, numbered)
        assert tuple(met) == computed(relation)
        assert computed(rewritten) == tuple(f"{at + 1} + {text}" for at, text in enumerate(met))
