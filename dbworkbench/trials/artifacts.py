"""Artifacts that are no SQL, checked by the tools they are written for, as far as those are at hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dbworkbench.data.scratch import scratch
from dbworkbench.errors import NotationError
from dbworkbench.formats.carrying import carried
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.read import read
from dbworkbench.formats.write import write
from dbworkbench.schema.loss import Written
from dbworkbench.schema.schema import Schema
from dbworkbench.trials.interpreted import LIBRARIES, seen_by_python
from dbworkbench.trials.jsonschema import seen_by_jsonschema
from dbworkbench.trials.outline import outline_of, unlike
from dbworkbench.trials.vendors import TOOLS, File, Missing, Sight, seen_by_node
from dbworkbench.trials.verification import Stamp, Verification

__all__ = ["judged", "judged_all"]

_FIRST = {"prisma": "postgresql", "drizzle": "postgresql"}
_OURS = "dbworkbench's own reader"
_OWN = frozenset({"json", "notation"})
"""Formats of ours: what our reader sees is what stands there."""
_SO_FAR = {True: "our own reader alone reads it", False: "nothing has read it"}
_NO_TOOL = {"plantuml": "PlantUML itself, a Java program, is not asked"}


@dataclass(frozen=True, slots=True)
class _Artifact:
    """A design as it is written in a format for a dialect."""

    schema: Schema
    format: str
    dialect: str
    written: Written

    @property
    def file(self) -> File:
        return File(self.format, self.written.text, self.dialect)


def judged(schema: Schema, name: str, dialect: str) -> Verification:
    """What the tool for a format says of a design that is written in it. Raises as `write` does."""
    return judged_all(((schema, name, dialect),))[0]


def judged_all(wanted: Iterable[tuple[Schema, str, str]]) -> tuple[Verification, ...]:
    """What the tools say of many designs, each with its format and dialect: a tool is started once for all that it sees.

    Raises as `write` does.
    """
    artifacts = []
    for schema, name, dialect in wanted:
        spoken = dialect or ("sqlite" if name in LIBRARIES else _FIRST.get(name, ""))
        artifacts.append(_Artifact(schema, name, spoken, write(schema, name, dialect=spoken or None)))
    return tuple(map(_verification, artifacts, _seen(artifacts)))


def _verification(one: _Artifact, sight: Sight | Missing) -> Verification:
    fidelity = FORMATS[one.format].fidelity
    wanted = outline_of(carried(one.schema, fidelity(one.dialect)).schema if fidelity else one.schema, wanted=True)
    tier, beyond, unasked = "engine" if one.format in LIBRARIES else "validator", "", ""
    if isinstance(sight, Missing):
        tier, beyond = "shape", sight.install
        sight = _read_back(one.format, one.written.text, one.dialect)
        if one.format not in _OWN:
            unasked = f"no tool that it is written for has seen it, and {_SO_FAR[sight.tool == _OURS]}"
    return Verification(
        f"{one.format} ({one.dialect})" if one.dialect else one.format,
        Stamp(tier, sight.tool, sight.version),
        sight.complaint,
        differences=() if sight.outline is None else unlike(wanted, sight.outline),
        losses=one.written.losses,
        beyond=beyond,
        unasked=unasked,
    )


def _seen(artifacts: Sequence[_Artifact]) -> list[Sight | Missing]:
    """What the tools see, in the order of the artifacts."""
    found: dict[int, Sight | Missing] = {}
    groups: dict[str, list[int]] = {}
    for at, one in enumerate(artifacts):
        if one.format in LIBRARIES and one.dialect != "sqlite":
            found[at] = Missing(f"models are run against SQLite, not {one.dialect} — verify with dialect='sqlite'")
        elif one.format == "json_schema":
            found[at] = seen_by_jsonschema(one.written.text)
        elif one.format in TOOLS or one.format in LIBRARIES:
            groups.setdefault("" if one.format in TOOLS else one.format, []).append(at)
        else:
            found[at] = Missing(_NO_TOOL.get(one.format, "there is no other tool for it"))
    for library, places in groups.items():
        files = [artifacts[at].file for at in places]
        with scratch() as folder:
            sights = seen_by_python(library, files, folder) if library else seen_by_node(files, folder)
        found.update(zip(places, sights, strict=True))
    return [found[at] for at in range(len(artifacts))]


def _read_back(name: str, text: str, dialect: str) -> Sight:
    """What our own reader sees, where no tool is at hand."""
    if FORMATS[name].reader is None:
        return Sight("nothing: it is written only", "")
    try:
        found = read(text, name, dialect or None).schema
    except NotationError as error:
        return Sight(_OURS, "", str(error))
    return Sight(_OURS, "", outline=outline_of(found))
