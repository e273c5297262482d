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
    from .bands.band_representations import BandRepresentation, band_representation
    from .bands.elementary_bands import elementary_band_representations
    from .bands.little_groups import LittleGroup, SmallRepresentation, compatibility, little_group
    from .bands.wave_vectors import special_points
    from .bands.wyckoff_positions import WyckoffPosition, wyckoff_position
    from .crystals.bonds import BondOrbits
    from .crystals.conventional_axes import conventional_frame
    from .crystals.operations import SpaceGroupOperations
    from .crystals.sites import AtomOrbit, SiteGroup
    from .crystals.structures import CrystalSymmetryError
    from .crystals.symmetry import CrystalSymmetry, SupercellError, crystal_symmetry, primitive_cell
    from .crystals.tolerances import ScanStep, symmetry_scan
    from .datasets.analyze import Analysis, analyze_structures
    from .datasets.audit import Audit, audit_data
    from .datasets.findings import Finding
    from .datasets.physical_checks import ElasticModuli, elastic_moduli
    from .datasets.tensor_frames import TensorFrame, find_tensor_frame
    from .environments.coordination import (
        CoordinationShell,
        LigandCombinations,
        coordination_shells,
        ligand_combinations,
        metal_ligand_table,
    )
    from .environments.crystal_field_levels import CrystalFieldLevel, crystal_field_levels, crystal_field_matrix
    from .environments.crystal_field_parameters import (
        CrystalFieldForm,
        crystal_field_form,
        point_charge_field,
        stevens_parameters,
        wybourne_parameters,
    )
    from .environments.orbitals import OrbitalSplitting, orbital_splitting
    from .environments.site_tensors import SiteTensors, project_site_tensors, site_tensor_basis
    from .environments.vibrations import OrbitModes, ZoneCenterModes, zone_center_modes
    from .identification import NotAPointGroupError, OrientedGroup, identify_point_group
    from .molecules.symmetry import MoleculeOperations, MoleculeSymmetry, molecule_symmetry
    from .representations import character_projector, dirl, projector, symmetry_adapted_basis, transfer_operator
    from .tensors.allowed_forms import AllowedForm, allowed_form, compatible_groups, project_tensor
    from .tensors.catalogue import TENSORS, NamedTensor, UnknownTensorError
    from .tensors.decomposition import TensorBasis, TensorDecomposition, decompose, tensor_basis
    from .tensors.group_algebra import (
        algebra_adjoint,
        algebra_product,
        central_projector,
        matrix_unit,
        young_symmetrizer,
    )
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
    from .tensors.schur_weyl import permute, schur_weyl, schur_weyl_projector
    from .tensors.surfaces import PlotError, directional, linear_compressibility, plot_surface, young_modulus
    from .tensors.symmetric_group import orthogonal_representation, seminormal_matrix
    from .tensors.voigt import from_mandel, from_voigt, to_mandel, to_voigt
    from .tensors.young import (
        conjugate,
        diagram,
        dimension_linear,
        dimension_symmetric,
        hook_lengths,
        littlewood_richardson,
        partitions,
        standard_tableaux,
        symmetric_character,
    )

