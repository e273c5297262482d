"""Layers, models and training of networks that are equivariant under the crystallographic point groups.

A feature is a sum of irreps over ℝ (:class:`Irreps`). Every layer commutes with the group exactly, and where it is
linear or bilinear it is the general such map.
"""

from __future__ import annotations

import lazy_loader

# The public names and their modules stand in __init__.pyi; each is imported when it is first asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
