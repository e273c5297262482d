"""`pointgroups power` and `invariants`."""

import pytest
from pointgroups_cli.running import as_json, check_latex, output, refused
from thirty_two import every_group

from pointgroups import (
    antisymmetric_power,
    configuration_terms,
    covariants,
    integrity_basis,
    landau_expansion,
    molien_series,
    point_group,
    symmetric_power,
    young_powers,
)


def as_pairs(entries: list[dict[str, object]], key: str, value: str = "irreps") -> list[tuple[object, object]]:
    return [(entry[key], entry[value]) for entry in entries]


# -- powers -------------------------------------------------------------------------------------------------------


@every_group
@pytest.mark.parametrize("n", [0, 1, 2, 4])
def test_powers_as_json(name: str, n: int) -> None:
    irrep = list(point_group(name).irreps.values())[-1]
    data = as_json("power", name, irrep.label, str(n))
    assert (data["irrep"], data["field"], data["n"]) == (irrep.label, "C", n)
    assert data["symmetric"] == symmetric_power(irrep, n)
    assert data["antisymmetric"] == antisymmetric_power(irrep, n)
    assert as_pairs(data["young"], "shape") == [(list(s), found) for s, found in young_powers(irrep, n).items()]
    held = n <= 2 * irrep.dim
    assert as_pairs(data["terms"], "multiplicity") == (list(configuration_terms(irrep, n).items()) if held else [])
    dims = {label: other.dim for label, other in point_group(name).irreps.items()}
    total = sum(x["times"] * m * dims[label] for x in data["young"] for label, m in x["irreps"].items())
    assert total == irrep.dim**n
    check_latex(output("power", name, irrep.label, str(n), "--latex"))


def test_powers_over_the_reals() -> None:
    irrep = point_group("T").real_irreps["E"]
    assert as_json("power", "T", "E", "3")["symmetric"] == symmetric_power(irrep, 3)
    assert as_json("power", "T", "T", "3", "--real")["symmetric"] == symmetric_power(
        point_group("T").real_irreps["T"], 3
    )


def test_powers_in_words() -> None:
    text = output("power", "Oh", "T1u", "3")
    assert "[(T1u)³] = A2u ⊕ 2T1u ⊕ T2u\n{(T1u)³} = A1u\n" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["(2,1)", "2", "Eu", "⊕", "T1u", "⊕", "T2u"] in rows
    assert ["4", "A1u"] in rows
    assert "{(E)³} = 0" in output("power", "O", "E", "3")
    assert "Terms of 3 electrons" in text
    assert "Terms" not in output("power", "O", "A1", "3")
    many = output("power", "Oh", "T1u", "40")
    assert "the other Young symmetries are listed up to 12 factors" in many
    assert many.count("[(T1u)⁴⁰]") == 1


@every_group
def test_powers_of_spinors(name: str) -> None:
    """Two electrons in a level of half-integer spin are in the antisymmetric square."""
    D = point_group(name).double
    irrep = list(D.spinor_irreps.values())[-1]
    data = as_json("power", name, irrep.label, "2")
    assert (data["symmetric"], data["antisymmetric"]) == (D.symmetric_square(irrep), D.antisymmetric_square(irrep))
    assert data["terms"] == []
    assert "{ } antisymmetric part, that of electrons in this level" in output("power", name, irrep.label, "2")


@pytest.mark.parametrize(
    ("electrons", "terms"),
    [
        (1, {2: {"Hu": 1}}),
        (2, {3: {"T1g": 1, "T2g": 1, "Gg": 1}, 1: {"Ag": 1, "Gg": 1, "Hg": 2}}),
    ],
)
def test_terms_of_the_fullerene(electrons: int, terms: dict[int, dict[str, int]]) -> None:
    """hu² of C60, with as many states as there are ways to place two electrons in ten orbitals."""
    data = as_json("power", "Ih", "Hu", str(electrons))
    assert {x["multiplicity"]: x["irreps"] for x in data["terms"]} == terms
    dims = {"A": 1, "T": 3, "G": 4, "H": 5}
    states = sum(spin * n * dims[label[0]] for spin, irreps in terms.items() for label, n in irreps.items())
    assert states == {1: 10, 2: 45}[electrons]


