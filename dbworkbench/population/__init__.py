"""Rows that obey a design, realistic, the same for the same seed, made inside DuckDB."""
