"""The text form of relations and schemas: what people type, and what they get back.

    customers(*customer_id: integer, name: text, city: text?)
    orders(
        *order_id: integer,
        customer_id: integer -> customers,       # a foreign key to the primary key of customers
        placed: date = current_date,
        total: decimal(10, 2) check (total >= 0)
    )
    order_lines(order_id -> orders, line_no: integer, product: text, price: decimal(10,2))
        key order_id, line_no
        product -> price                         # a functional dependency
        unique order_id, product

A relation is `name(attributes)`; rules follow, one to a line or parted by `;`. `*` (or `key`) marks the attributes of
the primary key, `?` (or `null`) those that may be unknown, `: type` the type, `= value` the default. Names with blanks
or other signs are quoted, `"unit price"`; a quote in one is doubled. `#` and `--` begin a comment.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from dbworkbench.errors import DesignError, MisspelledName, NotationError
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Index, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Type, Unknown, parse_type, type_text
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, in_order, written

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\f\v\u00a0]+|\#[^\n]*|--(?!>)[^\n]*)
      | (?P<newline>\n)
      | (?P<arrow>->>|→→|↠|->|→)
      | (?P<quoted>"(?:[^"]|"")*"|`[^`\n]*`)
      | (?P<string>'(?:[^']|'')*')
      | (?P<word>\w[\w$]*)
      | (?P<sign>.)""",
    re.VERBOSE,
)
_ACTIONS = ("cascade", "set null", "set default", "restrict", "no action")
_ENDS_TYPE = frozenset(
    [
        "key",
        "pk",
        "primary",
        "unique",
        "null",
        "nullable",
        "optional",
        "not",
        "default",
        "references",
        "fk",
        "check",
        "on",
        "note",
        "index",
    ]
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int

    @property
    def name(self) -> str:
        if self.kind != "quoted":
            return self.text
        return self.text[1:-1].replace('""', '"') if self.text[0] == '"' else self.text[1:-1]

    def says(self, *words: str) -> bool:
        return self.kind == "word" and self.text.casefold() in words


@dataclass
class _Reference:
    """A foreign key as written; `referenced` is empty where the target's primary key is meant."""

    attributes: tuple[_Token, ...]
    relation: _Token
    referenced: tuple[_Token, ...]
    on_delete: str = ""
    on_update: str = ""


@dataclass
class _Draft:
    """A relation being read; names are kept as tokens so that a wrong one can be pointed at."""

    name: _Token
    attributes: list[tuple[_Token, Attribute]] = field(default_factory=list)
    marked: list[_Token] = field(default_factory=list)
    keys: list[tuple[_Token, ...]] = field(default_factory=list)
    primary: tuple[_Token, ...] = ()
    references: list[_Reference] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    indexes: list[tuple[tuple[_Token, ...], bool]] = field(default_factory=list)
    dependencies: list[tuple[tuple[_Token, ...], str, tuple[tuple[_Token, ...], ...]]] = field(default_factory=list)
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(attribute.name for _, attribute in self.attributes)


def relation(text: str) -> Relation:
    r"""Read one relation with its rules.

    Raises NotationError (line, column, the fix) where the text cannot be read, MisspelledName where a rule names no
    attribute, and DesignError where there is not exactly one relation.

    >>> relation("r(a: integer, b?) \n a -> b").candidate_keys()
    (frozenset({'a'}),)
    """
    found = _Reader(text).drafts()
    if len(found) != 1:
        met = ", ".join(draft.name.name for draft in found) or "none"
        raise DesignError(f"one relation was expected, but the text has {met} — read several with schema(…)")
    return _Builder(text, found).relations()[0]


def schema(*parts: str | Relation | Schema, name: str = "") -> Schema:
    r"""A schema read from text, or put together from relations and schemas, or both, in the order given.

    Raises what `relation` does, and DesignError where references do not fit.

    >>> schema("a(*x: integer) \n b(*y: integer, x: integer -> a)").names
    ('a', 'b')
    """
    given: list[Relation] = []
    for part in parts:
        match part:
            case str():
                known = tuple(given)
                given.extend(_Builder(part, _Reader(part).drafts(), known).relations())
            case Relation():
                given.append(part)
            case Schema():
                given.extend(part.relations)
    if not given:
        raise DesignError("a schema needs at least one relation — write name(attribute, attribute: type, …)")
    return Schema(tuple(given), name=name)


def rules(design: Relation, text: str) -> Relation:
    r"""The same relation with the rules of a text added: dependencies, keys, checks, one to a line.

    The text may begin with the relation itself; its attributes must then be among those of `design`.
    Raises NotationError and MisspelledName, as `relation` does.

    >>> rules(relation("r(a, b)"), "a -> b\n key a").keys
    (Key(attributes=('a',), name=''),)
    """
    reader = _Reader(text)
    draft = _Draft(_Token("word", design.name, 0))
    reader.skip_newlines()
    if reader.begins_relation():
        draft = reader.a_relation()
    builder = _Builder(text, [draft])
    for token, _ in draft.attributes:
        builder.looked_up("attribute", token, design.names)
    draft.attributes = [(_Token("word", attribute.name, 0), attribute) for attribute in design.attributes]
    while reader.more():
        reader.a_rule(draft)
    found = builder.relations()[0]
    return replace(
        design,
        attributes=found.attributes,
        keys=tuple(dict.fromkeys((*found.keys, *design.keys))),
        checks=tuple(dict.fromkeys((*design.checks, *found.checks))),
        indexes=tuple(dict.fromkeys((*design.indexes, *found.indexes))),
        dependencies=design.dependencies | found.dependencies,
        note=found.note or design.note,
    )


class _Reader:
    """Text to drafts, by recursive descent; every complaint knows its place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at = 0

    # -- moving ----------------------------------------------------------------------------------------------------

    @property
    def here(self) -> _Token:
        return self.tokens[self.at]

    def step(self) -> _Token:
        token = self.here
        self.at += 1
        return token

    def sign(self, *signs: str) -> bool:
        if self.here.kind in {"sign", "arrow"} and self.here.text in signs:
            self.at += 1
            return True
        return False

    def word(self, *words: str) -> bool:
        if self.here.says(*words):
            self.at += 1
            return True
        return False

    def skip_newlines(self) -> None:
        while self.here.kind == "newline":
            self.at += 1

    def wrong(self, message: str, token: _Token | None = None) -> NotationError:
        line, column, source = _place(self.text, (token or self.here).at)
        return NotationError(message, line=line, column=column, text=source)

    def met(self) -> str:
        match self.here.kind:
            case "end":
                return "the end of the text"
            case "newline":
                return "the end of the line"
            case _:
                return repr(self.here.text)

    def a_name(self, what: str) -> _Token:
        if self.here.kind == "quoted" and not self.here.name:
            raise self.wrong(f"{what} needs a name, but the quotes are empty")
        if self.here.kind in {"word", "quoted"}:
            return self.step()
        if self.here.kind == "sign" and self.here.text in {'"', "`"}:
            raise self.wrong("the quote is never closed — end the name with the same quote")
        raise self.wrong(f'{what} was expected, but {self.met()} was met — quote unusual names: "unit price"')

    def names(self, what: str) -> tuple[_Token, ...]:
        """`a, b` or `a b` or `(a, b)`."""
        inside = self.sign("(")
        found = [self.a_name(what)]
        while self.sign(",") or self.here.kind in {"word", "quoted"}:
            if not inside and self.here.says("references", "on", "where"):
                break
            found.append(self.a_name(what))
        if inside and not self.sign(")"):
            raise self.wrong(f"')' was expected, but {self.met()} was met")
        return tuple(found)

    def balanced(self) -> str:
        """The text of a parenthesis that begins here, without its ends."""
        opened, depth = self.step(), 1
        start = opened.at + 1
        while depth:
            token = self.step() if self.here.kind != "end" else None
            if token is None:
                raise self.wrong("the parenthesis is never closed", opened)
            if token.kind == "sign":
                depth += (token.text == "(") - (token.text == ")")
        return _one_line(self.text[start : self.tokens[self.at - 1].at])

    def to_end_of_line(self) -> str:
        start = end = self.here.at
        while self.here.kind not in {"newline", "end"}:
            token = self.step()
            end = token.at + len(token.text)
        return _one_line(self.text[start:end])

    # -- what is read ----------------------------------------------------------------------------------------------

    def drafts(self) -> list[_Draft]:
        found: list[_Draft] = []
        while self.more():
            if self.begins_relation():
                found.append(self.a_relation())
            elif not found:
                raise self.wrong(f"a relation was expected, name(attribute, …), but {self.met()} was met")
            else:
                self.a_rule(found[-1])
        if not found:
            raise self.wrong("nothing to read — write name(attribute, attribute: type, …)")
        return found

    def more(self) -> bool:
        """Whether anything is left, after line ends and semicolons."""
        while self.here.kind == "newline" or (self.here.kind == "sign" and self.here.text == ";"):
            self.at += 1
        return self.here.kind != "end"

    def begins_relation(self) -> bool:
        at = self.at
        named = self.here.kind in {"word", "quoted"}
        ahead = self.tokens[at + 1] if named else None
        if ahead is not None and self.here.says("relation", "table", "entity") and ahead.kind in {"word", "quoted"}:
            return True
        if ahead is None or not (ahead.kind == "sign" and ahead.text == "("):
            return False
        rule = self.here.says("key", "pk", "unique", "check", "index", "primary", "foreign", "join", "fk")
        return not rule or self._attribute_list_has_types(at + 1)

    def _attribute_list_has_types(self, at: int) -> bool:
        """Whether the parenthesis at `at` holds typed or marked attributes: then even `key(…)` is a relation."""
        depth = 0
        for token in self.tokens[at:]:
            if token.kind == "sign":
                depth += (token.text == "(") - (token.text == ")")
                if depth == 1 and token.text in {":", "*", "?"}:
                    return True
            if depth == 0 or token.kind == "end":
                return False
        return False

    def a_relation(self) -> _Draft:
        if self.tokens[self.at + 1].kind in {"word", "quoted"}:
            self.step()
        draft = _Draft(self.a_name("the relation's name"))
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

    def an_attribute(self, draft: _Draft) -> None:
        if self._table_constraint(draft):
            return
        marked = self.sign("*")
        token = self.a_name("an attribute")
        nullable = self.sign("?")
        kind: Type = Unknown()
        if self.sign(":") or self._type_follows():
            kind = self.a_type()
            nullable = self.sign("?") or nullable
        made = Attribute(token.name, kind, nullable)
        while not (self.here.kind in {"newline", "end"} or (self.here.kind == "sign" and self.here.text in ",)")):
            made, marked = self.a_modifier(draft, token, made, marked=marked)
        if any(name == made.name for name in draft.names):
            raise self.wrong(f"{draft.name.name!r} has two attributes called {made.name!r} — rename one", token)
        draft.attributes.append((token, made))
        if marked:
            draft.marked.append(token)

    def _table_constraint(self, draft: _Draft) -> bool:
        """SQL's way: `primary key (a, b)` among the attributes."""
        token, ahead = self.here, self.tokens[self.at + 1]
        spoken = token.says("primary", "foreign") and ahead.says("key")
        spoken = spoken or (token.says("unique", "check", "key") and ahead.kind == "sign" and ahead.text == "(")
        if spoken:
            self.a_rule(draft)
        return spoken

    def _type_follows(self) -> bool:
        return self.here.kind == "word" and self.here.text.casefold() not in _ENDS_TYPE

    def a_type(self) -> Type:
        first = self.here
        if first.kind != "word":
            raise self.wrong(f"a type was expected, but {self.met()} was met — for instance integer or decimal(10, 2)")
        words: list[str] = []
        while self.here.kind == "word" and (not words or self.here.text.casefold() not in _ENDS_TYPE):
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

    def a_modifier(self, draft: _Draft, token: _Token, made: Attribute, *, marked: bool) -> tuple[Attribute, bool]:
        if self.word("key", "pk"):
            return made, True
        if self.word("primary"):
            self._expect("key")
            return made, True
        if self.word("unique"):
            draft.keys.append((token,))
        elif self.word("null", "nullable", "optional") or self.sign("?"):
            made = replace(made, nullable=True)
        elif self.word("not"):
            self._expect("null")
        elif self.word("default") or self.sign("="):
            made = replace(made, default=self._value())
        elif self.word("check"):
            draft.checks.append(self.a_check())
        elif self.word("note"):
            made = replace(made, note=self._quoted_text())
        elif self.word("references", "fk") or self.sign("->", "→"):
            draft.references.append(self.a_reference((token,)))
        else:
            raise self.wrong(
                f"{self.met()} was met where ',' or ')' should stand — after a name come ': type', '?', 'key', "
                "'unique', '= value', '-> relation' or 'check (…)'; a name with other signs in it is quoted: "
                '"unit-price"'
            )
        return made, marked

    def _expect(self, word: str) -> None:
        if not self.word(word):
            raise self.wrong(f"'{word}' was expected, but {self.met()} was met")

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

    def _quoted_text(self) -> str:
        token = self.step()
        if token.kind not in {"string", "quoted"}:
            raise self.wrong("a note is a text in quotes: note 'in euros'", token)
        return token.text[1:-1].replace(token.text[0] * 2, token.text[0])

    def a_check(self) -> Check:
        if self.here.kind == "sign" and self.here.text == "(":
            return Check(self.balanced())
        said = self.to_end_of_line()
        if not said:
            raise self.wrong("a condition was expected: check (price >= 0)")
        return Check(said)

    def a_reference(self, attributes: tuple[_Token, ...]) -> _Reference:
        target = self.a_name("the relation referred to")
        referenced: tuple[_Token, ...] = ()
        if self.sign("."):
            referenced = (self.a_name("the attribute referred to"),)
        elif self.here.kind == "sign" and self.here.text == "(":
            referenced = self.names("the attribute referred to")
        made = _Reference(attributes, target, referenced)
        while self.word("on"):
            place = self.here
            if not self.word("delete", "update"):
                raise self.wrong(f"'delete' or 'update' was expected after 'on', but {self.met()} was met")
            action = self._action()
            if place.says("delete"):
                made.on_delete = action
            else:
                made.on_update = action
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

    def a_rule(self, draft: _Draft) -> None:
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

    def _named_rule(self, draft: _Draft) -> bool:
        token, ahead = self.here, self.tokens[self.at + 1]
        if token.kind != "word" or ahead.kind == "arrow" or (ahead.kind == "sign" and ahead.text in ",."):
            return False  # an attribute called `key` or `note` begins a dependency
        if self.word("key", "pk") or (token.says("primary") and ahead.says("key") and self._steps(2)):
            if not draft.primary and not draft.marked:
                draft.primary = self.names("an attribute of the key")
            else:
                draft.keys.append(self.names("an attribute of the key"))
        elif self.word("unique"):
            self.word("key")
            draft.keys.append(self.names("an attribute"))
        elif self.word("index"):
            draft.indexes.append((self.names("an attribute"), False))
        elif self.word("check"):
            draft.checks.append(self.a_check())
        elif self.word("note"):
            draft.note = self._quoted_text()
        elif (token.says("foreign") and ahead.says("key") and self._steps(2)) or self.word("fk"):
            attributes = self.names("an attribute")
            if not (self.word("references") or self.sign("->", "→")):
                raise self.wrong(f"'references' was expected, but {self.met()} was met")
            draft.references.append(self.a_reference(attributes))
        else:
            return False
        return True

    def _steps(self, count: int) -> bool:
        self.at += count
        return True

    def a_join(self) -> tuple[tuple[_Token, ...], ...]:
        self._steps(2)
        components: list[tuple[_Token, ...]] = []
        while True:
            names: list[_Token] = []
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

    def a_dependency(self, draft: _Draft) -> None:
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

    def _empty_side(self) -> tuple[_Token, ...] | None:
        if self.sign("∅"):
            return ()
        if self.here.text == "{" and self.tokens[self.at + 1].text == "}":
            self._steps(2)
            return ()
        return () if self.here.kind == "arrow" else None

    def _sides(self) -> tuple[tuple[_Token, ...], ...]:
        """The right side of `a ->> b | c`: each part is a dependency of its own."""
        found = [self.names("the multivalued attribute")]
        while self.sign("|"):
            found.append(self.names("the multivalued attribute"))
        return tuple(found)


class _Builder:
    """Drafts to relations: names are looked up, and a wrong one is pointed at."""

    def __init__(self, text: str, drafts: Sequence[_Draft], known: Sequence[Relation] = ()) -> None:
        self.text, self.drafts = text, drafts
        self.others = {other.name: other for other in known}
        self.known = [*self.others, *(draft.name.name for draft in drafts)]

    def relations(self) -> list[Relation]:
        bare = {draft.name.name: self._bare(draft) for draft in self.drafts}
        if len(bare) != len(self.drafts):
            seen: set[str] = set()
            for draft in self.drafts:
                if draft.name.name in seen:
                    raise self._wrong(f"two relations are called {draft.name.name!r} — rename one", draft.name)
                seen.add(draft.name.name)
        every = {**self.others, **bare}
        return [replace(bare[d.name.name], foreign_keys=self._references(d, every)) for d in self.drafts]

    def _wrong(self, message: str, token: _Token) -> NotationError:
        line, column, source = _place(self.text, token.at)
        return NotationError(message, line=line, column=column, text=source)

    def looked_up(self, kind: str, token: _Token, known: Sequence[str]) -> str:
        if token.name in known:
            return token.name
        line, column, source = _place(self.text, token.at)
        raise MisspelledName(kind, token.name, known, line=line, column=column, text=source)

    def _bare(self, draft: _Draft) -> Relation:
        def names(tokens: Sequence[_Token], *, once: bool = True) -> tuple[str, ...]:
            found = tuple(self.looked_up("attribute", token, draft.names) for token in tokens)
            for at, name in enumerate(found):
                if once and name in found[:at]:
                    raise self._wrong(f"{name!r} stands here twice", tokens[at])
            return found

        keys = [Key(names(tokens)) for tokens in (draft.primary or tuple(draft.marked), *draft.keys) if tokens]
        prime = set(keys[0].attributes) if draft.primary or draft.marked else set()
        attributes = []
        for token, attribute in draft.attributes:
            if attribute.nullable and attribute.name in prime:
                raise self._wrong(f"{attribute.name!r} is in the primary key, so it cannot be unknown", token)
            attributes.append(attribute)
        return Relation(
            draft.name.name,
            tuple(attributes),
            keys=tuple(dict.fromkeys(keys)),
            checks=tuple(draft.checks),
            indexes=tuple(Index(names(tokens), unique=unique) for tokens, unique in draft.indexes),
            dependencies=frozenset(self._dependencies(draft, names)),
            note=draft.note,
        )

    @staticmethod
    def _dependencies(draft: _Draft, names: Callable[..., tuple[str, ...]]) -> Iterator[Dependency]:
        for left, kind, sides in draft.dependencies:
            determinant = frozenset(names(left, once=False))
            match kind:
                case "fd":
                    yield FD(determinant, frozenset(names(sides[0], once=False)))
                case "mvd":
                    yield from (MVD(determinant, frozenset(names(side, once=False))) for side in sides)
                case _:
                    yield _join(draft, sides, names)

    def _references(self, draft: _Draft, every: dict[str, Relation]) -> tuple[ForeignKey, ...]:
        made: list[ForeignKey] = []
        for reference in draft.references:
            target = every[self.looked_up("relation", reference.relation, self.known)]
            attributes = tuple(self.looked_up("attribute", token, draft.names) for token in reference.attributes)
            referenced = (
                tuple(self.looked_up("attribute", token, target.names) for token in reference.referenced)
                or target.primary_key
            )
            if len(attributes) != len(referenced):
                raise self._wrong(
                    f"the foreign key of {draft.name.name!r} has {len(attributes)} attributes, but "
                    f"{target.name}({', '.join(referenced)}) needs {len(referenced)} — name them: "
                    f"a, b -> {target.name}(x, y)",
                    reference.relation,
                )
            made.append(ForeignKey(attributes, target.name, referenced, reference.on_delete, reference.on_update))
        return tuple(made)


def _join(draft: _Draft, sides: tuple[tuple[_Token, ...], ...], names: Callable[..., tuple[str, ...]]) -> Dependency:
    """A join dependency; where single words name no attribute but their letters do, the letters are meant."""
    letters = all(len(side) == 1 and side[0].kind == "word" and side[0].name not in draft.names for side in sides)
    if letters and all(set(side[0].name) <= set(draft.names) for side in sides):
        return JD(frozenset(frozenset(side[0].name) for side in sides))
    return JD(frozenset(frozenset(names(side, once=False)) for side in sides))


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        if match.lastgroup not in {None, "space"}:
            yield _Token(str(match.lastgroup), match.group(), match.start())
    yield _Token("end", "", len(text))
    yield _Token("end", "", len(text))


_BLANKS = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|\s+""")


def _one_line(text: str) -> str:
    """Text with its blanks and line ends made single blanks, but for those within quotes."""
    return _BLANKS.sub(lambda match: match[1] or " ", text).strip()


def _place(text: str, at: int) -> tuple[int, int, str]:
    """Line and column, counted from 1, and the line itself."""
    line = text.count("\n", 0, at) + 1
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return line, at - begin + 1, text[begin : end if end >= 0 else len(text)]


def to_text(design: Relation | Schema) -> str:
    """A relation or schema in the notation: `relation` and `schema` read it back as the same value.

    Names of constraints, and indexes that are unique or partial, have no place in the notation and are left out.
    """
    if isinstance(design, Schema):
        return "\n".join(to_text(relation) for relation in design.relations)
    marked = design.keys[0].attributes if design.keys else ()
    in_place = tuple(name for name in design.names if name in marked) == marked
    inner = ", ".join(_attribute_text(a, key=in_place and a.name in marked) for a in design.attributes)
    lines = [f"{_word(design.name)}({inner})"]
    if marked and not in_place:
        lines.append(f"key {_names_text(marked)}")
    lines += [f"unique {_names_text(key.attributes)}" for key in design.keys[1:]]
    for foreign_key in design.foreign_keys:
        actions = "".join(
            f" on {event} {action}"
            for event, action in (("delete", foreign_key.on_delete), ("update", foreign_key.on_update))
            if action
        )
        target = f"{_word(foreign_key.relation)}({_names_text(foreign_key.referenced)})"
        lines.append(f"{_names_text(foreign_key.attributes)} -> {target}{actions}")
    lines += [f"check ({check.expression})" for check in design.checks]
    lines += [f"index {_names_text(index.attributes)}" for index in design.indexes if not index.unique]
    lines += [_dependency_text(dependency) for dependency in in_order(design.dependencies)]
    if design.note:
        lines.append("note " + _text_quoted(design.note))
    return "\n    ".join(lines) + "\n"


def _dependency_text(dependency: Dependency) -> str:
    match dependency:
        case FD(determinant, dependent):
            return f"{_names_text(sorted(determinant)) or '∅'} -> {_names_text(sorted(dependent))}"
        case MVD(determinant, dependent):
            return f"{_names_text(sorted(determinant)) or '∅'} ->> {_names_text(sorted(dependent))}"
        case JD(components):
            return f"join[{', '.join(' '.join(map(_word, sorted(part))) for part in sorted(components, key=sorted))}]"


def _names_text(names: Sequence[str]) -> str:
    return ", ".join(_word(name) for name in names)


def _word(name: str) -> str:
    """A name as a rule spells it: quoted also where it would begin a rule of another kind."""
    return (
        f'"{name}"'
        if name.casefold() in _ENDS_TYPE | {"foreign", "join", "where", "relation", "table", "entity"}
        else written(name)
    )


def _text_quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _attribute_text(attribute: Attribute, *, key: bool) -> str:
    said = ("*" if key else "") + _word(attribute.name)
    kind = type_text(attribute.type)
    said += f": {kind}" if kind else ""
    said += "?" if attribute.nullable else ""
    said += f" = {attribute.default}" if attribute.default is not None else ""
    said += f" note {_text_quoted(attribute.note)}" if attribute.note else ""
    return said
