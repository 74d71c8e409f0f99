"""A diagram as a value: sheets of SVG with their twins in words, and the same design in other tools' formats."""

from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from dbworkbench.diagram.picture import Picture
from dbworkbench.errors import MissingPackage, Unsupported
from dbworkbench.output import write_files
from dbworkbench.schema.loss import Written
from dbworkbench.schema.relation import Relation
from dbworkbench.shown import Shown

_ENDINGS = ".svg, .png, .pdf, .html, .dot, .mmd, .puml, .drawio or .txt"
_PNG_SCALE = 2.0


@dataclass(frozen=True, slots=True)
class Sheet(Shown):
    """One page of a diagram: the SVG, what it shows in a sentence, and the same as an indented outline.

    `picture` is its geometry, for formats that need more than lines on paper.
    """

    title: str
    svg: str
    alt: str
    outline: str
    picture: Picture | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Diagram(Shown):
    """A picture of a design, on one sheet or on several; same bytes for the same design.

    `relations` are those drawn; a picture of something else has its own `graph` as DOT text.
    """

    title: str
    pages: tuple[Sheet, ...]
    relations: tuple[Relation, ...] = field(default=(), repr=False)
    graph: str = field(default="", repr=False)

    @property
    def svg(self) -> str:
        """The first page."""
        return self.pages[0].svg

    @property
    def outline(self) -> str:
        """All pages in words, indented: for screen readers, terminals and comparing."""
        return "\n".join(page.outline for page in self.pages if page.outline)

    @property
    def dot(self) -> str:
        """The design as DOT text, for any Graphviz."""
        from dbworkbench.diagram.dot import dot  # noqa: PLC0415  formats are loaded when asked for

        return self.graph or dot(self.relations, title=self.title)

    @property
    def mermaid(self) -> Written:
        """The design as a Mermaid `erDiagram`, and what that cannot say."""
        from dbworkbench.diagram.mermaid import mermaid  # noqa: PLC0415  the same

        return mermaid(self._drawn("Mermaid"), self.title)

    @property
    def plantuml(self) -> Written:
        """The design as a PlantUML entity diagram, and what that cannot say."""
        from dbworkbench.diagram.plantuml import plantuml  # noqa: PLC0415  the same

        return plantuml(self._drawn("PlantUML"), self.title)

    @property
    def drawio(self) -> str:
        """The sheets as draw.io XML, with editable tables."""
        from dbworkbench.diagram.drawio import drawio  # noqa: PLC0415  the same

        self._drawn("draw.io")
        return drawio(self.pages)

    @property
    def pdf(self) -> bytes:
        """The sheets as pages of a PDF, in vectors; raises Unsupported for letters beyond Western European ones."""
        from dbworkbench.diagram.pdf import pdf  # noqa: PLC0415  the same

        return pdf([page.svg for page in self.pages], self.title)

    def png(self, page: int = 0, *, scale: float = _PNG_SCALE) -> bytes:
        """One page as pixels, `scale` for each of the sheet's own; needs the extra `png`."""
        try:
            converter = import_module("vl_convert")  # an extra
        except ImportError:
            raise MissingPackage("drawing PNG", "vl-convert-python", "png") from None
        return bytes(converter.svg_to_png(self.pages[page].svg, scale=scale))

    @property
    def html(self) -> str:
        """All pages one under the other, each with its outline, as one file that needs no network."""
        from dbworkbench.page.blocks import Block, Figure, Heading  # noqa: PLC0415  the same
        from dbworkbench.page.html import document  # noqa: PLC0415  the same

        blocks: list[Block] = [Heading(self.title, 1)]
        for page in self.pages:
            blocks += [Heading(page.title, 2)] if len(self.pages) > 1 else []
            blocks.append(Figure(page.svg, page.alt, "", page.outline))
        return document(tuple(blocks), title=self.title)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the diagram as the ending of `path` says; .svg and .png are a file per page.

        .svg .png .pdf .html are pictures, .dot .mmd (Mermaid) .puml (PlantUML) .drawio are for other tools, .txt is the
        outline. Returns the first file. Raises OutputExists before anything is written, unless `overwrite`, and
        OutputRefused where the system does not let it be written.
        """
        where = Path(path)
        files = self._files(where)
        write_files(files, overwrite=overwrite)
        return next(iter(files))

    def _files(self, where: Path) -> dict[Path, bytes]:
        match where.suffix.casefold():
            case ".svg":
                return self._numbered(where, [page.svg.encode() for page in self.pages])
            case ".png":
                return self._numbered(where, [self.png(page) for page in range(len(self.pages))])
            case ".pdf":
                return {where: self.pdf}
            case ".html" | ".htm":
                return {where: self.html.encode()}
            case ".dot" | ".gv":
                return {where: self.dot.encode()}
            case ".mmd" | ".mermaid":
                return {where: f"{self.mermaid.text}\n".encode()}
            case ".puml" | ".plantuml":
                return {where: f"{self.plantuml.text}\n".encode()}
            case ".drawio":
                return {where: self.drawio.encode()}
            case ".txt":
                return {where: f"{self.outline}\n".encode()}
            case ending:
                said = f"as {ending!r}" if ending else "in a file without an ending"
                raise Unsupported(f"a diagram cannot be saved {said} — use {_ENDINGS}")

    @staticmethod
    def _numbered(where: Path, pages: list[bytes]) -> dict[Path, bytes]:
        return {where if at == 1 else where.with_stem(f"{where.stem}-{at}"): page for at, page in enumerate(pages, 1)}

    def _drawn(self, tool: str) -> tuple[Relation, ...]:
        if not self.relations:
            raise Unsupported(f"this picture shows no relations, so {tool} has no words for it — save .svg or .dot")
        return self.relations
