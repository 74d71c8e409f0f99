"""How an engine keeps and guards rows: no schema holds it, so it is told; what goes without saying there is not."""

import pytest

from dbworkbench.sql.read import read

TOLD = [
    ("mysql", "CREATE TABLE t (a int) ENGINE=MyISAM", "t: ENGINE = MyISAM"),
    ("mysql", "CREATE TABLE t (a int) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8", "t: KEY_BLOCK_SIZE = 8"),
    ("mysql", "CREATE TABLE t (a int) TABLESPACE ts STORAGE DISK", "t: TABLESPACE ts"),
    ("mysql", "CREATE TABLE t (a int) ENGINE=InnoDB, DATA DIRECTORY='/x', MAX_ROWS=5", "t: DATA DIRECTORY = '/x'"),
    ("mysql", "CREATE TABLE t (a varchar(9) CHARACTER SET latin1 NOT NULL)", "t.a: CHARACTER SET latin1"),
    ("mysql", "CREATE TABLE t (a int) DEFAULT CHARSET=latin1", "t: DEFAULT CHARSET = latin1"),
    ("mysql", "CREATE TABLE t (a int, b int /*!80023 INVISIBLE */)", "t.b: INVISIBLE"),
    ("mysql", "CREATE TABLE t (a int, KEY i (a) COMMENT 'x' INVISIBLE)", "t: the index i: INVISIBLE"),
    (
        "mysql",
        ("CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (7) COMMENT = 'old' ENGINE = InnoDB, "
        "PARTITION q VALUES LESS THAN (9) ENGINE = InnoDB)"),
        "t: the part p: COMMENT = 'old'",
    ),
    ("mysql", "CREATE TABLE t (a int) PARTITION BY KEY (a) (PARTITION p TABLESPACE = s)", "t: the part p: TABLESPACE = s"),
    (
        "mysql",
        ("CREATE TABLE t (a int) PARTITION BY LIST (a) (PARTITION p VALUES IN (7));\n"
        "ALTER TABLE t ADD PARTITION (PARTITION q VALUES IN (8) COMMENT 'x')"),
        "t: the part q: COMMENT 'x'",
    ),
    ("mariadb", "CREATE TABLE t (a int) WITH SYSTEM VERSIONING", "t: WITH SYSTEM VERSIONING"),
    ("mariadb", "CREATE TABLE t (a int) ENGINE=Aria PAGE_CHECKSUM=1", "t: ENGINE = Aria"),
    ("postgresql", "CREATE UNLOGGED TABLE t (a int)", "t: UNLOGGED"),
    ("postgresql", "CREATE TABLE t (a int) WITH (fillfactor=70)", "t: WITH (fillfactor = 70)"),
    ("postgresql", "CREATE TABLE t (a int) USING heap TABLESPACE fast", "t: TABLESPACE fast"),
    ("postgresql", "CREATE TABLE t (a text STORAGE EXTERNAL COMPRESSION lz4)", "t.a: STORAGE EXTERNAL"),
    ("postgresql", "CREATE TABLE t (a int, CHECK (a > 0) NO INHERIT)", "t: the check: NO INHERIT"),
    ("postgresql", "CREATE TABLE t (a int PRIMARY KEY WITH (fillfactor=50))", "t.a: WITH (fillfactor = 50)"),
    ("postgresql", "CREATE TABLE t (a int); CREATE INDEX i ON t (a) WITH (fillfactor=50)", "t: the index i: WITH (fillfactor = 50)"),
    ("postgresql", "CREATE TABLE t (a int); CREATE INDEX i ON t (a) TABLESPACE fast", "t: the index i: TABLESPACE fast"),
    ("cockroachdb", "CREATE TABLE t (a INT8, b INT8, FAMILY f (a, b))", "t: FAMILY f (a, b)"),
    ("redshift", "CREATE TABLE t (a int) DISTSTYLE ALL", "t: DISTSTYLE ALL"),
    ("redshift", "CREATE TABLE t (a int) DISTSTYLE KEY DISTKEY (a) SORTKEY (a)", "t: DISTKEY (a)"),
    ("redshift", "CREATE TABLE t (a int ENCODE lzo DISTKEY, b int ENCODE lzo)", "t.a, t.b: ENCODE lzo"),
    ("sqlite", "CREATE TABLE t (a INTEGER PRIMARY KEY) WITHOUT ROWID", "t: WITHOUT ROWID"),
    ("sqlite", "CREATE TABLE t (a INTEGER UNIQUE ON CONFLICT IGNORE)", "t.a: ON CONFLICT IGNORE"),
    ("sqlserver", "CREATE TABLE t (a int) ON [archive]", "t: ON archive"),
    ("sqlserver", "CREATE TABLE t (a int) ON ps (a) TEXTIMAGE_ON [PRIMARY]", "t: ON ps (a)"),
    ("sqlserver", "CREATE TABLE t (a int) WITH (DATA_COMPRESSION = PAGE)", "t: WITH (DATA_COMPRESSION = PAGE)"),
    ("sqlserver", "CREATE TABLE t (a int, PRIMARY KEY (a) WITH (FILLFACTOR = 80) ON [PRIMARY])", "t: the key (a): WITH (FILLFACTOR = 80)"),
    ("sqlserver", "CREATE TABLE t (a int SPARSE NULL)", "t.a: SPARSE"),
    ("sqlserver", "CREATE TABLE t (a uniqueidentifier ROWGUIDCOL NOT NULL)", "t.a: ROWGUIDCOL"),
    ("sqlserver", "CREATE TABLE t (a varchar(9) MASKED WITH (FUNCTION = 'default()'))", "t.a: MASKED WITH (FUNCTION = 'default()')"),
    ("sqlserver", "CREATE TABLE t (a int IDENTITY(1,1) NOT FOR REPLICATION NOT NULL)", "t.a: NOT FOR REPLICATION"),
    ("oracle", "CREATE TABLE t (a NUMBER(9)) TABLESPACE users PCTFREE 10", "t: TABLESPACE users"),
    ("oracle", "CREATE TABLE t (a NUMBER(9)) PCTFREE 20 STORAGE (INITIAL 64K NEXT 1M)", "t: STORAGE (INITIAL 64K NEXT 1M)"),
    ("oracle", "CREATE TABLE t (a NUMBER(9) PRIMARY KEY) ORGANIZATION INDEX", "t: ORGANIZATION INDEX"),
    ("oracle", "CREATE TABLE t (a NUMBER(9), CONSTRAINT p PRIMARY KEY (a) USING INDEX TABLESPACE x ENABLE)", "t: the key p: TABLESPACE x"),
    ("oracle", "CREATE TABLE t (a NUMBER(9), CONSTRAINT u UNIQUE (a) DISABLE)", "t: the key u: DISABLE"),
    ("postgresql", "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (MINVALUE 5 MAXVALUE 99))", "t.a: MAXVALUE 99"),
    ("postgresql", "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (START WITH 7 CACHE 30 NO CYCLE))", "t.a: CACHE 30"),
    ("postgresql", "CREATE SEQUENCE s START 3 CYCLE; CREATE TABLE t (a int NOT NULL DEFAULT nextval('s'))", "t.a: CYCLE"),
    ("oracle", "CREATE TABLE t (a NUMBER(9) GENERATED ALWAYS AS IDENTITY (START WITH 3 NOCACHE ORDER))", "t.a: ORDER"),
    ("snowflake", "CREATE TABLE t (a int AUTOINCREMENT START 7 INCREMENT 3 ORDER, b int)", "t.a: ORDER"),
    ("oracle", "CREATE TABLE t (a CLOB) LOB (a) STORE AS SECUREFILE (CACHE)", "t: LOB (a) STORE AS SECUREFILE (CACHE)"),
    ("oracle", "CREATE TABLE t (a NUMBER(9)); CREATE INDEX i ON t (a) REVERSE", "t: the index i: REVERSE"),
    ("snowflake", "CREATE TRANSIENT TABLE t (a INT)", "t: TRANSIENT"),
    ("snowflake", "CREATE TABLE t (a INT) DATA_RETENTION_TIME_IN_DAYS = 7", "t: DATA_RETENTION_TIME_IN_DAYS = 7"),
    ("snowflake", "CREATE TABLE t (a STRING WITH MASKING POLICY p USING (a))", "t.a: WITH MASKING POLICY p USING (a)"),
    ("snowflake", "CREATE TABLE t (a INT WITH TAG (pii = 'x'))", "t.a: WITH TAG (pii = 'x')"),
    ("snowflake", "CREATE TABLE t (a INT) WITH ROW ACCESS POLICY p ON (a)", "t: WITH ROW ACCESS POLICY p ON (a)"),
    ("bigquery", "CREATE TABLE t (a INT64) OPTIONS (description='x', partition_expiration_days=3)", "t: OPTIONS (partition_expiration_days = 3)"),
    ("bigquery", "CREATE TABLE t (a STRING) DEFAULT COLLATE 'und:ci'", "t: DEFAULT COLLATE 'und:ci'"),
    ("bigquery", "CREATE TABLE t (a STRING OPTIONS (policy_tags=['x']))", "t.a: OPTIONS (policy_tags = [ 'x' ])"),
    ("databricks", "CREATE TABLE t (a INT) USING parquet", "t: USING parquet"),
    ("databricks", "CREATE TABLE t (a INT) TBLPROPERTIES ('x' = 'y')", "t: TBLPROPERTIES ('x' = 'y')"),
    ("databricks", "CREATE TABLE t (a INT) LOCATION 's3://x'", "t: LOCATION 's3://x'"),
    ("databricks", "CREATE EXTERNAL TABLE t (a INT) STORED AS PARQUET", "t: STORED AS PARQUET"),
    ("databricks", "CREATE TABLE t (a INT) CLUSTER BY AUTO", "t: CLUSTER BY AUTO"),
    ("databricks", "CREATE TABLE t (a INT MASK f) USING delta", "t.a: MASK f"),
    ("clickhouse", "CREATE TABLE t (a Int8) ENGINE = ReplacingMergeTree(a) ORDER BY a", "t: ENGINE = ReplacingMergeTree (a)"),
    ("clickhouse", "CREATE TABLE t (a Date) ENGINE = MergeTree ORDER BY a TTL a + INTERVAL 1 DAY", "t: TTL a + INTERVAL 1 DAY"),
    ("clickhouse", "CREATE TABLE t (a Int8) ENGINE = MergeTree ORDER BY a SETTINGS ttl_only_drop_parts = 1", "t: SETTINGS ttl_only_drop_parts = 1"),
    ("clickhouse", "CREATE TABLE t (a Int8 CODEC(Delta, ZSTD)) ENGINE = MergeTree ORDER BY a", "t.a: CODEC (Delta, ZSTD)"),
    ("clickhouse", "CREATE TABLE t (a Int8, d Date TTL d + INTERVAL 1 DAY) ENGINE = MergeTree ORDER BY a", "t.d: TTL d + INTERVAL 1 DAY"),
    ("clickhouse", "CREATE TABLE t (a Int8) ENGINE = MergeTree ORDER BY a SAMPLE BY a", "t: SAMPLE BY a"),
]  # fmt: skip

