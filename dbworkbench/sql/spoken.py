"""Which dialect a text of SQL is written in, by the words that only one of them has."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from dbworkbench.sql.possessive import compiled

__all__ = ["spoken_in"]

_SIGNS: tuple[tuple[str, int, str], ...] = (
    ("mysql", 9, r"(?im)\bENGINE\s*=\s*(?:InnoDB|MyISAM|Memory|Aria)|\bAUTO_INCREMENT\b|^\s*DELIMITER\s+\S+|/\*!\d{5}|^-- MySQL dump"),
    ("mysql", 9, r"(?i)\b(?:TINY|MEDIUM|LONG)(?:TEXT|BLOB)\b|\bMEDIUMINT\b|\bCHARACTER SET\b|\bDEFAULT CHARSET\b"),
    ("mysql", 1, r"(?i)`\w+`|\bunsigned\b|\bDATETIME\s*\(\d\)|\bTINYINT\s*\(\d|^\s*KEY\s+\w+\s*\("),
    ("sqlserver", 9, r"(?im)^\s*GO\s*$|\[dbo\]|\bIDENTITY\s*\(\s*\d|(?<!\bAS\s)\bIDENTITY\s+(?:NOT|PRIMARY)\b|\b(?:NVARCHAR|VARBINARY)\s*\(\s*MAX|\bNONCLUSTERED\b|\bUNIQUEIDENTIFIER\b"),
    ("sqlserver", 99, r"(?i)\bOBJECT_ID\s*\("),
    ("sqlserver", 5, r"(?i)\[\w[\w ]*\]\.\[\w|\bDATETIME2\b|\bDATETIMEOFFSET\b|\bSMALLDATETIME\b|\bGETDATE\(\)|\bDATA_SOURCE\s*="),
    ("sqlserver", 1, r"\[\w[\w ]*\]\s*(?:\[\w+\]|[A-Za-z]+)|(?i:\bNVARCHAR\b)"),
    ("oracle", 9, r"(?im)\bN?VARCHAR2\b|\bSYSDATE\b|^/\s*$|:NEW\.|\bNOMAXVALUE\b|\bBINARY_(?:FLOAT|DOUBLE)\b|\bRAW\s*\(\d|\bUSING INDEX\b"),
    ("oracle", 2, r"(?i)\bNUMBER\s*\(|\bCLOB\b"),
    ("clickhouse", 20, r"(?i)\bENGINE\s*=\s*\w*MergeTree|\bLowCardinality\(|\bNullable\(|\bCODEC\s*\(|(?-i:\bU?Int(?:8|16|32|64|128|256)\b|\bDateTime64\b)"),
    ("bigquery", 20, r"(?i)\bSTRUCT<|\bARRAY<|\bINT64\b|\bFLOAT64\b|\bBIGNUMERIC\b|\bOPTIONS\s*\(\s*description|`[\w-]+\.[\w-]+\.[\w-]+`"),
    ("databricks", 99, r"(?i)\bUSING\s+(?:DELTA|PARQUET|ORC|CSV|JSON|ICEBERG)\b|\bTBLPROPERTIES\b|\bSTORED\s+AS\s+\S|\bPARTITIONED\s+BY\s*\(|\bINSERT\s+OVERWRITE\b|\bROW\s+FORMAT\s+(?:SERDE|DELIMITED)"),
    ("snowflake", 20, r"(?i)\bVARIANT\b|\bTIMESTAMP_[NL]?TZ\b|\bTRANSIENT\s+TABLE|\bNUMBER\(38,\s*0\)|\bFILE\s+FORMAT\b|\bAUTOINCREMENT\s+START\b|\bUSE\s+(?:ROLE|WAREHOUSE)\b|\bWAREHOUSE_SIZE\b|\bACCOUNTADMIN\b|\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:STAGE|STREAM|PIPE|WAREHOUSE)\b"),
    ("snowflake", 9, r"(?i)\bCOPY\s+(?:INTO|GRANTS)\b|\b(?:DATABASE|SCHEMA|TABLE)\s+IDENTIFIER\s*\(|\bSECURE\s+VIEW\b|\bCREATE\s+TABLE\s+IF\s+NOT\s+EXISTS\b[^;]{0,200}\bNUMBER\s*\("),
    ("snowflake", 3, r"(?i)\bNUMBER\s*\(\s*\d+\s*,\s*0\s*\)|\bNUMBER\b[^;()]{0,80}\bSTRING\b|\bSTRING\b[^;()]{0,80}\bNUMBER\b|(?<=\))\s*CLUSTER\s+BY\s*\("),
    ("databricks", 99, r"(?m)^-- (?:Databricks notebook source|COMMAND -{3,})"),
    ("redshift", 20, r"(?i)\bDISTKEY\b|\bSORTKEY\b|\bDISTSTYLE\b|\bENCODE\s+(?:lzo|zstd|az64|raw|bytedict|delta|runlength|mostly)|\bVARBYTE\b|\bSUPER\b|\b(?:SVV|STV|STL|SVL|SVCS)_\w"),
    ("sqlite", 9, r"(?i)\[\w[\w ]*\]\s+(?:INTEGER|TEXT|REAL|BLOB)\b"),
    ("sqlite", 20, r"(?im)\bAUTOINCREMENT\b|\bPRAGMA\b|\bWITHOUT\s+ROWID\b|\)\s*STRICT\b|\bON\s+\w+\s+BEGIN\s+(?:UPDATE|INSERT|DELETE|SELECT)\b|^\.(?:bail|mode|import|read|separator|headers)\b|\bsqlite_\w+|\bUSING\s+fts[345]\b"),
    ("postgresql", 9, r"(?im)\bSERIAL\b|\bnextval\(|^COPY\s.*FROM\s+stdin|\bBYTEA\b|\$\$|\bJSONB\b|\bOWNER\s+TO\b|\bEXTENSION\b|^\\"),
    ("postgresql", 9, r"(?i)\bUSING\s+(?:btree|gin|gist|brin)\b|\bLANGUAGE\s+'?plpgsql|\bgen_random_uuid\b|\buuid_generate_v\d"),
    ("postgresql", 9, r"(?im)^-- PostgreSQL database dump|\bALTER TABLE ONLY\b|\bpg_catalog\b|\bpublic\.\w+|\bUSING\s+btree\b|^\s*SET\s+(?:statement_timeout|search_path|client_encoding|standard_conforming_strings|default_tablespace)\b"),
    ("postgresql", 1, r"(?i)::|\bTIMESTAMPTZ\b|\bcharacter varying\b|\bON ONLY\b|\bwith(?:out)? time zone\b|\bdouble precision\b|\bint[48]\b"),
    ("duckdb", 9, r"(?i)\bHUGEINT\b|\bUBIGINT\b|\bREAD_(?:CSV|PARQUET)\b|\bINSTALL\s+\w+;"),
    ("duckdb", 1, r"(?i)\bDOUBLE(?!\s+PRECISION)\b|\bBLOB\b"),
)  # fmt: skip


_PLAIN: tuple[tuple[str, str, str], ...] = (
    ("redshift", r"(?i)\bVARCHAR\s*\(\s*MAX\b", r"(?i)\bTIMESTAMP\b|\bBOOLEAN\b"),
    ("sqlserver", r"(?i)\bVARCHAR\s*\(\s*MAX\b", ""),
    ("duckdb", r"(?i)\bDATETIME\b|\bDOUBLE\b(?!\s+PRECISION)|\bBLOB\b|\bSTRING\b|\bTINYINT\b|\bCREATE\s+OR\s+REPLACE\s+TABLE\b", ""),
    ("postgresql", r"(?i)\bVARCHAR\s*\(\s*\d|\bCHAR(?:ACTER)?\s*\(\s*\d|\bNUMERIC\b|\bSMALLINT\b|\bADD\s+(?:CONSTRAINT\s+\S+\s+)?FOREIGN\s+KEY\b", ""),
)  # fmt: skip
"""What a text without a sign fits first: both patterns are found in it. Lengths are what writers for PostgreSQL say, and
those for DuckDB have no need to."""


_SAID = compiled(
    r"'[^'\n]*+'|--(?! (?:(?:MySQL|MariaDB|PostgreSQL)(?: database)? dump|Databricks notebook|COMMAND ---))[^\n]*+|/\*(?!M?!)(?:[^*]++|\*(?!/))*+(?:\*/|\Z)"
)
"""What tells nothing: texts and comments, but for those by which programs that dump databases sign."""

_ROWS = compiled(r"(?ims)(?<=\bVALUES)\s*+(?:\([^()]*+\)\s*+,?\s*+)++")
_COPIED = re.compile(r"(?ims)(\bFROM\s+stdin\b[^;\n]*;\r?\n).*?(?=^\\\.)")
"""Rows, which are told apart by nothing but their length."""


def _alternatives(pattern: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Each of a pattern's alternatives, with letters that stand in whatever it finds, "" where there are none."""
    flags = re.match(r"\(\?[aimsx]+\)", pattern)
    begin, depth, inside, at = flags.end() if flags else 0, 0, False, flags.end() if flags else 0
    starts = [begin]
    while at < len(pattern):
        sign = pattern[at]
        inside = (inside or sign == "[") and sign != "]"
        depth += 0 if inside else (sign == "(") - (sign == ")")
        if sign == "|" and not depth and not inside:
            starts.append(at + 1)
        at += 2 if sign == "\\" else 1
    for here, there in pairwise([*starts, len(pattern) + 1]):
        one = pattern[here : there - 1]
        bare = re.sub(r"\\.|\[(?:\\.|[^\]])*\]", " ", one)
        while "(" in bare:
            bare = re.sub(r"\([^()]*\)[?*]?", " ", bare)
        letters = re.findall(r"[A-Za-z_]{2,}", re.sub(r".[?*]", " ", bare))
        yield max(letters, key=len, default="").lower(), re.compile(f"{flags[0] if flags else ''}{one}")


