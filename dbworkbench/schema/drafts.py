"""Text to drafts: relations as they were written, their names still words with a place in the text.

`notation` says what the text looks like and makes relations of the drafts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from dbworkbench.errors import NotationError
from dbworkbench.schema.relation import Attribute, Check
from dbworkbench.schema.types import Type, Unknown, parse_type

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
_SQL = re.compile(r"\s*(?:create|alter|drop|insert|select|with)\s+\w", re.IGNORECASE)
ENDS_TYPE = frozenset(
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
class Token:
    """A word, quoted name, text, arrow, sign, line end or the end, and where it begins."""

    kind: str
    text: str
    at: int

    @property
    def name(self) -> str:
        """What a word or quoted name names."""
        if self.kind != "quoted":
            return self.text
        return self.text[1:-1].replace('""', '"') if self.text[0] == '"' else self.text[1:-1]

    def says(self, *words: str) -> bool:
        """Whether it is one of these words, in any case."""
        return self.kind == "word" and self.text.casefold() in words


@dataclass
class Reference:
    """A foreign key as written; `referenced` is empty where the target's primary key is meant."""

    attributes: tuple[Token, ...]
    relation: Token
    referenced: tuple[Token, ...]
    on_delete: str = ""
    on_update: str = ""


@dataclass
class Draft:
    """A relation being read; names are kept as tokens so that a wrong one can be pointed at."""

    name: Token
    attributes: list[tuple[Token, Attribute]] = field(default_factory=list)
    marked: list[Token] = field(default_factory=list)
    keys: list[tuple[Token, ...]] = field(default_factory=list)
    primary: tuple[Token, ...] = ()
    references: list[Reference] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    indexes: list[tuple[tuple[Token, ...], bool]] = field(default_factory=list)
    dependencies: list[tuple[tuple[Token, ...], str, tuple[tuple[Token, ...], ...]]] = field(default_factory=list)
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The attributes read so far."""
        return tuple(attribute.name for _, attribute in self.attributes)


class Reader:
    """Text to drafts, by recursive descent; every complaint knows its place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at = 0

    # -- moving ----------------------------------------------------------------------------------------------------

    @property
    def here(self) -> Token:
        """The token that is read next."""
        return self.tokens[self.at]

    def step(self) -> Token:
        """Take the next token."""
        token = self.here
        self.at += 1
        return token

    def sign(self, *signs: str) -> bool:
        """Take the next token if it is one of these signs."""
        if self.here.kind in {"sign", "arrow"} and self.here.text in signs:
            self.at += 1
            return True
        return False

    def word(self, *words: str) -> bool:
        """Take the next token if it is one of these words."""
        if self.here.says(*words):
            self.at += 1
            return True
        return False

    def skip_newlines(self) -> None:
        """Go to the next token that is no line end."""
        while self.here.kind == "newline":
            self.at += 1

    def wrong(self, message: str, token: Token | None = None) -> NotationError:
        """The error to raise, with the place of a token (the next one)."""
        line, column, source = place(self.text, (token or self.here).at)
        return NotationError(message, line=line, column=column, text=source)

    def met(self) -> str:
        """What stands next, for a message."""
        match self.here.kind:
            case "end":
                return "the end of the text"
            case "newline":
                return "the end of the line"
            case _:
                return repr(self.here.text)

    def a_name(self, what: str) -> Token:
        """Take a name; `what` says of what, for the complaint."""
        if self.here.kind == "quoted" and not self.here.name:
            raise self.wrong(f"{what} needs a name, but the quotes are empty")
        if self.here.kind in {"word", "quoted"}:
            return self.step()
        if self.here.kind == "sign" and self.here.text in {'"', "`"}:
            raise self.wrong("the quote is never closed — end the name with the same quote")
        raise self.wrong(f'{what} was expected, but {self.met()} was met — quote unusual names: "unit price"')

    def names(self, what: str) -> tuple[Token, ...]:
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
        """Take the rest of the line as text."""
        start = end = self.here.at
        while self.here.kind not in {"newline", "end"}:
            token = self.step()
            end = token.at + len(token.text)
        return _one_line(self.text[start:end])

    # -- what is read ----------------------------------------------------------------------------------------------

    def drafts(self) -> list[Draft]:
        """Every relation of the text; raises NotationError."""
        found: list[Draft] = []
        while self.more():
            if self.begins_relation():
                found.append(self.a_relation())
            elif not found:
                other = " — SQL is read with read(…)" if _SQL.match(self.text) else ""
                raise self.wrong(f"a relation was expected, name(attribute, …), but {self.met()} was met{other}")
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
        """Whether a relation begins here, and not a rule of the one before."""
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

    def a_modifier(self, draft: Draft, token: Token, made: Attribute, *, marked: bool) -> tuple[Attribute, bool]:
        """One mark after an attribute's name or type: the attribute with it, and whether it is of the primary key."""
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
            if not (self.here.kind == "sign" and self.here.text == "("):
                raise self.wrong("among attributes a condition stands in parentheses: check (price >= 0)")
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
        """A condition: in parentheses, or to the end of the line."""
        if self.here.kind == "sign" and self.here.text == "(":
            return Check(self.balanced())
        said = self.to_end_of_line()
        if not said:
            raise self.wrong("a condition was expected: check (price >= 0)")
        return Check(said)

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


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        if match.lastgroup not in {None, "space"}:
            yield Token(str(match.lastgroup), match.group(), match.start())
    yield Token("end", "", len(text))
    yield Token("end", "", len(text))


_BLANKS = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|\s+""")


def _one_line(text: str) -> str:
    """Text with its blanks and line ends made single blanks, but for those within quotes."""
    return _BLANKS.sub(lambda match: match[1] or " ", text).strip()


def place(text: str, at: int) -> tuple[int, int, str]:
    """Line and column, counted from 1, and the line itself."""
    line = text.count("\n", 0, at) + 1
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return line, at - begin + 1, text[begin : end if end >= 0 else len(text)]
