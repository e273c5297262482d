"""Data sets of structures and tensors: audits, and tables of symmetry."""
