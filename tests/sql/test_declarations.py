"""Every type that a dialect documents: written for the dialect that it is of, and for each other, it says the same, or a loss tells."""

import pytest

from dbworkbench.schema.relation import Declared
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Native
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.read import read
from dbworkbench.sql.write import write
from tests.sql.laws import unsaid

_MYSQL = (
    "tinyint|tinyint(1)|tinyint unsigned|smallint|smallint unsigned|mediumint|mediumint unsigned|int|int(11)|"
    "int(10) unsigned zerofill|int unsigned|integer|bigint|bigint unsigned|bool|boolean|decimal|decimal(10,2)|"
    "decimal(10,2) unsigned|numeric(5)|dec(4,1)|fixed(6,2)|float|float(7,4)|float(30)|double|double(9,3)|"
    "double unsigned|real|double precision|bit|bit(1)|bit(8)|date|datetime|datetime(3)|datetime(6)|timestamp|"
    "timestamp(6)|time|time(2)|year|year(4)|char|char(3)|varchar(20)|nchar(4)|nvarchar(5)|national varchar(7)|"
    "binary(16)|varbinary(255)|tinytext|text|text(100)|mediumtext|longtext|tinyblob|blob|mediumblob|longblob|"
    "enum('a','b''c')|set('x','y')|json|geometry|point|linestring|polygon|multipoint|serial|character varying(9)|"
    "long varchar"
)
TYPES = {
    "postgresql": (
        "smallint|integer|bigint|int2|int4|int8|decimal|numeric|numeric(10,2)|numeric(5)|real|double precision|float|"
        "float(10)|float(53)|smallserial|serial|bigserial|money|varchar|varchar(9)|character varying(9)|char|char(3)|"
        "character(5)|bpchar|text|name|bytea|timestamp|timestamp(0)|timestamp(3) without time zone|"
        "timestamp with time zone|timestamptz(2)|timestamp(4) with time zone|date|time|time(0)|time with time zone|"
        "timetz(3)|interval|interval year to month|interval(3)|interval day to second(2)|boolean|uuid|json|jsonb|xml|"
        "inet|cidr|macaddr|macaddr8|bit|bit(3)|bit varying|bit varying(5)|varbit(7)|tsvector|tsquery|point|line|lseg|box|"
        "path|polygon|circle|int4range|numrange|tstzrange|oid|integer[]|char(3)[]|timestamp(3) without time zone[]|"
        'numeric(5,2)[][]|citext|pg_lsn|int4multirange|hstore|"char"'
    ),
    "mysql": _MYSQL,
    "mariadb": f"{_MYSQL}|uuid|inet6|inet4|timestamp(3)",
    "sqlite": (
        "integer|int|real|text|blob|numeric|varchar(20)|datetime|boolean|date|decimal(10,2)|tinyint|char(3)|bigint|double"
    ),
    "sqlserver": (
        "tinyint|smallint|int|bigint|bit|decimal|decimal(10,2)|numeric(5)|money|smallmoney|float|float(24)|float(53)|"
        "float(10)|real|date|time|time(0)|time(7)|datetime|smalldatetime|datetime2|datetime2(3)|datetimeoffset|"
        "datetimeoffset(0)|char|char(3)|nchar(4)|varchar(20)|varchar(max)|nvarchar(10)|nvarchar(max)|text|ntext|"
        "binary(8)|varbinary(20)|varbinary(max)|image|uniqueidentifier|rowversion|timestamp|sql_variant|xml|hierarchyid|"
        "geometry|geography|sysname|json"
    ),
    "oracle": (
        "number|number(3)|number(5)|number(10)|number(10,2)|number(19)|number(38)|number(*,2)|number(5,-2)|integer|int|"
        "smallint|decimal(8,2)|float|float(63)|binary_float|binary_double|real|double precision|char(3)|char(3 byte)|"
        "nchar(4)|varchar2(20)|varchar2(20 char)|varchar2(20 byte)|nvarchar2(30)|clob|nclob|long|raw(16)|raw(20)|"
        "long raw|blob|bfile|date|timestamp|timestamp(0)|timestamp(9)|timestamp with time zone|"
        "timestamp(3) with time zone|timestamp with local time zone|interval year to month|interval day(3) to second(4)|"
        "rowid|urowid|xmltype|json|boolean|vector"
    ),
    "duckdb": (
        "tinyint|smallint|integer|bigint|hugeint|utinyint|usmallint|uinteger|ubigint|uhugeint|float|double|real|decimal|"
        "decimal(10,2)|varchar|varchar(10)|text|char(3)|blob|bytea|boolean|date|time|timetz|timestamp|timestamp_s|"
        "timestamp_ms|timestamp_ns|timestamptz|timestamp with time zone|datetime|interval|uuid|json|bit|integer[]|"
        "integer[3]|struct(a integer, b varchar)|map(integer, varchar)|union(a integer)"
    ),
    "clickhouse": (
        "Int8|Int16|Int32|Int64|Int128|Int256|UInt8|UInt16|UInt32|UInt64|UInt128|UInt256|Float32|Float64|Decimal(10,2)|"
        "Decimal32(2)|Decimal64(4)|Decimal128(4)|Bool|String|FixedString(8)|UUID|Date|Date32|DateTime|DateTime('UTC')|"
        "DateTime64(3)|DateTime64(6)|DateTime64(3, 'UTC')|Time|Time64(3)|Enum8('a' = 1, 'b' = 2)|Enum16('x' = 1)|"
        "Array(Int32)|Map(String, Int32)|Tuple(a Int32)|LowCardinality(String)|Nullable(UInt8)|Nullable(FixedString(3))|"
        "IPv4|IPv6|JSON|Point|BFloat16"
    ),
    "snowflake": (
        "number|number(38,0)|number(10,2)|number(5)|decimal(4,1)|int|integer|bigint|smallint|tinyint|byteint|float|"
        "double|real|varchar|varchar(10)|char|char(3)|string|text|binary|binary(8)|varbinary(4)|boolean|date|datetime|"
        "time|time(3)|timestamp|timestamp_ntz|timestamp_ntz(3)|timestamp_ltz|timestamp_tz(0)|variant|object|array|"
        "geography|geometry"
    ),
    "bigquery": (
        "int64|integer|numeric|numeric(10,2)|bignumeric|bignumeric(50,10)|float64|bool|string|string(10)|bytes|bytes(8)|"
        "date|datetime|time|timestamp|json|geography|interval|array<int64>|struct<a int64, b string>"
    ),
    "databricks": (
        "tinyint|smallint|int|bigint|float|double|decimal|decimal(10,2)|string|varchar(9)|char(3)|binary|boolean|date|"
        "timestamp|timestamp_ntz|interval year to month|interval day to second|array<int>|map<string,int>|struct<a:int>|"
        "variant|byte|short|long|void"
    ),
    "cockroachdb": (
        "int|integer|int2|int4|int8|smallint|bigint|decimal|decimal(10,2)|float|float4|float8|real|bool|string|"
        "string(10)|varchar(5)|char(3)|text|bytes|bytea|date|time|time(3)|timetz|timestamp|timestamp(3)|timestamptz|"
        "timestamptz(0)|interval|uuid|json|jsonb|inet|bit(3)|varbit|serial|name|oid|geometry|tsvector|int[]"
    ),
    "redshift": (
        "smallint|integer|bigint|decimal|decimal(10,2)|real|double precision|float|boolean|char(3)|varchar(20)|varchar|"
        "varchar(max)|text|bpchar|date|time|timetz|timestamp|timestamptz|super|varbyte(20)|varbyte|geometry|geography|"
        "hllsketch|interval year to month"
    ),
}
"""By dialect: from the pages on data types of each manual, with every way to say digits, lengths and signs."""


