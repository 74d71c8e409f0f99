"""Indexes, exclusions and partitioning in the text notation, as drafts."""

from dataclasses import dataclass, field
from typing import Literal

from dbworkbench.schema.index import Part
from dbworkbench.schema.partitioning import Partition
from dbworkbench.schema.rules import Deferrable, Enforced
from dbworkbench.schema.tokens import Steps, Token

__all__ = ["ExclusionDraft", "IndexDraft", "PartDraft", "PartitioningDraft", "Paths"]

PartDraft = tuple[Token, Part]
"""A part of an index, and the token where it begins."""


@dataclass
class IndexDraft:
    """An index as written."""

    on: tuple[PartDraft, ...]
    unique: bool
    where: str = ""
    method: str = ""
    include: tuple[Token, ...] = ()
    nulls_distinct: bool = True


@dataclass
class ExclusionDraft:
    """An exclusion as written."""

    on: list[PartDraft] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)
    method: str = ""
    where: str = ""
    deferrable: Deferrable = ""


@dataclass
class PartitioningDraft:
    """How rows are laid into parts, as written."""

    method: str
    on: tuple[PartDraft, ...]
    partitions: tuple[Partition, ...] = ()
    count: int | None = None


class Paths(Steps):
    """Reads how rows are found and kept."""

    def ends_after(self, count: int) -> bool:
        """Whether the line ends after so many tokens."""
        token = self.tokens[min(self.at + count, len(self.tokens) - 1)]
        return token.kind in {"newline", "end"} or (token.kind == "sign" and token.text in ";,)")

    def null_clause(self) -> bool:
        """Step over `nulls not distinct`; whether it stood there."""
        if not self.nulls_not_distinct():
            return False
        self.expect("nulls", "not", "distinct")
        return True

    def deferral(self) -> Deferrable:
        """`deferrable`, `deferrable initially deferred`, or neither."""
        if not self.word("deferrable"):
            return ""
        if not self.word("initially"):
            return "immediate"
        if self.word("deferred"):
            return "deferred"
        self.expect("immediate")
        return "immediate"

    def enforcement(self) -> Enforced:
        """`not valid`, `not enforced`, or neither."""
        ahead = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        if not self.here.says("not") or not ahead.says("valid", "enforced"):
            return "always"
        self.at += 2
        return "new" if ahead.says("valid") else "never"

    def a_part(self) -> PartDraft:
        """An attribute or an expression in parentheses, and what follows it: a length, `collate`, `class`, `desc`, `nulls`."""
        start = self.here
        attribute = expression = ""
        length = None
        if self.here.kind == "sign" and self.here.text == "(":
            expression = self.balanced()
        else:
            attribute = self.a_name("an attribute").name
            if self.sign("("):
                if not (self.here.kind == "word" and self.here.text.isdecimal() and int(self.here.text)):
                    raise self.wrong(f"a number of characters was expected, but {self.met()} was met")
                length = int(self.step().text)
                if not self.sign(")"):
                    raise self.wrong(f"')' was expected, but {self.met()} was met")
        if not attribute and not expression:
            raise self.wrong("an expression was expected: (lower(name))", start)
        collation = self.a_name("a collation").name if self.word("collate") else ""
        operators = self.a_name("an operator class").name if self.word("class") else ""
        descending = self.word("desc")
        if not descending:
            self.word("asc")
        nulls: Literal["", "first", "last"] = ""
        if self.here.says("nulls") and not self.nulls_not_distinct():
            self.step()
            nulls = "first" if self.word("first") else "last"
            if nulls == "last":
                self.expect("last")
        return start, Part(attribute, expression, descending, nulls, length, operators, collation)

    def some_parts(self) -> tuple[PartDraft, ...]:
        """`a, b desc` or `(a, (lower(b)))`."""
        inside = self.sign("(")
        found = [self.a_part()]
        while True:
            stop = not inside and (self.here.says("using", "include", "where") or self.nulls_not_distinct())
            if not self.sign(",") and (stop or self.here.kind not in {"word", "quoted"}):
                break
            found.append(self.a_part())
        if inside and not self.sign(")"):
            raise self.wrong(f"')' was expected, but {self.met()} was met")
        return tuple(found)

    def an_index(self, *, unique: bool) -> IndexDraft:
        """What an index is on, and how it is kept."""
        made = IndexDraft(self.some_parts(), unique)
        if self.word("using"):
            made.method = self.a_name("a method").name
        if self.word("include"):
            made.include = self.names("an attribute")
        made.nulls_distinct = not self.null_clause()
        if self.word("where"):
            made.where = self.a_condition()
        return made

    def excludes(self, at: int) -> bool:
        """Whether the parenthesis at this token holds what an exclusion compares: `room with =`."""
        depth = 0
        for token in self.tokens[at:]:
            if token.kind == "sign":
                depth += (token.text == "(") - (token.text == ")")
            if depth == 1 and token.says("with"):
                return True
            if depth == 0 or token.kind == "end":
                return False
        return False

    def an_exclusion(self) -> ExclusionDraft:
        """`using gist (room with =, during with &&) where (…)`."""
        made = ExclusionDraft(method=self.a_name("a method").name if self.word("using") else "")
        if not self.sign("("):
            raise self.wrong(f"'(' was expected, but {self.met()} was met")
        while True:
            made.on.append(self.a_part())
            self.expect("with")
            made.operators.append(self._operator())
            if not self.sign(","):
                break
        if not self.sign(")"):
            raise self.wrong(f"')' was expected, but {self.met()} was met")
        if self.word("where"):
            made.where = self.a_condition()
        made.deferrable = self.deferral()
        return made

    def _operator(self) -> str:
        if self.here.kind == "string":
            return self.quoted_text()
        start = end = self.here.at
        while self.here.kind not in {"newline", "end"} and not (self.here.kind == "sign" and self.here.text in ",)("):
            token = self.step()
            end = token.at + len(token.text)
        if start == end:
            raise self.wrong(f"an operator was expected, but {self.met()} was met")
        return self.text[start:end]

    def a_partitioning(self) -> PartitioningDraft:
        """`range (placed): p1 'FROM …', p2 '…'`, `hash (id) into 4`, or `(day)`."""
        method = self.step().text.casefold() if self.here.says("range", "list", "hash", "key") else ""
        on: tuple[PartDraft, ...] = ()
        if self.here.text == "(" and self.tokens[self.at + 1].text == ")" and method == "key":
            self.step()
            self.step()
        else:
            on = self.some_parts()
        count = None
        partitions: list[Partition] = []
        if self.word("into"):
            if not (self.here.kind == "word" and self.here.text.isdecimal() and int(self.here.text)):
                raise self.wrong(f"a number of parts was expected, but {self.met()} was met")
            count = int(self.step().text)
        elif self.sign(":"):
            while True:
                self.skip_newlines()
                name = self.a_name("a partition")
                if any(known.name == name.name for known in partitions):
                    raise self.wrong(f"two partitions are called {name.name!r} — rename one", name)
                partitions.append(Partition(name.name, self.quoted_text() if self.here.kind == "string" else ""))
                if not self.sign(","):
                    break
        return PartitioningDraft(method, on, tuple(partitions), count)
