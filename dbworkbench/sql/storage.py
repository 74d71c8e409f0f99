"""What DDL says of how an engine keeps and guards rows, beyond what a schema holds: told as it stands.

A clause that says what the engine does anyway says nothing: those are listed here, engine by engine. Of every other one, known
or not, there is a loss.
"""

import re
from collections.abc import Set as AbstractSet

from dbworkbench.sql.cursor import Cursor

__all__ = ["clause", "starts"]

_BEGINS_WORDS = {
    "mysql": "ENGINE TYPE AUTO_INCREMENT AVG_ROW_LENGTH DEFAULT CHARSET CHARACTER CHECKSUM COLLATE COMMENT COMPRESSION CONNECTION "
    "DATA INDEX DELAY_KEY_WRITE ENCRYPTION INSERT_METHOD KEY_BLOCK_SIZE MAX_ROWS MIN_ROWS PACK_KEYS PASSWORD ROW_FORMAT "
    "STATS_AUTO_RECALC STATS_PERSISTENT STATS_SAMPLE_PAGES TABLESPACE STORAGE UNION WITH PAGE_COMPRESSED PAGE_COMPRESSION_LEVEL "
    "TRANSACTIONAL PAGE_CHECKSUM SECONDARY_ENGINE AUTOEXTEND_SIZE ENGINE_ATTRIBUTE PARTITION USING VISIBLE INVISIBLE IGNORED "
    "ENCRYPTED ENCRYPTION_KEY_ID START NOT ENFORCED",
    "postgresql": "WITH WITHOUT TABLESPACE USING SERVER OPTIONS INHERITS PARTITION ON NOT NO LOCALITY",
    "redshift": "DISTSTYLE DISTKEY SORTKEY COMPOUND INTERLEAVED BACKUP ENCODE NOT",
    "sqlite": "WITHOUT STRICT ON",
    "sqlserver": "ON TEXTIMAGE_ON FILESTREAM_ON WITH AS NOT",
    "oracle": "TABLESPACE PCTFREE PCTUSED INITRANS MAXTRANS STORAGE LOGGING NOLOGGING COMPRESS NOCOMPRESS PARALLEL NOPARALLEL CACHE "
    "NOCACHE MONITORING NOMONITORING SEGMENT ORGANIZATION LOB ENABLE DISABLE VALIDATE NOVALIDATE ROWDEPENDENCIES "
    "NOROWDEPENDENCIES RESULT_CACHE INMEMORY NO CLUSTER NESTED VARRAY XMLTYPE FLASHBACK COLUMN ROW ON ILM INCLUDING OVERFLOW "
    "PCTTHRESHOLD MAPPING NOMAPPING USING COMPUTE REVERSE LOCAL GLOBAL ONLINE UNUSABLE VISIBLE INVISIBLE RELY NORELY PARTITION",
    "snowflake": "DATA_RETENTION_TIME_IN_DAYS MAX_DATA_EXTENSION_TIME_IN_DAYS CHANGE_TRACKING ENABLE_SCHEMA_EVOLUTION "
    "STAGE_FILE_FORMAT STAGE_COPY_OPTIONS DEFAULT_DDL_COLLATION COPY WITH TAG ROW EXTERNAL_VOLUME CATALOG BASE_LOCATION "
    "TARGET_LAG WAREHOUSE CLUSTER COMMENT NOT ENFORCED RELY NORELY ENABLE DISABLE VALIDATE NOVALIDATE AS LOCATION FILE_FORMAT "
    "AUTO_REFRESH",
    "bigquery": "DEFAULT OPTIONS WITH CLUSTER PARTITION NOT AS",
    "databricks": "USING TBLPROPERTIES LOCATION STORED ROW WITH COMMENT CLUSTER CLUSTERED SORTED INTO DEFAULT PARTITIONED OPTIONS "
    "NOT RELY NORELY AS",
    "clickhouse": "ENGINE TTL SETTINGS SAMPLE PRIMARY ORDER PARTITION COMMENT AS",
    "duckdb": "WITH AS",
}  # fmt: skip
_SAME = {"mariadb": "mysql", "cockroachdb": "postgresql"}
_BEGINS = {dialect: frozenset(words.split()) for dialect, words in _BEGINS_WORDS.items()}
_GLUE_WORDS = "= DEFAULT NOT NO WITH WITHOUT ON CHARACTER STORED ROW COPY MASKED ENCRYPTED USING NESTED TO SET"
_GLUE = frozenset(_GLUE_WORDS.split())
"""What is followed by a word that belongs to it, even one that begins clauses elsewhere."""

