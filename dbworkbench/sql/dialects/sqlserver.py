"""SQL Server 2022.

By its documentation: a key has 1,700 bytes, so a text in one is cut to 450 characters here; a unique constraint lets
one NULL pass; RESTRICT is not a word of it; a cascade that reaches its own table, or a table by two paths, is refused (error 1785), and so is a
comparison where a value is wanted; constraint names are unique in the schema. What tables and columns are about is an
extended property called MS_Description, of 7,500 bytes in UTF-16. Rows lie in the order of the primary key unless another index is
clustered.
"""

from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Date,
    Decimal,
    Enumeration,
    Float,
    Integer,
    Interval,
    Json,
    Text,
    Time,
    Timestamp,
    Uuid,
)
from dbworkbench.sql.dialect import Dialect, Feature, Rare, Spelling


def _text(kind: Text) -> Spelling:
    if kind.length is None:
        return Spelling("NVARCHAR(MAX)")
    return (
        Spelling("NVARCHAR({length})")
        if kind.length <= 4000
        else Spelling("NVARCHAR(MAX)", "LEN({column}) <= {length}")
    )


def _key_text(kind: Text) -> Spelling:
    if kind.length is not None and kind.length <= 450:
        return Spelling("NVARCHAR({length})")
    return Spelling("NVARCHAR(450)", loss="more than 450 characters in a key", instead="written as NVARCHAR(450)")


_ACTIONS = frozenset({"cascade", "no action", "set default", "set null"})
_DESCRIBED = (
    "EXEC sys.sp_addextendedproperty @name = N'MS_Description', @value = {note},\n"
    "    @level0type = N'SCHEMA', @level0name = N'dbo', @level1type = N'TABLE', @level1name = {'relation'}"
)

SQLSERVER = Dialect(
    name="sqlserver",
    title="SQL Server",
    truths="conditions",
    default_given="ALTER TABLE {table} ADD DEFAULT {default} FOR {column}",
    sqlglot="tsql",
    quotient="/",
    like_brackets=True,
    types={
        Boolean: "BIT",
        Integer(16): "SMALLINT",
        Integer(32): "INT",
        Integer(64): "BIGINT",
        Decimal: "DECIMAL({precision},{scale})",
        Float(32): "REAL",
        Float(64): "FLOAT",
        Text: _text,
        Bytes: "VARBINARY(MAX)",
        Uuid: "UNIQUEIDENTIFIER",
        Date: "DATE",
        Time: "TIME(6)",
        Timestamp(): "DATETIME2(6)",
        Timestamp(zone=True): "DATETIMEOFFSET(6)",
        Interval: Spelling("NVARCHAR(60)", loss="a span of time", instead="written as NVARCHAR(60)"),
        Json: Spelling("NVARCHAR(MAX)", check="ISJSON({column}) = 1"),
        Enumeration: Spelling("NVARCHAR(255)", check="{column} IN ({values})"),
    },
    fractions={
        Time: "TIME({digits})",
        Timestamp(): "DATETIME2({digits})",
        Timestamp(zone=True): "DATETIMEOFFSET({digits})",
    },
    most_digits=7,
    padded="NCHAR({length})",
    wholes={(0, 2**8 - 1): "TINYINT"},
    key_types={
        Text: _key_text,
        Bytes: Spelling("VARBINARY(900)", loss="more than 900 bytes in a key", instead="written as VARBINARY(900)"),
        Json: Spelling(
            "NVARCHAR(450)",
            check="ISJSON({column}) = 1",
            loss="more than 450 characters in a key",
            instead="written as NVARCHAR(450)",
        ),
    },
    lacks=frozenset(
        {
            Feature.MANY_NULLS,
            Feature.FORWARD_REFERENCE,
            Feature.DEFERRED_REFERENCE,
            Feature.KIN_REFERENCE,
            Feature.ANY_REFERENCE,
            Feature.CASCADING_CYCLE,
            Feature.CASCADING_PATHS,
            Feature.COMPARISON_VALUE,
            Feature.ARRAY,
            Feature.COMPUTED_KEY,
            Feature.COMPUTED_NOT_NULL,
        }
    ),
    has=frozenset({Rare.ORDER, Rare.INCLUDE}),
    unkeyable=frozenset({"xml", "geometry", "geography", "text", "ntext", "image"}),
    natives=frozenset({"xml", "sql_variant", "hierarchyid", "geometry", "geography"}),
    generated={"virtual": "AS ({expression})", "stored": "AS ({expression}) PERSISTED"},
    generated_typed=False,
    identity={"always": "IDENTITY({numbers})"},
    identity_numbers="{start},{increment}",
    identity_numbers_always=True,
    numbers_decimals=True,
    methods={"cluster": "CREATE {unique}CLUSTERED INDEX {name} ON {table}"},
    equals_cases=True,
    collations=r"\w+_(?:C[IS]_A[IS]\w*|BIN2?)",
    on_delete=_ACTIONS,
    on_update=_ACTIONS,
    quote=("[", "]"),
    literal_prefix="N",
    noted_by={
        "relation": _DESCRIBED,
        "attribute": _DESCRIBED + ", @level2type = N'COLUMN', @level2name = {'attribute'}",
    },
    max_identifier=128,
    counts_characters=True,
    folds=True,
    namespaces=(frozenset({"relation", "key", "foreign key", "check"}),),
    # a table called so is a temporary one, and no constraint may be
    reserved=dict.fromkeys(("relation", "key", "foreign key", "check"), r"#.*"),
    max_attributes=1024,
    max_note={"attribute": 3750, "relation": 3750},
    max_key_attributes=32,
    index_bytes=1700,
    character_bytes=2,
    clock={"CurrentDate": "CAST(GETDATE() AS DATE)"},
    calls={
        "Uuid": "NEWID()",
        "CurrentUser": "CURRENT_USER",
        "SessionUser": "SESSION_USER",
        "CurrentDate": "CAST(GETDATE() AS DATE)",
    },
    present={Timestamp(zone=True): ("GETDATE()", "SYSDATETIMEOFFSET()")},
    unenforced={
        (kind, rows): ("ALTER TABLE {table} WITH NOCHECK ADD {rule}", *then)
        for kind in ("check", "foreign key")
        for rows, then in (("new", ()), ("never", ("ALTER TABLE {table} NOCHECK CONSTRAINT {name}",)))
    },
    words={"(1 = 1)": "1", "(1 = 0)": "0", "NOT (1 = 1)": "0", "NOT (1 = 0)": "1"},
)
