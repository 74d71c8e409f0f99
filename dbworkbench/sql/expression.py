"""Conditions and defaults of a design, carried from the home dialect (DuckDB's SQL) into another."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dbworkbench.schema.types import Text, Type
from dbworkbench.sql.decimals import decimals_at_home, decimals_in
from dbworkbench.sql.dialect import DIALECTS, Dialect, Feature, unkept
from dbworkbench.sql.kinds import Apart, Kind, agreeing
from dbworkbench.sql.meaning import says_type
from dbworkbench.sql.native import NotOne, is_native, kin, native, words_of
from dbworkbench.sql.patterns import Unmatched, patterns_at_home, patterns_in
from dbworkbench.sql.plainly import as_regular, as_written, one_of, plainly
from dbworkbench.sql.quotients import deferred, divided, has_open, is_open, numeric_kind
from dbworkbench.sql.settling import is_zoned
from dbworkbench.sql.wording import Unworded, worded

__all__ = ["Untold", "at_home", "carried", "is_constant", "is_simple", "may_be_unknown", "translated"]

_EVERYWHERE = frozenset(
    {
        *("Literal", "Null", "Boolean", "Column", "Identifier", "Paren", "Neg", "Add", "Sub", "Mul", "Div", "IntDiv"),
        *("Mod", "EQ", "NEQ", "GT", "GTE", "LT", "LTE", "And", "Or", "Not", "Is", "In", "Between", "Like", "Case"),
        *("If", "Coalesce", "Nullif", "Length", "Lower", "Upper", "Abs", "Round", "Trim", "DPipe", "Cast", "DataType"),
        *("DataTypeParam", "CurrentTimestamp", "CurrentDate", "Escape", "Var"),
    }
)
"""Kinds of expressions that every dialect says, in one spelling or another."""

_NEVER = (exp.Query, exp.AggFunc, exp.Window, exp.Placeholder, exp.Parameter, exp.Star, exp.Exists, exp.PropertyEQ)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Like)


_KNOWN = frozenset(
    {
        *(
            "Literal",
            "Boolean",
            "Column",
            "Identifier",
            "Paren",
            "Neg",
            "Add",
            "Sub",
            "Mul",
            "EQ",
            "NEQ",
            "GT",
            "GTE",
            "LT",
        ),
        *("LTE", "And", "Or", "Not", "In", "Between", "Like", "Length", "Lower", "Upper", "Abs"),
    }
)
"""Kinds of expressions that come to something wherever their parts do."""


class Untold(Exception):
    """An expression that a dialect cannot say; the text is the reason. It becomes a loss and is never seen outside."""


def translated(
    text: str,
    dialect: Dialect,
    columns: Mapping[str, str],
    relation: str = "",
    kinds: Mapping[str, Kind] | None = None,
    *,
    types: Mapping[str, Type] | None = None,
) -> str:
    r"""An expression over `columns` (an attribute's name, and the column's name there) as `dialect` spells it.

    A name is that of the attribute it equals, else of the only one it equals but for case. With `kinds`, those of the columns
    there, it is a condition whose parts have to go together. `types` are those of the attributes: they say what is divided as
    whole numbers. Raises Untold: for what is not one expression over these
    attributes, and for what the dialect has no words for.

    >>> from dbworkbench.sql.dialect import DIALECTS, unkept
    >>> translated("Price > 0 AND day >= DATE '2020-01-31'", DIALECTS["sqlite"], {"price": "price", "day": "DAY"})
    '"price" > 0 AND "DAY" >= \'2020-01-31\''
    """
    tree: exp.Expr = _listed(_parsed(text))
    own: list[exp.Expr] = []
    for node in list(tree.walk()):
        if is_native(node):
            own.append(node)
            continue
        if isinstance(node, _NEVER):
            raise Untold(f"it has {_kind(node)}, which a rule about one row cannot have")
        if isinstance(node, exp.Anonymous) and node.name.casefold() in {"nextval", "currval", "setval", "lastval"}:
            raise Untold("it speaks of a sequence, which a design does not hold")
        kind = type(node).__name__
        if kind in dialect.calls and not columns:
            called = exp.Var(this=dialect.calls[kind])
            tree = called if node is tree else tree
            node.replace(called)
            continue
        known = kind in _EVERYWHERE | dialect.expressions or "*" in dialect.expressions
        now = isinstance(node, exp.Anonymous) and node.name.casefold() == "now" and not node.expressions
        if not known and not now:
            raise Untold(f"{dialect.title} has no words for {_kind(node)}")
        if now or isinstance(node, exp.CurrentTimestamp | exp.CurrentDate):
            tree = _present(tree, node, dialect, rule=bool(columns))
        if isinstance(node, _COMPARISONS):
            _bracket(node, dialect)
        if isinstance(node, exp.Column):
            _name(node, columns, relation)
            _know(node, types or {}, dialect)
        if "*" not in dialect.expressions and isinstance(node, exp.Cast):
            _refuse_rare_types(node, dialect)
            tree = _dated(tree, node, dialect)
    for call in own:
        said = _in_own_words(call, dialect, relation, kinds, types)
        if call is tree:
            return said
        call.replace(exp.Paren(this=exp.Var(this=said)))
    if kinds is not None and dialect.strict:
        try:
            tree = agreeing(tree, kinds, truths=dialect.strict == "truths")
        except Apart as reason:
            raise Untold(f"{reason}, which {dialect.title} does not take") from reason
    try:
        tree = worded(
            decimals_in(divided(patterns_in(tree, dialect), dialect), dialect), dialect, condition=kinds is not None
        )
    except (Unmatched, Unworded) as reason:
        raise Untold(str(reason)) from reason
    letters = {"normalize_functions": dialect.functions} if dialect.functions else {}
    ignore = sqlglot.ErrorLevel.IGNORE
    spelled = as_written(tree, dialect.sqlglot, identify=True, comments=False, unsupported_level=ignore, **letters)
    if why := unkept(spelled):
        raise Untold(f"it has {why}")
    return spelled


def _present(tree: exp.Expr, node: exp.Expr, dialect: Dialect, *, rule: bool) -> exp.Expr:
    """The tree with what looks at the clock as the dialect says it. Raises Untold."""
    now = isinstance(node, exp.Anonymous)
    word = dialect.clock.get("CurrentTimestamp" if now else type(node).__name__) if rule else None
    present = exp.Var(this=word) if word else exp.CurrentTimestamp()
    if word is not None and not word:
        raise Untold(f"{dialect.title} has no words for a rule that looks at the clock")
    if not word and not now:
        return tree
    node.replace(present)
    return present if node is tree else tree


_ALSO_HOME = frozenset(
    {
        "Anonymous",
        "Array",
        "ArrayContains",
        "ArraySize",
        "Bracket",
        "Contains",
        "EndsWith",
        "Extract",
        "ILike",
        "Interval",
    }
    | {
        "JSONExtract",
        "JSONExtractScalar",
        "JSONPath",
        "JSONPathKey",
        "JSONPathRoot",
        "JSONPathSubscript",
        "Left",
        "Right",
    }
    | {
        "NullSafeEQ",
        "NullSafeNEQ",
        "RegexpILike",
        "RegexpLike",
        "RegexpReplace",
        "Replace",
        "StartsWith",
        "StrPosition",
    }
    | {
        "Substring",
        "Year",
        "Month",
        "Day",
        "Date",
        "Ceil",
        "Floor",
        "Sqrt",
        "Pow",
        "Greatest",
        "Least",
        "Concat",
        "SplitPart",
    }
)
"""Kinds of expressions in which the home dialect says what another one says in words of its own, beyond those that all have."""


def _in_own_words(
    call: exp.Expr,
    dialect: Dialect,
    relation: str,
    kinds: Mapping[str, Kind] | None,
    types: Mapping[str, Type] | None,
) -> str:
    """What is kept in the words of one engine: as it stands in its dialect, or as far as another one has it. Raises Untold."""
    names: dict[str, str] = {}

    def column(found: exp.Column) -> str:
        names[found.meta["attribute"]] = found.name
        return dialect.quoted(found.name)

    try:
        spoken, said = words_of(call, column)
        if spoken == dialect.name or kin(said, spoken, dialect.name, names.values()):
            return said
        _, there = words_of(call, lambda found: DIALECTS[spoken].quoted(found.meta["attribute"]))
    except NotOne as reason:
        raise Untold(str(reason)) from reason
    own = Untold(f"only {DIALECTS[spoken].title} has words for it")
    home = at_home(there, spoken)
    if home is None:
        raise own
    foreign = (type(node).__name__ for node in _parsed(home).walk())
    if "*" in dialect.expressions and not set(foreign) <= _EVERYWHERE | _ALSO_HOME:
        raise own
    try:
        return translated(home, dialect, names, relation, kinds, types=types)
    except Untold:
        raise own from None


def _listed(tree: exp.Expr) -> exp.Expr:
    """A condition with `= ANY (ARRAY[…])` as IN, which every engine takes for a condition about one row."""
    holder = exp.Paren(this=tree)
    for node in list(holder.find_all(exp.EQ, exp.NEQ)):
        found = one_of(node)
        if found is not None:
            node.replace(found)
    return holder.this  # type: ignore[no-any-return]


_OF_TYPES = frozenset({"json_valid", "isvalidjson", "isjson", "lengthutf8", "todate32", "todatetime64"})
"""Functions in which dialects say what a type is: `sql.meaning` reads them."""

_SAME: dict[str, type[exp.Expr]] = {
    "today": exp.CurrentDate,
    **dict.fromkeys(
        ("getutcdate", "sysutcdatetime", "sysdatetime", "sysdatetimeoffset", "statement_timestamp"),
        exp.CurrentTimestamp,
    ),
    **dict.fromkeys(
        ("transaction_timestamp", "getsysdate", "systimestamp", "utc_timestamp", "now"), exp.CurrentTimestamp
    ),
    **dict.fromkeys(
        ("newid", "newsequentialid", "gen_random_uuid", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4"),
        exp.Uuid,
    ),
    **dict.fromkeys(("sys_guid", "generateuuidv4", "uuid_string", "generate_uuid", "uuid", "gen_uuid"), exp.Uuid),
}
"""What engines call the clock and a new identifier, where sqlglot does not know it."""


def truths(text: str, booleans: AbstractSet[str]) -> str:
    """A condition of the home dialect in which some columns are truth values, not the numbers they are compared with.

    >>> truths("active = 1 AND n = 1", {"active"})
    'active = TRUE AND n = 1'
    """
    if not any(re.search(rf"(?i)\b{re.escape(name)}\b", text) for name in booleans):
        return text
    with suppress(SqlglotError, RecursionError):
        tree = sqlglot.parse_one(text, read="duckdb")
        for node in list(tree.find_all(exp.EQ, exp.NEQ, exp.In)):
            sides = [node.this, *(node.expressions if isinstance(node, exp.In) else [node.expression])]
            if any(isinstance(side, exp.Column) and side.name.casefold() in booleans for side in sides):
                for side in sides:
                    if isinstance(side, exp.Literal) and side.name in {"0", "1"}:
                        side.replace(exp.Boolean(this=side.name == "1"))
        return tree.sql("duckdb")
    return text


@lru_cache(maxsize=1000)
def at_home(text: str, dialect: str) -> str | None:
    """An expression of a dialect in the home dialect's words (DuckDB's); None where it cannot be read.

    >>> at_home("(getdate())", "sqlserver")
    'CURRENT_TIMESTAMP'
    """
    if dialect in {"mysql", "mariadb"}:
        text = re.sub(
            r"(?i)\b_(?:utf8(?:mb[34])?|latin1|ascii|binary|cp\d+)\s*(?=')", "", text
        )  # a text's character set
    plain = re.fullmatch(
        r"\(*\s*(-?\d+(?:\.\d+)?|'(?:[^'\\]|'')*'|CURRENT_TIMESTAMP|CURRENT_DATE|TRUE|FALSE)\s*\)*",
        text,
        re.IGNORECASE,
    )
    if plain and text.count("(") == text.count(")"):
        return plain[1]
    try:
        found = sqlglot.parse(_named_first(text, DIALECTS[dialect]), read=DIALECTS[dialect].sqlglot)
        if len(found) != 1 or found[0] is None or isinstance(found[0], exp.Command):
            return None
        tree = found[0].unnest() if isinstance(found[0], exp.Paren) else found[0]
        kinds = {type(node) for node in tree.walk()}

        def each(*wanted: type[exp.Expr]) -> list[exp.Expr]:  # to walk through a tree takes long, and most have none
            return list(tree.find_all(*wanted)) if any(issubclass(kind, wanted) for kind in kinds) else []

        for read in each(exp.StrToTime) if dialect == "oracle" else ():
            if read.this.is_string and read.text("format") == _ISO:  # what TIMESTAMP '…' is parsed as
                constant = exp.cast(read.this, exp.DType.TIMESTAMP)
                tree = constant if read is tree else tree
                read.replace(constant)
        for now in each(exp.CurrentTimestamp):
            now.set("sysdate", None)  # Oracle's word, which sqlglot writes as a moment in another zone
        for call in each(exp.Anonymous) if dialect == "sqlite" else ():
            if call.name.casefold() == "datetime" and len(call.expressions) == 1 and _is_time(call.expressions[0]):
                constant = exp.cast(call.expressions[0], exp.DType.TIMESTAMP)
                tree = constant if call is tree else tree
                call.replace(constant)
        for test in each(exp.SimilarTo, exp.RegexpLike) if dialect != "duckdb" else ():
            said = _similar(test)
            if said is None and (isinstance(test, exp.SimilarTo) or isinstance(test.parent, exp.Escape)):
                return None
            if said is not None:
                meets = exp.RegexpLike(this=test.this, expression=exp.Literal.string(as_regular(said)))
                tree = meets if test is tree else tree
                test.replace(meets)
        if isinstance(tree, exp.Cast) and isinstance(tree.this, exp.Literal | exp.BitString):
            tree = tree.this  # a constant's type is its column's
        if any(_is_own(cast) for cast in each(exp.Cast)):
            tree = _untyped(tree)
        if kinds & {exp.National, exp.Convert}:
            tree = _plain_texts(tree)
            kinds |= {exp.Cast}
        for cast in each(exp.Cast):
            _retype(cast, dialect)
        if dialect in _SPOKEN_APART and any(issubclass(kind, _SPEAKING) for kind in kinds):
            tree = _of_one(tree, dialect)
        for clock in each(exp.CurrentTimestampLTZ, exp.Systimestamp, exp.CurrentDatetime):
            tree = exp.CurrentTimestamp() if clock is tree else tree
            clock.replace(exp.CurrentTimestamp())
        for quotient in each(exp.Div):
            _unguard(quotient)
        for cut in each(exp.DateTrunc, exp.TimestampTrunc):
            if cut.text("unit").upper() == "DD":  # Oracle's word for a day
                cut.set("unit", exp.Literal.string("DAY"))
        for test in each(exp.Is):
            if isinstance(test.expression, exp.JSON):  # Oracle's
                valid = exp.Anonymous(this="json_valid", expressions=[test.this])
                tree = valid if test is tree else tree
                test.replace(valid)
                return tree.sql("duckdb", comments=False)
        if dialect == "oracle" and _is_midnight(tree):
            return tree.sql("duckdb", comments=False)
        if dialect != "duckdb":
            # PostgreSQL's ALL is read as a call
            tree = decimals_at_home(
                patterns_at_home(_listed(tree) if exp.NEQ in kinds else tree, DIALECTS[dialect]), DIALECTS[dialect]
            )
            tree = _common(deferred(tree, DIALECTS[dialect]))
        return as_written(plainly(tree, dialect), "duckdb", comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except (Untold, Unmatched, SqlglotError, RecursionError, ValueError, AttributeError, TypeError, KeyError):
        return None


@lru_cache(maxsize=4_096)
def carried(text: str, dialect: str) -> str | None:
    """An expression of a dialect as a design has it: in the home dialect's words where the dialect can say these, else in its own.

    None where it is not one expression.

    >>> carried("a >= 0", "postgresql"), carried("doc ? 'x'", "postgresql")
    ('a >= 0', "native('postgresql', doc, ' ? ''x''')")
    """
    home = at_home(text, dialect)
    if home is not None and (_is_plain(home) or _is_said(home, DIALECTS[dialect])):
        return home
    return native(text, dialect) or home


_PLAIN = re.compile(
    r"""(?P<name>"[^"]*"|\b[A-Za-z_]\w*\b)|(?P<constant>'[^']*'|-?\d+(?:\.\d+)?)|(?P<sign>[<>]=?|<>|=|[(),])|(?P<other>\S)"""
)
_JOINING = frozenset({"AND", "OR", "NOT", "IN", "IS", "NULL", "BETWEEN", "LIKE"})


