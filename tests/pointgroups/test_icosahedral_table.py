"""I and Ih, which come from a table: beside the engine that serves any finite group, and exactly."""

import copy
import hashlib
import json
import pickle
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import sympy
from finite_groups import homomorphism_error

from pointgroups import coupling, point_group, table_building, tables
from pointgroups.exact import terms
from pointgroups.finite.families import molecular_point_group
from pointgroups.finite.generate import generate_icosahedral
from pointgroups.finite.group import FiniteGroup, finite_group
from pointgroups.finite.icosahedral import icosahedral_group

NAMES = ("I", "Ih")
LABELS = ("A", "T1", "T2", "G", "H")
IRREPS = [(name, label) for name in NAMES for label in molecular_point_group(name).irreps]
every_name = pytest.mark.parametrize("name", NAMES)
every_label = pytest.mark.parametrize("label", LABELS)
every_irrep = pytest.mark.parametrize(("name", "label"), IRREPS)

GOLDEN = (1 + 5**0.5) / 2


def five_fold():
    """A fifth of a turn about (0, 1, φ)."""
    axis = np.array([0, 1, GOLDEN]) / np.hypot(1, GOLDEN)
    cross = np.cross(np.eye(3), axis)
    turn = 2 * np.pi / 5
    return np.eye(3) + np.sin(turn) * cross.T + (1 - np.cos(turn)) * cross @ cross


@cache
def engine(name):
    """The same group from generators: half a turn about z, a third about [111], a fifth, and for Ih the inversion."""
    generators = [np.diag([-1.0, -1.0, 1.0]), np.roll(np.eye(3), 1, axis=0), five_fold(), -np.eye(3)]
    return finite_group(generators if name == "Ih" else generators[:3])


# The engine as a second source ---------------------------------------------------------------------------------------


@every_name
def test_group_is_the_one_that_its_generators_give(name):
    G, H = molecular_point_group(name), engine(name)
    assert (G.name, G.order, G.elements, G.classes) == (H.name, H.order, H.elements, H.classes)
    assert np.array_equal(G.product, H.product)
    assert np.array_equal(G.inverse, H.inverse)
    assert np.array_equal(G.determinants, H.determinants)
    assert np.abs(G.matrices - H.matrices).max() < 1e-14
    assert np.array_equal(G.frame, H.frame)
    assert G.permutations is None
    assert G.has_inversion == (name == "Ih")
    assert type(G.product[0, 0]) is type(H.product[0, 0])


@every_name
def test_irreps_have_the_labels_and_characters_that_generators_give(name):
    G, H = molecular_point_group(name), engine(name)
    assert list(G.irreps) == list(H.irreps) == list(G.real_irreps)
    for a, b in zip(G.irreps.values(), H.irreps.values(), strict=True):
        assert (a.dim, a.type, a.is_exact, a.commuting) == (b.dim, b.type, b.is_exact, b.commuting)
        assert np.abs(a.characters - b.characters).max() < 1e-15
        assert a.exact_characters == b.exact_characters
    assert G.character_table.dtype == H.character_table.dtype == np.float64


@every_irrep
def test_matrices_are_those_of_the_engine_in_other_axes(name, label):
    """Schur: Σ_g Γ(g) X Γ′(g)ᵀ is a multiple of an orthogonal matrix; where the given matrices are the irrep, of 1."""
    ours = molecular_point_group(name).irreps[label].matrices
    theirs = engine(name).irreps[label].matrices
    if label.startswith(("A", "T1")):
        assert np.abs(ours - theirs).max() < 1e-14
    d = ours.shape[1]
    seed = np.random.default_rng(1).normal(size=(d, d))
    between = np.einsum("gij,jk,glk->il", ours, seed, theirs)
    between /= np.linalg.norm(between[0])
    assert np.abs(between @ between.T - np.eye(d)).max() < 1e-12
    assert np.abs(ours @ between - between @ theirs).max() < 1e-12


@every_name
def test_irreps_over_the_reals_are_the_same(name):
    G = molecular_point_group(name)
    for a, b in zip(G.irreps.values(), G.real_irreps.values(), strict=True):
        assert a.label == b.label
        assert np.array_equal(a.matrices, b.matrices)
        assert b.matrices.dtype == np.float64


