"""Exact numbers and labels as they are printed, against the values they stand for."""

import re

import numpy as np
import pytest
from thirty_two import every_group, every_setting

from pointgroups import point_group
from pointgroups.command import notation
from pointgroups.exact import value


def evaluated(text: str) -> complex:
    """The value of a printed number such as −1/2 + i√3/2."""
    python = text.replace("−", "-").replace("i", "1j")
    python = re.sub(r"(?<=[\dj])√", "*√", python)
    python = re.sub(r"√(\d+)", r"\1**0.5", python)
    return complex(eval(python, {"__builtins__": {}}))


def tokens_of(name: str) -> set[str]:
    """Every number that occurs in the irreps and the harmonics of a group."""
    G = point_group(name)
    found = {token for irrep in G.irreps.values() for token in irrep.exact_matrices.tokens()}
    return found.union(*(token for degree in range(7) for token in G.harmonics(degree).tokens))


@every_group
def test_printed_numbers_have_the_value_of_their_tokens(name: str) -> None:
    for token in tokens_of(name):
        assert evaluated(notation.number(token).text) == pytest.approx(value(token), abs=1e-14), token


@pytest.mark.parametrize(
    ("token", "text", "latex"),
    [
        ("0", "0", "0"),
        ("-1", "−1", "-1"),
        ("-1/2", "−1/2", r"-\frac{1}{2}"),
        ("sqrt(3)/2", "√3/2", r"\frac{\sqrt{3}}{2}"),
        ("-sqrt(2)/2", "−1/√2", r"-\frac{1}{\sqrt{2}}"),
        ("sqrt(6)/3", "√6/3", r"\frac{\sqrt{6}}{3}"),
        ("-1/2+sqrt(3)*I/2", "−1/2 + i√3/2", r"-\frac{1}{2} + \frac{\mathrm{i}\sqrt{3}}{2}"),
        ("0.707106781187", "0.7071067812", "0.7071067812"),
        ("-0.5", "−0.5000000000", "-0.5000000000"),
        ("0.5-0.25*I", "0.5000000000 − 0.2500000000i", r"0.5000000000 - 0.2500000000\mathrm{i}"),
        ("-0.000000000002", "0", "0"),
        ("0.5-0.000000000002*I", "0.5000000000", "0.5000000000"),
        ("0.5-1*I", "0.5000000000 − i", r"0.5000000000 - \mathrm{i}"),
    ],
)
def test_number(token: str, text: str, latex: str) -> None:
    assert notation.number(token) == (text, latex)


def test_decimals_in_a_combination_have_no_zeros_behind() -> None:
    names = [notation.Written(name, name) for name in "abcd"]
    found = notation.combination(["0.5", "-1", "0", "0.25-0.1*I"], names)
    assert found.text == "0.5 a − b + (0.25 − 0.1i) d"
    assert found.latex == r"0.5\,a - b + (0.25 - 0.1\mathrm{i})\,d"


@pytest.mark.parametrize(("token", "symbol"), [(token, w.text) for token, w in notation.ROOTS_OF_UNITY.items()])
def test_roots_of_unity_are_what_their_symbols_say(token: str, symbol: str) -> None:
    omega = np.exp(2j * np.pi / 3)
    named = {"ω": omega, "ω*": omega.conjugate(), "i": 1j}
    expected = -named[symbol[1:]] if symbol.startswith("−") else named[symbol]
    assert value(token) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(
    ("typed", "label"),
    [("T1u", "T1u"), ("t1u", "T1u"), ("T_1u", "T1u"), ("¹Eg", "1Eg"), ("A2″", "A2''"), ('A2"', "A2''"), ("a′", "A'")],
)
def test_typed_labels(typed: str, label: str) -> None:
    assert notation.typed_label(typed) == label


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2*z**2-x**2-y**2", ("2z² − x² − y²", "2z^{2} - x^{2} - y^{2}")),
        ("sqrt(3)*(x**2-y**2)", ("√3(x² − y²)", r"\sqrt{3}(x^{2} - y^{2})")),
        ("(x**2-y**2)+I*2*x*y", ("x² − y² + 2ixy", r"x^{2} - y^{2} + 2\mathrm{i}xy")),
        ("Rx-I*Ry", ("Rx − iRy", r"R_{x} - \mathrm{i}R_{y}")),
    ],
)
def test_function(text: str, written: tuple[str, str]) -> None:
    assert notation.function(text) == written


@every_setting
def test_every_name_in_every_table_can_be_written(name: str) -> None:
    G = point_group(name)
    for element in (*G.elements, *(c.label for c in G.classes)):
        written = notation.element(element)
        assert written.text.replace("−", "-").replace("′", "'").replace("″", "''") == element.replace("−", "-")
        assert written.latex.isascii()
    for label in (*G.irreps, *G.real_irreps):
        assert notation.typed_label(notation.irrep_label(label).text) == label