def of_all(dialect: str) -> Schema:
    """A relation with an attribute of each type of a dialect."""
    columns = ", ".join(f"a{at} {text}" for at, text in enumerate(TYPES[dialect].split("|")))
    found = read(f"CREATE TABLE t ({columns})" + " ENGINE = MergeTree ORDER BY a1" * (dialect == "clickhouse"), dialect)
    assert len(found.schema["t"].attributes) == len(TYPES[dialect].split("|"))
    assert all("a type" not in loss.feature for loss in found.losses), found.losses
    return found.schema


@pytest.mark.parametrize("dialect", TYPES)
def test_each_type_of_a_dialect_is_said_in_every_dialect_or_told(dialect: str) -> None:
    schema = of_all(dialect)
    for other in DIALECTS:
        assert unsaid(schema, other) == [], other


@pytest.mark.parametrize("dialect", [one for one in TYPES if one != "sqlite"])
def test_at_home_types_stay_in_their_own_words(dialect: str) -> None:
    """What is written reads as the same types, declared in the same words."""
    schema = of_all(dialect)
    written = write(schema, dialect)
    lost = {subject for loss in written.losses for subject in loss.subject.split(", ")}
    again = read(written.text, dialect).schema["t"]
    for one in schema["t"].attributes:
        if f"t.{one.name}" not in lost and not isinstance(one.type, Native):
            assert (again[one.name].type, again[one.name].declared) == (one.type, one.declared)


def test_words_that_no_longer_mean_the_type_are_not_written() -> None:
    schema = read("CREATE TABLE t (a tinyint unsigned, b datetime(3))", "mysql").schema
    (relation,) = schema
    for text in ("bigint", "int); DROP TABLE t; --"):
        a = relation["a"]
        odd = Schema((relation.__class__("t", (a.__class__("a", a.type, declared=Declared("mysql", text)),)),))
        assert "SMALLINT" in write(odd, "mysql").text
        assert "DROP" not in write(odd, "mysql").text
