"""Signs are found as often as their patterns are, whatever is passed over on the way."""

import re
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbworkbench.sql.sign import Index, Sample, Sign, signs

PATTERNS = (
    r"(?i)\bENGINE\s*=\s*(?:InnoDB|Aria)",
    r"(?i)\b(?:TINY|LONG)(?:TEXT|BLOB)\b",
    r"(?im)^GO\s*$",
    r"(?m)^-- (?:Databricks notebook source|COMMAND -{3,})",
    r"\bFloat(?:32|64)\b",
    r"(?i)\b(?!(?-i:Int64))INT64\b",
    r"(?i)\bVARCHAR\s*\(\s*65535\s*\)",
    r"(?i)(?<!\bKEY\s)\bAUTOINCREMENT\b",
    r"(?im)\b(?:SERIAL|BIGSERIAL)[248]?(?=\s*(?:[,)]|NOT\b))",
    r"(?i)\bON\s+(?:ONLY\s+)?\S+\s+USING\s+(?:btree|gin)\b",
    r"(?i)::",
    r"(?m)^\\",
)
PIECES = (
    "engine", "=", "innodb", "InnoDB", "Aria", "tinytext", "LongBlob", "textual", "GO", "go", "go_on", "--", "Databricks", "notebook", "source", "COMMAND", "----", "\n",
    "Float32", "float64", "Float32x", "Int64", "INT64", "int64", "varchar", "(", "65535", ")", "key", "autoincrement", "serial8", "bigserial", ",", "not", "null", "\n",
    "on", "only", "t", "using", "gin", "btree", "::", "\\", "\n", "\n", "ım", "İnnodb",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_a_sign_is_found_as_often_as_its_pattern(text: str) -> None:
    sample = Sample(text)
    for pattern in PATTERNS:
        often = sum(1 for _ in islice(re.finditer(pattern, sample.text), 3))
        assert sum(sign.times_in(sample, 3) for sign in signs(pattern)) == often, pattern


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_an_index_leads_to_every_sign_that_is_there(text: str) -> None:
    sample = Sample(text)
    found = dict(Index((each, each) for each in PATTERNS).times_in(sample, 3))
    assert found == {each: times for each in PATTERNS if (times := Sign.of(each).times_in(sample, 3))}


@pytest.mark.parametrize(
    ("pattern", "words", "parts"),
    [
        (r"(?i)\bENGINE\s*=\s*\w*MergeTree", [{"engine"}], [{"mergetree"}]),
        (r"(?i)\bUSE\s+(?:ROLE|WAREHOUSE)\b", [{"role", "warehouse"}, {"use"}], []),
        (r"(?i)\bNUMBER\b(?!\s*\(\s*MAX)[^;]{0,80}\bSTRING\b", [{"number"}, {"string"}], []),
        (r"(?im)^GO\s*$", [{"go"}], []),
        (r"(?i)::", [], [{"::"}]),
    ],
)
def test_what_a_sign_cannot_be_without(pattern: str, words: list[set[str]], parts: list[set[str]]) -> None:
    sign = Sign.of(pattern)
    assert ([set(each) for each in sign.words], [set(each) for each in sign.parts]) == (words, parts)
