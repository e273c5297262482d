"""Molecules: point groups, frames and sites without a lattice."""
