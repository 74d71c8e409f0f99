"""Text to drafts: relations as they were written, their names still words with a place in the text.

`notation` says what the text looks like and makes relations of the drafts.
"""

import re
from dataclasses import dataclass, field, replace

from dbworkbench.errors import DesignError, NotationError
from dbworkbench.schema.paths import ExclusionDraft, IndexDraft, PartitioningDraft, Paths
from dbworkbench.schema.relation import Attribute, Check, Declared, Domain, Generated, Identity
from dbworkbench.schema.rules import Deferrable, Enforced
from dbworkbench.schema.spelling import misspelled
from dbworkbench.schema.tokens import ENDS_TYPE, Token, quoted
from dbworkbench.schema.types import Native, Type, Unknown, parse_type

_ACTIONS = ("cascade", "set null", "set default", "restrict", "no action")
_FILE = re.compile(r"[^\n(){}<>;\"']{1,400}\.[A-Za-z][\w.]{1,12}")
_SQL = re.compile(r"\s*(?:create|alter|drop|insert|select|with)\s+\w", re.IGNORECASE)


@dataclass
class Reference:
    """A foreign key as written; `referenced` is empty where the target's primary key is meant."""

    attributes: tuple[Token, ...]
    relation: Token
    referenced: tuple[Token, ...]
    on_delete: str = ""
    on_update: str = ""
    deferrable: Deferrable = ""
    match_full: bool = False
    enforced: Enforced = "always"


@dataclass
class KeyDraft:
    """A key as written."""

    attributes: tuple[Token, ...]
    nulls_distinct: bool = True
    deferrable: Deferrable = ""


