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

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from dbworkbench.errors import DesignError, MisspelledName, NotationError, kind_of
from dbworkbench.schema.drafts import ENDS_TYPE, Draft, Reader, Token, place
from dbworkbench.schema.relation import Attribute, ForeignKey, Index, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import type_text
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, in_order, written


def relation(text: str) -> Relation:
    r"""Read one relation with its rules.

    Raises NotationError (line, column, the fix) where the text cannot be read, MisspelledName where a rule names no
    attribute, and DesignError where there is not exactly one relation.

    >>> relation("r(a: integer, b?) \n a -> b").candidate_keys()
    (frozenset({'a'}),)
    """
    if not isinstance(text, str):
        raise DesignError(f"a relation is read from text, not from {kind_of(text)}")
    found = Reader(text).drafts()
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
                given.extend(_Builder(part, Reader(part).drafts(), known).relations())
            case Relation():
                given.append(part)
            case Schema():
                given.extend(part.relations)
            case _:
                raise DesignError(f"{kind_of(part)} is no design — give relations, schemas, or the text of them")
    if not given:
        raise DesignError("a schema needs at least one relation — write name(attribute, attribute: type, …)")
    return Schema(tuple(given), name=name)


def design_of(value: object) -> Relation | Schema:
    """The design that a verb was given: a relation, a schema, the text of either, or what holds a schema.

    Raises DesignError for anything else, and what `schema` raises for a text.

    >>> design_of("r(a, b)").name
    'r'
    """
    found = schema(value) if isinstance(value, str) else value
    if isinstance(found, Relation):
        return found
    found = found if isinstance(found, Schema) else getattr(found, "schema", None)
    if not isinstance(found, Schema):
        raise DesignError(f"{kind_of(value)} is no design — give a relation, a schema, or the text of one")
    return found.relations[0] if isinstance(value, str) and len(found) == 1 else found


def relation_in(value: object) -> Relation:
    """The one relation that a verb was given, as a value or as text; raises DesignError for anything else."""
    found = design_of(value)
    if isinstance(found, Schema):
        raise DesignError(
            f"one relation is needed, but {kind_of(value)} holds {', '.join(found.names[:6])}"
            f"{' …' if len(found) > 6 else ''} — take one: schema[name]"
        )
    return found


def rules(design: Relation, text: str) -> Relation:
    r"""The same relation with the rules of a text added: dependencies, keys, checks, one to a line.

    The text may begin with the relation itself; its attributes must then be among those of `design`.
    Raises NotationError and MisspelledName, as `relation` does.

    >>> rules(relation("r(a, b)"), "a -> b\n key a").keys
    (Key(attributes=('a',), name=''),)
    """
    reader = Reader(text)
    draft = Draft(Token("word", design.name, 0))
    reader.skip_newlines()
    if reader.begins_relation():
        draft = reader.a_relation()
    builder = _Builder(text, [draft])
    for token, _ in draft.attributes:
        builder.looked_up("attribute", token, design.names)
    draft.attributes = [(Token("word", attribute.name, 0), attribute) for attribute in design.attributes]
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


class _Builder:
    """Drafts to relations: names are looked up, and a wrong one is pointed at."""

    def __init__(self, text: str, drafts: Sequence[Draft], known: Sequence[Relation] = ()) -> None:
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

    def _wrong(self, message: str, token: Token) -> NotationError:
        line, column, source = place(self.text, token.at)
        return NotationError(message, line=line, column=column, text=source)

    def looked_up(self, kind: str, token: Token, known: Sequence[str]) -> str:
        if token.name in known:
            return token.name
        line, column, source = place(self.text, token.at)
        raise MisspelledName(kind, token.name, known, line=line, column=column, text=source)

    def _bare(self, draft: Draft) -> Relation:
        def names(tokens: Sequence[Token], *, once: bool = True) -> tuple[str, ...]:
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
    def _dependencies(draft: Draft, names: Callable[..., tuple[str, ...]]) -> Iterator[Dependency]:
        for left, kind, sides in draft.dependencies:
            determinant = frozenset(names(left, once=False))
            match kind:
                case "fd":
                    yield FD(determinant, frozenset(names(sides[0], once=False)))
                case "mvd":
                    yield from (MVD(determinant, frozenset(names(side, once=False))) for side in sides)
                case _:
                    yield _join(draft, sides, names)

    def _references(self, draft: Draft, every: dict[str, Relation]) -> tuple[ForeignKey, ...]:
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


def _join(draft: Draft, sides: tuple[tuple[Token, ...], ...], names: Callable[..., tuple[str, ...]]) -> Dependency:
    """A join dependency; where single words name no attribute but their letters do, the letters are meant."""
    letters = all(len(side) == 1 and side[0].kind == "word" and side[0].name not in draft.names for side in sides)
    if letters and all(set(side[0].name) <= set(draft.names) for side in sides):
        return JD(frozenset(frozenset(side[0].name) for side in sides))
    return JD(frozenset(frozenset(names(side, once=False)) for side in sides))


def to_text(design: object) -> str:
    """A relation or schema in the notation: `relation` and `schema` read it back as the same value.

    Names of constraints, and indexes that are unique or partial, have no place in the notation and are left out.
    """
    given = design_of(design)
    if isinstance(given, Schema):
        return "\n".join(_relation_text(relation) for relation in given.relations)
    return _relation_text(given)


def _relation_text(design: Relation) -> str:
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
        if name.casefold() in ENDS_TYPE | {"foreign", "join", "where", "relation", "table", "entity"}
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
