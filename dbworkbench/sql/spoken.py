"""Which dialect a text of SQL is written in, by the words that only one of them has."""

import re
from functools import cache

from dbworkbench.sql.possessive import compiled
from dbworkbench.sql.sign import Index, Sample, signs

__all__ = ["spoken_in", "told_in"]

_SIGNS: tuple[tuple[str, int, str], ...] = (
    ("mysql", 9, r"(?im)\bENGINE\s*=\s*(?:InnoDB|MyISAM|Memory|Aria)|\bAUTO_INCREMENT\b|^DELIMITER\s+\S+|/\*!\d{5}|^-- MySQL dump"),
    ("mysql", 9, r"(?i)\b(?:TINY|MEDIUM|LONG)(?:TEXT|BLOB)\b|\bMEDIUMINT\b|\bCHARACTER SET\b|\bDEFAULT CHARSET\b"),
    ("mysql", 9, r"(?i)\bUNIQUE\s+(?:KEY|INDEX)\s+[\w`]+\s*\(|\bON\s+UPDATE\s+CURRENT_TIMESTAMP\b|(?<!\bAS\s)\bENUM\s*\(\s*''"),
    ("mysql", 1, r"(?i)`\w+`|\bunsigned\b|\bDATETIME\s*\(\d\)|\bTINYINT\s*\(\d|^\s*KEY\s+\w+\s*\("),
    ("sqlserver", 9, r"(?im)^GO\s*$|\[dbo\]|\bIDENTITY\s*\(\s*\d|(?<!\bAS\s)\bIDENTITY\s+(?:NOT|PRIMARY)\b|\b(?:NVARCHAR|VARBINARY)\s*\(\s*MAX|\bNONCLUSTERED\b|\bUNIQUEIDENTIFIER\b"),
    ("sqlserver", 99, r"(?i)\bOBJECT_ID\s*\("),
    ("sqlserver", 5, r"(?i)\[\w[\w ]*\]\.\[\w|\bDATETIME2\b|\bDATETIMEOFFSET\b|\bSMALLDATETIME\b|\bGETDATE\(\)|\bDATA_SOURCE\s*="),
    ("sqlserver", 1, r"\[\w[\w ]*\]\s*(?:\[\w+\]|[A-Za-z]+)"),
    ("sqlserver", 1, r"(?i)\bNVARCHAR\b"),
    ("oracle", 9, r"(?im)\bSYSDATE\b|^/\s*$|:NEW\.|\bNOMAXVALUE\b|\bBINARY_(?:FLOAT|DOUBLE)\b|\bRAW\s*\(\d|\bUSING INDEX\b"),
    ("oracle", 99, r"(?i)\bN?VARCHAR2\b|\bCASCADE\s+CONSTRAINTS\b"),
    ("oracle", 2, r"(?i)\bNUMBER\s*\(|\bCLOB\b"),
    ("clickhouse", 20, r"(?i)\bENGINE\s*=\s*\w*MergeTree|\bENGINE\s*=\s*(?:Kafka|Distributed|TinyLog|StripeLog|Buffer|MaterializedView)\b|\bLowCardinality\(|\bNullable\(|\bCODEC\s*\("),
    ("clickhouse", 20, r"\bFloat(?:32|64)\b|\b(?:U?Int(?:8|16|32|64|128|256)|DateTime64)\b"),
    ("databricks", 60, r"(?i)\bSTRUCT<\s*\w+\s*:"),
    ("bigquery", 20, r"(?i)\bSTRUCT<(?!\s*\w+\s*:)|\b(?!(?-i:Int64))INT64\b|\b(?!(?-i:Float64))FLOAT64\b|\bBIGNUMERIC\b|\bOPTIONS\s*\(\s*description|`[\w-]+\.[\w-]+\.[\w-]+`"),
    ("bigquery", 5, r"(?i)\bARRAY<"),
    ("databricks", 99, r"(?i)\bUSING\s+(?:DELTA|PARQUET|ORC|CSV|JSON|ICEBERG)\b|\bTBLPROPERTIES\b|\bSTORED\s+AS\s+\S|\bPARTITIONED\s+BY\s*\(|\bINSERT\s+OVERWRITE\b|\bROW\s+FORMAT\s+(?:SERDE|DELIMITED)"),
    ("snowflake", 20, r"(?i)\bVARIANT\b|\bTIMESTAMP_[NL]?TZ\b|\bTRANSIENT\s+TABLE|\bVARCHAR\s*\(\s*16777216\s*\)|\bFILE\s+FORMAT\b|\bAUTOINCREMENT\s+START\b|(?<!\bKEY\s)(?<!\bASC\s)\bAUTOINCREMENT\b|\bACCOUNTADMIN\b|\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:STAGE|STREAM|PIPE|WAREHOUSE)\b"),
    ("snowflake", 99, r"(?i)\bUSE\s+(?:ROLE|WAREHOUSE)\b|\bON\s+WAREHOUSE\b|\bON\s+FUTURE\s+(?:TABLES|VIEWS|SCHEMAS)\b|\bWAREHOUSE_SIZE\b|\bLANGUAGE\s+JAVASCRIPT\b|\bsnowflake\.(?:createStatement|execute)\b"),
    ("snowflake", 9, r"(?i)\bCOPY\s+(?:INTO|GRANTS)\b|\b(?:DATABASE|SCHEMA|TABLE)\s+IDENTIFIER\s*\(|\bSECURE\s+VIEW\b|\bCREATE\s+TABLE\s+IF\s+NOT\s+EXISTS\b[^;]{0,200}\bNUMBER\s*\(|\bUSE\s+DATABASE\b"),
    ("snowflake", 30, r"(?i)\bOR\s+REPLACE\s+(?:TRANSIENT\s+)?TABLE\b[^;]{0,2000}\bIDENTITY\s*\("),
    ("snowflake", 5, r"(?i)\bNUMBER\s*\(\s*38\s*,\s*0\s*\)"),
    ("snowflake", 3, r"(?i)\bNUMBER\s*\(\s*\d+\s*,\s*0\s*\)|\bNUMBER\b[^;()]{0,80}\bSTRING\b|\bSTRING\b[^;()]{0,80}\bNUMBER\b|(?<=\))\s*CLUSTER\s+BY\s*\("),
    ("databricks", 99, r"(?i)\b(?:USE|CREATE)\s+CATALOG\b|\bCREATE\s+(?:EXTERNAL\s+)?VOLUME\b|\bCLUSTER\s+BY\s+AUTO\b|\bMANAGED\s+LOCATION\b"),
    ("databricks", 99, r"(?m)^-- (?:Databricks notebook source|COMMAND -{3,})"),
    ("redshift", 300, r"(?i)\bCREATE\s+EXTERNAL\s+SCHEMA\b|\bIAM_ROLE\b|\)\s*TABLE\s+PROPERTIES\s*\(|\bFROM\s+DATA\s+CATALOG\b"),
    ("redshift", 99, r"(?i)\bDISTKEY\b|\bSORTKEY\b|\bDISTSTYLE\b"),
    ("redshift", 20, r"(?i)\bENCODE\s+(?:lzo|zstd|az64|raw|bytedict|delta|runlength|mostly)|\bVARBYTE\b|\bSUPER\b|\bVARCHAR\s*\(\s*65535\s*\)|\bTABLE\s+IF\s+NOT\s+EXISTS\b[^;]{0,400}\bIDENTITY\s*\(\s*\d|\b(?:SVV|STV|STL|SVL|SVCS)_\w+\b"),
    ("sqlite", 5, r"(?i)\bCOLLATE\s+(?:NOCASE|RTRIM)\b"),
    ("sqlite", 9, r"(?m)^\.(?:bail|mode|import|read|separator|headers)\b"),
    ("sqlite", 9, r"(?i)\[\w[\w ]*\]\s+(?:INTEGER|TEXT|REAL|BLOB)\b"),
    ("sqlite", 99, r"(?i)\bKEY\s+(?:ASC\s+)?AUTOINCREMENT\b|\bRAISE\s*\(\s*(?:ABORT|FAIL|IGNORE|ROLLBACK)\b|\bCREATE\s+VIRTUAL\s+TABLE\b"),
    ("sqlite", 99, r"(?i)\bPRAGMA\s+(?!table_info|database_list|show_tables|AUTONOMOUS|EXCEPTION|SERIALLY|RESTRICT|INLINE|UDF)\w|\bWITHOUT\s+ROWID\b"),
    ("sqlite", 20, r"(?im)\bDATETIME\s*\(\s*''|\)\s*STRICT\b|\bON\s+\w+\s+BEGIN\s+(?:UPDATE|INSERT|DELETE|SELECT)\b|\bsqlite_\w+\b|\bUSING\s+fts[345]\b"),
    ("postgresql", 9, r"(?im)\b(?:SERIAL|BIGSERIAL|SMALLSERIAL)[248]?(?=\s*(?:[,);]|NOT\b|NULL\b|PRIMARY\b|UNIQUE\b|REFERENCES\b|CONSTRAINT\b|CHECK\b|--))|\bnextval\(|^COPY\s.*FROM\s+stdin|\bBYTEA\b|\$\$|\bJSONB\b|\bOWNER\s+TO\b|\bEXTENSION\b|^\\"),
    ("postgresql", 99, r"(?i)\bCREATE\s+(?:COLLATION|DOMAIN|OPERATOR|AGGREGATE)\b"),
    ("postgresql", 9, r"(?i)\bON\s+(?:ONLY\s+)?\S+\s+USING\s+(?:btree|gin|gist|brin)\b|\bLANGUAGE\s+'?plpgsql|\bgen_random_uuid\b|\buuid_generate_v\d"),
    ("postgresql", 9, r"(?im)^-- PostgreSQL database dump|\bALTER TABLE ONLY\b|\bpg_catalog\b|^SET\s+(?:statement_timeout|search_path|client_encoding|standard_conforming_strings|default_tablespace)\b"),
    ("postgresql", 2, r"(?i)\bpublic\.\w+"),
    ("postgresql", 1, r"(?i)::|\bTIMESTAMPTZ\b|\bcharacter varying\b|\bON ONLY\b|\bwith(?:out)? time zone\b|\bdouble precision\b|\bint[48]\b"),
    ("duckdb", 20, r"(?i)\bHUGEINT\b|\bUBIGINT\b|\bREAD_(?:CSV|PARQUET|JSON)(?:_AUTO)?\b|\bINSTALL\s+\w+;"),
    ("duckdb", 5, r"(?i)\bTABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?\"?main\"?\."),
    ("duckdb", 1, r"(?i)\bDOUBLE(?!\s+PRECISION)\b|\bBLOB\b"),
)  # fmt: skip