_OFF = "PAD_INDEX STATISTICS_NORECOMPUTE SORT_IN_TEMPDB IGNORE_DUP_KEY DROP_EXISTING ONLINE OPTIMIZE_FOR_SEQUENTIAL_KEY"
_ON = "ALLOW_ROW_LOCKS ALLOW_PAGE_LOCKS"
_SQLSERVER = "|".join(
    [
        *(f"{word} ?= ?OFF" for word in _OFF.split()),
        *(f"{word} ?= ?ON" for word in _ON.split()),
        "FILLFACTOR ?= ?(?:0|100)",
    ]
)
_NOT_ENFORCED = r"NOT ENFORCED|NOT VALID|(?:NO)?RELY|DISABLE NOVALIDATE|ENABLE|(?:NO)?VALIDATE"
_USUAL_TEXT = {
    "mysql": r"ENGINE ?=? ?InnoDB|(?:DEFAULT )?(?:CHARSET|CHARACTER SET) ?=? ?'?utf8mb4'?"
    r"|(?:DEFAULT )?COLLATE ?=? ?'?utf8mb4_0900_ai_ci'?|ROW_FORMAT ?=? ?(?:DYNAMIC|DEFAULT)|PACK_KEYS ?=? ?DEFAULT"
    r"|(?:STATS_PERSISTENT|STATS_AUTO_RECALC) ?=? ?DEFAULT|(?:CHECKSUM|DELAY_KEY_WRITE|PAGE_CHECKSUM) ?=? ?0|USING BTREE|VISIBLE"
    r"|NOT IGNORED|ENCRYPTION ?=? ?'N'",
    "postgresql": r"USING heap|USING btree|TABLESPACE pg_default|WITHOUT OIDS|WITH \( ?OIDS ?= ?FALSE ?\)",
    "redshift": r"DISTSTYLE AUTO|ENCODE AUTO|BACKUP YES|NOT ENFORCED",
    "sqlite": r"STRICT|ON CONFLICT ABORT|ASC",
    "sqlserver": rf"(?:ON|TEXTIMAGE_ON|FILESTREAM_ON) (?:\[?PRIMARY\]?|\[?default\]?|\"default\")|ASC|CLUSTERED"
    rf"|WITH \( ?(?:(?:{_SQLSERVER})(?: ?, ?)?)+ ?\)|WITH FILLFACTOR ?= ?(?:0|100)",
    "oracle": r"PCTFREE 10|PCTUSED 40|INITRANS [12]|MAXTRANS 255|LOGGING|NOCOMPRESS(?: LOGGING)?|NOPARALLEL|NOCACHE"
    r"|(?:NO)?MONITORING|SEGMENT CREATION (?:IMMEDIATE|DEFERRED)|ENABLE|VALIDATE|ENABLE VALIDATE|NOROWDEPENDENCIES|USING INDEX"
    r"|COMPUTE STATISTICS|VISIBLE|ORGANIZATION HEAP|ON COMMIT PRESERVE ROWS|NORELY|PARALLEL 1",
    "snowflake": rf"{_NOT_ENFORCED}|CHANGE_TRACKING ?= ?FALSE|ENABLE_SCHEMA_EVOLUTION ?= ?FALSE|DATA_RETENTION_TIME_IN_DAYS ?= ?1"
    r"|COPY GRANTS",
    "bigquery": r"NOT ENFORCED",
    "databricks": rf"USING delta|{_NOT_ENFORCED}",
    "clickhouse": r"ENGINE ?= ?MergeTree(?: ?\( ?\))?|SETTINGS index_granularity ?= ?8192",
    "duckdb": r"(?!)",
}
_ANYWHERE = re.compile(r"ASC|ENFORCED|NOT DEFERRABLE|INITIALLY IMMEDIATE|MATCH SIMPLE|NULLS DISTINCT", re.IGNORECASE)
_LONGEST = 100
_USUAL = {dialect: re.compile(text, re.IGNORECASE) for dialect, text in _USUAL_TEXT.items()}


def starts(dialect: str) -> frozenset[str]:
    """The words that begin a clause."""
    return _BEGINS[_SAME.get(dialect, dialect)]


def clause(cursor: Cursor, dialect: str, ends: AbstractSet[str] = frozenset()) -> str:
    """Step over one clause, to where another one or one of `ends` begins; its text, "" where it goes without saying."""
    spoken, stops = _SAME.get(dialect, dialect), ends or starts(dialect)
    begin = cursor.at
    while not cursor.done:
        word = cursor.upper()
        ended = word == "," or (word in stops and cursor.tokens[cursor.at - 1].upper not in _GLUE)
        if ended and cursor.at > begin:
            break
        if word == "(":
            cursor.group()
        else:
            cursor.skip()
    said = " ".join(token.value for token in cursor.tokens[begin : cursor.at])
    said = re.sub(r"(?<=[(.]) | (?=[),.])", "", said)
    if said in {"", ",", ";"} or _ANYWHERE.fullmatch(said) or _USUAL[spoken].fullmatch(said):
        return ""
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 2]} …"
