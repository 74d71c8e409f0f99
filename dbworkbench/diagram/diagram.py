"""A diagram as a value: sheets of SVG with their twins in words, and the DOT text of the whole."""

from dataclasses import dataclass
from pathlib import Path

from dbworkbench.errors import OutputExists, Unsupported
from dbworkbench.shown import Shown


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a diagram: the SVG, what it shows in a sentence, and the same as an indented outline."""

    title: str
    svg: str
    alt: str
    outline: str


@dataclass(frozen=True, slots=True)
class Diagram(Shown):
    """A picture of a design, on one sheet or on several; same bytes for the same design."""

    title: str
    pages: tuple[Sheet, ...]
    dot: str

    @property
    def svg(self) -> str:
        """The first page."""
        return self.pages[0].svg

    @property
    def outline(self) -> str:
        """All pages in words, indented: for screen readers, terminals and comparing."""
        return "\n".join(page.outline for page in self.pages if page.outline)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the diagram as the ending of `path` says: .svg (a file per page), .dot or .txt (the outline).

        Returns the first file. Raises OutputExists before anything is written, unless `overwrite`.
        """
        where = Path(path)
        files = self._files(where)
        for file in files:
            if file.exists() and not overwrite:
                raise OutputExists(file, "choose another name, or pass overwrite=True")
        for file, text in files.items():
            file.write_text(text, encoding="utf-8", newline="\n")
        return next(iter(files))

    def _files(self, where: Path) -> dict[Path, str]:
        match where.suffix.casefold():
            case ".svg":
                later = {where.with_stem(f"{where.stem}-{at}"): page.svg for at, page in enumerate(self.pages[1:], 2)}
                return {where: self.svg, **later}
            case ".dot" | ".gv":
                return {where: self.dot}
            case ".txt":
                return {where: self.outline + "\n"}
            case ending:
                raise Unsupported(
                    f"a diagram cannot be saved as {ending or 'a file without an ending'!r} — use .svg, .dot or .txt"
                )