USUAL = [
    ("mysql", "CREATE TABLE t (a int) ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci"),
    ("mysql", "CREATE TABLE t (a int NOT NULL, KEY i (a) USING BTREE) ENGINE=InnoDB ROW_FORMAT=DYNAMIC"),
    ("postgresql", "CREATE TABLE t (a int) USING heap TABLESPACE pg_default"),
    ("postgresql", "CREATE TABLE t (a int) WITH (OIDS=FALSE)"),
    (
        "postgresql",
        "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1))",
    ),
    (
        "oracle",
        ("CREATE TABLE t (a NUMBER(9) GENERATED ALWAYS AS IDENTITY MINVALUE 1 MAXVALUE 9999999999999999999999999999 INCREMENT BY 1 "
        "START WITH 1 CACHE 20 NOORDER NOCYCLE NOKEEP NOSCALE NOT NULL)"),
    ),
    ("redshift", "CREATE TABLE t (a int ENCODE auto) DISTSTYLE AUTO"),
    ("sqlite", "CREATE TABLE t (a INTEGER) STRICT"),
    (
        "sqlserver",
        ("CREATE TABLE t (a int, PRIMARY KEY CLUSTERED (a ASC) WITH (PAD_INDEX = OFF, STATISTICS_NORECOMPUTE = OFF, "
        "IGNORE_DUP_KEY = OFF, ALLOW_ROW_LOCKS = ON, ALLOW_PAGE_LOCKS = ON) ON [PRIMARY]) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]"),
    ),
    ("oracle", "CREATE TABLE t (a NUMBER(9) NOT NULL ENABLE, PRIMARY KEY (a) USING INDEX ENABLE) PCTFREE 10 INITRANS 1 LOGGING"),
    ("snowflake", "CREATE OR REPLACE TABLE t (a INT, PRIMARY KEY (a) NOT ENFORCED)"),
    ("bigquery", "CREATE TABLE t (a INT64, PRIMARY KEY (a) NOT ENFORCED)"),
    ("databricks", "CREATE TABLE t (a INT) USING DELTA"),
    ("mysql", "CREATE TABLE t (a int, KEY i (a) USING HASH)"),
    ("postgresql", "CREATE TABLE t (a int); CREATE INDEX i ON t USING hash (a)"),
    ("mysql", "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (7) ENGINE = InnoDB)"),
    ("clickhouse", "CREATE TABLE t (a Int8) ENGINE = MergeTree() ORDER BY a SETTINGS index_granularity = 8192"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "told"), TOLD)