def _is_plain(home: str) -> bool:
    """Whether an expression does no more than compare columns and constants, for which every dialect has words."""
    ended = False  # whether a column or a constant ends here, behind which neither another nor an argument may follow
    for found in _PLAIN.finditer(home):
        joins = found.lastgroup == "name" and found[0].upper() in _JOINING
        begins = not joins and (found.lastgroup != "sign" or found[0] == "(")
        if found.lastgroup == "other" or (ended and begins):
            return False
        ended = found[0] == ")" or (begins and found[0] != "(")
    return True


def _is_said(home: str, dialect: Dialect) -> bool:
    """Whether a dialect has words for an expression of the home dialect, whatever its columns are."""
    if "*" in dialect.expressions or has_open(home) or says_type(home):
        return True
    try:
        columns = list(_parsed(home).find_all(exp.Column))
        tables = {column.table for column in columns if column.table}
        translated(home, dialect, {column.name: column.name for column in columns}, next(iter(tables), ""))
    except Untold:
        return False
    return True


def _retype(cast: exp.Expr, dialect: str) -> None:
    """Give a conversion the type that the dialect's word stands for."""
    to = cast.args["to"]
    if dialect in {"sqlserver", "snowflake", "oracle"} and to.is_type(exp.DType.FLOAT):
        cast.set("to", exp.DataType.build("double"))  # FLOAT has 53 bits there
    small = (exp.DType.INT, exp.DType.SMALLINT, exp.DType.MEDIUMINT, exp.DType.TINYINT)
    if dialect in {"sqlite", "oracle"} and to.is_type(*small):
        cast.set("to", exp.DataType.build("bigint"))  # the only whole numbers there are: 64 bits at least
    unicode = to.is_type(exp.DType.CHARACTER_SET) and to.text("kind").casefold() in {"utf8mb4", "utf8mb3", "utf8"}
    if dialect in {"mysql", "mariadb"} and unicode:  # as MariaDB says CHAR
        cast.set("to", exp.DataType(this=exp.DType.CHAR, expressions=to.expressions))


