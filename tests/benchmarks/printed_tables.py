"""What printed tables hold, beside the libraries that answer the same: ``python -m tests.benchmarks.printed_tables``.

Characters, irreps, products, couplings, subgroups, harmonics, invariants and labels, each question in fresh processes;
cold and warm as in :mod:`tests.benchmarks.groups`. A peer stands in a row when a function of it answers that question;
behind its time stands the ratio to ours, below one where it is ahead. A peer that is not installed, or does not import
here, is left out, and its error printed. A figure of over five seconds is taken once. ``--quick`` takes our figures
once, without the peers.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import subprocess
import sys
from collections.abc import Mapping, Sequence

from .groups import HALL_NUMBERS, MOLSYM_NAMES, REPEATS, SPGREP_OH, Program, Question, duration, print_table, ratio

PEERS = {
    "molsym": "from molsym.symtext.general_irrep_mats import pg_to_symels",
    "spgrep": "import spgrep, spglib",
    "multipie": "from multipie import Group",
    "posym": "from posym import SymmetryObject\nfrom posym.pointgroup import PointGroup",
    "phonopy": "from phonopy.phonon.irreps import IrRepLabels",
}
"""Package → how its users import it."""


def _ours(body: str, names: str, setup: str = "", warm: bool = False) -> Program:
    return Program(body, f"from pointgroups import {names}\n{setup}", runs=20 if warm else 1)


def _peer(package: str, body: str, setup: str = "", warm: bool = False) -> Program:
    return Program(body, f"{PEERS[package]}\n{setup}", package, 2 if warm else 1)


# Hexagonal and trigonal groups are numbers 16 to 27 of the 32 in this order; P321 is the setting that phonopy knows.
SPGREP_ALL = f"""
import spglib
numbers = [int(n) for n in {HALL_NUMBERS.replace("438", "439")!r}.split()]
rotations = [spglib.get_symmetry_from_database(n)["rotations"] for n in numbers]
hexagonal = numpy.array([[1, 0, 0], [-0.5, 0.75**0.5, 0], [0, 0, 1]])
lattices = [hexagonal if 15 <= k < 27 else numpy.eye(3) for k in range(32)]
"""
CHARACTERS_ALL = (
    SPGREP_ALL
    + """
import spgrep
chi = [
    numpy.array([g.trace(axis1=1, axis2=2) for g in spgrep.get_crystallographic_pointgroup_irreps_from_symmetry(r)])
    for r in rotations
]
"""
)
SF6 = """
import molsym
from molsym.symtext.symtext import Symtext
places = 1.6 * numpy.vstack([numpy.zeros((1, 3)), numpy.eye(3), -numpy.eye(3)])
molecule = molsym.Molecule(["S"] + 6 * ["F"], places, numpy.array([32.0] + 6 * [19.0]))
"""
OUR_CHARACTERS = """
for name in GROUP_NAMES:
    G = point_group(name)
    G.character_table, list(G.irreps), [c.label for c in G.classes]
"""
MOLSYM_CHARACTERS = f"""
for name in {MOLSYM_NAMES!r}.split():
    symels, irreps, matrices = pg_to_symels(name)
    {{irrep.symbol: numpy.trace(matrices[irrep.symbol], axis1=1, axis2=2) for irrep in irreps}}
"""
# posym has no C1.
POSYM_CHARACTERS = f"""
for name in {MOLSYM_NAMES!r}.split()[1:]:
    PointGroup(name).trans_matrix
"""
MULTIPIE_CHARACTERS = f"""
for name in {MOLSYM_NAMES.replace("S6", "C3i")!r}.split():
    Group(name).character["table"]