_TEXT_ALONE = r"(?is)\A(?=.*[\w\"`]\s+TEXT\b)(?!.*[\w\"`]\s+(?:VARCHAR|DOUBLE|U?BIGINT|UUID|JSON|DECIMAL|STRING|FLOAT)\b)(?!.*\w\[\])"
"""Texts are TEXT, and what other databases call them or their numbers by is not there."""

_PLAIN: tuple[tuple[str, str, str], ...] = (
    ("snowflake", r"(?i)\bNUMBER\b(?!\s*\()", r"(?i)\bVARCHAR\b"),
    ("databricks", r"(?i)\bSTRING\b", r"(?i)\w\s+COMMENT\s+''"),
    ("snowflake", r"(?i)\bOR\s+REPLACE\s+TABLE\s+[\w.$\"]+\s*\(\s*[\w\"]+\s+\w", ""),
    ("sqlite", r"(?i)\bREAL\b|\bBLOB\b|\bDATETIME\b|\bINTEGER\s+(?:NOT\s+NULL\s+)?PRIMARY\s+KEY\b", _TEXT_ALONE),
    ("sqlite", r"(?i)\bINTEGER\s+(?:NOT\s+NULL\s+)?PRIMARY\s+KEY\b", r"(?i)\bDATETIME\b"),
    ("redshift", r"(?i)\bVARCHAR\s*\(\s*MAX\b", r"(?i)\bTIMESTAMP\b|\bBOOLEAN\b"),
    ("sqlserver", r"(?i)\bVARCHAR\s*\(\s*MAX\b", ""),
    ("duckdb", r"(?i)\bDATETIME\b|\bDOUBLE\b(?!\s+PRECISION)|\bBLOB\b|\bSTRING\b|\bTINYINT\b|\bCREATE\s+OR\s+REPLACE\s+TABLE\b", ""),
    ("duckdb", r"(?i)\bVARCHAR\b(?!\s*\()", r"(?is)\A(?!.*\bVARCHAR\s*\(\s*\d)"),
    ("postgresql", r"(?i)\bVARCHAR\s*\(\s*\d|\bCHAR(?:ACTER)?\s*\(\s*\d|\bNUMERIC\b|\bSMALLINT\b|\bADD\s+(?:CONSTRAINT\s+\S+\s+)?FOREIGN\s+KEY\b", ""),
)  # fmt: skip
"""What a text without a sign fits first: both patterns are found in it. Lengths are what writers for PostgreSQL say, and
those for DuckDB have no need to."""


