"""Dialects as data: one value per file."""
