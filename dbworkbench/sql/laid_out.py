"""Statements in several lines, a clause in each, as a person would set them down."""

from sqlglot.errors import SqlglotError

from dbworkbench.errors import UnknownName
from dbworkbench.sql.workload import grammar

__all__ = ["laid_out"]

_SHORT = 100


def laid_out(text: str, dialect: str = "duckdb") -> str:
    """The same statements with a line for each clause; one that is short, or cannot be read, stays as it is.

    >>> print(laid_out("SELECT a, sum(b) FROM a_table_of_some_length JOIN another_one USING (a) WHERE c > 1 GROUP BY a, d, e, f ORDER BY a"))
    SELECT
      a,
      SUM(b)
    FROM a_table_of_some_length
    JOIN another_one
      USING (a)
    WHERE
      c > 1
    GROUP BY
      a,
      d,
      e,
      f
    ORDER BY
      a
    """
    if len(text) <= _SHORT or "\n" in text.strip():
        return text
    try:
        known = grammar(dialect)
        trees = known.parse(text)
        return ";\n".join(
            known.generate(tree, pretty=True, max_text_width=_SHORT) for tree in trees if tree is not None
        )
    except (SqlglotError, UnknownName):
        return text