_SAID = compiled(
    r"'[^'\n]*+'|--(?! (?:(?:MySQL|MariaDB|PostgreSQL)(?: database)? dump|Databricks notebook|COMMAND ---))[^\n]*+|/\*(?!M?!)(?:[^*]++|\*(?!/))*+(?:\*/|\Z)"
)
"""What tells nothing: texts and comments, but for those by which programs that dump databases sign."""

_ROWS = compiled(r"[vV](?i:(?<=\bV)ALUES)\s*+(?:\([^()]*+\)\s*+,?\s*+)++")
_INSERTED = re.compile(
    r"[iI\n](?i:(?<=\n)[ \t]*\([ \t]*(?:N?'|-?\d|NULL\b)[^\n]*"
    r"|(?<=i)(nsert\b[^;]{0,2000}?\bVALUES)\s*\(\s*(?:N?'|-?\d|NULL\b)[^\n]*)"
)
_COPIED = re.compile(r"(?:FROM|from)\s+(?:stdin|STDIN)\b[^;\n]*;\r?\n")
"""Rows, which are told apart by nothing but their length. Each pattern begins with one character, which is quick to find."""


_OFTEN = 30
"""How often a sign counts: many of a weak one are no strong one."""
_LITTLE = 5
"""Below this, what is found is in other databases, too, however often."""
_SEVERAL = 3
"""So many signs of little weight tell a dialect, as one of more does."""


