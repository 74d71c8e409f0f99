"""Types within types, in the words of the engine that has them: `ARRAY<STRUCT<sku STRING, qty INT64>>`, `Map(String, UInt8)`.

Such a type is written again as it stands for the engine whose words it is in: where its brackets close, its constructors are
the engine's, and so are the types within. What is called within it may be called anything.
Sources: the pages on data types of BigQuery, Databricks, ClickHouse, DuckDB and Snowflake.
"""

import re
from collections.abc import Mapping

__all__ = ["is_nested", "never_unknown"]

_TOKEN = re.compile(
    r"""\s*(?:(?P<word>[A-Za-z_]\w*)|(?P<name>"(?:[^"\\]|"")+"|`[^`\\]+`)|(?P<number>-?\d+(?:\.\d+)?)|(?P<text>'[^'\\]*')|(?P<sign>[(),<>:=\[\]]))"""
)
_CLOSES = {")": "(", ">": "<", "]": "["}
_MADE_WORDS: Mapping[str, str] = {
    "bigquery": "array struct range",
    "databricks": "array struct map",
    "clickhouse": "array map tuple nested aggregatefunction simpleaggregatefunction variant",
    "duckdb": "struct map union",
    "snowflake": "array map object vector",
}
_MADE = {dialect: frozenset(words.split()) for dialect, words in _MADE_WORDS.items()}
"""What types are made of others with."""
_SIZED_WORDS: Mapping[str, str] = {
    "bigquery": "string numeric bignumeric bytes",
    "databricks": "decimal varchar char",
    "clickhouse": """nullable lowcardinality decimal decimal32 decimal64 decimal128 decimal256 fixedstring datetime datetime64 enum8 enum16
        time64 quantile quantiles""",
    "duckdb": "decimal numeric varchar",
    "snowflake": "number varchar decimal binary",
}
_SIZED = {dialect: frozenset(words.split()) for dialect, words in _SIZED_WORDS.items()}
"""Types within them that take arguments."""
_PLAIN_WORDS: Mapping[str, str] = {
    "bigquery": """int64 string bool float64 numeric bignumeric bytes date datetime time timestamp json geography interval integer int
        bigint decimal bigdecimal boolean null""",
    "databricks": """string int integer bigint long smallint short tinyint byte double float real decimal numeric date timestamp
        timestamp_ntz binary boolean variant null""",
    "clickhouse": """string int8 int16 int32 int64 int128 int256 uint8 uint16 uint32 uint64 uint128 uint256 float32 float64 bfloat16 bool
        date date32 datetime uuid ipv4 ipv6 json dynamic point ring polygon multipolygon linestring multilinestring nothing
        sum count avg min max any anylast uniq uniqexact uniqcombined uniqhll12 argmin argmax grouparray groupuniqarray groupbitmap
        topk summap quantile quantiletdigest median stddevpop varpop anyheavy""",
    "duckdb": """integer int bigint smallint tinyint hugeint uinteger ubigint usmallint utinyint varchar text boolean bool double real
        float date time timestamp timestamptz uuid blob json interval decimal bit""",
    "snowflake": """number int integer bigint smallint tinyint float double varchar string text boolean date time timestamp timestamp_ntz
        timestamp_ltz timestamp_tz variant binary array object geography geometry null decimal numeric""",
}
_PLAIN = {dialect: frozenset(words.split()) for dialect, words in _PLAIN_WORDS.items()}
_WHOLE = {"clickhouse": re.compile(r"U?Int(?:128|256)|IPv[46]|BFloat16|Dynamic")}
"""Types of an engine's own that nothing stands within, and no other engine calls so."""


def is_nested(text: str, dialect: str) -> bool:
    """Whether a type is one within which others stand, in a dialect's own words.

    >>> is_nested("ARRAY<STRUCT<sku STRING, qty INT64>>", "bigquery"), is_nested("ARRAY<STRUCT<sku STRING>>", "clickhouse")
    (True, False)
    >>> is_nested("STRUCT(a INTEGER); DROP TABLE t", "duckdb"), is_nested("STRUCT(a INTEGER, b VARCHAR)[]", "duckdb")
    (False, True)
    """
    if dialect not in _MADE or len(text) > 10_000:
        return False
    if (whole := _WHOLE.get(dialect)) and whole.fullmatch(text):
        return True
    tokens: list[re.Match[str]] = []
    at = 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            return False
        tokens.append(found)
        at = found.end()
    return _closes(tokens) and _spoken(tokens, dialect)


def _closes(tokens: list[re.Match[str]]) -> bool:
    """Whether brackets go together, with something in them, and nothing but those of arrays behind the first."""
    opened: list[str] = []
    ended = False
    for token in tokens:
        sign = token["sign"] or ""
        if ended and not opened and sign != "[":
            return False
        if sign in _CLOSES.values():
            opened.append(sign)
        elif sign in _CLOSES:
            if not opened or opened.pop() != _CLOSES[sign]:
                return False
            ended = ended or not opened
    return not opened and ended


def _spoken(tokens: list[re.Match[str]], dialect: str) -> bool:
    """Whether it begins with what types are made with, and all types in it are the dialect's."""
    said = [(token.lastgroup, str(token[str(token.lastgroup)])) for token in tokens]
    if said[0][0] != "word" or said[0][1].casefold() not in _MADE[dialect] or said[1][1] not in {"(", "<"}:
        return False
    depth = 0
    for at, (kind, value) in enumerate(said):
        depth += (value in _CLOSES.values()) - (value in _CLOSES) if kind == "sign" else 0
        after = said[at + 1] if at + 1 < len(said) else ("", "")
        if depth == 0 and kind != "sign" and at:
            return False
        if kind != "word" or after[0] == "word" or after[1] == ":":
            continue  # what is called so within it
        known = _MADE[dialect] | _SIZED[dialect] | (_PLAIN[dialect] if after[1] not in {"(", "<"} else frozenset())
        if value.casefold() not in known:
            return False
    return True


def never_unknown(text: str, dialect: str) -> bool:
    """Whether a type is one of which the engine has no unknown value: ClickHouse's arrays, maps and the like."""
    return (
        dialect == "clickhouse"
        and re.match(r"(?i)(?:array|map|tuple|nested|variant|dynamic|(?:simple)?aggregatefunction)\b", text) is not None
    )