def test_a_clause_that_no_schema_holds_is_told(dialect: str, text: str, told: str) -> None:
    found = read(text, dialect)
    assert f"{told} — not read" in map(str, found.losses)
    assert len(found.schema) == 1


@pytest.mark.parametrize(("dialect", "text"), USUAL)
def test_what_an_engine_does_anyway_is_no_loss(dialect: str, text: str) -> None:
    losses = [loss for loss in read(text, dialect).losses if "the sorting key" not in loss.feature]
    assert losses == []


def test_one_loss_for_all_that_share_a_clause_and_none_for_what_is_gone() -> None:
    text = "".join(f"CREATE TABLE t{at} (a int) ENGINE={'MyISAM' if at % 2 else 'myisam'};" for at in range(5))
    found = read(f"{text}DROP TABLE t1; RENAME TABLE t2 TO u; ALTER TABLE t3 RENAME COLUMN a TO b;", "mysql")
    assert [str(loss) for loss in found.losses] == ["t0, u, t3, … (1 more): ENGINE = myisam — not read"]


def test_what_case_does_not_tell_apart_in_keys_is_told_once() -> None:
    text = """CREATE TABLE a (n varchar(9) PRIMARY KEY, m varchar(9) UNIQUE, o varchar(9)) COLLATE=utf8mb4_0900_ai_ci;
        CREATE TABLE b (n varchar(9), id int PRIMARY KEY, UNIQUE KEY (id, n)); CREATE TABLE c (n varchar(9) COLLATE utf8mb4_bin PRIMARY KEY);
        CREATE TABLE d (n varchar(9) PRIMARY KEY) COLLATE=utf8mb4_bin;"""
    said = "texts that differ in case alone are equal in keys — read as texts that any difference tells apart"
    for dialect in ("mysql", "mariadb"):
        assert [str(loss) for loss in read(text, dialect).losses if "case" in loss.feature] == [
            f"a.n, a.m, b.n: {said}"
        ]
    assert read("CREATE TABLE a (n varchar(9) PRIMARY KEY)", "postgresql").losses == ()
