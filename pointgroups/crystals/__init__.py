"""Crystals: from a structure to its symmetry, and what follows from it."""
