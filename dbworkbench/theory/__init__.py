"""Dependency theory: pure functions over sets of attribute names.

The public names are below; what a name means stands with it. `from dbworkbench.theory import FD, closure`.
"""

from dbworkbench.theory.alternatives import alternatives
from dbworkbench.theory.anomalies import anomalies, redundant_cells
from dbworkbench.theory.armstrong import armstrong_relation
from dbworkbench.theory.basis import dependency_basis
from dbworkbench.theory.chase import Chase, Tableau, chase, lossless_join
from dbworkbench.theory.closure import closure, closure_operator
from dbworkbench.theory.counterexample import counterexample
from dbworkbench.theory.covers import (
    canonical_cover,
    left_reduced_cover,
    minimal_cover,
    minimum_cover,
    reduced,
    reduction,
    right_reduced_cover,
    short_cover,
)
from dbworkbench.theory.decomposition import (
    Decomposition,
    Part,
    Step,
    decompose_bcnf,
    synthesize_3nf,
    synthesize_bcnf_where_free,
)
from dbworkbench.theory.dependencies import FD, IND, JD, MVD, Dependency, parse_dependency
from dbworkbench.theory.derivation import Derivation, derive
from dbworkbench.theory.graph import dependency_graph, equivalent_determinants, transitive_chains
from dbworkbench.theory.implication import equivalent, implies
from dbworkbench.theory.independence import decompose_4nf, decompose_5nf
from dbworkbench.theory.instance import Instance
from dbworkbench.theory.keys import candidate_keys, is_superkey, keys_within, one_key, prime_attributes
from dbworkbench.theory.normal_forms import EXPLANATIONS, NormalForm, Violation, normal_form, violations
from dbworkbench.theory.projection import dependency_preserving, project
from dbworkbench.theory.splitting import bcnf_tree, tsou_fischer
from dbworkbench.theory.verdict import Verdict
from dbworkbench.theory.what_if import what_if

__all__ = [
    "EXPLANATIONS",
    "FD",
    "IND",
    "JD",
    "MVD",
    "Chase",
    "Decomposition",
    "Dependency",
    "Derivation",
    "Instance",
    "NormalForm",
    "Part",
    "Step",
    "Tableau",
    "Verdict",
    "Violation",
    "alternatives",
    "anomalies",
    "armstrong_relation",
    "bcnf_tree",
    "candidate_keys",
    "canonical_cover",
    "chase",
    "closure",
    "closure_operator",
    "counterexample",
    "decompose_4nf",
    "decompose_5nf",
    "decompose_bcnf",
    "dependency_basis",
    "dependency_graph",
    "dependency_preserving",
    "derive",
    "equivalent",
    "equivalent_determinants",
    "implies",
    "is_superkey",
    "keys_within",
    "left_reduced_cover",
    "lossless_join",
    "minimal_cover",
    "minimum_cover",
    "normal_form",
    "one_key",
    "parse_dependency",
    "prime_attributes",
    "project",
    "reduced",
    "reduction",
    "redundant_cells",
    "right_reduced_cover",
    "short_cover",
    "synthesize_3nf",
    "synthesize_bcnf_where_free",
    "transitive_chains",
    "tsou_fischer",
    "violations",
    "what_if",
]
