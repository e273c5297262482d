"""`pointgroups subgroups`, `branch` and `induce`."""

import numpy as np
import pytest
from pointgroups_cli.running import as_json, check_latex, output, refused
from thirty_two import every_group, every_setting

from pointgroups import (
    branching,
    correlation_table,
    double_branching,
    embedding,
    induce,
    point_group,
    subduction_basis,
    subgroup_lattice,
)
from pointgroups.exact import value


@every_setting
def test_the_lattice_as_json(name: str) -> None:
    G = point_group(name)
    lattice = subgroup_lattice(G)
    data = as_json("subgroups", name)
    assert (data["group"], data["subgroups"]) == (name, lattice.number_of_subgroups)
    assert data["edges"] == [list(edge) for edge in lattice.edges]
    assert data["up_to_normalizer"] == [list(names) for names in lattice.up_to_normalizer]
    for row, found in zip(data["classes"], lattice.values(), strict=True):
        assert row["name"] == found.name
        assert (row["order"], row["index"], row["conjugate"]) == (found.order, found.index, len(found.members))
        assert (row["normal"], row["maximal"]) == (found.is_normal, dict(found.maximal))
        frame = np.array([[value(token).real for token in line] for line in row["frame"]])
        turned = frame @ G.rotations[[G.elements.index(e) for e in row["elements"]]] @ frame.T
        np.testing.assert_allclose(turned, found.group.rotations, atol=1e-14)
    check_latex(output("subgroups", name, "--latex"))


def test_the_lattice_in_words() -> None:
    text = output("subgroups", "C4v")
    assert "subgroups of C4v (4mm)\n10 subgroups in 8 classes of conjugate ones\n" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["C4v", "8", "1", "1", "yes", "C4,", "C2v", "(C2,", "2σv),", "C2v", "(C2,", "2σd)"] in rows
    assert ["C2v", "(C2,", "2σv)", "4", "2", "1", "yes", "2", "Cs", "(σv),", "C2"] in rows
    assert ["Cs", "(σv)", "2", "4", "2", "C1"] in rows


# -- branching ----------------------------------------------------------------------------------------------------


@every_group
@pytest.mark.parametrize("field", ["C", "R"])
def test_correlation_tables_as_json(name: str, field: str) -> None:
    options = ["--real"] if field == "R" else []
    G = point_group(name)
    assert as_json("branch", name, *options)["branching"] == correlation_table(G, field)
    last = list(subgroup_lattice(G))[-2:][0]
    data = as_json("branch", name, last, *options)
    assert (data["class"], data["field"]) == (last, field)
    assert data["branching"] == branching(G, last, field)
    check_latex(output("branch", name, "--latex", *options))


@every_group
def test_branching_of_spinors_as_json(name: str) -> None:
    G = point_group(name)
    for label in list(subgroup_lattice(G))[:6]:
        assert as_json("branch", name, label, "--spinors")["branching"] == double_branching(G, label)
        check_latex(output("branch", name, label, "--spinors", "--latex"))


def test_correlation_tables_in_words() -> None:
    rows = [line.split() for line in output("branch", "Oh", "D4h").splitlines()]
    assert ["Eg", "A1g", "⊕", "B1g"] in rows
    assert ["T1u", "A2u", "⊕", "Eu"] in rows
    text = output("branch", "Oh", "C3v")
    assert "axes of C3v x (1/√2, 0, −1/√2), y (−1/√6, √6/3, −1/√6), z (1/√3, 1/√3, 1/√3) in those of Oh" in text
    assert "index 8; elements E, C3[111]+, C3[111]−, σ[-101], σ[0-11], σ[-110]" in text
    assert "F3/2   E1/2 ⊕ ¹E3/2 ⊕ ²E3/2" in output("branch", "Td", "C3v", "--spinors")
    assert "C2v (C2, 2σd)   A1   A2   A2   A1   B1 ⊕ B2" in output("branch", "C4v")


def test_a_class_may_be_named_with_any_primes() -> None:
    assert as_json("branch", "D4h", "C2v (C2″, σh, σd)") == as_json("branch", "D4h", "C2v (C2'', σh, σd)")


# -- matrices -----------------------------------------------------------------------------------------------------


