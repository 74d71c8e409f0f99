"""Edits of a design told in words."""

from dbworkbench.schema.changes import (
    AddAttribute,
    AddCheck,
    AddDefinition,
    AddDependency,
    AddDomain,
    AddExclusion,
    AddForeignKey,
    AddIndex,
    AddKey,
    AddRelation,
    Change,
    ChangeDomain,
    DropAttribute,
    DropCheck,
    DropDefinition,
    DropDependency,
    DropDomain,
    DropExclusion,
    DropForeignKey,
    DropIndex,
    DropKey,
    DropRelation,
    MergeRelations,
    MoveAttribute,
    MoveRelation,
    RenameAttribute,
    RenameRelation,
    Retype,
    SetCollation,
    SetDefault,
    SetDomain,
    SetGenerated,
    SetIdentity,
    SetNote,
    SetNullable,
    SetPartitioning,
    SplitRelation,
)
from dbworkbench.schema.editing import compared, listed, reference_said, tupled
from dbworkbench.schema.native import shown
from dbworkbench.schema.types import type_text
from dbworkbench.theory.dependencies import written


def told(change: Change) -> str:
    """What a change does, as words that follow "to".

    >>> told(RenameAttribute("orders", "total", "amount"))
    'rename orders.total to amount'
    """
    match change:
        case AddRelation(relation):
            return f"add the relation {written(relation.name)}"
        case DropRelation(name):
            return f"drop the relation {written(name)}"
        case RenameRelation(name, to):
            return f"rename {written(name)} to {written(to)}"
        case MoveRelation(name, at):
            return f"move {written(name)} to place {at + 1}"
        case SplitRelation(name, into):
            return f"split {written(name)} into {listed(part.name for part in into)}"
        case MergeRelations(names, into):
            return f"merge {listed(names)} into {written(into.name)}"
        case AddAttribute(relation_name, attribute):
            return f"add the attribute {written(attribute.name)} to {written(relation_name)}"
        case DropAttribute(relation_name, name):
            return f"drop the attribute {written(name)} of {written(relation_name)}"
        case RenameAttribute(relation_name, name, to):
            return f"rename {written(relation_name)}.{written(name)} to {written(to)}"
        case MoveAttribute(relation_name, name, at):
            return f"move {written(relation_name)}.{written(name)} to place {at + 1}"
        case Retype(relation_name, name, new_type, declared):
            said = f", {declared.text} in {declared.dialect}" if declared else ""
            return f"make {written(relation_name)}.{written(name)} {type_text(new_type) or 'of unknown type'}{said}"
        case SetNullable(relation_name, name, nullable):
            return f"let {written(relation_name)}.{written(name)} {'be' if nullable else 'never be'} unknown"
        case SetDefault(relation_name, name, default):
            place = f"{written(relation_name)}.{written(name)}"
            return f"take the default of {place} away" if default is None else f"make {default} the default of {place}"
        case SetGenerated(relation_name, name, generated):
            place = f"{written(relation_name)}.{written(name)}"
            return f"compute {place} as {generated.expression}" if generated else f"no longer compute {place}"
        case SetIdentity(relation_name, name, identity):
            return f"{'number' if identity else 'no longer number'} {written(relation_name)}.{written(name)}"
        case SetCollation(relation_name, name, collation):
            return f"sort {written(relation_name)}.{written(name)} {f'by {collation}' if collation else 'as usual'}"
        case SetDomain(relation_name, name, domain_name):
            said = f"make {written(domain_name)}" if domain_name else "take away"
            return f"{said} the domain of {written(relation_name)}.{written(name)}"
        case SetPartitioning(relation_name, partitioning):
            return f"{'partition' if partitioning else 'no longer partition'} {written(relation_name)}"
        case AddDomain(domain):
            return f"add the domain {written(domain.name)}"
        case DropDomain(name):
            return f"drop the domain {written(name)}"
        case ChangeDomain(name):
            return f"change the domain {written(name)}"
        case AddDefinition(definition):
            return f"add the {definition.kind} {written(definition.name)}".rstrip()
        case DropDefinition(definition):
            return f"drop the {definition.kind} {written(definition.name)}".rstrip()
        case AddKey(relation_name, key, at):
            kind = "primary key" if at == 0 else "key"
            return f"add the {kind} {tupled(key.attributes)} to {written(relation_name)}"
        case DropKey(relation_name, key):
            return f"drop the key {tupled(key.attributes)} of {written(relation_name)}"
        case AddForeignKey(relation_name, foreign_key):
            return f"add the foreign key {reference_said(relation_name, foreign_key)}"
        case DropForeignKey(relation_name, foreign_key):
            return f"drop the foreign key {reference_said(relation_name, foreign_key)}"
        case AddCheck(relation_name, check):
            return f"add the check ({shown(check.expression)}) to {written(relation_name)}"
        case DropCheck(relation_name, check):
            return f"drop the check ({shown(check.expression)}) of {written(relation_name)}"
        case AddIndex(relation_name, index):
            return f"add an index on {written(relation_name)}({', '.join(map(str, index.parts))})"
        case DropIndex(relation_name, index):
            return f"drop the index on {written(relation_name)}({', '.join(map(str, index.parts))})"
        case AddExclusion(relation_name, exclusion):
            return f"add the exclusion of {compared(exclusion)} to {written(relation_name)}"
        case DropExclusion(relation_name, exclusion):
            return f"drop the exclusion of {compared(exclusion)} of {written(relation_name)}"
        case AddDependency(relation_name, dependency):
            return f"declare {dependency} in {written(relation_name)}"
        case DropDependency(relation_name, dependency):
            return f"no longer declare {dependency} in {written(relation_name)}"
        case SetNote(_, relation_name, name):
            place = ".".join(written(part) for part in (relation_name, name) if part) or "the schema"
            return f"set the note on {place}"
