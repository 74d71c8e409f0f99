"""What a token of SQL looks like in each dialect: one compiled pattern for all of them, one for rows of data."""

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from dbworkbench.sql.possessive import compiled

__all__ = ["STARTS", "Manner", "Token", "manner_of", "patterns"]


class Token(NamedTuple):
    """A word, a quoted "name", a "text", a "number" or a "sign", with the characters it stands for.

    What a tool is to fill in, `${schema}` or `{{ prefix }}`, is part of a word like any letter.
    """

    kind: str
    value: str
    start: int
    end: int
    upper: str = ""
    """A bare word in capitals, a sign as it is, "" for what is quoted."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a family of databases quotes and comments."""

    backslash: bool = False  # an escape in texts
    double_is_text: bool = False
    brackets: bool = False  # quote names
    hash_comments: bool = False
    dollars: bool = False  # quote texts
    nested_comments: bool = False


_MANNERS = {
    "mysql": Manner(backslash=True, double_is_text=True, hash_comments=True),
    "mariadb": Manner(backslash=True, double_is_text=True, hash_comments=True),
    "bigquery": Manner(backslash=True, double_is_text=True, hash_comments=True),
    "databricks": Manner(backslash=True, double_is_text=True),
    "clickhouse": Manner(backslash=True, hash_comments=True),
    "snowflake": Manner(backslash=True, dollars=True),
    "postgresql": Manner(dollars=True, nested_comments=True),
    "cockroachdb": Manner(dollars=True, nested_comments=True),
    "redshift": Manner(backslash=True, dollars=True, nested_comments=True),
    "duckdb": Manner(dollars=True),
    "sqlite": Manner(brackets=True),
    "sqlserver": Manner(brackets=True, nested_comments=True),
    "oracle": Manner(),
}


_STARTS_WORDS = (
    "CREATE ALTER DROP INSERT UPDATE DELETE EXEC EXECUTE PRINT USE GRANT REVOKE DENY IF ELSE WHILE DECLARE BEGIN END SET "
    "TRUNCATE MERGE SELECT RAISERROR THROW RETURN COMMIT ROLLBACK DBCC BACKUP RESTORE BULK OPEN CLOSE FETCH DEALLOCATE "
    "WAITFOR REVERT ENABLE DISABLE CHECKPOINT GOTO BREAK CONTINUE"
)
STARTS = frozenset(_STARTS_WORDS.split())
"""Words that begin a statement of T-SQL, where nothing needs to stand between two of them."""

_SQLPLUS_WORDS = (
    "REM REMARK PROMPT SPOOL EXIT QUIT WHENEVER DEFINE UNDEFINE ACCEPT START CONNECT CONN DISCONNECT CLEAR COLUMN TTITLE BTITLE "
    "SHOW PAUSE HOST BREAK COMPUTE VARIABLE VAR DESC DESCRIBE EXEC EXECUTE TIMING HO"
)
_SQLPLUS = rf"(?:{'|'.join(_SQLPLUS_WORDS.split())})\b|SET[ \t]+(?!(?:CONSTRAINTS?|ROLE|TRANSACTION)\b)"
_ROWS_END = "|".join(("GO", *sorted(STARTS - {"SELECT"})))
_LINES = {
    "mysql": r"(?i:DELIMITER[ \t]+(?P<delimiter>\S+)[^\n]*|SOURCE[ \t][^\n]*|\\[.!uUgGcdehpqrstTw][^\n]*)",
    "postgresql": r"\\[^\n]*",
    "oracle": rf"(?i:/[ \t]*(?=\r?\n|\Z)|[@#][^\n]*|!(?!=)[^\n]*|(?:{_SQLPLUS})(?:[^\n]*-[ \t]*\r?\n)*[^\n]*)",
    "sqlserver": r"(?i:GO(?:[ \t]+\d+)?[ \t]*(?=\r?\n|\Z|--)|:\w+[^\n]*)",
    "sqlite": r"\.[A-Za-z]\w*[^\n]*",
    "duckdb": r"\.[A-Za-z]\w*[^\n]*",
}


def manner_of(dialect: str) -> Manner:
    """How a dialect quotes and comments."""
    return _MANNERS.get(dialect, Manner())