@cache
def _told() -> tuple[tuple[str, int, str, re.Pattern[str]], ...]:
    return tuple((name, weight, letters, one) for name, weight, said in _SIGNS for letters, one in _alternatives(said))


def spoken_in(text: str) -> str:
    """The dialect that a text of SQL looks like most; where nothing tells, the first that what it uses fits.

    >>> spoken_in("CREATE TABLE t (id int AUTO_INCREMENT) ENGINE=InnoDB;")
    'mysql'
    >>> spoken_in("CREATE TABLE t (id int, name varchar(20))"), spoken_in("CREATE TABLE t (id int)")
    ('postgresql', 'duckdb')
    """
    sample = _SAID.sub(lambda found: "''" if found[0][0] == "'" else " ", text[:400_000])
    sample = _COPIED.sub(r"\1", _ROWS.sub(" ", sample))
    lowered = sample.lower()
    found = dict.fromkeys((name for name, _, _ in _SIGNS), 0)
    for name, weight, letters, one in _told():
        if letters in lowered:  # to look for letters is quick, and most signs of other databases are not there
            found[name] += weight * sum(1 for _ in one.finditer(sample))
    best = max(found, key=found.__getitem__)
    if found[best]:
        return best
    fits = (name for name, one, other in _PLAIN if re.search(one, sample) and re.search(other, sample))
    return next(fits, "duckdb")