def array_of(rows: list[dict[str, list[str]]]) -> np.ndarray:
    return np.array([[value(token) for token in row["row"]] for row in rows])


@pytest.mark.parametrize(
    ("name", "subgroup", "label"), [("Oh", "D3d", "T2g"), ("T", "C3", "T"), ("D6h", "C6h", "E1u"), ("Td", "C3v", "E")]
)
def test_subduction_matrices(name: str, subgroup: str, label: str) -> None:
    G = point_group(name)
    inside = embedding(G, subgroup)
    data = as_json("branch", name, subgroup, "--matrices", label)
    basis = subduction_basis(G.irreps[label], inside)
    np.testing.assert_array_equal(array_of(data["rows"]), basis.array)
    check_latex(output("branch", name, subgroup, "--matrices", label, "--latex"))


def test_subduction_in_words() -> None:
    text = output("branch", "Oh", "D3d", "--matrices", "T2g")
    assert "T2g: (yz, xz, xy)" in text
    assert "Eg         1           1   1/√6 |T2g,1⟩ − √6/3 |T2g,2⟩ + 1/√6 |T2g,3⟩" in text


def test_functions_are_printed_with_their_own_coefficients() -> None:
    """The first ¹E function of C3 in T has the character e^{−2πi/3} under the rotation x → y → z → x."""
    text = output("branch", "T", "C3", "--matrices", "T")
    assert "¹E         1           1   1/√3 |T,1⟩ + (−√3/6 + i/2) |T,2⟩ + (−√3/6 − i/2) |T,3⟩" in text
    first, second, third = 1, np.exp(2j * np.pi / 3), np.exp(-2j * np.pi / 3)
    turned = np.array([third, first, second])  # |1⟩ → |2⟩ → |3⟩ → |1⟩
    factor = point_group("C3").irreps["1E"].characters[1]
    np.testing.assert_allclose(turned, factor * np.array([first, second, third]), atol=1e-14)


@every_group
def test_induction(name: str) -> None:
    G = point_group(name)
    for subgroup in list(subgroup_lattice(G))[:5]:
        inside = embedding(G, subgroup)
        label = list(inside.subgroup.irreps)[-1]
        data = as_json("induce", name, subgroup, label, "--matrices")
        induced = induce(label, inside)
        assert (data["irreps"], data["dimension"]) == (induced.multiplicities, induced.dim)
        assert data["cosets"] == [G.elements[t] for t in inside.representatives]
        np.testing.assert_array_equal(array_of(data["rows"]), induced.basis.array)
        check_latex(output("induce", name, subgroup, label, "--matrices", "--latex"))


def test_induction_in_words() -> None:
    assert "A1 ↑ Oh = A1g ⊕ Eg ⊕ T1u\ndimension 6 = 6 · 1\n" in output("induce", "Oh", "C4v", "a1")
    text = output("induce", "Oh", "C4v", "A1", "--matrices")
    assert "T1u        1           3   1/√2 |1⟩ − 1/√2 |6⟩" in text
    assert "6   C2[100]    C2[100]" in text
    assert "E ↑ C4v = 2E" in output("induce", "C4v", "C4", "E", "--real")
    assert "|1,2⟩" in output("induce", "Oh", "C4v", "E", "--matrices")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["subgroups", "Ih"], "'Ih' is not the name of a crystallographic point group"),
        (["branch", "Oh", "C2v"], "Oh has 3 classes of subgroups C2v; say which: C2v (C2, 2σh)"),
        (["branch", "Td", "C4"], "'C4' is not a subgroup of Td; these are Td"),
        (["branch", "Oh", "C3v", "--matrices", "E1/2g"], "'E1/2g' is a spinor irrep"),
        (["branch", "Oh", "C3v", "--matrices", "T3g"], "the irreps of Oh are A1g"),
        (["branch", "Oh", "--matrices", "T2g"], "need a subgroup"),
        (["branch", "Oh", "C3v", "--spinors", "--real"], "--spinors stands alone"),
        (["induce", "Oh", "C4v", "A1g"], "the irreps of C4v are A1, A2, B1, B2, E"),
        (["induce", "Oh", "C5", "A"], "'C5' is not a subgroup of Oh"),
    ],
)
def test_refusals(arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)
