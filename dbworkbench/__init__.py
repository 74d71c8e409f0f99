"""dbworkbench: a database gets designed, proven and measured, in a notebook.

    import dbworkbench as wb

The names below are read lazily: importing this package loads nothing but this file.
"""

from importlib import import_module

__version__ = "0.1.0"

# the vocabulary: a name, and where it lives
_WORDS = {
    # a design as a value
    "relation": "dbworkbench.schema.notation",
    "schema": "dbworkbench:schema",  # the package can be called, since an imported package takes its name
    "to_text": "dbworkbench.schema.notation",
    "Relation": "dbworkbench.schema.relation",
    "Schema": "dbworkbench.schema.schema",
    "FD": "dbworkbench.theory.dependencies",
    "MVD": "dbworkbench.theory.dependencies",
    "JD": "dbworkbench.theory.dependencies",
    # in the notations of other tools
    "reflect": "dbworkbench.engines.reflect",
    "verify": "dbworkbench.trials.verify",
    "read": "dbworkbench.formats.read",
    "write": "dbworkbench.formats.write",
    # judged and taken apart
    "analyze": "dbworkbench.schema.analysis",
    "normalize": "dbworkbench.schema.normalization",
    # drawn and written
    "erd": "dbworkbench.diagram.erd",
    "dependency_picture": "dbworkbench.diagram.dependencies",
    "ddl": "dbworkbench.sql.write:write",
    "normalization_picture": "dbworkbench.diagram.normalized",
    "board": "dbworkbench.widgets.board",
    "dependencies": "dbworkbench.widgets.dependencies",
    "steps": "dbworkbench.widgets.steps",
    "lesson": "dbworkbench.widgets.lesson",
    "scoreboard": "dbworkbench.widgets.scoreboard",
    "progress": "dbworkbench.widgets.progress",
    # found in rows
    "discover": "dbworkbench.discovery.discover",
    # learned
    "exercise": "dbworkbench.exercises.bank",
    "save_sheet": "dbworkbench.exercises.sheet",
    "grade": "dbworkbench.exercises.grading",
    # filled and measured
    "read_data": "dbworkbench.data.read",
    "relation_of": "dbworkbench.data.relation",
    "check": "dbworkbench.data.obey",
    "populate": "dbworkbench.population.populate",
    "profile": "dbworkbench.population.profile",
    "shapes": "dbworkbench.population.shapes:*",  # the module: one small value for each shape
    "tpch": "dbworkbench.population.tpch",
    "candidate": "dbworkbench.trials.candidate",
    "denormalize": "dbworkbench.trials.denormalize",
    "star": "dbworkbench.trials.denormalize",
    "snowflake": "dbworkbench.trials.snowflake",
    "indexed": "dbworkbench.trials.physical",
    "clustered": "dbworkbench.trials.physical",
    "partitioned": "dbworkbench.trials.physical",
    "summarized": "dbworkbench.trials.physical",
    "surrogated": "dbworkbench.trials.surrogates",
    "trial": "dbworkbench.trials.trial",
    "pressure": "dbworkbench.trials.pressure",
    "growth": "dbworkbench.trials.growth",
    "read_trial": "dbworkbench.trials.files",
    # kept
    "document": "dbworkbench.report.document",
    "WorkbenchError": "dbworkbench.errors",
}

__all__ = [*_WORDS]  # noqa: PLE0604  the names are the table's own


def __getattr__(name: str) -> object:
    where = _WORDS.get(name)
    if where is None:
        from difflib import get_close_matches  # noqa: PLC0415  only when a name is wrong

        near = get_close_matches(name, _WORDS, n=1)
        hint = f" — did you mean {near[0]!r}?" if near else ""
        raise AttributeError(f"module 'dbworkbench' has no attribute {name!r}{hint}")
    module, _, own = where.partition(":")
    if own == "*":
        value: object = import_module(module)
    else:
        value = import_module(f"{module}.{own}") if module == __name__ else getattr(import_module(module), own or name)
    globals()[name] = value
    return value


def load_ipython_extension(shell: object) -> None:
    """`%load_ext dbworkbench`: the magics `%%schema`, `%%relation`, `%erd`, `%ddl`, `%normalize`."""
    from dbworkbench.widgets.magics import load  # noqa: PLC0415  only notebooks need it

    load(shell)


def unload_ipython_extension(shell: object) -> None:
    """`%unload_ext dbworkbench`: their completion taken away."""
    from dbworkbench.widgets.magics import unload  # noqa: PLC0415  the same

    unload(shell)


def __dir__() -> list[str]:
    return sorted([*globals(), *_WORDS])