def _uncopied(text: str) -> str:
    """A text without the rows that follow a COPY, up to a line of backslash and point, or to its end."""
    if "stdin" not in text and "STDIN" not in text:
        return text
    kept, at = [], 0
    for found in _COPIED.finditer(text):
        if found.start() >= at:
            kept.append(text[at : found.end()])
            end = text.find("\n\\.", found.end() - 1)
            at = end + 1 if end >= 0 else len(text)
    return "".join((*kept, text[at:]))


def spoken_in(text: str) -> str:
    """The dialect that a text of SQL looks like most; where nothing tells, the first that what it uses fits.

    >>> spoken_in("CREATE TABLE t (id int AUTO_INCREMENT) ENGINE=InnoDB;")
    'mysql'
    >>> spoken_in("CREATE TABLE t (id int, name varchar(20))"), spoken_in("CREATE TABLE t (id int)")
    ('postgresql', 'duckdb')
    """
    return told_in(text)[0]


def told_in(text: str) -> tuple[str, bool]:
    """The dialect that a text of SQL looks like most, and whether anything in it is of few databases only.

    >>> told_in("CREATE TABLE t (id serial)"), told_in("CREATE TABLE t (id int, name varchar(20))")
    (('postgresql', True), ('postgresql', False))
    """
    heads = {""}  # of rows: once is enough

    def first(found: re.Match[str]) -> str:
        if (head := found[1] or "") in heads:
            return ""
        heads.add(head)
        return found[0][0] + head

    bare = _INSERTED.sub(first, _uncopied(text[:400_000]))
    bare = _SAID.sub(lambda found: "''" if found[0][0] == "'" else " ", bare)
    sample = Sample(_ROWS.sub(lambda found: f"{found[0][:6]} ", bare))
    found = dict.fromkeys((name for name, _, _ in _SIGNS), 0)
    sure = dict(found)
    for (name, weight), times in _index().times_in(sample, _OFTEN):
        found[name] += weight * times
        sure[name] += _SEVERAL if weight >= _LITTLE else 1
    best = max(found, key=found.__getitem__)
    if found[best] < _LITTLE:
        plain = next(
            (name for name, one, other in _PLAIN if _fits(one, sample) and re.search(other, sample.text)), "duckdb"
        )
        if not found[best] or (plain == "sqlite" and best == "duckdb"):
            return plain, False
    return best, sure[best] >= _SEVERAL


@cache
def _index() -> Index[tuple[str, int]]:
    return Index(((name, weight), said) for name, weight, said in _SIGNS)


def _fits(said: str, sample: Sample) -> bool:
    return any(one.times_in(sample, 1) for one in signs(said))