def _is_own(cast: exp.Expr) -> bool:
    """Whether it gives a constant a type that a file has made, which what it is compared with gives it, too."""
    return isinstance(cast.this, exp.Literal) and cast.args["to"].this == exp.DType.USERDEFINED


def _untyped(tree: exp.Expr) -> exp.Expr:
    """Constants of a file's own types as plain ones: PostgreSQL's catalogue says `state = 'new'::public.state`."""
    holder = exp.Paren(this=tree)
    for cast in list(holder.find_all(exp.Cast)):
        if _is_own(cast):
            cast.replace(cast.this)
    return holder.this  # type: ignore[no-any-return]


def _plain_texts(tree: exp.Expr) -> exp.Expr:
    """`N'text'` as a text, and T-SQL's CONVERT without a style as CAST, which fails as it does."""
    holder = exp.Paren(this=tree)
    for national in list(holder.find_all(exp.National)):
        national.replace(exp.Literal.string(national.name))
    for made in list(holder.find_all(exp.Convert)):
        if made.args.get("style") is None and not made.args.get("safe"):
            made.replace(exp.Cast(this=made.expression, to=made.this))
    return holder.this  # type: ignore[no-any-return]


def _common(tree: exp.Expr) -> exp.Expr:
    """An expression with functions that engines call otherwise under one name. Raises Untold for one of the engine's own."""
    holder = exp.Paren(this=tree)
    for test in holder.find_all(exp.RegexpLike):
        test.set("flag", None if test.text("flag") == "c" else test.args.get("flag"))
    for span in holder.find_all(exp.Interval):
        _plain_span(span)
    for new in holder.find_all(exp.Uuid):
        new.set("is_string", None)  # as Snowflake's is
    for cut in list(holder.find_all(exp.DateTrunc, exp.TimestampTrunc)):
        if cut.text("unit").upper() == "DAY" and _is_present(cut.this):
            cut.replace(exp.CurrentDate())  # Oracle's day without a time
    for cast in list(holder.find_all(exp.Cast)):
        if _is_present(cast.this) and cast.to.is_type(exp.DType.DATE):
            cast.replace(exp.CurrentDate())
    for call in list(holder.find_all(exp.Anonymous)):
        if call.name.casefold() in _OF_TYPES or is_open(call):
            continue
        same = _SAME.get(call.name.casefold())
        if call.name.casefold() == "datetime" and [part.name for part in call.expressions[:1]] == ["now"]:
            same = exp.CurrentTimestamp  # SQLite's
        elif same is None or not all(isinstance(part, exp.Literal) for part in call.expressions):
            raise Untold(f"a function {call.name} of its own, or of the file's")
        call.replace(same())
    return holder.this  # type: ignore[no-any-return]


