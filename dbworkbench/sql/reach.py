"""What a query reaches beyond the relations it is asked of: files, other databases, the machine."""

import re
from collections.abc import Iterator

from sqlglot import exp

_OUTSIDE = re.compile(
    r"read_\w+|readfile|writefile|write_log|fsdir|glob|sniff_csv|\w+_scan|scan_\w+|parquet_\w+|query|query_table"
    r"|json_execute_serialized_sql|getenv|load_extension|load_file|edit|duckdb_\w+|pragma_\w+|pg_read_\w+|pg_ls_\w+"
    r"|pg_stat_file|pg_terminate_backend|pg_cancel_backend|pg_reload_conf|set_config|lo_\w+|dblink\w*|\w+_to_xml"
    r"|openrowset|opendatasource|openquery|checkpoint|force_checkpoint|enable_\w+|disable_\w+|\w*register_\w+"
    r"|(?:create|destroy)_external_\w+|truncate_duckdb_logs|which_secret|copy_database",
    re.IGNORECASE,
)
_ROWS = re.compile(
    r"range|generate_series|generate_subscripts|explode|unnest|repeat|repeat_row|jsonb?_\w+|json_table|regexp_matches"
    r"|regexp_split_to_table|string_to_table|string_split|values",
    re.IGNORECASE,
)


def outside(tree: exp.Expr) -> str | None:
    """The first function in a syntax tree that reaches beyond the relations named in it; None where none does.

    Any function that is known to read or write elsewhere; and, where a table stands, any but those that make rows
    of their arguments alone.
    """
    for function in tree.find_all(exp.Func):
        if any(_OUTSIDE.fullmatch(name) for name in _names(function)) and not isinstance(function, exp.Glob):
            return _names(function)[0]
    for place in tree.find_all(exp.Table, exp.Lateral):
        function = place.this
        while isinstance(function, exp.Dot):
            function = function.expression
        if (
            isinstance(function, exp.Func)
            and not isinstance(function, exp.UDTF)
            and not any(_ROWS.fullmatch(name) for name in _names(function))
        ):
            return _names(function)[0]
    return None


def is_file(table: exp.Table) -> bool:
    """Whether a table's name would be read as a file where no relation is called that.

    >>> is_file(exp.to_table('"sales.csv"')), is_file(exp.to_table("sales"))
    (True, False)
    """
    return bool(re.search(r"[/\\*]|\.\w{2,8}$", table.name))


def _names(function: exp.Func) -> tuple[str, ...]:
    return tuple(_spelt(function))


def _spelt(function: exp.Func) -> Iterator[str]:
    """What a function is called, in small letters: what was written where sqlglot does not know it."""
    if isinstance(function, exp.Anonymous):
        yield function.name.casefold()
        return
    yield from (name.casefold() for name in function.sql_names())
