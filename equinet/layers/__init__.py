"""Layers on features of one atom: linear and bilinear maps, functions on the group, non-linearities, bases of bonds."""