_ISO = "%Y-%m-%d %H:%M:%S.%f"


def _similar(test: exp.Expr) -> str | None:
    """The constant pattern of SIMILAR TO, or of what PostgreSQL keeps in its place; None where there is none such."""
    pattern = test.args.get("expression")
    if isinstance(test, exp.RegexpLike):
        called = isinstance(pattern, exp.Anonymous) and pattern.name.casefold() == "similar_to_escape"
        given = pattern.expressions if called and pattern is not None else []
        pattern = given[0] if len(given) == 1 else None
        pattern = pattern.this if isinstance(pattern, exp.Cast) else pattern
    escaped = isinstance(test.parent, exp.Escape)
    return pattern.name if pattern is not None and pattern.is_string and not escaped else None


def _is_time(node: exp.Expr) -> bool:
    """Whether it is a constant day and time, not a word such as SQLite's 'now'."""
    return bool(node.is_string and re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?", node.name))


def _unguard(quotient: exp.Expr) -> None:
    """Guard no quotient against a divisor that is a number other than 0."""
    divisor = quotient.expression
    if isinstance(divisor, exp.Literal) and not divisor.is_string and divisor.name.strip("0."):
        quotient.set("safe", False)


_SPOKEN_APART = frozenset({"clickhouse", "postgresql"})
_SPEAKING = (exp.Anonymous, exp.Cast, exp.CastToStrType)


def _of_one(tree: exp.Expr, dialect: str) -> exp.Expr:
    """An expression without what one database alone says: a number as a text, functions of ClickHouse's own."""
    holder = exp.Paren(this=tree)
    for call in list(holder.find_all(exp.Anonymous)) if dialect == "clickhouse" else ():
        call.replace(_of_clickhouse(call))
    for said in list(holder.find_all(exp.CastToStrType)) if dialect == "clickhouse" else ():
        said.replace(exp.cast(said.this, exp.DataType.build(said.text("to"), dialect="clickhouse")))  # as it keeps CAST
    for cast in list(holder.find_all(exp.Cast)) if dialect == "postgresql" else ():
        if cast.this.is_string and _NUMBER.fullmatch(cast.this.name) and cast.to.is_type(*exp.DataType.NUMERIC_TYPES):
            number = exp.Literal.number(cast.this.name)  # how the catalogue keeps -5 and what is long
            if cast.to.is_type(*exp.DataType.INTEGER_TYPES):
                cast.replace(number)
            else:
                cast.set("this", number)
    return holder.this  # type: ignore[no-any-return]


def _of_clickhouse(call: exp.Anonymous) -> exp.Expr:
    """A call of ClickHouse's as the home dialect says it, where it has another word."""
    given = call.expressions
    match call.name:
        case "lengthUTF8":
            return exp.Length(this=given[0])
        case "multiIf":
            pairs = zip(given[:-1:2], given[1:-1:2], strict=True)
            return exp.Case(ifs=[exp.If(this=when, true=then) for when, then in pairs], default=given[-1])
    return call


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def _plain_span(span: exp.Expr) -> None:
    """A span as the home dialect says it, `INTERVAL '1-2' YEAR TO MONTH` as so many months. Raises Untold where it does not."""
    span.set("fraction_in_string", None)  # so that `INTERVAL '1.5 SECOND'` is no other than `INTERVAL '1.5' SECOND`
    if not isinstance(span.args.get("unit"), exp.IntervalSpan):
        return
    found = re.fullmatch(r"([+-]?)(\d+)-(\d+)", span.this.name)
    if span.args["unit"].sql().upper() != "YEAR TO MONTH" or found is None:
        raise Untold("a span of several units")
    span.set("this", exp.Literal.string(f"{found[1]}{int(found[2]) * 12 + int(found[3])}"))
    span.set("unit", exp.Var(this="MONTH"))


def _is_present(node: exp.Expr) -> bool:
    return isinstance(node, exp.CurrentDate | exp.CurrentTimestamp)


def _is_midnight(tree: exp.Expr) -> bool:
    """Whether it says that a column is TRUNC of itself: a day without a time."""
    cut = tree.expression if isinstance(tree, exp.EQ) and isinstance(tree.this, exp.Column) else None
    return isinstance(cut, exp.Anonymous) and cut.name.upper() == "TRUNC" and cut.expressions == [tree.this]


def _parsed(text: str) -> exp.Expr:
    try:
        found = sqlglot.parse(_named_first(text, DIALECTS["duckdb"]), read="duckdb")
    except (SqlglotError, RecursionError) as error:
        raise Untold("it cannot be read as an SQL expression") from error
    if len(found) != 1 or not isinstance(found[0], exp.Condition | exp.Interval):
        raise Untold("it is not one SQL expression")
    return found[0]


_COMMANDS = re.compile(
    r"(\s*\(*\s*)(alter|analyze|attach|begin|cache|call|comment|commit|connect|copy|delete|detach|disconnect|drop|execute"
    r"|explain|force|glob|if|insert|install|kill|load|map|merge|optimize|pivot|pragma|prepare|qualify|rename|reset|revoke"
    r"|rollback|set|show|summarize|truncate|uncache|unpivot|update|use|vacuum|xor)\b"
    r"(?=\s*(?:[^\s(\w']|(?:is|in|not|like|between)\b))",
    re.IGNORECASE,
)


def _named_first(text: str, dialect: Dialect) -> str:
    """An expression with the name that it begins with in quotes, where that is a word that begins statements."""
    return (
        _COMMANDS.sub(lambda found: found[1] + dialect.quoted(found[2]), text, count=1)
        if _COMMANDS.match(text)
        else text
    )


def _name(column: exp.Column, columns: Mapping[str, str], relation: str) -> None:
    name = column.name
    if column.args.get("db") or (column.table and column.table.casefold() != relation.casefold()):
        raise Untold(f"it speaks of {column.sql()}, outside its relation")
    near = [known for known in columns if known.casefold() == name.casefold()]
    found = name if name in columns else near[0] if len(near) == 1 else None
    if found is None:
        raise Untold(f"it speaks of {name!r}, which is no attribute here")
    column.meta["attribute"] = found
    column.set("this", exp.to_identifier(columns[found], quoted=True))
    column.set("table", None)


def _know(column: exp.Column, types: Mapping[str, Type], dialect: Dialect) -> None:
    """Note at a column what kind of number it is, where that is known; `types` are by the names of attributes."""
    kind = types.get(column.meta["attribute"])
    if kind is not None and (found := numeric_kind(kind, dialect)):
        column.meta["kind"] = found
    column.meta["text"] = isinstance(kind, Text)


def _bracket(comparison: exp.Condition, dialect: Dialect) -> None:
    """Put parentheses around what is compared where that is a comparison itself: not every grammar does without."""
    if Feature.COMPARISON_VALUE in dialect.lacks:
        above = comparison.parent
        while isinstance(above, exp.Connector | exp.Not | exp.Paren | exp.Escape):
            above = above.parent
        if above is not None and not isinstance(above, exp.If):
            raise Untold(f"{dialect.title} has no words for {Feature.COMPARISON_VALUE.value}")
    for side in ("this", "expression"):
        inner = comparison.args.get(side)
        if isinstance(inner, _COMPARISONS):
            comparison.set(side, exp.paren(inner, copy=False))


def _dated(tree: exp.Expr, cast: exp.Cast, dialect: Dialect) -> exp.Expr:
    """The tree with a constant day or time in the dialect's own form."""
    form = dialect.dated.get(cast.to.this.name.removesuffix("NTZ")) if isinstance(cast.to.this, exp.DType) else None
    if not form or not cast.this.is_string:
        return tree
    written = exp.Var(this=form.replace("{text}", dialect.literal(cast.this.name)))
    cast.replace(written)
    return written if cast is tree else tree


def _refuse_rare_types(cast: exp.Cast, dialect: Dialect) -> None:
    kind = cast.to.this
    plain = {exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT, exp.DType.DOUBLE, exp.DType.FLOAT, exp.DType.TEXT}
    dated = {exp.DType.DATE, exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ}
    if (
        kind is exp.DType.INTERVAL
        and "Interval" in dialect.expressions
        and dialect.name not in {"oracle", "mysql", "mariadb"}
    ):
        return
    if dialect.zoned_constants and is_zoned(cast):
        return
    if kind not in plain | dated | {exp.DType.DECIMAL, exp.DType.VARCHAR, exp.DType.BOOLEAN}:
        raise Untold(f"{dialect.title} has no words for the type {cast.to.sql('duckdb')}")


def _kind(node: object) -> str:
    return f"{node.name}(…)" if isinstance(node, exp.Anonymous) else type(node).__name__


def is_constant(told: str) -> bool:
    r"""Whether an expression, as it is told in a dialect, is a number, a text or a word.

    >>> is_constant("-1.5"), is_constant("'it''s'"), is_constant(r"'it\'s'"), is_constant("1 + 1")
    (True, True, True, False)
    """
    return bool(re.fullmatch(r"-?[\w.]+|N?'(?:[^'\\]|''|\\.?)*'", told, re.DOTALL))


def is_simple(told: str) -> bool:
    """Whether it is that, or a call without arguments."""
    return is_constant(told) or bool(re.fullmatch(r"\w+\(\)", told))


def may_be_unknown(text: str) -> bool:
    """Whether a condition of a design may come to NULL though all that it speaks of is known, as far as can be seen.

    >>> may_be_unknown("price * qty >= 0 and note <> ''"), may_be_unknown("nullif(price, 0) > 1")
    (False, True)
    """
    return any(type(node).__name__ not in _KNOWN for node in _parsed(text).walk())
