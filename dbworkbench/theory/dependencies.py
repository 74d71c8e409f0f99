"""Functional, multivalued, join and inclusion dependencies, and their one-line notation.

`a, b -> c` · `a ->> b` · `join[a b, b c]` · `orders[customer_id] <= customers[id]`. Names are separated by commas or
blanks, perhaps in braces; a name with other characters in it is quoted, `"unit price"`. The arrows → and ↠, `=>`, `-->` and those
of LaTeX and the sign ⊆ work too.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from dbworkbench.errors import NotationError

_WORD = re.compile(r"""\s*(?:"((?:[^"]|"")*)"|([^\s,"\[\]{}()<>=:;|]+))""")
_BRACED = re.compile(r"\s*\{([^{}]*)\}\s*\Z")
_PLAIN = re.compile(r"[^\W\d]\w*\Z")


def written(name: str) -> str:
    """A name as the notation spells it: quoted only when it has to be.

    >>> written("city"), written("unit price")
    ('city', '"unit price"')
    """
    return name if _PLAIN.match(name) else '"' + name.replace('"', '""') + '"'


def prose(names: Collection[str]) -> str:
    """Names as a sentence lists them.

    >>> prose({"a", "b", "c"})
    'a, b and c'
    """
    listed = [written(name) for name in sorted(names)]
    if not listed:
        return "nothing at all"
    return f"{', '.join(listed[:-1])} and {listed[-1]}" if len(listed) > 1 else listed[0]


def names_in(text: str, *, column: int = 1, source: str = "") -> tuple[str, ...]:
    """The names of a list such as `a, b "c d"`, in order; an empty list, `{}` or `∅` gives none.

    `column` is where `text` begins in its line `source`, so that an error points at the place.
    """
    found: list[str] = []
    at, end = 0, len(text)
    if text.strip() in {"", "∅", "{}"}:
        return ()
    if braced := _BRACED.match(text):
        at, end = braced.span(1)
    wants_name = False
    while at < end:
        match = _WORD.match(text, at, end)
        if match:
            quoted, bare = match.groups()
            found.append(quoted.replace('""', '"') if quoted is not None else bare)
            at, wants_name = match.end(), False
        elif text[at].isspace():
            at += 1
        elif text[at] == "," and found and not wants_name:
            at, wants_name = at + 1, True
        else:
            what = "an unclosed quote" if text[at] == '"' else f"{text[at]!r} where a name should stand"
            raise NotationError(
                f'{what} — separate names by commas, quote unusual ones: "unit price"',
                line=1,
                column=column + at,
                text=source or text,
            )
    if wants_name:
        raise NotationError("a comma with no name after it", line=1, column=column + end, text=source or text)
    return tuple(found)


def _listed(names: Collection[str]) -> str:
    return ", ".join(written(name) for name in sorted(names)) or "∅"


def _side(text: str, whole: str, column: int) -> frozenset[str]:
    return frozenset(names_in(text, column=column, source=whole))


def _split(text: str, arrow: re.Pattern[str], example: str) -> tuple[frozenset[str], frozenset[str]]:
    match = arrow.search(_QUOTED.sub(lambda quoted: " " * len(quoted[0]), text))  # an arrow within a name is none
    if not match:
        raise NotationError(f"no arrow in {text.strip()!r} — write {example}", line=1, column=1, text=text)
    return _side(text[: match.start()], text, 1), _side(text[match.end() :], text, match.end() + 1)


_JOIN = re.compile(r"\s*(?:join|⋈|\*)\s*(?:\[(.*)\]|\((.*)\)|\{(.*)\})\s*\Z", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_FD_ARROW = re.compile(r"--?>(?!>)|=>|→|\\(?:to|rightarrow)\b")
_MVD_ARROW = re.compile(r"--?>>|↠|→→|\\twoheadrightarrow\b")
ARROW = re.compile(f"{_MVD_ARROW.pattern}|{_FD_ARROW.pattern}")


def _set_of(names: Iterable[str]) -> frozenset[str]:
    if type(names) is frozenset:
        return names
    return frozenset(names_in(names) if isinstance(names, str) else names)


def _whole(kind: "type[FD | MVD]", text: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    if not isinstance(text, str):
        raise NotationError(f"{text!r} is one side only — give both sides, or a text like 'a, b -> c'")
    read = kind.parse(text)
    return read.determinant, read.dependent


@dataclass(frozen=True, slots=True, init=False)
class FD:
    """A functional dependency X → Y: rows that agree on X agree on Y.

    An empty determinant is meant: ∅ → Y says that Y is the same in all rows.

    >>> FD.parse("order_id, line_no -> qty")
    FD('line_no, order_id → qty')
    """

    determinant: frozenset[str]
    dependent: frozenset[str]

    def __init__(self, determinant: Iterable[str], dependent: Iterable[str] | None = None) -> None:
        """Both sides, as sets of names or as texts; or the whole as one text, `FD("a, b -> c")`."""
        if dependent is None:
            determinant, dependent = _whole(FD, determinant)
        object.__setattr__(self, "determinant", _set_of(determinant))
        object.__setattr__(self, "dependent", _set_of(dependent))

    @classmethod
    def parse(cls, text: str) -> "FD":
        """Read `order_id, line_no -> qty`; `→` works too. Raises NotationError."""
        determinant, dependent = _split(text, _FD_ARROW, "a dependency as 'a, b -> c'")
        if not dependent:
            raise NotationError("nothing after the arrow — name what is determined", line=1, column=1, text=text)
        return cls(determinant, dependent)

    @classmethod
    def of(cls, determinant: frozenset[str], dependent: frozenset[str]) -> "FD":
        """The dependency of two sets that are known to be sets, in less time."""
        made = _new(FD)
        _set_determinant(made, determinant)
        _set_dependent(made, dependent)
        return made

    @property
    def attributes(self) -> frozenset[str]:
        """Every attribute the dependency names."""
        return self.determinant | self.dependent

    @property
    def trivial(self) -> bool:
        """Whether every relation satisfies it: Y ⊆ X."""
        return self.dependent <= self.determinant

    def __str__(self) -> str:
        return f"{_listed(self.determinant)} → {_listed(self.dependent)}"

    def __repr__(self) -> str:
        return f"FD({str(self)!r})"


_new = object.__new__
_set_determinant: Callable[[FD, frozenset[str]], None] = FD.__dict__["determinant"].__set__
_set_dependent: Callable[[FD, frozenset[str]], None] = FD.__dict__["dependent"].__set__


@dataclass(frozen=True, slots=True, init=False)
class MVD:
    """A multivalued dependency X ↠ Y: for each X, the Ys and the rest are combined in every way.

    >>> MVD.parse("course ->> teacher")
    MVD('course ↠ teacher')
    """

    determinant: frozenset[str]
    dependent: frozenset[str]

    def __init__(self, determinant: Iterable[str], dependent: Iterable[str] | None = None) -> None:
        """Both sides, as sets of names or as texts; or the whole as one text, `MVD("a ->> b")`."""
        if dependent is None:
            determinant, dependent = _whole(MVD, determinant)
        object.__setattr__(self, "determinant", _set_of(determinant))
        object.__setattr__(self, "dependent", _set_of(dependent))

    @classmethod
    def parse(cls, text: str) -> "MVD":
        """Read `course ->> teacher`; `↠` works too. Raises NotationError."""
        determinant, dependent = _split(text, _MVD_ARROW, "a multivalued dependency as 'a ->> b'")
        if not dependent:
            raise NotationError("nothing after the arrow — name the multivalued side", line=1, column=1, text=text)
        return cls(determinant, dependent)

    @property
    def attributes(self) -> frozenset[str]:
        """Every attribute the dependency names."""
        return self.determinant | self.dependent

    def __str__(self) -> str:
        return f"{_listed(self.determinant)} ↠ {_listed(self.dependent)}"

    def __repr__(self) -> str:
        return f"MVD({str(self)!r})"


@dataclass(frozen=True, slots=True, init=False)
class JD:
    """A join dependency ⋈[X, Y, …]: the relation is the join of its projections on the components.

    >>> JD.parse("join[supplier part, part project, project supplier]")
    JD('join[part project, part supplier, project supplier]')
    """

    components: frozenset[frozenset[str]]

    def __init__(self, components: Iterable[Iterable[str]]) -> None:
        """The components, as sets of names or as texts; or the whole as one text, `JD("join[a b, b c]")`."""
        read = JD.parse(components).components if isinstance(components, str) else frozenset(map(_set_of, components))
        object.__setattr__(self, "components", read)

    @classmethod
    def parse(cls, text: str) -> "JD":
        """Read `join[a b, b c]`: commas between components, blanks between names; raises NotationError.

        `⋈` or `*` may stand for `join`, and round or curly brackets for square ones.

        Where every component is one bare word, its letters are the attributes, as textbooks write it:
        `join[ab, bc]` means `join[a b, b c]`.
        """
        match = _JOIN.match(text)
        if not match:
            raise NotationError(
                f"{text.strip()!r} is no join dependency — write 'join[a b, b c]'", line=1, column=1, text=text
            )
        pieces = re.split(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*\Z)", match[1] or match[2] or match[3] or "")
        if any(not piece.strip() for piece in pieces):
            raise NotationError(
                "a component with no names", line=1, column=match.start(match.lastindex or 1) + 1, text=text
            )
        components = [_side(piece, text, match.start(match.lastindex or 1) + 1) for piece in pieces]
        if all(re.fullmatch(r"\s*\w+\s*", piece) for piece in pieces):
            components = [frozenset(next(iter(component))) for component in components]
        return cls(frozenset(components))

    @property
    def attributes(self) -> frozenset[str]:
        """Every attribute the dependency names."""
        return frozenset().union(*self.components)

    def __str__(self) -> str:
        parts = sorted(" ".join(written(n) for n in sorted(c)) for c in self.components)
        return f"join[{', '.join(parts)}]"

    def __repr__(self) -> str:
        return f"JD({str(self)!r})"


@dataclass(frozen=True, slots=True)
class IND:
    """An inclusion dependency R[X] ⊆ S[Y]: every X-value of R is a Y-value of S; X and Y correspond in order.

    >>> IND.parse("orders[customer_id] <= customers[id]")
    IND('orders[customer_id] ⊆ customers[id]')
    """

    relation: str
    attributes: tuple[str, ...]
    referenced: str
    referenced_attributes: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "IND":
        """Read `r[a] <= s[b]`; `⊆` works too. Raises NotationError."""
        name = r'\s*("(?:[^"]|"")*"|[^\s\[\]"]+)\s*\[([^\]]*)\]\s*'
        match = re.fullmatch(f"{name}(?:<=|⊆){name}", text)
        if not match:
            raise NotationError(
                f"{text.strip()!r} is no inclusion dependency — write 'r[a] <= s[b]'", line=1, column=1, text=text
            )
        relation, attributes, referenced, others = match.groups()
        here, there = names_in(attributes), names_in(others)
        if not here or len(here) != len(there):
            raise NotationError("both sides need the same number of attributes", line=1, column=1, text=text)
        return cls(names_in(relation)[0], here, names_in(referenced)[0], there)

    def __str__(self) -> str:
        here, there = (", ".join(map(written, side)) for side in (self.attributes, self.referenced_attributes))
        return f"{written(self.relation)}[{here}] ⊆ {written(self.referenced)}[{there}]"

    def __repr__(self) -> str:
        return f"IND({str(self)!r})"


Dependency = FD | MVD | JD


def parse_dependency(text: str) -> Dependency:
    """Read one dependency of a relation, of whichever kind; raises NotationError.

    >>> parse_dependency("a ->> b")
    MVD('a ↠ b')
    """
    if _JOIN.match(text):
        return JD.parse(text)
    return MVD.parse(text) if _MVD_ARROW.search(_QUOTED.sub("", text)) else FD.parse(text)


def in_order(dependencies: Iterable[Dependency]) -> Iterator[Dependency]:
    """Dependencies in the one order in which they are printed: FDs, MVDs, JDs, each by its text."""
    rank = {FD: 0, MVD: 1, JD: 2}
    yield from sorted(dependencies, key=lambda dependency: (rank[type(dependency)], str(dependency)))
