"""Words that spell types, ours and those of databases: a word that nearly spells one of them is a mistake.

Types that a database's users made themselves are met, too, so a word like none of these passes as it is.
"""

import re
from difflib import get_close_matches

from dbworkbench.schema.types import TYPE_WORDS

__all__ = ["misspelled"]

# from the type catalogues of PostgreSQL, MariaDB, MySQL, SQLite, DuckDB, ClickHouse, SQL Server, Oracle, Snowflake,
# BigQuery, Databricks, Redshift and CockroachDB
_OF_ENGINES = frozenset(
    """
    abstime aclitem aggregatefunction any anydata anyelement array array_agg autoincrement bfile bigdecimal bigint
    bignumeric bigserial binary binary_double binary_float binary_integer bit bitmap bitstring blob bool boolean box box2d
    box3d bpchar byte byteint bytea bytes char character cid cidr circle citext clob cstring cube currency cursor date date32 datetime32
    datemultirange daterange datetime datetime2 datetime64 datetimeoffset dbclob dec decfloat decimal decimal128 decimal256
    decimal32 decimal64 double dynamic earth enum enum16 enum8 enumeration fixed fixedstring float float32 float4 float64 float8
    geography geom geometry geometrycollection geometry_collection graphic gtsvector halfvec hierarchyid hll hllsketch hstore hugeint
    image inet inet4 inet6 int int1 int3 integral int128 int16 int2 int24 int256 int2vector int32 int4 int4multirange int4range int64 int8
    int8multirange int8range integer intervaldaytosecond interval ipaddress ipv4 ipv6 json jsonb jsonpath line linestring list
    logical long longblob longtext longvarchar lowcardinality lquery lseg ltree ltxtquery macaddr macaddr8 map mediumblob mediumint
    mediumtext middleint money multilinestring multipoint multipolygon national nchar nclob nested ntext null nullable nulltype
    number numeric nummultirange numrange nvarchar nvarchar2 object oid oidvector path pg_lsn point polygon power
    precision range raster raw real record ref refcursor regclass regproc regtype ring roaringbitmap row rowid rowversion seg
    serial serial2 serial4 serial8 set short simpleaggregatefunction smalldatetime smallint smallmoney smallserial
    sparsevec sql_variant string struct super sysname table text tid time time64 timestamp timestamp_ltz timestamp_ms
    timestamp_ns timestamp_ntz timestamp_s timestamp_tz timestamp_us timestamptz timestamptz_ns timetz timeuuid tinyblob tinyint tinytext topogeometry tsmultirange
    tsquery tsrange tstzmultirange tstzrange tsvector tuple ubigint uhugeint uint128 uint16 uint256 uint32 uint64 uint8 uinteger
    union uniqueidentifier urowid usmallint utinyint uuid varbinary varbit varbyte varchar varchar2 variant varint varying
    vector void xid xid8 xml xmltype year
    """.split()  # noqa: SIM905  a list of words reads best as words
)
_BESIDE = frozenset(
    """
    array binary byte character charset collate day encoding fraction generated hour large local long max minute month
    object of precision raw second series signed spatial srid time to unsigned varying with without year zerofill zone
    """.split()  # noqa: SIM905  a list of words reads best as words
)
_KNOWN = _OF_ENGINES | _BESIDE | {word for words in TYPE_WORDS for word in words.split()}
_OFFERED = sorted(_OF_ENGINES | {word for word in TYPE_WORDS if " " not in word})
_ALIKE = 0.8  # of difflib's ratio: one letter of five wrong, missing or exchanged
_SHORTEST = 3


def misspelled(said: str) -> str | None:
    """The type whose name `said` nearly spells; None where it spells one, or is like none.

    >>> misspelled("integr"), misspelled("varchr(20)"), misspelled("timestamp with tme zone")
    ('integer', 'varchar', 'time')
    >>> misspelled("tsvector"), misspelled("mood"), misspelled("integer[]")
    (None, None, None)
    """
    bare = re.sub(r"\([^()]*\)", " ", said)
    if not re.fullmatch(r"[\w\s]+(\[\s*\]\s*)*", bare):  # quoted, qualified or nested: a type of somebody's own
        return None
    for at, word in enumerate(re.findall(r"[^\W\d]\w*", bare.casefold())):
        if word in _KNOWN or len(word) < _SHORTEST:
            continue
        for known in (TYPE_WORDS, _OFFERED) if at == 0 else (_BESIDE,):
            near: list[str] = get_close_matches(word, known, n=1, cutoff=_ALIKE)
            if near:
                return near[0]
    return None
