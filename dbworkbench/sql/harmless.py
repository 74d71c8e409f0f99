"""What of a design is executed although it is in one engine's own words: what calls nothing but functions known to compute.

Whoever writes a design for an engine gets it whole. Where the workbench itself creates a design in a database, a rule in the
engine's own words could run whatever a function of the engine does: read files, wait, speak to other servers. So only what
calls functions of this list is created; all else is left out, and told.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from dbworkbench.errors import NotationError
from dbworkbench.schema.native import own_words, shown
from dbworkbench.schema.relation import Attribute, Check, Domain, Exclusion, Index, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.statement import tokens_in

__all__ = ["COMPUTING", "common", "executable"]

_COMPUTING_WORDS = """
    ABS ACOS AGE ALL AND ANY ARRAY ARRAYALL ARRAYCOUNT ARRAYDISTINCT ARRAYELEMENT ARRAYEXISTS ARRAYFILTER ARRAYMAP ARRAYSORT ARRAYSUM
    ARRAY_APPEND ARRAY_CAT ARRAY_DIMS ARRAY_LENGTH ARRAY_LOWER ARRAY_NDIMS ARRAY_POSITION ARRAY_POSITIONS ARRAY_REMOVE ARRAY_REPLACE
    ARRAY_TO_STRING ARRAY_TO_TSVECTOR ARRAY_UPPER AS ASCII ASIN ASSUMENOTNULL ATAN ATAN2 BETWEEN BIGINT BIN BINARY BIN_TO_UUID BIT BITAND
    BITOR BITSHIFTLEFT BITSHIFTRIGHT BITTEST BITXOR BIT_COUNT BIT_LENGTH BOX BTRIM BY CARDINALITY CASE CAST CBRT CEIL CEILING CENTER CHAR
    CHARACTER CHARACTER_LENGTH CHAR_LENGTH CHR CIRCLE CITYHASH64 COALESCE CONCAT CONCAT_WS CONV CONVERT CONVERT_FROM CONVERT_TO COS COT
    CRC32 DATE DATEDIFF DATERANGE DATETIME DATETIME64 DATE_ADD DATE_BIN DATE_FORMAT DATE_PART DATE_SUB DATE_TRUNC DAY DAYNAME DAYOFWEEK
    DAYOFYEAR DECIMAL DECODE DEGREES DISTINCT DIV DIVIDE DOMAIN ELSE ELT EMPTY ENCODE ENDSWITH ENDS_WITH EQUALS ESCAPE EXP EXTRACT
    EXTRACTALL FALSE FAMILY FIELD FIND_IN_SET FIXEDSTRING FLOAT FLOOR FORMATDATETIME FROM GCD GENERATEUUIDV4 GEN_RANDOM_UUID GLOB GREATER
    GREATEROREQUALS GREATEST HALFMD5 HAS HASALL HASANY HEIGHT HEX HOST HOSTMASK HOUR IF IFNULL IIF ILIKE IN INET6_ATON INET6_NTOA INET_ATON
    INET_NTOA INITCAP INSTR INT4RANGE INT8RANGE INTDIV INTERVAL INTHASH32 INTHASH64 IPV4STRINGTONUM IPV6STRINGTONUM IS ISEMPTY ISFINITE
    ISIPV4STRING ISIPV6STRING ISNAN ISNOTNULL ISNULL ISVALIDJSON IS_IPV4 IS_IPV6 IS_UUID JSONB_ARRAY_LENGTH JSONB_BUILD_ARRAY
    JSONB_BUILD_OBJECT JSONB_EXTRACT_PATH JSONB_EXTRACT_PATH_TEXT JSONB_PATH_EXISTS JSONB_PATH_MATCH JSONB_SET JSONB_STRIP_NULLS
    JSONB_TYPEOF JSONEXTRACTBOOL JSONEXTRACTINT JSONEXTRACTRAW JSONEXTRACTSTRING JSONHAS JSONLENGTH JSON_ARRAY JSON_ARRAY_LENGTH
    JSON_BUILD_ARRAY JSON_BUILD_OBJECT JSON_COMPACT JSON_CONTAINS JSON_CONTAINS_PATH JSON_DEPTH JSON_EXISTS JSON_EXTRACT JSON_EXTRACT_PATH
    JSON_EXTRACT_PATH_TEXT JSON_KEYS JSON_LENGTH JSON_OBJECT JSON_OVERLAPS JSON_PATH_EXISTS JSON_QUERY JSON_QUOTE JSON_SCHEMA_VALID
    JSON_SEARCH JSON_STRIP_NULLS JSON_TYPE JSON_TYPEOF JSON_UNQUOTE JSON_VALID JSON_VALUE JULIANDAY KEY LAST_DAY LCASE LEAST LEFT LEN LENGTH
    LENGTHUTF8 LESS LESSOREQUALS LIKE LINE LIST_CONTAINS LN LOCATE LOG LOG10 LOG2 LOWER LOWERUTF8 LOWER_INC LOWER_INF LPAD LSEG LTRIM
    MAKE_DATE MAKE_INTERVAL MAKE_TIME MAKE_TIMESTAMP MAP MAPCONTAINS MAPKEYS MAPVALUES MASKLEN MATCH MD5 MINUS MINUTE MOD MODULO MONTH
    MONTHNAME MULTIIF MULTIMATCHANY MULTIPLY NETMASK NETWORK NORMALIZE NOT NOTEMPTY NOTEQUALS NOW NOW64 NULLIF NUMERIC NUMNODE NUMRANGE
    NUM_NONNULLS NUM_NULLS NVL OCTET_LENGTH OPERATOR OR OVERLAY PARSEDATETIMEBESTEFFORT PATH PHRASETO_TSQUERY PI PLAINTO_TSQUERY PLUS POINT POLYGON
    POSITION POW POWER PROTOCOL QUARTER RADIANS RANGE_MERGE REGEXP_COUNT REGEXP_INSTR REGEXP_LIKE REGEXP_MATCH REGEXP_MATCHES
    REGEXP_REPLACE REGEXP_SUBSTR REPLACE REPLACEALL REPLACEONE REPLACEREGEXPALL REPLACEREGEXPONE REVERSE RIGHT ROUND ROW RPAD RTRIM SCALE
    SECOND SETWEIGHT SHA1 SHA2 SHA224 SHA256 SHA384 SHA512 SIGN SIMILAR SIN SIPHASH64 SOUNDEX SPLITBYCHAR SPLIT_PART SQRT STARTSWITH
    STARTS_WITH STRCMP STRFTIME STRING_TO_ARRAY STRIP STRPOS STRUCT_EXTRACT STR_TO_DATE ST_AREA ST_ASTEXT ST_CONTAINS ST_DISTANCE
    ST_GEOMETRYTYPE ST_GEOMFROMTEXT ST_ISVALID ST_LENGTH ST_NUMPOINTS ST_SRID ST_WITHIN ST_X ST_Y SUBSTR SUBSTRING SUBSTRINGUTF8
    SUBSTRING_INDEX TAN THEN TIME TIMESTAMP TIMESTAMPDIFF TIMESTAMPTZ TO TODATE TODATE32 TODATETIME TODATETIME64 TODAY TODAYOFMONTH
    TODAYOFWEEK TODECIMAL128 TODECIMAL32 TODECIMAL64 TOFLOAT32 TOFLOAT64 TOHOUR TOINT16 TOINT32 TOINT64 TOINT8 TOINTERVALDAY TOINTERVALHOUR
    TOINTERVALMONTH TOMINUTE TOMONDAY TOMONTH TOQUARTER TOSTARTOFDAY TOSTARTOFHOUR TOSTARTOFINTERVAL TOSTARTOFMINUTE TOSTARTOFMONTH
    TOSTARTOFQUARTER TOSTARTOFWEEK TOSTARTOFYEAR TOSTRING TOTYPENAME TOUINT16 TOUINT32 TOUINT64 TOUINT8 TOUNIXTIMESTAMP TOYEAR TOYYYYMM
    TOYYYYMMDD TO_ASCII TO_CHAR TO_DATE TO_DAYS TO_HEX TO_JSON TO_JSONB TO_NUMBER TO_TIMESTAMP TO_TSQUERY TO_TSVECTOR TRANSLATE TRIM
    TRIM_ARRAY TRUE TRUNC TRUNCATE TSRANGE TSTZRANGE TS_RANK TUPLE TUPLEELEMENT TYPEOF UCASE UNHEX UNICODE UNISTR UNIXEPOCH UNSIGNED UPPER
    UPPERUTF8 UPPER_INC UPPER_INF UUID UUID_TO_BIN VALUE VARBINARY VARCHAR VARYING WEBSEARCH_TO_TSQUERY WEEK WEEKDAY WHEN WIDTH
    WIDTH_BUCKET WITH XOR XXHASH64 YEAR YESTERDAY"""
Harms: TypeAlias = Callable[[str], Iterable[str]]
COMPUTING = frozenset(_COMPUTING_WORDS.split())
"""What may stand before a parenthesis: functions that compute from their arguments in any engine, words, types with a length."""


def executable(schema: Schema) -> tuple[Schema, tuple[str, ...]]:
    """A schema without the rules in engines' own words that are not executed, and these, each with the reason.

    >>> from dbworkbench.schema.relation import Check
    >>> hidden = Relation("r", (Attribute("a"),), checks=(Check("native('postgresql', 'pg_sleep(', a, ') IS NULL')"),))
    >>> executable(Schema((hidden,)))[1]
    ('r: the check pg_sleep(a) IS NULL: it calls pg_sleep',)
    """
    return _without(schema, _harms)


def common(schema: Schema) -> tuple[Schema, tuple[str, ...]]:
    """A schema without all that is in one engine's own words, and what was left out: what can be told anywhere.

    >>> from dbworkbench.schema.relation import Check
    >>> own = Relation("r", (Attribute("a"),), checks=(Check("native('postgresql', a, ' ? ''x'' ')"), Check("a > 0")))
    >>> common(Schema((own,)))[0]["r"].checks
    (Check(expression='a > 0', name='', enforced='always'),)
    """
    return _without(schema, lambda text: (f"it is in the words of {spoken}" for spoken, _ in own_words(text)))


def _without(schema: Schema, harms: Harms) -> tuple[Schema, tuple[str, ...]]:
    if "native(" not in repr(schema).casefold():
        return schema, ()
    left = _Left(harms)
    relations = tuple(_relation(one, left) for one in schema)
    domains = tuple(_domain(one, left) for one in schema.domains)
    if not left.told:
        return schema, ()
    held = {one.name: one for one in domains}
    relations = tuple(
        replace(
            one,
            attributes=tuple(replace(a, domain=held.get(a.domain.name)) if a.domain else a for a in one.attributes),
        )
        for one in relations
    )
    return replace(schema, relations=relations, domains=domains), tuple(left.told)


class _Left:
    """What is left out, and why."""

    def __init__(self, harms: Harms) -> None:
        self.harms, self.told = harms, list[str]()

    def keeps(self, what: str, *texts: str) -> bool:
        """Whether texts stay; told as left out where they do not."""
        harm = next((reason for text in texts for reason in self.harms(text)), "")
        if harm:
            self.told.append(f"{shown(what)}: {harm}")
        return not harm


def _relation(relation: Relation, left: _Left) -> Relation:
    name = relation.name

    def kept(what: str, *texts: str) -> bool:
        return left.keeps(f"{name}{what}", *texts)

    def attribute(one: Attribute) -> Attribute:
        if one.generated and not kept(f".{one.name}: computed as {one.generated.expression}", one.generated.expression):
            return replace(one, generated=None)
        if one.default is not None and not kept(f".{one.name}: the default {one.default}", one.default):
            return replace(one, default=None)
        return one

    def path(one: Index | Exclusion) -> bool:
        what = "index" if isinstance(one, Index) else "exclusion"
        return kept(
            f": the {what} ({', '.join(map(str, one.parts))})", one.where, *(part.expression for part in one.parts)
        )

    laid = relation.partitioning
    return replace(
        relation,
        attributes=tuple(map(attribute, relation.attributes)),
        checks=tuple(one for one in relation.checks if kept(f": the check {one.expression}", one.expression)),
        indexes=tuple(filter(path, relation.indexes)),
        exclusions=tuple(filter(path, relation.exclusions)),
        partitioning=laid if laid and kept(": partitioning", *(part.expression for part in laid.parts)) else None,
    )


def _domain(domain: Domain, left: _Left) -> Domain:
    def kept(one: Check) -> bool:
        return left.keeps(f"{domain.name}: the check {one.expression}", one.expression)

    default = domain.default
    if default is not None and not left.keeps(f"{domain.name}: the default {default}", default):
        default = None
    return replace(domain, checks=tuple(filter(kept, domain.checks)), default=default)


def _harms(text: str) -> Iterator[str]:
    """Why an expression is not executed, for each reason there is."""
    for spoken, said in own_words(text):
        try:
            tokens = tokens_in(said, spoken)
        except (NotationError, KeyError):
            yield "it cannot be read"
            return
        for at, token in enumerate(tokens[:-1]):
            called = tokens[at + 1].value == "(" and token.kind in {"word", "name"}
            if called and (token.kind == "name" or token.upper not in COMPUTING):
                yield f"it calls {token.value}"