@cache
def patterns(dialect: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str] | None]:
    """What a token, a stretch of data, and a line of the client's own look like."""
    manner = manner_of(dialect)
    inner = r"(?:[^'\\]++|''|\\.)*+" if manner.backslash else r"(?:[^']++|'')*+"
    named = manner.double_is_text or dialect == "clickhouse"  # where a backslash escapes between double quotes, too
    double = r"(?:[^\"\\]++|\"\"|\\.)*+" if manner.backslash and named else r"(?:[^\"]++|\"\")*+"
    texts = rf"(?:[NnBbXxUu]&?)?'{inner}'|[Ee]'(?:[^'\\]++|''|\\.)*+'"
    thrice = r"[RrBb]{0,2}(?:\'\'\'(?:[^\\]|\\.)*?\'\'\'|\"\"\"(?:[^\\]|\\.)*?\"\"\")|" if dialect == "bigquery" else ""
    texts = thrice + texts
    opens = [r"\$(?:[A-Za-z_]\w*)?\$"] if manner.dollars else []  # what is closed by its like is looked for from here
    opens += [r"(?:[Nn]?[Qq]'[^\s'])"] if dialect == "oracle" else []
    opened = rf"|(?P<open>{'|'.join(opens)})" if opens else ""
    comments = r"--[^\n]*+" if not dialect.startswith(("mysql", "maria")) else r"--(?=[\s>]|\Z)[^\n]*+"
    comments += (
        r"|\#[^\n]*+" if manner.hash_comments else r"|\#(?=\s)[^\n]*+" if dialect in {"sqlite", "duckdb"} else ""
    )
    comments += r"|//[^\n]*+" if dialect == "snowflake" else ""
    block = r"/\*(?!M?!)"
    names = [rf"`(?:[^`]++|``)*+`"]  # noqa: F541  one of three alike
    names += [] if manner.double_is_text else [rf"[Uu]&\"{double}\"|\"{double}\""]
    names += [r"\[(?:[^\]]++|\]\])*+\]"] if manner.brackets else []
    filled = r"(?:\$\{[\w.:]++\}|\{\$\w++\}|\{\{[ ]?[\w.]++[ ]?\}\}" + (
        r"|\{\w++:\w++\})" if dialect == "clickhouse" else ")"
    )
    quoted_text = rf"|\"{double}\"" if manner.double_is_text else ""
    token = compiled(
        rf"""(?P<space>[\s\0]++|/\*!\d*|/\*M!\d*|\*/)|(?P<comment>{comments}|{block}){opened}
        |(?P<text>{texts.replace("#", chr(92) + "#").replace(" ", "[ ]")}{quoted_text})|(?P<name>{"|".join(names)})
        |(?P<number>\d[\w.]*+|\.\d[\w]*+)
        |(?P<word>(?:[^\W\d]|{filled})[\w\#@]*+(?:(?:\$(?!\{{)|{filled})[\w\#@]*+)*+|[@\#:$][\w$\#@]++)|(?P<sign>::|:=|->>|->|<=|>=|<>|!=|\|\||.)""",
        re.VERBOSE | re.DOTALL,
    )
    batch = dialect == "sqlserver"  # where a line may begin a statement without a semicolon before it
    line_end = rf"|\n(?!\s*(?i:{_ROWS_END})\b)" if batch else ""
    escaped = r"(?<=\W[Ee])'(?:[^'\\]++|''|\\.)*+'|" if not manner.backslash else ""
    plain = r"(?<!\W[Qq])" if dialect == "oracle" else ""
    dollar = r"\$(?!(?:[A-Za-z_]\w*)?\$)" if manner.dollars else r"\$"
    data = compiled(
        rf"(?:{thrice}{escaped}[^;{chr(92) + 'n' if batch else ''}'\"`\-/$#\[\\]++|{plain}'{inner}'|\"{double}\"|`[^`]*+`|{comments}"
        rf"|/\*(?:[^*]++|\*(?!/))*+\*/|/(?!\*{'|/' if dialect == 'snowflake' else ''})|[\-#\[\\]|{dollar}{line_end})*+",
        re.DOTALL,
    )
    line = _LINES.get({"mariadb": "mysql", "cockroachdb": "postgresql", "redshift": "postgresql"}.get(dialect, dialect))
    return token, data, re.compile(line) if line else None
