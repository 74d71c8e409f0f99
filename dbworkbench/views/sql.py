"""How workloads look: the queries with their weights, each text behind a fold."""

from dbworkbench.page.blocks import Code, Fold, Heading, Page, Prose, Table
from dbworkbench.sql.workload import Query, Workload
from dbworkbench.views.describe import describe
from dbworkbench.views.words import counted

_MOST_QUERIES = 60


@describe.register
def _(workload: Workload) -> Page:
    shown = workload.queries[:_MOST_QUERIES]
    rows = tuple((query.name, f"{query.weight:g}", ", ".join(engine for engine, _ in query.own)) for query in shown)
    brings = any(own for _, _, own in rows)
    header = ("query", "weight", "own text for") if brings else ("query", "weight")
    table = Table(header, tuple(row if brings else row[:2] for row in rows), align="lrl"[: len(header)])
    folds = (Fold(query.name, _texts(query)) for query in shown)
    left = len(workload) - len(shown)
    more = (Prose(f"… and {counted(left, 'more query', 'more queries')}."),) if left else ()
    return (Heading(f"A workload of {counted(len(workload), 'query', 'queries')}"), table, *folds, *more)


@describe.register
def _(query: Query) -> Page:
    return (Heading(query.name, 3), *_texts(query))


def _texts(query: Query) -> Page:
    own = (block for engine, text in query.own for block in (Prose(f"On {engine}:"), Code(text, "sql")))
    return (Code(query.text, "sql"), *own)