# Exactly -------------------------------------------------------------------------------------------------------------

# a + b√3 + c√5 + d√15 → a + b A + c B + d A B with commuting integer matrices, A² = 3, B² = 5
_A = np.kron([[0, 3], [1, 0]], np.eye(2, dtype=int))
_B = np.kron(np.eye(2, dtype=int), [[0, 5], [1, 0]])
FIELD = {1: np.eye(4, dtype=int), 3: _A, 5: _B, 15: _A @ _B}


@cache
def integers(label):
    """16 Γ(g) of I as integer matrices (60, 4d, 4d), from the texts in the table."""
    sections = generate_icosahedral()
    legend = {letter: text for letter, text, *_ in sections["numbers"]}
    numbers = {}
    for letter, text in legend.items():
        numbers[letter] = np.zeros((4, 4), dtype=int)
        for q, n, imaginary in terms(text):
            assert not imaginary
            assert (16 * q).denominator == 1
            numbers[letter] += int(16 * q) * FIELD[n]
    text = sections["irreps"][label]
    d = round((len(text) / 60) ** 0.5)
    blocks = np.array([numbers[letter] for letter in text]).reshape(60, d, d, 4, 4)
    return blocks.transpose(0, 1, 3, 2, 4).reshape(60, 4 * d, 4 * d)


@every_label
def test_homomorphism_holds_exactly_on_all_products(label):
    matrices, product = integers(label), molecular_point_group("I").product
    for g in range(60):
        assert np.array_equal(matrices[g] @ matrices, 16 * matrices[product[g]])


@every_label
def test_matrices_are_exactly_orthogonal(label):
    """Γ(g⁻¹) is the transpose of Γ(g), number by number."""
    matrices, inverse = integers(label), molecular_point_group("I").inverse
    d = matrices.shape[1] // 4
    blocks = matrices.reshape(60, d, 4, d, 4)
    assert np.array_equal(blocks[inverse], blocks.transpose(0, 3, 2, 1, 4))


@every_irrep
def test_halves_are_the_irreps_of_the_rotations(name, label):
    """Γ(i g) = ±Γ(g) to the last bit, and (i g)(i h) = g h: with the law on I this is the law on Ih."""
    G, I = molecular_point_group(name), molecular_point_group("I")
    half, matrices = I.irreps[label.rstrip("gu")].matrices, G.irreps[label].matrices
    assert np.array_equal(matrices[:60], half)
    product = I.product
    if name == "Ih":
        assert np.array_equal(matrices[60:], half if label.endswith("g") else -half)
        product = np.block([[product, product + 60], [product + 60, product]])
    assert np.array_equal(G.product, product)
    assert homomorphism_error(G, matrices) < 1e-14
    assert not np.signbit(matrices[matrices == 0]).any()


@every_label
def test_floats_are_correctly_rounded(label):
    irrep = molecular_point_group("I").irreps[label]
    for g in range(60):
        rounded = [float(sympy.N(x, 40)) for x in irrep.exact[g]]
        assert rounded == irrep.matrices[g].ravel().tolist()


@every_irrep
def test_characters_are_exact_traces(name, label):
    irrep = molecular_point_group(name).irreps[label]
    firsts = [c.indices[0] for c in irrep.group.classes]
    traces = [irrep.exact[g].trace() for g in firsts]
    assert [sympy.simplify(t - x) for t, x in zip(traces, irrep.exact_characters, strict=True)] == [0] * len(firsts)
    assert np.array_equal(irrep.characters, [float(traces[c]) for c in irrep.group._class_of])


# The bases -----------------------------------------------------------------------------------------------------------


def test_second_triplet_is_the_vector_with_the_other_root():
    I = molecular_point_group("I")
    swapped = [m.subs(sympy.sqrt(5), -sympy.sqrt(5)) for m in I.irreps["T1"].exact]
    assert list(I.irreps["T2"].exact) == swapped
    assert np.array_equal(I.irreps["T1"].matrices, I.rotations)