# -- invariants ---------------------------------------------------------------------------------------------------


@every_group
def test_invariants_as_json(name: str) -> None:
    irrep = list(point_group(name).real_irreps.values())[-1]
    data = as_json("invariants", name, irrep.label, "--real")
    series = molien_series(irrep)
    assert data["molien"] == {"numerator": list(series.numerator), "degrees": list(series.degrees)}
    expected = [(n, [text for (text,) in f.texts]) for n, f in integrity_basis(irrep).items()]
    assert as_pairs(data["generators"], "degree", "polynomials") == expected
    expanded = as_json("invariants", name, irrep.label, "--real", "--degree", "4")
    expected = [(n, list(texts)) for n, texts in landau_expansion(irrep, 4).items()]
    assert as_pairs(expanded["invariants"], "degree", "polynomials") == expected
    check_latex(output("invariants", name, irrep.label, "--real", "--latex"))


@every_group
def test_covariants_as_json(name: str) -> None:
    G = point_group(name)
    irrep = list(G.irreps.values())[-1]
    for covariant in list(G.irreps.values())[:3]:
        data = as_json("invariants", name, irrep.label, "--covariant", covariant.label, "--degree", "3")
        expected = {n: [list(copy) for copy in covariants(irrep, n, covariant).texts] for n in range(4)}
        assert as_pairs(data["covariants"], "degree", "copies") == [
            (n, copies) for n, copies in expected.items() if copies
        ]
        assert data["molien"]["numerator"] == list(molien_series(irrep, covariant).numerator)
        check_latex(output("invariants", name, irrep.label, "--covariant", covariant.label, "--latex"))


def test_invariants_in_words() -> None:
    text = output("invariants", "O", "T1", "--degree", "4")
    assert "(x₁, x₂, x₃) of T1 transform as (x, y, z)" in text
    assert "Molien series of the invariants: (1 + t⁹) / ((1 − t²) (1 − t⁴) (1 − t⁶))" in text
    assert "number of degree 0 to 12: 1, 0, 1, 0, 2, 0, 3, 0, 4, 1, 5, 1, 7" in text
    assert "     4   (x₁² + x₂² + x₃²)²\n     4   x₁⁴ + x₂⁴ + x₃⁴" in text
    text = output("invariants", "Oh", "T1u", "--covariant", "Eg", "--degree", "2")
    assert "     2      1           2   −√3 x₁² + √3 x₂²" in text
    assert "2 x₁² + (−1 − √3i) x₂² + (−1 + √3i) x₃²" in output("invariants", "T", "T", "--covariant", "1E")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["power", "Oh", "T1u", "-1"], "a power is 0, 1, 2, …, not -1"),
        (["power", "Oh", "Q", "2"], "the irreps of Oh are A1g"),
        (["power", "Oh", "E3/2g", "2"], "'E3/2g' is not an irrep of the double group of Oh"),
        (["power", "D5h", "E1/2", "2"], "'E1/2' is not an irrep of D5h"),
        (["power", "Oh", "Γ4", "2"], "Γ4+ or Γ4-"),
        (["invariants", "Oh", "T1u", "--degree", "0"], "an expansion goes to a degree 1, 2, …, not 0"),
        (["invariants", "Oh", "T1u", "--covariant", "Eg", "--degree", "-1"], "a degree is 0, 1, 2, …, not -1"),
        (["invariants", "T", "T", "--covariant", "Q"], "the irreps of T are A, 1E, 2E, T"),
        (["invariants", "Ih", "Hx"], "'Hx' is not an irrep of Ih"),
    ],
)
def test_refusals(arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)