"""
MOLSYM_PRODUCTS = "[S.reduction_coefficients(S.direct_product(i, j)) for i in range(10) for j in range(10)]"
POSYM_PRODUCTS = "[(a * b).get_ir_representation() for a in irreps for b in irreps]"
POSYM_OH = "irreps = [SymmetryObject.from_label('Oh', a) for a in PointGroup('Oh').ir_labels]"
CUBIC_TABLE = SPGREP_OH + "from spgrep.symmetry.group import get_cayley_table\n"
ICOSAHEDRAL = "\nfrom pointgroups.finite.families import molecular_point_group"
OUR_IH = "for a in molecular_point_group('Ih').irreps.values(): a.matrices, a.characters"
MOLSYM_IH = "for a in pg_to_symels('Ih')[2].values(): numpy.trace(a, axis1=1, axis2=2)"

QUESTIONS = (
    Question(
        "character tables with labels, 32 groups",
        None,
        _ours(OUR_CHARACTERS, "GROUP_NAMES, point_group"),
        (
            _peer("molsym", MOLSYM_CHARACTERS),
            _peer("multipie", MULTIPIE_CHARACTERS),
            _peer("posym", POSYM_CHARACTERS),
        ),
    ),
    Question(
        "the same, warm",
        None,
        _ours(OUR_CHARACTERS, "GROUP_NAMES, point_group", warm=True),
        (_peer("molsym", MOLSYM_CHARACTERS, warm=True), _peer("posym", POSYM_CHARACTERS, warm=True)),
    ),
    Question(
        "exact irrep matrices of Oh",
        None,
        _ours("for a in point_group('Oh').irreps.values(): a.exact_matrices", "point_group"),
        (_peer("multipie", "Group('Oh', with_opt=True).opt['representation_matrix']"),),
    ),
    Question(
        "spinor irreps of the 32 double groups",
        None,
        _ours(
            "for name in GROUP_NAMES:\n    for a in point_group(name).double.spinor_irreps.values(): a.matrices",
            "GROUP_NAMES, point_group",
            "import pointgroups.double.group",
        ),
        (
            _peer(
                "spgrep",
                "for lattice, r in zip(lattices, rotations):\n"
                "    core.get_crystallographic_pointgroup_spinor_irreps_from_symmetry(lattice, r)",
                SPGREP_ALL + "from spgrep import core",
            ),
        ),
    ),
    Question(
        "multiplication table of Oh, matrices known",
        None,
        _ours("G.product", "point_group", "G = point_group('Oh'); G.rotations"),
        (
            _peer(
                "molsym",
                "build_mult_table(symels)",
                "from molsym.symtext.multiplication_table import build_mult_table\nsymels = pg_to_symels('Oh')[0]",
            ),
            _peer("spgrep", "get_cayley_table(rotations)", CUBIC_TABLE),
            _peer("multipie", "Group('Oh').symmetry_operation['product']"),
        ),
    ),
    Question(
        "products of two irreps of Oh, all 100",
        None,
        _ours("point_group('Oh').direct_products", "point_group"),
        (
            _peer("molsym", MOLSYM_PRODUCTS, SF6 + "S = Symtext.from_molecule(molecule)"),
            _peer("multipie", "Group('Oh').character['symmetric_product']"),
            _peer("posym", POSYM_PRODUCTS, POSYM_OH),
        ),
    ),
    Question(
        "the same, warm",
        None,
        _ours("G.direct_products", "point_group", "G = point_group('Oh')", warm=True),
        (
            _peer("molsym", MOLSYM_PRODUCTS, SF6 + "S = Symtext.from_molecule(molecule)", warm=True),
            _peer(
                "multipie",
                "G.character['symmetric_product']",
                "G = Group('Oh')",
                warm=True,
            ),
            _peer("posym", POSYM_PRODUCTS, POSYM_OH, warm=True),
        ),
    ),
    Question(
        "one coupling block exactly, T1u ⊗ T1u → T2g of Oh",
        None,
        _ours(
            "irreps = point_group('Oh').irreps\ncoupling(irreps['T1u'], irreps['T1u'], irreps['T2g'], exact=True)",
            "coupling, point_group",
            "import sympy",
        ),
        (
            _peer(
                "multipie",
                "G.cg(('Q', 1, 'T1u', -1), ('Q', 1, 'T1u', -1), ('Q', 2, 'T2g', -1))",
                "G = Group('Oh')",
            ),
        ),
    ),
    Question(
        "subgroups of Oh up to conjugacy, table known",
        None,
        _ours(
            "assert len(subgroup_classes(product)) == 33",
            "point_group",
            "from pointgroups.subgroups.enumeration import subgroup_classes\nproduct = point_group('Oh').product",
        ),
        (
            _peer(
                "spgrep",
                "assert len(enumerate_point_subgroup(table, 48 * [True])) == 33",
                CUBIC_TABLE
                + "from spgrep.symmetry.subgroup import enumerate_point_subgroup\ntable = get_cayley_table(rotations)",
            ),
        ),
    ),
    Question(
        "their lattice with names and embeddings",
        None,
        _ours("[c.embedding for c in subgroup_lattice(point_group('Oh')).values()]", "point_group, subgroup_lattice"),
    ),
    Question(
        "a D4h and a C4v inside Oh",
        None,
        _ours(
            "embedding(G, 'D4h').elements, embedding(G, 'C4v').elements",
            "embedding, point_group",
            "G = point_group('Oh'); G.product",
        ),
        (
            _peer(
                "molsym",
                "for name in ('D4h', 'C4v'): subgroup_by_name(symels, table, name)",
                "from molsym.symtext.multiplication_table import build_mult_table, subgroup_by_name\n"
                "symels = pg_to_symels('Oh')[0]; table = build_mult_table(symels)",
            ),
        ),
    ),
    Question(
        "branching of Oh to its 33 classes of subgroups",
        None,
        _ours("correlation_table(point_group('Oh'))", "correlation_table, point_group"),
    ),
    Question(
        "[Γ²] and {Γ²} of the irreps of Oh",
        None,
        _ours(
            "G = point_group('Oh')\nfor a in G.irreps: G.symmetric_square(a), G.antisymmetric_square(a)", "point_group"
        ),
        (_peer("multipie", "c = Group('Oh').character\nc['symmetric_product'], c['anti_symmetric_product']"),),
    ),
    Question(
        "[Γⁿ] of the irreps of Oh, n = 2 … 6",
        None,
        _ours(
            "[symmetric_power(a, n) for a in point_group('Oh').irreps.values() for n in range(2, 7)]",
            "point_group, symmetric_power",
        ),
    ),
    Question(
        "infrared-active irreps of Oh, from the start",
        None,
        _ours("operator_irreps(point_group('Oh'), 'infrared')", "operator_irreps, point_group"),
        (_peer("molsym", "Symtext.from_molecule(molecule).dipole_active_irreps()", SF6),),
    ),
    Question(
        "the same, warm",
        None,
        _ours("operator_irreps(point_group('Oh'), 'infrared')", "operator_irreps, point_group", warm=True),
        (_peer("molsym", "S.dipole_active_irreps()", SF6 + "S = Symtext.from_molecule(molecule)", True),),
    ),
    Question(
        "five selection rules with functions, 32 groups",
        None,
        _ours(
            "for name in GROUP_NAMES: selection_rules(point_group(name))", "GROUP_NAMES, point_group, selection_rules"
        ),
    ),
    Question(
        "adapted harmonics of Oh, ℓ ≤ 6",
        None,
        _ours("[point_group('Oh').harmonics(l).array for l in range(7)]", "point_group"),
        (
            _peer(
                "spgrep",
                "assert sum(len(project_to_irrep(d, gamma)) for d in wigner_d for gamma in irreps) == 21",
                SPGREP_OH
                + "from pointgroups import wigner_d_real\n"
                + "wigner_d = [wigner_d_real(l, rotations.astype(float)) for l in range(7)]",
            ),
        ),
    ),
    Question(
        "the same exactly",
        None,
        _ours("[point_group('Oh').harmonics(l).exact for l in range(7)]", "point_group", "import sympy"),
        (_peer("multipie", "[f for tag, f in Group('Oh').harmonics.items() if tag[1] <= 6]"),),
    ),
    Question(
        "tensors of rank 4 that Oh leaves unchanged",
        None,
        _ours("assert len(invariant_tensors(point_group('Oh'), 'V4')) == 4", "invariant_tensors, point_group"),
        (
            _peer(
                "spgrep",
                "assert len(get_symmetry_adapted_tensors(rotations.astype(float), rotations, 4, real=True)) == 4",
                CUBIC_TABLE + "from spgrep.symmetry.tensor import get_symmetry_adapted_tensors",
            ),
        ),
    ),
    Question(
        "Molien series of every irrep, 32 groups",
        None,
        _ours(
            "[molien_series(a) for name in GROUP_NAMES for a in point_group(name).irreps.values()]",
            "GROUP_NAMES, molien_series, point_group",
        ),
    ),
    Question(
        "characters and irrep matrices of Ih",
        None,
        _ours(OUR_IH, "point_group", ICOSAHEDRAL),
        (
            _peer("molsym", MOLSYM_IH),
            _peer(
                "spgrep",
                "regular = numpy.zeros((120, 120, 120))\n"
                "for k in range(120): regular[k, product[k], numpy.arange(120)] = 1\n"
                "enumerate_unitary_irreps_from_regular_representation(regular)",
                "from spgrep.rep.enumerate import enumerate_unitary_irreps_from_regular_representation"
                f"{ICOSAHEDRAL}\nproduct = molecular_point_group('Ih').product",
            ),
            _peer("posym", "PointGroup('Ih').trans_matrix"),
        ),
    ),
    Question(
        "labels of given characters on given matrices, 32 groups",
        None,
        _ours(
            """
            for r, found in zip(cartesian, chi):
                oriented = identify_point_group(r)
                order = numpy.argsort(oriented.elements)
                for character in found:
                    oriented.group.decompose_character(character[order])
            """,
            "identify_point_group",
            CHARACTERS_ALL + "cartesian = [l.T @ r @ numpy.linalg.inv(l.T) for l, r in zip(lattices, rotations)]",
        ),
        (
            _peer(
                "phonopy",
                "for name, r, found in zip(names, rotations, chi): IrRepLabels(found, r, name, False).irrep_labels",
                CHARACTERS_ALL + "names = [spglib.get_pointgroup(r)[0].strip() for r in rotations]",
            ),
        ),
    ),
    Question(
        "import, over NumPy's own",
        None,
        Program("from pointgroups import point_group"),
        tuple(Program(PEERS[package], package=package) for package in PEERS),
    ),
)


def left_out() -> dict[str, str]:
    """Package → why it is left out: it is not installed, or what its import prints last."""
    found = {}
    for package, statement in PEERS.items():
        if importlib.util.find_spec(package) is None:
            found[package] = "not installed"
            continue
        run = subprocess.run([sys.executable, "-c", statement], capture_output=True, text=True, check=False)
        if run.returncode:
            found[package] = run.stderr.strip().splitlines()[-1]
    return found


def report(questions: Sequence[Question], repeats: int, missing: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Rows of the table: question, ours, then each peer's time with its ratio to ours."""
    rows = []
    for question in questions:
        ours = question.ours.seconds(repeats)
        assert ours is not None, "pointgroups is not installed"
        times = {peer.package: peer.seconds(repeats) for peer in question.peers if peer.package not in missing}
        cells = ["-" if (t := times.get(p)) is None else f"{duration(t)} ({ratio(t, ours)})" for p in PEERS]
        rows.append((question.name, duration(ours), *cells))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="our figures once, without the peers")
    quick = parser.parse_args(arguments).quick
    missing = dict.fromkeys(PEERS, "left out by --quick") if quick else left_out()
    rows = report(QUESTIONS, 1 if quick else REPEATS, missing)
    print_table(("", "ours", *PEERS), rows, ("numpy", "sympy", "spglib", *(p for p in PEERS if p not in missing)))
    for package, why in missing.items():
        version = f" {importlib.metadata.version(package)}" if importlib.util.find_spec(package) else ""
        print(f"{package}{version}: {why}")


if __name__ == "__main__":
    main()
