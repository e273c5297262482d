"""Crystals as graphs."""
