"""The rules of the code base that no other tool checks: which module may import which, and what stays out."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    path.relative_to(ROOT) for package in ("pointgroups", "equinet") for path in (ROOT / package).rglob("*.py")
)

# Each module may import only modules named before it: the derivation, read from left to right.
POINTGROUPS_ORDER = [
    "_version",
    "immutable",
    "exact",
    "number_code",
    "settings",
    "groups",
    "elements",
    "classes",
    "exact_group",
    "characters",
    "labels",
    "polynomials",
    "projection",
    "named_bases",
    "dirl_formula",
    "subduction",
    "harmonics",
    "generate",
    "double.root_text",
    "double.spin_half",
    "double.spin_j",
    "double.labels",
    "double.spinor_bases",
    "double.generate",
    "finite.closure",
    "finite.geometry",
    "finite.order",
    "finite.generate",
    "subgroups.enumeration",
    "subgroups.class_names",
    "subgroups.frames",
    "subgroups.generate",
    "whole_files",
    "tables",
    "table_building",
    "labelling.gamma_symbols",
    "labelling.gamma_numbers",
    "labelling.altmann_herzig",
    "labelling.schemes",
    "irreps",
    "decomposed_characters",
    "squares",
    "labelling.lookup",
    "couplings",
    "adapted_basis",
    "spherical",
    "double.rotation_lift",
    "double.spinor_harmonics",
    "double.irreps",
    "double.multiplets",
    "double.corepresentations",
    "double.group",
    "double.__init__",
    "point_group",
    "labelling.maps",
    "labelling.__init__",
    "adapted_polynomials",
    "angular_momentum.clebsch_gordan",
    "angular_momentum.complex_harmonics",
    "angular_momentum.__init__",
    "representations",
    "identification",
    "normalizer",
    "molecules.operations",
    "finite.burnside",
    "finite.state",
    "finite.real_form",
    "finite.mulliken",
    "finite.complex_irreps",
    "finite.irreps",
    "finite.group",
    "finite.icosahedral",
    "finite.families",
    "finite.__init__",
    "subgroups.inclusion",
    "subgroups.turns",
    "subgroups.finite_embeddings",
    "double.lifted_elements",
    "subgroups.embeddings",
    "subgroups.lattice",
    "subgroups.branching",
    "subgroups.adapted_copies",
    "subgroups.subduction_matrices",
    "subgroups.induction",
    "subgroups.__init__",
    "double.branching",
    "tensors.young",
    "tensors.symmetric_group",
    "tensors.group_algebra",
    "tensors.schur_weyl",
    "tensors.index_permutations",
    "tensors.harmonic_tensors",
    "tensors.decomposition",
    "tensors.harmonic_cartesian",
    "tensors.invariants",
    "tensors.catalogue",
    "tensors.allowed_forms",
    "tensors.orientations",
    "tensors.named_parts",
    "tensors.voigt",
    "tensors.raman",
    "tensors.surfaces",
    "tensors.__init__",
    "products.arithmetic",
    "products.power_characters",
    "products.powers",
    "products.three_jm",
    "products.molien",
    "products.power_representation",
    "products.covariants",
    "products.integrity_basis",
    "products.operators",
    "products.selection_rules",
    "products.jahn_teller",
    "products.kramers_levels",
    "products.spinor_transitions",
    "products.__init__",
    "crystals.structures",
    "crystals.operations",
    "crystals.surroundings",
    "crystals.canonical_frame",
    "crystals.sites",
    "crystals.bonds",
    "crystals.symmetry",
    "crystals.tolerances",
    "crystals.conventional_axes",
    "crystals.__init__",
    "molecules.frames",
    "molecules.symmetry",
    "molecules.__init__",
    "environments.vibrations",
    "environments.site_tensors",
    "environments.orbitals",
    "environments.coordination",
    "environments.crystal_field_parameters",
    "environments.crystal_field_levels",
    "environments.__init__",
    "bands.wave_vectors",
    "bands.projective_irreps",
    "bands.little_groups",
    "bands.wyckoff_positions",
    "bands.band_representations",
    "bands.elementary_bands",
    "bands.__init__",
    "datasets.records",
    "datasets.parallel",
    "datasets.findings",
    "datasets.physical_checks",
    "datasets.tensor_frames",
    "datasets.tensor_audit",
    "datasets.fingerprints",
    "datasets.row_audit",
    "datasets.audit",
    "datasets.analyze",
    "datasets.__init__",
    "__init__",
    "command.notation",
    "command.state_notation",
    "command.tabular",
    "command.finite_notation",
    "command.scheme_labels",
    "command.reports",
    "command.product_reports",
    "command.label_reports",
    "command.finite_reports",
    "command.double_reports",
    "command.subgroup_reports",
    "command.power_reports",
    "command.selection_reports",
    "command.jahn_teller_reports",
    "command.invariant_reports",
    "command.function_reports",
    "command.three_jm_reports",
    "command.tensor_reports",
    "command.crystal_reports",
    "command.site_reports",
    "command.measured_reports",
    "command.data_reports",
    "command.symmetry_report",
    "command.printing",
    "command.parsing",
    "command.chosen_groups",
    "command.group_commands",
    "command.double_commands",
    "command.subgroup_commands",
    "command.irrep_commands",
    "command.function_commands",
    "command.tensor_commands",
    "command.crystal_commands",
    "command.data_commands",
    "command.table_commands",
    "command.cli",
    "command.__init__",
    "__main__",
]
EQUINET_ORDER = [
    "clebsch_gordan",
    "groups",
    "blocks",
    "irreps",
    "isotypic",
    "constants",
    "checks",
    "layers.linear",
    "layers.tensor_product",
    "layers.irrep_map",
    "layers.e3nn_features",
    "layers.cartesian_tensor",
    "layers.fourier",
    "layers.function_product",
    "layers.subduction",
    "layers.induction",
    "layers.activation",
    "layers.normalization",
    "layers.dropout",
    "layers.radial",
    "layers.angular",
    "layers.rotation_functions",
    "layers.oriented_filters",
    "layers.depthwise_tensor_product",
    "layers.covariant_polynomials",
    "layers.symmetric_contraction",
    "layers.__init__",
    "graphs.bonds",
    "graphs.crystal_graph",
    "graphs.oriented_graph",
    "graphs.reduced_graph",
    "graphs.orbit_graph",
    "graphs.__init__",
    "convolutions.neighbours",
    "convolutions.irrep_convolution",
    "convolutions.attention",
    "convolutions.site_invariants",
    "convolutions.reduced_convolution",
    "convolutions.edge_product",
    "convolutions.row_pairs",
    "convolutions.kernel_basis",
    "convolutions.bond_shells",
    "convolutions.group_convolution",
    "convolutions.__init__",
    "readouts.pooling",
    "readouts.turning",
    "readouts.perceptron",
    "readouts.independent_components",
    "readouts.invariant",
    "readouts.irrep",
    "readouts.tensor",
    "readouts.site_tensor",
    "readouts.positive_definite",
    "readouts.__init__",
    "testing",
    "training.models",
    "training.files",
    "training.data",
    "training.baselines",
    "training.checkpoint",
    "training.fitting",
    "training.prediction",
    "training.experiment",
    "training.__init__",
    "__init__",
    "cli",
    "__main__",
]
ORDER = [f"pointgroups.{name}" for name in POINTGROUPS_ORDER] + [f"equinet.{name}" for name in EQUINET_ORDER]

LONGEST_MODULE = 400
UNPICKLING = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
WORKERS = ("pointgroups.datasets.parallel", {"Parallel", "delayed"})
"""The one module that may import from joblib, and what: processes, but not its load and dump."""
HEAVY = ("torch", "sympy", "pymatgen", "spglib", "matplotlib", "plotly", "joblib", "pyarrow")


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


def tree_of(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def without_type_checking(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs: all but the bodies of `if TYPE_CHECKING:`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child
        yield from without_type_checking(child)


def imported_modules(path: Path) -> set[str]:
    """Full names of the modules of the two packages that a module imports when it runs."""
    package = dotted(path).rsplit(".", 1)[0]
    names: set[str] = set()
    for node in without_type_checking(tree_of(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            found = {f"{module}.{alias.name}" for alias in node.names} & set(ORDER)
            names.update(found or {module})
    return {
        f"{name}.__init__" if name in ("pointgroups", "equinet") else name
        for name in names
        if name.split(".")[0] in ("pointgroups", "equinet")
    }


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_module_imports_only_what_comes_before_it(path: Path) -> None:
    name = dotted(path)
    assert name in ORDER, f"{name} has no place in the order of modules: give it one in {Path(__file__).name}"
    later = {other for other in imported_modules(path) if ORDER.index(other) >= ORDER.index(name)}
    assert not later, f"{name} imports {sorted(later)}, which come after it"


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] == "equinet"], ids=dotted)
def test_equinet_uses_public_names_of_pointgroups_only(path: Path) -> None:
    import pointgroups

    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith("pointgroups.") for alias in node.names), ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pointgroups":
            assert node.module == "pointgroups", ast.unparse(node)
            assert {alias.name for alias in node.names} <= set(pointgroups.__all__), ast.unparse(node)


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] == "pointgroups"], ids=dotted)
def test_pointgroups_does_not_know_equinet(path: Path) -> None:
    assert not [name for name in imported_modules(path) if name.startswith("equinet")]


@pytest.mark.parametrize(
    "statement", ["import pointgroups", "import pointgroups; pointgroups.point_group('Oh').irreps"]
)
def test_pointgroups_loads_no_heavy_library(statement: str) -> None:
    code = f"import sys; {statement}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_nothing_is_unpickled(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute):
            assert ast.unparse(node) not in ("torch.load", "torch.save", "np.load", "np.save")
        names = {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
        module = {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
        if module == {"joblib"} and dotted(path) == WORKERS[0]:
            assert {alias.name for alias in node.names} <= WORKERS[1], ast.unparse(node)
            continue
        assert {name.split(".")[0] for name in names | module}.isdisjoint(UNPICKLING), ast.unparse(node)


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_module_is_short(path: Path) -> None:
    lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_MODULE, f"{path} has {lines} lines; split it by idea"


def test_every_place_in_the_order_is_taken() -> None:
    assert set(ORDER) == {dotted(path) for path in MODULES}