@dataclass
class Draft:
    """A relation being read; names are kept as tokens so that a wrong one can be pointed at."""

    name: Token
    attributes: list[tuple[Token, Attribute]] = field(default_factory=list)
    marked: list[Token] = field(default_factory=list)
    keys: list[KeyDraft] = field(default_factory=list)
    primary: KeyDraft | None = None
    domains: dict[str, Token] = field(default_factory=dict)
    """Where an attribute's domain is named, by the attribute; what stands in the place of its type may name one, too."""
    typed: dict[str, Token] = field(default_factory=dict)
    """Where an attribute's type begins, by the attribute."""
    references: list[Reference] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    indexes: list[IndexDraft] = field(default_factory=list)
    exclusions: list[ExclusionDraft] = field(default_factory=list)
    partitioning: PartitioningDraft | None = None
    dependencies: list[tuple[tuple[Token, ...], str, tuple[tuple[Token, ...], ...]]] = field(default_factory=list)
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The attributes read so far."""
        return tuple(attribute.name for _, attribute in self.attributes)


class Reader(Paths):
    """Text to drafts, by recursive descent."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.domains: list[tuple[Token, Domain]] = []
        """The domains met so far."""

    # -- what is read ----------------------------------------------------------------------------------------------

    def drafts(self) -> list[Draft]:
        """Every relation of the text; raises NotationError."""
        found: list[Draft] = []
        while self.more():
            if self.begins_domain():
                self.a_domain()
            elif self.begins_relation():
                found.append(self.a_relation())
            elif not found:
                other = " — SQL is read with read(…)" if _SQL.match(self.text) else ""
                other = " — a file is read with read(…)" if _FILE.fullmatch(self.text) else other
                raise self.wrong(f"a relation was expected, name(attribute, …), but {self.met()} was met{other}")
            else:
                self.a_rule(found[-1])
        if not found and not self.domains:
            raise self.wrong("nothing to read — write name(attribute, attribute: type, …)")
        return found

    def more(self) -> bool:
        """Whether anything is left, after line ends and semicolons."""
        while self.here.kind == "newline" or (self.here.kind == "sign" and self.here.text == ";"):
            self.at += 1
        return self.here.kind != "end"

    def begins_relation(self) -> bool:
        """Whether a relation begins here, and not a rule of the one before."""
        at = self.at
        named = self.here.kind in {"word", "quoted"}
        ahead = self.tokens[at + 1] if named else None
        if ahead is not None and self.here.says("relation", "table", "entity") and ahead.kind in {"word", "quoted"}:
            return True
        if ahead is None or not (ahead.kind == "sign" and ahead.text == "("):
            return False
        if self.here.says("exclude") and self.excludes(at + 1):
            return False
        rule = self.here.says("key", "pk", "unique", "check", "index", "primary", "foreign", "join", "fk")
        return not rule or self._attribute_list_has_types(at + 1)

    def _attribute_list_has_types(self, at: int) -> bool:
        """Whether the parenthesis at `at` holds typed or marked attributes: then even `key(…)` is a relation."""
        depth, before = 0, ""
        for token, after in zip(self.tokens[at:], self.tokens[at + 1 :], strict=False):
            if token.kind == "sign":
                depth += (token.text == "(") - (token.text == ")")
                typed = token.text == ":" and ":" not in {before, after.text}  # else it casts
                marked = token.text == "?" or (token.text == "*" and before in {"(", ","})  # else it multiplies
                if depth == 1 and (typed or marked):
                    return True
            if depth == 0 or token.kind == "end":
                return False
            before = before if token.kind == "newline" else token.text
        return False

    def a_relation(self) -> Draft:
        """A relation with its attributes in parentheses."""
        if self.tokens[self.at + 1].kind in {"word", "quoted"}:
            self.step()
        draft = Draft(self.a_name("the relation's name"))
        if not self.sign("("):
            raise self.wrong(f"'(' was expected after {draft.name.name!r}, but {self.met()} was met")
        self.skip_newlines()
        if self.here.kind == "sign" and self.here.text == ")":
            raise self.wrong(f"the relation {draft.name.name!r} has no attributes — give it at least one")
        while True:
            self.skip_newlines()
            if self.here.kind == "sign" and self.here.text == ")":
                break
            self.an_attribute(draft)
            self.skip_newlines()
            if not self.sign(","):
                break
        self.skip_newlines()
        if not self.sign(")"):
            raise self.wrong(f"',' or ')' was expected, but {self.met()} was met")
        return draft

    def an_attribute(self, draft: Draft) -> None:
        """An attribute with its type and marks, or a constraint that SQL writes among attributes."""
        if self._table_constraint(draft):
            return
        marked = self.sign("*")
        token = self.a_name("an attribute")
        nullable = self.sign("?")
        kind: Type = Unknown()
        if self.sign(":") or self._type_follows():
            draft.typed[token.name] = self.here
            kind = Native(self.step().name) if self.here.kind == "quoted" and self.here.name else self.a_type()
            nullable = self.sign("?") or nullable
        made = Attribute(token.name, kind, nullable)
        while not (self.here.kind in {"newline", "end"} or (self.here.kind == "sign" and self.here.text in ",)")):
            made, marked = self.a_modifier(draft, token, made, marked=marked)
        if any(name == made.name for name in draft.names):
            raise self.wrong(f"{draft.name.name!r} has two attributes called {made.name!r} — rename one", token)
        draft.attributes.append((token, made))
        if marked:
            draft.marked.append(token)

    def _table_constraint(self, draft: Draft) -> bool:
        """SQL's way: `primary key (a, b)` among the attributes."""
        token, ahead = self.here, self.tokens[self.at + 1]
        spoken = token.says("primary", "foreign") and ahead.says("key")
        spoken = spoken or (token.says("unique", "check", "key") and ahead.kind == "sign" and ahead.text == "(")
        if spoken:
            self.a_rule(draft)
        return spoken

    def _type_follows(self) -> bool:
        return self.here.kind == "word" and self.here.text.casefold() not in ENDS_TYPE

    def a_type(self) -> Type:
        """A type: its words, and what stands in parentheses or brackets."""
        first = self.here
        if first.kind != "word":
            raise self.wrong(f"a type was expected, but {self.met()} was met — for instance integer or decimal(10, 2)")
        words: list[str] = []
        while self.here.kind == "word" and (not words or self.here.text.casefold() not in ENDS_TYPE):
            words.append(self.step().text)
        said = " ".join(words)
        if self.here.kind == "sign" and self.here.text == "(":
            said += f"({self.balanced()})"
            while self._type_follows():
                said += f" {self.step().text}"
        while self.here.kind == "sign" and self.here.text == "[":
            self.step()
            if not self.sign("]"):
                raise self.wrong("']' was expected: an array type is written as text[]")
            said += "[]"
        try:
            return parse_type(said)
        except NotationError as error:
            raise self.wrong(error.message, first) from None

    def meant(self, kind: Type, first: Token) -> Type:
        """A type that begins at a token and names no domain; raises NotationError where it nearly spells a known one."""
        if isinstance(kind, Native) and first.kind != "quoted" and (near := misspelled(kind.text)):
            raise self.wrong(
                f"no type called {kind.text!r} — did you mean {near!r}? A type of your own is quoted: {quoted(kind.text)}",
                first,
            )
        return kind

    def a_modifier(self, draft: Draft, token: Token, made: Attribute, *, marked: bool) -> tuple[Attribute, bool]:
        """One mark after an attribute's name or type: the attribute with it, and whether it is of the primary key."""
        if self.word("key", "pk"):
            return made, True
        if self.word("primary"):
            self.expect("key")
            return made, True
        if self.word("unique"):
            draft.keys.append(KeyDraft((token,), not self.null_clause(), self.deferral()))
        elif self.word("null", "nullable", "optional") or self.sign("?"):
            made = replace(made, nullable=True)
        elif self.word("not"):
            self.expect("null")
        elif self.word("default") or self.sign("="):
            made = replace(made, default=self._value())
        elif self.word("check"):
            if not (self.here.kind == "sign" and self.here.text == "("):
                raise self.wrong("among attributes a condition stands in parentheses: check (price >= 0)")
            draft.checks.append(self.a_check())
        elif self.word("note"):
            made = replace(made, note=self.quoted_text())
        elif self.word("collate"):
            made = replace(made, collation=self.a_name("a collation").name)
        elif self.word("declared"):
            spoken = self.a_name("a dialect").name
            made = replace(made, declared=Declared(spoken, self.quoted_text()))
        elif self.word("domain"):
            draft.domains[token.name] = self.a_name("a domain")
        elif self.here.says("as", "generated", "identity", "auto_increment", "autoincrement"):
            made = self.a_filling(made)
        elif self.word("references", "fk") or self.sign("->", "→"):
            draft.references.append(self.a_reference((token,)))
        else:
            raise self.wrong(
                f"{self.met()} was met where ',' or ')' should stand — after a name come ': type', '?', 'key', "
                "'unique', '= value', 'as (…)', 'identity', '-> relation' or 'check (…)'; a name with other signs in it is quoted: "
                '"unit-price"'
            )
        return made, marked

    def a_filling(self, made: Attribute) -> Attribute:
        """How an attribute is filled: `as (a * b) stored`, `identity(1, 1) always`, or SQL's longer words for them."""
        start = self.here
        always = True
        if self.word("generated"):
            if self.word("by"):
                always = False
                self.expect("default")
                if self.word("on"):
                    self.expect("null")
            else:
                self.expect("always")
        spelled_out = start.says("generated")
        if self.word("identity", "auto_increment", "autoincrement"):
            return self._filled(made, start, identity=self.an_identity(always=False))
        self.expect("as")
        if spelled_out and self.word("identity"):
            return self._filled(made, start, identity=self.an_identity(always=always))
        if not (self.here.kind == "sign" and self.here.text == "("):
            raise self.wrong("an expression in parentheses was expected: as (price * quantity)")
        expression = self.balanced()
        stored = self.word("stored", "persisted")
        if not stored:
            self.word("virtual")
        if not expression:
            raise self.wrong("an expression was expected: as (price * quantity)", start)
        return self._filled(made, start, generated=Generated(expression, stored))

    def _filled(
        self, made: Attribute, start: Token, *, generated: Generated | None = None, identity: Identity | None = None
    ) -> Attribute:
        try:
            return replace(made, generated=generated, identity=identity)
        except DesignError as error:
            raise self.wrong(error.args[0], start) from None

    def an_identity(self, *, always: bool) -> Identity:
        """What follows `identity`: `(start, increment)` and `always`."""
        numbers: list[int] = []
        if self.sign("("):
            while not self.sign(")"):
                if self.sign(",") or self.word("start", "with", "increment", "by"):
                    continue
                sign = -1 if self.sign("-") else 1
                if not (self.here.kind == "word" and self.here.text.isdecimal()) or len(numbers) == 2:
                    raise self.wrong(
                        f"a start and an increment were expected, identity(1, 1), but {self.met()} was met"
                    )
                numbers.append(sign * int(self.step().text))
        if len(numbers) == 2 and not numbers[1]:
            raise self.wrong(
                "a running number that is incremented by 0 does not run — give an increment", self.tokens[self.at - 2]
            )
        return Identity(self.word("always") or always, *numbers)

    def begins_domain(self) -> bool:
        """Whether a domain is declared here."""
        named, colon = (
            self.tokens[self.at + 1 : self.at + 3] if self.at + 2 < len(self.tokens) else (self.here, self.here)
        )
        return self.here.says("domain") and named.kind in {"word", "quoted"} and colon.text == ":"

    def a_domain(self) -> None:
        """`domain money: decimal(9, 2) not null = 0 check (value >= 0)`."""
        self.step()
        name = self.a_name("the domain's name")
        self.step()
        first = self.here
        kind = Native(self.step().name) if first.kind == "quoted" and first.name else self.a_type()
        made = Attribute(name.name, self.meant(kind, first), nullable=True)
        draft = Draft(name)
        while self.here.kind not in {"newline", "end"} and not (self.here.kind == "sign" and self.here.text == ";"):
            if self.word("not"):
                self.expect("null")
                made = replace(made, nullable=False)
            elif self.here.says("check", "default", "note") or (self.here.kind == "sign" and self.here.text == "="):
                made, _ = self.a_modifier(draft, name, made, marked=False)
            else:
                raise self.wrong(
                    f"{self.met()} was met where the domain should end — after its type come 'not null', '= value', "
                    "'check (…)' and 'note'"
                )
        if any(domain.name == name.name for _, domain in self.domains):
            raise self.wrong(f"two domains are called {name.name!r} — rename one", name)
        self.domains.append(
            (name, Domain(name.name, made.type, made.nullable, made.default, tuple(draft.checks), made.note))
        )

    def _value(self) -> str:
        """A default: a literal, a word, a call, a signed number or a parenthesis."""
        start = self.here
        if self.here.kind == "sign" and self.here.text == "(":
            return f"({self.balanced()})"
        if self.here.kind == "sign" and self.here.text in "+-":
            self.step()
        if self.here.kind not in {"word", "string"}:
            raise self.wrong(f"a default value was expected, but {self.met()} was met")
        last = self.step()
        if self.here.kind == "sign" and self.here.text == "." and self.tokens[self.at + 1].kind == "word":
            self.step()
            last = self.step()
        if self.here.kind == "sign" and self.here.text == "(" and last.kind == "word":
            self.balanced()
            last = self.tokens[self.at - 1]
        return self.text[start.at : last.at + len(last.text)]

    def a_check(self) -> Check:
        """A condition that rows meet."""
        return Check(self.a_condition(), enforced=self.enforcement())

    def a_reference(self, attributes: tuple[Token, ...]) -> Reference:
        """What a foreign key refers to, and its actions."""
        target = self.a_name("the relation referred to")
        referenced: tuple[Token, ...] = ()
        if self.sign("."):
            referenced = (self.a_name("the attribute referred to"),)
        elif self.here.kind == "sign" and self.here.text == "(":
            referenced = self.names("the attribute referred to")
        made = Reference(attributes, target, referenced)
        while self.word("on"):
            place = self.here
            if not self.word("delete", "update"):
                raise self.wrong(f"'delete' or 'update' was expected after 'on', but {self.met()} was met")
            action = self._action()
            if place.says("delete"):
                made.on_delete = action
            else:
                made.on_update = action
        if self.word("match"):
            self.expect("full")
            made.match_full = True
        made.deferrable = self.deferral()
        made.enforced = self.enforcement()
        return made

    def _action(self) -> str:
        start = self.here
        first = self.step().text.casefold()
        if first in {"set", "no"} and self.here.kind == "word":
            first += f" {self.step().text.casefold()}"
        if first not in _ACTIONS:
            raise self.wrong(f"{first!r} is no action — choose one of: {', '.join(_ACTIONS)}", start)
        return first

    # -- rules -----------------------------------------------------------------------------------------------------

    def a_rule(self, draft: Draft) -> None:
        """One line after a relation's attributes."""
        if self._named_rule(draft):
            pass
        elif self.here.says("join") and self.tokens[self.at + 1].text == "[":
            draft.dependencies.append(((), "join", self.a_join()))
        else:
            self.a_dependency(draft)
        if not (self.here.kind in {"newline", "end"} or (self.here.kind == "sign" and self.here.text in ";,)")):
            raise self.wrong(
                f"{self.met()} was met where the rule should end — one rule to a line, or ';' between them"
            )

    def _named_rule(self, draft: Draft) -> bool:
        token, ahead = self.here, self.tokens[self.at + 1]
        if token.kind != "word" or ahead.kind == "arrow" or (ahead.kind == "sign" and ahead.text in ",."):
            return False  # an attribute called `key` or `note` begins a dependency
        if self.word("key", "pk") or (token.says("primary") and ahead.says("key") and self._steps(2)):
            first = not draft.primary and not draft.marked
            key = self.a_key("an attribute of the key")
            if first:
                draft.primary = key
            else:
                draft.keys.append(key)
        elif token.says("unique") and ahead.says("index") and not self.ends_after(2):
            self._steps(2)
            draft.indexes.append(self.an_index(unique=True))
        elif self.word("unique"):
            self.word("key")
            draft.keys.append(self.a_key("an attribute"))
        elif self.word("index"):
            draft.indexes.append(self.an_index(unique=False))
        elif token.says("exclude") and (ahead.says("using") or self.excludes(self.at + 1)):
            self.step()
            draft.exclusions.append(self.an_exclusion())
        elif token.says("partition") and ahead.says("by"):
            self._steps(2)
            draft.partitioning = self.a_partitioning()
        elif self.word("check"):
            draft.checks.append(self.a_check())
        elif self.word("note"):
            draft.note = self.quoted_text()
        elif (token.says("foreign") and ahead.says("key") and self._steps(2)) or self.word("fk"):
            attributes = self.names("an attribute")
            if not (self.word("references") or self.sign("->", "→")):
                raise self.wrong(f"'references' was expected, but {self.met()} was met")
            draft.references.append(self.a_reference(attributes))
        else:
            return False
        return True

    def a_key(self, what: str) -> KeyDraft:
        """The attributes of a key, and how it is kept."""
        return KeyDraft(self.names(what), not self.null_clause(), self.deferral())

    def _steps(self, count: int) -> bool:
        self.at += count
        return True

    def a_join(self) -> tuple[tuple[Token, ...], ...]:
        """The components of `join[a b, b c]`."""
        self._steps(2)
        components: list[tuple[Token, ...]] = []
        while True:
            names: list[Token] = []
            while self.here.kind in {"word", "quoted"}:
                names.append(self.step())
            if not names:
                raise self.wrong(f"a component of the join was expected, but {self.met()} was met: join[a b, b c]")
            components.append(tuple(names))
            if not self.sign(","):
                break
        if not self.sign("]"):
            raise self.wrong(f"']' was expected, but {self.met()} was met")
        return tuple(components)

    def a_dependency(self, draft: Draft) -> None:
        """A dependency, or a foreign key written with an arrow."""
        left = self._empty_side()
        if left is None:
            left = self.names("an attribute, or a rule such as 'a -> b' or 'key a, b',")
        arrow = self.here
        if self.word("references"):
            draft.references.append(self.a_reference(left))
            return
        if arrow.kind != "arrow":
            raise self.wrong(
                f"an arrow was expected, but {self.met()} was met — write a dependency as 'a, b -> c' and a foreign "
                "key as 'a -> relation(b)'"
            )
        self.step()
        if arrow.text not in {"->", "→"}:
            draft.dependencies.append((left, "mvd", self._sides()))
            return
        ahead = self.tokens[self.at + 1] if self.here.kind in {"word", "quoted"} else None
        if ahead is not None and ahead.kind == "sign" and ahead.text in "(.":
            draft.references.append(self.a_reference(left))
            return
        start = self.at
        right = self.names("the attribute determined")
        if len(right) == 1 and (self.here.says("on") or right[0].name not in draft.names):
            known = {token.name for token in self.tokens if token.kind in {"word", "quoted"}}
            if right[0].name in known and self._is_relation(right[0].name):
                self.at = start
                draft.references.append(self.a_reference(left))
                return
        draft.dependencies.append((left, "fd", (right,)))

    def _is_relation(self, name: str) -> bool:
        """Whether some line of the text begins a relation of this name."""
        fresh = True
        for at, token in enumerate(self.tokens[:-1]):
            ahead = self.tokens[at + 1]
            if fresh and token.name == name and ahead.kind == "sign" and ahead.text == "(":
                return True
            fresh = token.kind == "newline" or (token.kind == "sign" and token.text == ";")
            fresh = fresh or token.says("relation", "table", "entity")
        return False

    def _empty_side(self) -> tuple[Token, ...] | None:
        if self.sign("∅"):
            return ()
        if self.here.text == "{" and self.tokens[self.at + 1].text == "}":
            self._steps(2)
            return ()
        return () if self.here.kind == "arrow" else None

    def _sides(self) -> tuple[tuple[Token, ...], ...]:
        """The right side of `a ->> b | c`: each part is a dependency of its own."""
        found = [self.names("the multivalued attribute")]
        while self.sign("|"):
            found.append(self.names("the multivalued attribute"))
        return tuple(found)