@every_irrep
def test_basis_functions_transform_as_the_irrep(name, label):
    """φ_j(g⁻¹ r) = Σ_i φ_i(r) Γ_ij(g) at random points; Rx, Ry, Rz as det(g) g."""
    irrep = molecular_point_group(name).irreps[label]
    if name == "I" or label in ("Ag", "T1g", "T1u", "T2u", "Gu", "Hg"):
        assert len(irrep.basis) == irrep.dim
    else:
        assert irrep.basis == ()
        return
    rotations = irrep.group.rotations
    if label == "T1g":
        assert irrep.basis == ("Rx", "Ry", "Rz")
        assert np.array_equal(irrep.matrices, rotations * irrep.group.determinants[:, None, None])
        return
    functions = sympy.lambdify(sympy.symbols("x y z"), list(irrep.basis))
    points = np.random.default_rng(2).normal(size=(3, 10))

    def values(r):
        return np.array([np.broadcast_to(f, 10) for f in functions(*r)])

    for g, matrix in zip(rotations, irrep.matrices, strict=True):
        assert np.abs(values(g.T @ points) - matrix.T @ values(points)).max() < 1e-11


def test_functions_on_five_cubes():
    """G: the five triads of two-fold axes, each with its three axes at right angles, permuted by the rotations."""
    I = molecular_point_group("I")
    axes = [m for m in I.matrices if abs(np.trace(m) + 1) < 1e-9]
    axes = [np.linalg.eigh(m)[1][:, 2] for m in axes]
    triads = []
    for i, a in enumerate(axes):
        normal = [j for j, b in enumerate(axes) if abs(a @ b) < 1e-9]
        assert len(normal) in (2, 4)
        triad = {i, *(j for j in normal if any(abs(axes[j] @ axes[k]) < 1e-9 for k in normal))}
        if len(triad) == 3 and triad not in triads:
            triads.append(triad)
    assert len(triads) == 5

    def image(g, triad):
        moved = [g @ axes[i] for i in triad]
        return next(k for k, t in enumerate(triads) if all(max(abs(m @ axes[j]) for j in t) > 1 - 1e-9 for m in moved))

    diagonals = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
    first = next(k for k, t in enumerate(triads) if all(np.abs(axes[j]).max() > 1 - 1e-9 for j in t))
    cubes = [first]
    for d in diagonals:
        turn = next(m for m in I.matrices[1:] if np.abs(m @ d - d).max() < 1e-9)
        cubes.append(next(k for k in range(5) if k != first and image(turn, triads[k]) == k))
    assert sorted(cubes) == list(range(5))
    rows = np.array([[4, -1, -1, -1, -1], *([0, *diagonals[:, i]] for i in range(3))], dtype=float)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    for g, matrix in zip(I.matrices, I.irreps["G"].matrices, strict=True):
        moved = [cubes.index(image(g, triads[k])) for k in cubes]
        permutation = np.zeros((5, 5))
        permutation[moved, range(5)] = 1
        assert np.abs(rows @ permutation @ rows.T - matrix).max() < 1e-14


def test_bases_split_under_the_tetrahedral_group():
    """T as in its table: T1 and T2 (x, y, z); G = A + (x, y, z); H = E + (yz, zx, xy)."""
    I, T = molecular_point_group("I"), point_group("T")
    places = [int(np.abs(I.matrices - r).max(axis=(1, 2)).argmin()) for r in T.rotations]
    vector, e = T.real_irreps["T"].matrices, T.real_irreps["E"].matrices
    for label, blocks in {"T1": [vector], "T2": [vector], "G": [np.ones((12, 1, 1)), vector], "H": [e, vector]}.items():
        matrices = I.irreps[label].matrices[places]
        start = 0
        expected = np.zeros_like(matrices)
        for block in blocks:
            stop = start + block.shape[1]
            expected[:, start:stop, start:stop] = block
            start = stop
        assert np.array_equal(matrices, expected)


