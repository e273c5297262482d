"""`pointgroups double` and `splitting`, and spinor irreps in `product` and `couple`."""

import re
from fractions import Fraction

import numpy as np
import pytest
from pointgroups_cli.running import as_json, check_latex, output, refused
from thirty_two import every_group, every_setting

from pointgroups import coupling, molecular_point_group, point_group
from pointgroups.command.notation import irrep_label
from pointgroups.exact import value


@every_setting
def test_double_as_json_is_the_double_group(name: str) -> None:
    D = point_group(name).double
    data = as_json("double", name)
    assert (data["group"], data["order"], data["elements"]) == (name, D.order, list(D.elements))
    assert [[D.elements[g] for g in c.indices] for c in D.classes] == [c["elements"] for c in data["classes"]]
    characters = [[value(token) for token in irrep["characters"]] for irrep in data["irreps"]]
    np.testing.assert_array_equal(characters, D.character_table)
    for row, irrep in zip(data["irreps"], D.irreps.values(), strict=True):
        assert row["labels"] == dict(irrep.labels)
        assert (row["label"], row["spinor"], row["type"]) == (irrep.label, irrep.spinor, irrep.type)
        assert row["basis"] == list(irrep.basis)
    assert [(x["label"], x["kind"], x["degeneracy"]) for x in data["levels"]] == [
        (x.label, x.kind, x.degeneracy) for x in D.corepresentations
    ]


@every_setting
@pytest.mark.parametrize("arguments", [[], ["--j", "5/2"], ["--spin-orbit", ""]], ids=["table", "j", "spin-orbit"])
def test_latex_is_well_formed(name: str, arguments: list[str]) -> None:
    last = list(point_group(name).irreps)[-1]
    check_latex(output("double", name, *(argument or last for argument in arguments), "--latex"))


def rows_of(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_character_table_with_spinors() -> None:
    text = output("double", "Td")
    assert "double group of Td (-43m)\norder 48\n" in text
    assert ["Td", "Koster", "E", "Ē", "6S4", "6S̄4", "3C2", "+", "3C̄2", "8C3", "8C̄3", "6σd", "+", "6σ̄d"] in rows_of(text)
    assert ["E1/2", "Γ6", "2", "−2", "√2", "−√2", "0", "1", "−1", "0"] in rows_of(text)
    assert ["F3/2", "Γ8", "4", "−4", "0", "0", "0", "−1", "1", "0"] in rows_of(text)
    assert "−√30/6 |5/2,3/2⟩ + 1/√6 |5/2,−5/2⟩" in " ".join(text.split())


def test_kramers_pairs() -> None:
    text = output("double", "C3")
    assert ["¹E1/2", "1", "complex", "with", "²E1/2", "2", "|1/2,1/2⟩"] in rows_of(text)
    assert ["A3/2", "1", "real", "twice", "2", "|3/2,3/2⟩"] in rows_of(text)


# -- multiplets ---------------------------------------------------------------------------------------------------


@every_group
@pytest.mark.parametrize(("typed", "parity"), [("3/2", 1), ("5/2-", -1), ("2", 1), ("2.5−", -1)])
def test_multiplets_as_json(name: str, typed: str, parity: int) -> None:
    D = point_group(name).double
    data = as_json("double", name, "--j", typed)
    j = Fraction(typed.rstrip("-−"))
    assert (Fraction(data["j"]), data["parity"], data["irreps"]) == (j, parity, D.subduce(j, parity))
    basis = D.adapted_spinors(j, parity)
    projections = [str(j - k) for k in range(int(2 * j) + 1)]
    found = np.array([[value(row["coefficients"].get(m, "0")) for m in projections] for row in data["states"]])
    np.testing.assert_array_equal(found, basis.array.conj())
    assert [(r["irrep"], r["copy"], r["component"]) for r in data["states"]] == [tuple(x) for x in basis.labels]


def test_multiplets_in_words() -> None:
    text = output("double", "O", "--j", "5/2")
    assert "j = 5/2, even: E5/2 ⊕ F3/2" in text
    assert "E5/2       1           1   1/√6 |5/2,5/2⟩ − √30/6 |5/2,−3/2⟩" in text
    # the tables hold conjugate coefficients, people expect the state itself
    assert "1/√2 |3/2,1/2⟩ − i/√2 |3/2,−3/2⟩" in output("double", "T", "--j", "3/2")


@every_group
def test_spin_orbit(name: str) -> None:
    G = point_group(name)
    for label in G.irreps:
        data = as_json("double", name, "--spin-orbit", label)
        assert data["irreps"] == G.double.spin_orbit(label)
        assert sum(n * G.double.irreps[spinor].dim for spinor, n in data["irreps"].items()) == 2 * G.irreps[label].dim


def test_spin_orbit_in_words() -> None:
    assert "T2g ⊗ spin ½ = E5/2g ⊕ F3/2g" in output("double", "Oh", "--spin-orbit", "t2g")


# -- splitting ----------------------------------------------------------------------------------------------------


def eigenvalues_of_a_field(name: str, j: Fraction) -> int:
    """How many levels a random Hamiltonian on |j m⟩ has that the group and time reversal leave alone."""
    matrices = point_group(name).double.wigner_d(j)
    size = matrices.shape[1]
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size))
    matrix = np.einsum("gij,jk,glk->il", matrices, matrix + matrix.conj().T, matrices.conj()) / len(matrices)
    theta = np.fliplr(np.diag((-1.0) ** np.arange(size)))  # Θ|j m⟩ = (−1)^{j−m} |j −m⟩
    matrix = matrix + theta @ matrix.conj() @ theta.T
    return int(1 + (np.diff(np.linalg.eigvalsh(matrix)) > 1e-9).sum())


