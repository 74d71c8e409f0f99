"""Artifacts that are no SQL, checked by the tools they are written for, as far as those are at hand."""

from dbworkbench.engines.scratch import scratch
from dbworkbench.errors import NotationError
from dbworkbench.formats.fidelity import carried
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.read import read
from dbworkbench.formats.write import write
from dbworkbench.schema.schema import Schema
from dbworkbench.trials.interpreted import LIBRARIES, seen_by_python
from dbworkbench.trials.jsonschema import seen_by_jsonschema
from dbworkbench.trials.outline import outline_of, unlike
from dbworkbench.trials.vendors import TOOLS, Missing, Sight, seen_by_node
from dbworkbench.trials.verification import Stamp, Verification

__all__ = ["judged"]

_FIRST = {"prisma": "postgresql", "drizzle": "postgresql"}
_OURS = "dbworkbench's own reader"
_NO_TOOL = {"plantuml": "PlantUML itself, a Java program, is not asked"}


def judged(schema: Schema, name: str, dialect: str) -> Verification:
    """What the tool for a format says of a design that is written in it. Raises as `write` does."""
    spoken = dialect or ("sqlite" if name in LIBRARIES else _FIRST.get(name, ""))
    target = f"{name} ({spoken})" if spoken else name
    written = write(schema, name, dialect=spoken or None)
    fidelity = FORMATS[name].fidelity
    wanted = outline_of(carried(schema, fidelity(spoken)).schema if fidelity else schema)
    sight = _seen(name, written.text, spoken)
    if isinstance(sight, Missing):
        tier, beyond, sight = "shape", sight.install, _read_back(name, written.text, spoken)
    else:
        tier, beyond = "engine" if name in LIBRARIES else "validator", ""
    return Verification(
        target,
        Stamp(tier, sight.tool, sight.version),
        sight.complaint,
        differences=() if sight.outline is None else unlike(wanted, sight.outline),
        losses=written.losses,
        beyond=beyond,
    )


def _seen(name: str, text: str, dialect: str) -> Sight | Missing:
    with scratch() as folder:
        if name in TOOLS:
            return seen_by_node(name, text, dialect, folder)
        if name in LIBRARIES and dialect != "sqlite":
            return Missing(f"models are run against SQLite, not {dialect} — verify with dialect='sqlite'")
        if name in LIBRARIES:
            return seen_by_python(name, text, folder)
        if name == "json_schema":
            return seen_by_jsonschema(text)
        return Missing(_NO_TOOL.get(name, "there is no other tool for it"))


def _read_back(name: str, text: str, dialect: str) -> Sight:
    """What our own reader sees, where no tool is at hand."""
    if FORMATS[name].reader is None:
        return Sight("nothing: it is written only", "")
    try:
        found = read(text, name, dialect or None).schema
    except NotationError as error:
        return Sight(_OURS, "", str(error))
    return Sight(_OURS, "", outline=outline_of(found))
