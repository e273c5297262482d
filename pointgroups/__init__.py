"""Exact theory of the 32 crystallographic point groups.

>>> from pointgroups import point_group, coupling
>>> G = point_group("Oh")
>>> G.tensor_product("T1u", "T1u")
{'A1g': 1, 'Eg': 1, 'T1g': 1, 'T2g': 1}
>>> coupling(G.irreps["T1u"], G.irreps["T1u"], G.irreps["T1g"]).shape
(1, 3, 3, 3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._version import __version__
from .adapted_basis import AdaptedBasis, AdaptedLabel
from .couplings import coupling
from .groups import ConjugacyClass
from .irreps import Irrep, IrrepTable, UnknownIrrepError
from .point_group import PointGroup, point_group
from .settings import GROUP_NAMES, UnknownGroupError
from .spherical import spherical_harmonics, wigner_d_real
from .tables import TableError

if TYPE_CHECKING:
    from .crystals.symmetry import (
        CrystalSymmetry,
        CrystalSymmetryError,
        SpaceGroupOperations,
        SupercellError,
        crystal_symmetry,
        primitive_cell,
    )
    from .identification import NotAPointGroupError, OrientedGroup, identify_point_group
    from .representations import character_projector, dirl, projector, symmetry_adapted_basis, transfer_operator
    from .tensors.allowed_forms import AllowedForm, allowed_form, compatible_groups, project_tensor
    from .tensors.catalogue import TENSORS, NamedTensor, UnknownTensorError
    from .tensors.decomposition import TensorBasis, TensorDecomposition, decompose, tensor_basis
    from .tensors.harmonic_cartesian import (
        from_jz_components,
        harmonics_to_tensor,
        jz_components,
        jz_harmonics,
        tensor_to_harmonics,
    )
    from .tensors.index_permutations import IndexSymmetry, IndexSymmetryError, index_symmetry, signed_permutations
    from .tensors.invariants import InvariantSpace, invariant_space, invariant_tensors
    from .tensors.named_parts import elastic_parts, piezoelectric_parts, rank_two_parts
    from .tensors.orientations import OrientedFit, best_orientation, compatible_orientations
    from .tensors.raman import raman_tensors
    from .tensors.surfaces import PlotError, directional, linear_compressibility, plot_surface, young_modulus
    from .tensors.voigt import from_mandel, from_voigt, to_mandel, to_voigt

# Imported when first asked for, which keeps `import pointgroups` short.
_HOMES = {
    "tensors.index_permutations": ("IndexSymmetry", "IndexSymmetryError", "index_symmetry", "signed_permutations"),
    "tensors.allowed_forms": (
        "AllowedForm",
        "allowed_form",
        "compatible_groups",
        "project_tensor",
    ),
    "crystals.symmetry": (
        "CrystalSymmetry",
        "CrystalSymmetryError",
        "SpaceGroupOperations",
        "SupercellError",
        "crystal_symmetry",
        "primitive_cell",
    ),
    "tensors.harmonic_cartesian": (
        "from_jz_components",
        "harmonics_to_tensor",
        "jz_components",
        "jz_harmonics",
        "tensor_to_harmonics",
    ),
    "tensors.invariants": (
        "InvariantSpace",
        "invariant_space",
        "invariant_tensors",
    ),
    "tensors.named_parts": (
        "elastic_parts",
        "piezoelectric_parts",
        "rank_two_parts",
    ),
    "tensors.raman": ("raman_tensors",),
    "representations": (
        "character_projector",
        "dirl",
        "projector",
        "symmetry_adapted_basis",
        "transfer_operator",
    ),
    "tensors.surfaces": (
        "PlotError",
        "directional",
        "linear_compressibility",
        "plot_surface",
        "young_modulus",
    ),
    "tensors.catalogue": (
        "TENSORS",
        "NamedTensor",
        "UnknownTensorError",
    ),
    "tensors.decomposition": (
        "TensorBasis",
        "TensorDecomposition",
        "decompose",
        "tensor_basis",
    ),
    "tensors.orientations": (
        "OrientedFit",
        "best_orientation",
        "compatible_orientations",
    ),
    "identification": (
        "NotAPointGroupError",
        "OrientedGroup",
        "identify_point_group",
    ),
    "tensors.voigt": (
        "from_mandel",
        "from_voigt",
        "to_mandel",
        "to_voigt",
    ),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "GROUP_NAMES",
    "TENSORS",
    "AdaptedBasis",
    "AdaptedLabel",
    "AllowedForm",
    "ConjugacyClass",
    "CrystalSymmetry",
    "CrystalSymmetryError",
    "IndexSymmetry",
    "IndexSymmetryError",
    "InvariantSpace",
    "Irrep",
    "IrrepTable",
    "NamedTensor",
    "NotAPointGroupError",
    "OrientedFit",
    "OrientedGroup",
    "PlotError",
    "PointGroup",
    "SpaceGroupOperations",
    "SupercellError",
    "TableError",
    "TensorBasis",
    "TensorDecomposition",
    "UnknownGroupError",
    "UnknownIrrepError",
    "UnknownTensorError",
    "__version__",
    "allowed_form",
    "best_orientation",
    "character_projector",
    "compatible_groups",
    "compatible_orientations",
    "coupling",
    "crystal_symmetry",
    "decompose",
    "directional",
    "dirl",
    "elastic_parts",
    "from_jz_components",
    "from_mandel",
    "from_voigt",
    "harmonics_to_tensor",
    "identify_point_group",
    "index_symmetry",
    "invariant_space",
    "invariant_tensors",
    "jz_components",
    "jz_harmonics",
    "linear_compressibility",
    "piezoelectric_parts",
    "plot_surface",
    "point_group",
    "primitive_cell",
    "project_tensor",
    "projector",
    "raman_tensors",
    "rank_two_parts",
    "signed_permutations",
    "spherical_harmonics",
    "symmetry_adapted_basis",
    "tensor_basis",
    "tensor_to_harmonics",
    "to_mandel",
    "to_voigt",
    "transfer_operator",
    "wigner_d_real",
    "young_modulus",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