@every_group
def test_splitting(name: str) -> None:
    G = point_group(name)
    data = as_json("splitting", name)
    for degree, shell in enumerate(data["shells"]):
        assert (shell["shell"], shell["irreps"]) == ("spdfg"[degree], G.subduce(degree))
        for j, irreps in shell["spin_orbit"].items():
            assert irreps == G.double.subduce(j, (-1) ** degree)
        assert sum(2 * Fraction(j) + 1 for j in shell["spin_orbit"]) == 2 * (2 * degree + 1)
    assert [Fraction(entry["j"]) for entry in data["multiplets"]] == [Fraction(k, 2) for k in range(17)]
    for entry in data["multiplets"]:
        assert entry["irreps"] == G.double.subduce(entry["j"])
        assert entry["levels"] == eigenvalues_of_a_field(name, Fraction(entry["j"]))
    check_latex(output("splitting", name, "--latex"))


def test_splitting_in_words() -> None:
    text = output("splitting", "O")
    assert "d       2   E ⊕ T2             3/2: F3/2; 5/2: E5/2 ⊕ F3/2" in text
    assert ["15/2", "E1/2", "⊕", "E5/2", "⊕", "3F3/2", "5"] in rows_of(text)
    assert "exchange g and u" in output("splitting", "Oh")
    assert "even multiplets" not in text
    assert "2 ¹E1/2 ⊕ 2 ²E1/2 ⊕ 2A3/2" in output("splitting", "C3")


@pytest.mark.parametrize("name", ["Cs", "C2v", "C4v", "C3v", "S4", "D2d", "C3h", "D3h", "Td", "-4m2"])
def test_odd_multiplets_are_said_how(name: str) -> None:
    """Without an inversion they are the even ones times the irrep of det g."""
    G, text = point_group(name), output("splitting", name)
    (said,) = re.findall(r"even multiplets; odd ones are these ⊗ (\S+)", text)
    (odd,) = (label for label in G.irreps if irrep_label(label).text == said)
    np.testing.assert_array_equal(G.irreps[odd].characters, np.linalg.det(G.rotations).round())


@pytest.mark.parametrize("name", ["Ih", "D5h", "C7", "D6d", "S8"])
def test_splitting_of_molecules(name: str) -> None:
    G = molecular_point_group(name)
    data = as_json("splitting", name)
    assert [shell["irreps"] for shell in data["shells"]] == [G.subduce(degree) for degree in range(5)]
    assert [entry["j"] for entry in data["multiplets"]] == [str(j) for j in range(9)]
    for j, entry in enumerate(data["multiplets"]):
        assert entry["irreps"] == G.subduce(j, 1)
        assert entry["levels"] == sum(entry["irreps"].values())
    assert "half-integer J: double groups are there for the crystallographic groups" in output("splitting", name)


# -- products and couplings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("Oh", ("E1/2g", "E1/2u", "T1u")),
        ("O", ("T2", "F3/2", "F3/2")),
        ("T", ("2E", "1F3/2", "E1/2")),
        ("D3", ("1E3/2", "2E3/2", "A1")),
    ],
)
def test_couplings_of_spinors(name: str, labels: tuple[str, str, str]) -> None:
    a, b, c = (point_group(name).double.irreps[label] for label in labels)
    data = as_json("couple", name, *labels)
    array = np.zeros(data["shape"], dtype=complex)
    for entry in data["coefficients"]:
        array[entry["copy"] - 1, entry["i"] - 1, entry["j"] - 1, entry["n"] - 1] = value(entry["value"])
    np.testing.assert_array_equal(array, coupling(a, b, c))
    check_latex(output("couple", name, *labels, "--latex"))
    assert as_json("product", name, labels[0], labels[1])["product"] == a.group.tensor_product(a, b)


def test_products_of_spinors_in_words() -> None:
    assert "F3/2 ⊗ F3/2 = [A2 ⊕ 2T1 ⊕ T2] ⊕ {A1 ⊕ E ⊕ T2}" in output("product", "O", "F3/2", "f3/2")
    assert "Γ6 ⊗ Γ8 = Γ3 ⊕ Γ4 ⊕ Γ5" in output("product", "O", "Γ6", "Γ8", "--scheme", "koster")
    assert output("product", "Oh", "-GM6", "Γ̄8") == output("product", "Oh", "E1/2g", "E1/2u")
    text = output("couple", "O", "E1/2", "E1/2", "A1")
    assert "double group of O (432)" in text
    assert "E1/2: |1/2,1/2⟩, |1/2,−1/2⟩" in text
    assert "antisymmetric" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["double", "D5h"], "double groups are there for the crystallographic groups"),
        (["double", "O", "--j", "high"], "'high' is no angular momentum"),
        (["double", "O", "--j", "0.3"], "0, 1/2, 1, 3/2"),
        (["double", "O", "--j", "1/0"], "0, 1/2, 1, 3/2"),
        (["double", "O", "--j", "1/2", "--spin-orbit", "E"], "ask one of them"),
        (["double", "O", "--spin-orbit", "Q"], "the irreps of the double group of O are A1, A2, E"),
        (["double", "O", "--spin-orbit", "E1/2"], "has half-integer spin already"),
        (["splitting", "K"], "'K' is not the name"),
        (["product", "O", "E1/2", "E1/2", "--real"], "leave out --real"),
        (["product", "O", "E1/2", "E7/2"], "'E7/2' is not an irrep of the double group of O"),
        (["double", "O", "--json", "--markdown"], "exclude each other"),
    ],
)
def test_refusals(arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)
