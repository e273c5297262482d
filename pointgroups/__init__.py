"""Exact theory of the 32 crystallographic point groups.

>>> from pointgroups import point_group, coupling
>>> G = point_group("Oh")
>>> G.tensor_product("T1u", "T1u")
{'A1g': 1, 'Eg': 1, 'T1g': 1, 'T2g': 1}
>>> coupling(G.irreps["T1u"], G.irreps["T1u"], G.irreps["T1g"]).shape
(1, 3, 3, 3)
"""

from ._version import __version__
from .adapted_basis import AdaptedBasis, AdaptedLabel
from .couplings import coupling
from .crystals import (
    CrystalSymmetry,
    CrystalSymmetryError,
    SpaceGroupOperations,
    SupercellError,
    crystal_symmetry,
    primitive_cell,
)
from .groups import ConjugacyClass
from .irreps import Irrep, IrrepTable, UnknownIrrepError
from .point_group import PointGroup, point_group
from .representations import (
    character_projector,
    dirl,
    projector,
    symmetry_adapted_basis,
    transfer_operator,
)
from .settings import GROUP_NAMES, UnknownGroupError
from .spherical import spherical_harmonics, wigner_d_real
from .tables import TableError

__all__ = [
    "GROUP_NAMES",
    "AdaptedBasis",
    "AdaptedLabel",
    "ConjugacyClass",
    "CrystalSymmetry",
    "CrystalSymmetryError",
    "Irrep",
    "IrrepTable",
    "PointGroup",
    "SpaceGroupOperations",
    "SupercellError",
    "TableError",
    "UnknownGroupError",
    "UnknownIrrepError",
    "__version__",
    "character_projector",
    "coupling",
    "crystal_symmetry",
    "dirl",
    "point_group",
    "primitive_cell",
    "projector",
    "spherical_harmonics",
    "symmetry_adapted_basis",
    "transfer_operator",
    "wigner_d_real",
]