# Imported when first asked for, which keeps `import pointgroups` short.
_HOMES = {
    "tensors.index_permutations": ("IndexSymmetry", "IndexSymmetryError", "index_symmetry", "signed_permutations"),
    "tensors.allowed_forms": (
        "AllowedForm",
        "allowed_form",
        "compatible_groups",
        "project_tensor",
    ),
    "datasets.analyze": ("Analysis", "analyze_structures"),
    "datasets.audit": ("Audit", "audit_data"),
    "datasets.findings": ("Finding",),
    "datasets.physical_checks": ("ElasticModuli", "elastic_moduli"),
    "datasets.tensor_frames": ("TensorFrame", "find_tensor_frame"),
    "crystals.bonds": ("BondOrbits",),
    "crystals.conventional_axes": ("conventional_frame",),
    "environments.coordination": (
        "CoordinationShell",
        "LigandCombinations",
        "coordination_shells",
        "ligand_combinations",
        "metal_ligand_table",
    ),
    "environments.crystal_field_levels": ("CrystalFieldLevel", "crystal_field_levels", "crystal_field_matrix"),
    "environments.crystal_field_parameters": (
        "CrystalFieldForm",
        "crystal_field_form",
        "point_charge_field",
        "stevens_parameters",
        "wybourne_parameters",
    ),
    "environments.orbitals": ("OrbitalSplitting", "orbital_splitting"),
    "molecules.symmetry": ("MoleculeOperations", "MoleculeSymmetry", "molecule_symmetry"),
    "crystals.operations": ("SpaceGroupOperations",),
    "environments.site_tensors": ("SiteTensors", "project_site_tensors", "site_tensor_basis"),
    "crystals.sites": ("AtomOrbit", "SiteGroup"),
    "crystals.structures": ("CrystalSymmetryError",),
    "crystals.tolerances": ("ScanStep", "symmetry_scan"),
    "bands.wave_vectors": ("special_points",),
    "bands.little_groups": ("LittleGroup", "SmallRepresentation", "compatibility", "little_group"),
    "bands.wyckoff_positions": ("WyckoffPosition", "wyckoff_position"),
    "bands.band_representations": ("BandRepresentation", "band_representation"),
    "bands.elementary_bands": ("elementary_band_representations",),
    "environments.vibrations": ("OrbitModes", "ZoneCenterModes", "zone_center_modes"),
    "crystals.symmetry": (
        "CrystalSymmetry",
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
    "tensors.young": (
        "conjugate",
        "diagram",
        "dimension_linear",
        "dimension_symmetric",
        "hook_lengths",
        "littlewood_richardson",
        "partitions",
        "standard_tableaux",
        "symmetric_character",
    ),
    "tensors.symmetric_group": (
        "orthogonal_representation",
        "seminormal_matrix",
    ),
    "tensors.group_algebra": (
        "algebra_adjoint",
        "algebra_product",
        "central_projector",
        "matrix_unit",
        "young_symmetrizer",
    ),
    "tensors.schur_weyl": (
        "permute",
        "schur_weyl",
        "schur_weyl_projector",
    ),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "GROUP_NAMES",
    "TENSORS",
    "AdaptedBasis",
    "AdaptedLabel",
    "AllowedForm",
    "Analysis",
    "AtomOrbit",
    "Audit",
    "BandRepresentation",
    "BondOrbits",
    "ConjugacyClass",
    "CoordinationShell",
    "CrystalFieldForm",
    "CrystalFieldLevel",
    "CrystalSymmetry",
    "CrystalSymmetryError",
    "ElasticModuli",
    "Finding",
    "IndexSymmetry",
    "IndexSymmetryError",
    "InvariantSpace",
    "Irrep",
    "IrrepTable",
    "LigandCombinations",
    "LittleGroup",
    "MoleculeOperations",
    "MoleculeSymmetry",
    "NamedTensor",
    "NotAPointGroupError",
    "OrbitModes",
    "OrbitalSplitting",
    "OrientedFit",
    "OrientedGroup",
    "PlotError",
    "PointGroup",
    "ScanStep",
    "SiteGroup",
    "SiteTensors",
    "SmallRepresentation",
    "SpaceGroupOperations",
    "SupercellError",
    "TableError",
    "TensorBasis",
    "TensorDecomposition",
    "TensorFrame",
    "UnknownGroupError",
    "UnknownIrrepError",
    "UnknownTensorError",
    "WyckoffPosition",
    "ZoneCenterModes",
    "__version__",
    "algebra_adjoint",
    "algebra_product",
    "allowed_form",
    "analyze_structures",
    "audit_data",
    "band_representation",
    "best_orientation",
    "central_projector",
    "character_projector",
    "compatibility",
    "compatible_groups",
    "compatible_orientations",
    "conjugate",
    "conventional_frame",
    "coordination_shells",
    "coupling",
    "crystal_field_form",
    "crystal_field_levels",
    "crystal_field_matrix",
    "crystal_symmetry",
    "decompose",
    "diagram",
    "dimension_linear",
    "dimension_symmetric",
    "directional",
    "dirl",
    "elastic_moduli",
    "elastic_parts",
    "elementary_band_representations",
    "find_tensor_frame",
    "from_jz_components",
    "from_mandel",
    "from_voigt",
    "harmonics_to_tensor",
    "hook_lengths",
    "identify_point_group",
    "index_symmetry",
    "invariant_space",
    "invariant_tensors",
    "jz_components",
    "jz_harmonics",
    "ligand_combinations",
    "linear_compressibility",
    "little_group",
    "littlewood_richardson",
    "matrix_unit",
    "metal_ligand_table",
    "molecule_symmetry",
    "orbital_splitting",
    "orthogonal_representation",
    "partitions",
    "permute",
    "piezoelectric_parts",
    "plot_surface",
    "point_charge_field",
    "point_group",
    "primitive_cell",
    "project_site_tensors",
    "project_tensor",
    "projector",
    "raman_tensors",
    "rank_two_parts",
    "schur_weyl",
    "schur_weyl_projector",
    "seminormal_matrix",
    "signed_permutations",
    "site_tensor_basis",
    "special_points",
    "spherical_harmonics",
    "standard_tableaux",
    "stevens_parameters",
    "symmetric_character",
    "symmetry_adapted_basis",
    "symmetry_scan",
    "tensor_basis",
    "tensor_to_harmonics",
    "to_mandel",
    "to_voigt",
    "transfer_operator",
    "wigner_d_real",
    "wybourne_parameters",
    "wyckoff_position",
    "young_modulus",
    "young_symmetrizer",
    "zone_center_modes",
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
