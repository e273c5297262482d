"""Representations of space groups at wave vectors, and those that orbitals on sites induce."""
