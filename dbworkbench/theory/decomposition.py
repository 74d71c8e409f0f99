"""Decompositions by one name: the values, synthesis, and splitting to Boyce–Codd normal form."""

from dbworkbench.theory.parts import Decomposition, Joins, Part, Splits, Step
from dbworkbench.theory.splitting import decompose_bcnf, synthesize_bcnf_where_free
from dbworkbench.theory.synthesis import synthesize_3nf

__all__ = [
    "Decomposition",
    "Joins",
    "Part",
    "Splits",
    "Step",
    "decompose_bcnf",
    "synthesize_3nf",
    "synthesize_bcnf_where_free",
]
