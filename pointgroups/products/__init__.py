"""Products of irreps: symmetrised powers, selection rules, Jahn–Teller modes, invariants and covariants."""
