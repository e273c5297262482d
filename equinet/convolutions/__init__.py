"""Sums over neighbours."""
