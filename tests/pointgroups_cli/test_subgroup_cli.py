"""`pointgroups subgroups`, `branch` and `induce`."""

from pathlib import Path
from typing import Any

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
    molecular_point_group,
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
    assert as_json("branch", name, "--spinors")["branching"] == correlation_table(G.double)
    check_latex(output("branch", name, "--spinors", "--latex"))


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


def array_of(rows: list[dict[str, Any]]) -> np.ndarray:
    """The rows, over their lengths where these are given beside them."""
    lengths = np.sqrt([value(row.get("squared_norm", "1")).real for row in rows])
    return np.array([[value(token) for token in row["row"]] for row in rows]) / lengths[:, None]


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


# -- spinors ------------------------------------------------------------------------------------------------------


@every_group
def test_matrices_of_spinors(name: str) -> None:
    G = point_group(name)
    for subgroup in list(subgroup_lattice(G))[1:4]:
        inside = embedding(G.double, subgroup)
        label = list(inside.group.spinor_irreps)[-1]
        data = as_json("branch", name, subgroup, "--matrices", label)
        np.testing.assert_allclose(array_of(data["rows"]), subduction_basis(label, inside).array, atol=1e-15)
        check_latex(output("branch", name, subgroup, "--matrices", label, "--latex"))
        below = next(iter(inside.subgroup.spinor_irreps))
        data = as_json("induce", name, subgroup, below, "--matrices")
        induced = induce(below, inside)
        assert (data["irreps"], data["dimension"]) == (induced.multiplicities, induced.dim)
        np.testing.assert_allclose(array_of(data["rows"]), induced.basis.array, atol=1e-15)
        check_latex(output("induce", name, subgroup, below, "--matrices", "--latex"))


def test_spinors_in_words() -> None:
    text = output("branch", "O", "C3", "--matrices", "E1/2")
    assert "E1/2: |1/2,1/2⟩, |1/2,−1/2⟩" in text
    assert "¹E1/2      1           1   ((1/2 + √3/6) |E1/2,1⟩ + (√3/6 + i√3/6) |E1/2,2⟩) / √(1/2 + √3/6)" in text
    assert "E1/2 ↑ Oh = E1/2g ⊕ F3/2g ⊕ E1/2u ⊕ F3/2u" in output("induce", "Oh", "C4v", "E1/2")


# -- groups made from generators ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Ih", "D5h", "D4d"])
def test_molecular_groups_as_json(name: str) -> None:
    G = molecular_point_group(name)
    lattice = subgroup_lattice(G)
    data = as_json("subgroups", name)
    assert data["up_to_normalizer"] == [list(names) for names in lattice.up_to_normalizer]
    for row, found in zip(data["classes"], lattice.values(), strict=True):
        assert (row["name"], row["order"], row["conjugate"]) == (found.name, found.order, len(found.members))
        frame = np.array(row["frame"], dtype=float)
        turned = frame @ G.rotations[[G.elements.index(e) for e in row["elements"]]] @ frame.T
        np.testing.assert_allclose(turned, found.group.rotations, atol=1e-11)
    assert as_json("branch", name)["branching"] == correlation_table(G)
    for subgroup in list(lattice)[1:4]:
        inside = embedding(G, subgroup)
        label = list(G.irreps)[-1]
        rows = as_json("branch", name, subgroup, "--matrices", label)["rows"]
        found = np.array([[complex(x.replace("*I", "j")) for x in row["row"]] for row in rows])
        np.testing.assert_allclose(found, subduction_basis(label, inside).array, atol=1e-11)
        below = list(inside.subgroup.irreps)[-1]
        data = as_json("induce", name, subgroup, below)
        assert data["irreps"] == induce(below, inside).multiplicities
        for command in (["branch", name, subgroup, "--matrices", label], ["induce", name, subgroup, below]):
            check_latex(output(*command, "--latex"))
    check_latex(output("subgroups", name, "--latex"))


def test_permutations(tmp_path: Path) -> None:
    file = tmp_path / "S4.json"
    file.write_text("[[1, 0, 2, 3], [1, 2, 3, 0]]")
    text = output("subgroups", "--generators", str(file))
    assert "30 subgroups in 11 classes of conjugate ones" in text
    assert "3 × order 8" in text
    assert "Γ4                    Γ2 ⊕ Γ3 ⊕ Γ4" in output("branch", "order 4 (3C2a)", "--generators", str(file))
    text = output("induce", "order 8", "Γ5", "--matrices", "--generators", str(file))
    assert "Γ5 ↑ a group of order 24 = Γ4 ⊕ Γ5" in text
    assert "numbers in floating point, rounded" in text
    assert "Γ4         1           1   0.5 |1,1⟩ + 0.5 |1,2⟩ + 0.5 |2,1⟩ + 0.5 |2,2⟩" in text
    data = as_json("subgroups", "--generators", str(file))
    assert "up_to_normalizer" not in data
    assert {row["frame"] for row in data["classes"]} == {None}
    for command in (["subgroups"], ["branch"], ["branch", "order 8", "--matrices", "Γ3"], ["induce", "order 8", "Γ5"]):
        check_latex(output(*command, "--generators", str(file), "--latex"))


def test_molecular_groups_in_words() -> None:
    text = output("branch", "Ih", "D5d", "--matrices", "T1u")
    assert "axes of D5d x (1, 0, 0), y (0, 0.8506508084, −0.5257311121), z (0, 0.5257311121, 0.8506508084)" in text
    assert "A2u        1           1   0.5257311121 |T1u,2⟩ + 0.8506508084 |T1u,3⟩" in text
    assert "D5d           20       6           6            C5v, D5, S10, 5 C2h" in output("subgroups", "Ih")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["subgroups", "Xh"], "'Xh' is not the name of a crystallographic point group"),
        (["subgroups"], "give the name of a group"),
        (["branch", "Oh", "C2v"], "Oh has 3 classes of subgroups C2v; say which: C2v (C2, 2σh)"),
        (["branch", "Td", "C4"], "'C4' is not a subgroup of Td; these are Td"),
        (["branch", "Oh", "C3v", "--matrices", "E1/2"], "'E1/2' is not an irrep of the double group of Oh"),
        (["branch", "Oh", "C3v", "--matrices", "F3/2g", "--real"], "spinor irreps are given over the complex numbers"),
        (["branch", "Ih", "D"], "'D' is not a subgroup of Ih; these are Ih, I, Th"),
        (["branch", "D4d", "C2"], "D4d has 2 classes of subgroups C2; say which: C2 (C2), C2 (C2')"),
        (["branch", "Ih", "Th", "--spinors"], "--spinors is for the crystallographic groups"),
        (["branch", "Oh", "C3v", "--matrices", "T3g"], "the irreps of Oh are A1g"),
        (["branch", "Oh", "--matrices", "T2g"], "--matrices needs a subgroup"),
        (["branch", "Oh", "C3v", "--spinors", "--real"], "leave out --real and --matrices"),
        (["induce", "Oh", "C4v", "A1g"], "the irreps of C4v are A1, A2, B1, B2, E"),
        (["induce", "Oh", "C5", "A"], "'C5' is not a subgroup of Oh"),
    ],
)
def test_refusals(arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)
