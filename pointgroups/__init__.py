"""Exact theory of the 32 crystallographic point groups.

>>> from pointgroups import point_group, coupling
>>> G = point_group("Oh")
>>> G.tensor_product("T1u", "T1u")
{'A1g': 1, 'Eg': 1, 'T1g': 1, 'T2g': 1}
>>> coupling(G.irreps["T1u"], G.irreps["T1u"], G.irreps["T1g"]).shape
(1, 3, 3, 3)
"""

from __future__ import annotations

import lazy_loader

from ._version import __version__ as __version__

# The public names and their modules stand in __init__.pyi; each is imported when it is first asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
