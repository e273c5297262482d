"""Subgroups of a point group: the lattice, embeddings, branching, subduction matrices and induction."""
