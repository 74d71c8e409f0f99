"""Designs against each other: the same facts in every candidate, answers compared, times paired."""
