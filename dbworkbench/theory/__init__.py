"""Dependency theory: pure functions over sets of attribute names."""
