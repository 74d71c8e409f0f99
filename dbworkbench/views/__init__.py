"""How each value looks: `describe(value)` gives blocks, one module per package it describes."""