# Couplings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("a", [label for name, label in IRREPS if name == "Ih"])
def test_couplings_are_complete_and_equivariant(a):
    G = molecular_point_group("Ih")
    left = G.irreps[a]
    generators = [G.elements.index(name) for name in ("C2[001]", "C3[111]+", "C5[0,0.526,0.851]+", "i")]
    for right in G.irreps.values():
        columns = []
        for c in G.irreps.values():
            u = coupling(left, right, c)
            assert len(u) == G.tensor_product(left, right).get(c.label, 0)
            for g in generators if len(u) else ():
                pair = np.einsum("ik,jl,mkln->mijn", left.matrices[g], right.matrices[g], u)
                assert np.abs(pair - u @ c.matrices[g]).max() < 1e-13
            columns.append(u.transpose(1, 2, 0, 3).reshape(left.dim * right.dim, -1))
        whole = np.concatenate(columns, axis=1)
        assert np.abs(whole.T @ whole - np.eye(left.dim * right.dim)).max() < 1e-13


# Values --------------------------------------------------------------------------------------------------------------


@every_name
def test_group_is_one_value(name):
    G = molecular_point_group(name)
    assert isinstance(G, FiniteGroup)
    assert molecular_point_group(f" {name.lower()} ") is G
    assert icosahedral_group(name) is G
    assert pickle.loads(pickle.dumps(G)) is G  # noqa: S301
    a = G.irreps[list(G.irreps)[-1]]
    assert pickle.loads(pickle.dumps(a)) is a  # noqa: S301
    assert copy.deepcopy(G) is G
    assert repr(G) == f"<FiniteGroup {name}, order {G.order}>"
    with pytest.raises(AttributeError, match="immutable"):
        G.order = 3
    for array in (G.matrices, G.product, G.frame, G.character_table, a.matrices, a.characters):
        with pytest.raises(ValueError, match="read-only"):
            array[0, ...] = 1


def test_other_names_are_refused():
    with pytest.raises(ValueError, match="are I and Ih, not 'Oh'"):
        icosahedral_group("Oh")


def test_closed_forms_are_for_the_table_alone():
    G = engine("I")
    assert G is not molecular_point_group("I")
    with pytest.raises(ValueError, match="floating point"):
        G.irreps["H"].exact  # noqa: B018
    assert G.irreps["H"].basis == ()
    with pytest.raises(ValueError, match="floating point"):
        molecular_point_group("I").irreps["H"].exact_matrices  # noqa: B018


# The file ------------------------------------------------------------------------------------------------------------


def test_table_is_generated_byte_by_byte():
    content = (tables.directory() / tables.ICOSAHEDRAL).read_bytes()
    assert table_building.encode(tables.ICOSAHEDRAL, generate_icosahedral()) == content
    manifest = json.loads((tables.directory() / tables.MANIFEST).read_bytes())
    assert manifest["files"][tables.ICOSAHEDRAL] == hashlib.sha256(content).hexdigest()


def test_numbers_of_the_table_are_rounded_correctly():
    for _, text, real, imaginary in generate_icosahedral()["numbers"]:
        exact = sum((Fraction(q) * sympy.sqrt(n) for q, n, _ in terms(text)), sympy.Integer(0))
        assert (real, imaginary) == (float(sympy.N(exact, 40)), 0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'"T1"', b'"T3"', "damaged"),
        (b"", b"", "cannot be read"),
        (b'"name": "icosahedral.json"', b'"name": "octahedral.json"', "not the table"),
    ],
)
def test_damaged_table_is_refused(tmp_path, old, new, message):
    content = (tables.directory() / tables.ICOSAHEDRAL).read_bytes()
    changed = content.replace(old, new) if old else b""
    assert changed != content
    if old:
        (tmp_path / tables.ICOSAHEDRAL).write_bytes(changed)
    honest = changed if message == "not the table" else content  # the manifest agrees with the file
    sums = {tables.ICOSAHEDRAL: hashlib.sha256(honest).hexdigest()}
    (tmp_path / tables.MANIFEST).write_text(json.dumps({"format": tables.FORMAT, "files": sums}))
    with pytest.raises(tables.TableError, match=message):
        tables.load_icosahedral(tmp_path)
