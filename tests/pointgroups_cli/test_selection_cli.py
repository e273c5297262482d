"""`pointgroups selection` and `jahn-teller`."""

import pytest
from pointgroups_cli.running import as_json, check_latex, output, refused
from thirty_two import every_group, every_setting

from pointgroups import (
    OPERATORS,
    jahn_teller,
    kramers_jahn_teller,
    point_group,
    selection_rules,
    silent_irreps,
    spinor_transition,
    transition,
)


@every_setting
def test_selection_rules_as_json(name: str) -> None:
    G = point_group(name)
    data = as_json("selection", name)
    assert data["silent"] == list(silent_irreps(G))
    assert list(data["operators"]) == list(OPERATORS)
    for operator, found in selection_rules(G).items():
        assert data["operators"][operator] == {label: [list(f) for f in copies] for label, copies in found.items()}
    check_latex(output("selection", name, "--latex"))


def test_selection_rules_in_words() -> None:
    text = output("selection", "D3h")
    assert "neither infrared nor Raman active: A2′, A1″" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["A1′", "2z²", "−", "x²", "−", "y²", "z²,", "x²", "+", "y²", "y³", "−", "3x²y"] in rows
    assert "neither" not in output("selection", "C1")


# -- transitions --------------------------------------------------------------------------------------------------


@every_group
@pytest.mark.parametrize("operator", ["electric dipole", "magnetic-dipole", "RAMAN", "hyper-Raman"])
def test_transitions_as_json(name: str, operator: str) -> None:
    G = point_group(name)
    named = next(known for known in OPERATORS if known.lower() == operator.replace("-d", " d").lower())
    initial = list(G.irreps)[-1]
    data = as_json("selection", name, "--from", initial, "--operator", operator)
    assert (data["initial"], data["operator"]) == (initial, named)
    found = {row["final"]: row for row in data["transitions"]}
    for final in G.irreps:
        expected = transition(G, initial, named, final)
        assert (final in found) is expected.allowed
        if expected.allowed:
            assert found[final] == {
                "final": final,
                "allowed": True,
                "matrix_elements": expected.number,
                "reduced": dict(expected.reduced),
                "components": list(expected.components),
            }
    check_latex(output("selection", name, "--from", initial, "--operator", operator, "--latex"))


@every_group
def test_transitions_of_spinors_as_json(name: str) -> None:
    D = point_group(name).double
    initial = list(D.spinor_irreps)[-1]
    data = as_json("selection", name, "--from", initial, "--operator", "electric-dipole")
    expected = {final: spinor_transition(D, initial, "electric dipole", final) for final in D.irreps}
    assert {row["final"]: row["matrix_elements"] for row in data["transitions"]} == {
        final: found.number for final, found in expected.items() if found.allowed
    }
    check_latex(output("selection", name, "--from", initial, "--operator", "electric-dipole", "--latex"))


def test_transitions_in_words() -> None:
    rows = [
        line.split() for line in output("selection", "D4", "--from", "A1", "--operator", "electric-dipole").splitlines()
    ]
    assert ["A2", "1", "z"] in rows
    assert ["E", "1", "x,", "y"] in rows
    wurtzite = output("selection", "C6v", "--from", "E3/2", "--operator", "infrared", "--to", "E1/2")
    assert "from E3/2 by infrared" in wurtzite
    assert ["E1/2", "1", "x,", "y"] in [line.split() for line in wurtzite.splitlines()]
    forbidden = output("selection", "Oh", "--from", "T2g", "--operator", "electric_dipole", "--to", "Eg")
    assert ["Eg", "forbidden"] in [line.split() for line in forbidden.splitlines()]


def test_an_irrep_as_the_operator() -> None:
    data = as_json("selection", "O", "--from", "T1", "--operator", "e")
    assert {row["final"]: row["reduced"] for row in data["transitions"]} == {"T1": {"E": 1}, "T2": {"E": 1}}
    over_reals = as_json("selection", "C4", "--from", "A", "--operator", "E")
    assert over_reals["field"] == "R"
    assert "components" not in output("selection", "O", "--from", "T1", "--operator", "E")
    assert (
        as_json("selection", "O", "--from", "Γ4", "--operator", "raman", "--to", "Γ4")["transitions"][0]["final"]
        == "T1"
    )


# -- Jahn–Teller --------------------------------------------------------------------------------------------------


@every_group
def test_jahn_teller_modes_as_json(name: str) -> None:
    G = point_group(name)
    levels = {row["level"]: row for row in as_json("jahn-teller", name)["levels"]}
    degenerate = {label: jahn_teller(irrep) for label, irrep in G.real_irreps.items() if irrep.dim > 1}
    spinors = {
        level.label: kramers_jahn_teller(level.irreps[0]) for level in G.double.corepresentations if level.spinor
    }
    assert {label: row["modes"] for label, row in levels.items()} == {
        label: dict(problem.modes) for label, problem in {**degenerate, **spinors}.items()
    }
    assert {label for label, row in levels.items() if row["half_integer_spin"]} == set(spinors)
    check_latex(output("jahn-teller", name, "--latex"))


@pytest.mark.parametrize(
    ("group", "label", "line"),
    [
        ("Oh", "T2g", "T2g     T2g ⊗ (eg ⊕ t2g)   1 eg, 1 t2g"),
        ("Oh", "F3/2g", "F3/2g   F3/2g ⊗ (eg ⊕ t2g)   1 eg, 1 t2g"),
        ("C4", "1E", "E       E ⊗ b     2 b"),
        ("C4", "E", "E       E ⊗ b     2 b"),
        ("T", "1F3/2", "¹F3/2 + ²F3/2   (¹F3/2 + ²F3/2) ⊗ (e ⊕ t)   2 e, 1 t"),
        ("Oh", "A1g", "A1g     none\nnone: no distortion splits it in first order"),
        ("D3h", "E''", "E″      E″ ⊗ e′   1 e′"),
    ],
)
def test_one_level(group: str, label: str, line: str) -> None:
    assert line in output("jahn-teller", group, label)
    check_latex(output("jahn-teller", group, label, "--latex"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["selection", "Td", "--from", "A1"], "the operator with --operator"),
        (["selection", "Td", "--operator", "raman"], "the level with --from"),
        (["selection", "Td", "--to", "E"], "the level with --from"),
        (["selection", "Td", "--from", "A1", "--operator", "foo"], "'foo' is neither an operator, infrared"),
        (["selection", "Td", "--from", "A1", "--operator", "E1/2"], "'E1/2' is neither an operator"),
        (["selection", "Td", "--from", "Q", "--operator", "raman"], "the irreps of Td are A1, A2, E, T1, T2"),
        (["selection", "T", "--from", "E", "--operator", "1E"], "splits over the complex numbers"),
        (["selection", "Td", "--from", "Γ4", "--operator", "raman"], "ambiguous"),
        (["jahn-teller", "Td", "Q"], "the irreps of Td are A1, A2, E, T1, T2"),
        (["jahn-teller", "D500h"], "groups up to order 1000 are made"),
    ],
)
def test_refusals(arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)
