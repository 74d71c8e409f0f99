"""Rows: tables held in a private DuckDB, read from files and frames, checked against what a design declares."""
