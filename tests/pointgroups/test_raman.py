"""Raman tensors: the law that defines them, completeness, and forms as Loudon prints them."""

import numpy as np
import pytest
import sympy
from thirty_two import every_group, every_setting

from pointgroups import point_group, raman_tensors, tensor_basis

a, b, c, d, e, f = sympy.symbols("a:f", real=True)
r3 = sympy.sqrt(3)


def numeric(name: str) -> dict[str, np.ndarray]:
    """Irrep → (parameters, d, 3, 3): the coefficient of each letter."""
    found = {}
    for label, matrices in raman_tensors(point_group(name)).items():
        letters = sorted(set().union(*(m.free_symbols for m in matrices)), key=str)
        found[label] = np.array(
            [[np.array(m.diff(letter).tolist(), dtype=float) for m in matrices] for letter in letters]
        )
    return found


@every_setting
def test_tensors_turn_as_the_vibrations_do(name: str) -> None:
    G = point_group(name)
    for label, tensors in numeric(name).items():
        for R, D in zip(G.rotations, G.real_irreps[label].matrices, strict=True):
            turned = np.einsum("ia,jb,pkab->pkij", R, R, tensors)
            np.testing.assert_allclose(turned, np.einsum("pjab,jk->pkab", tensors, D), atol=1e-12)


@every_setting
def test_they_are_all_that_the_basis_has(name: str) -> None:
    G = point_group(name)
    basis = tensor_basis("ij=ji", G)
    found = numeric(name)
    assert set(found) == {part.irrep for part in basis.parts}
    for label, tensors in found.items():
        rows = [row for row, at in zip(basis.rows, basis.labels, strict=True) if at.irrep == label]
        copies = len(rows) // G.real_irreps[label].dim
        assert len(tensors) == copies * G.real_irreps[label].commuting
        stacked = tensors.reshape(-1, 9)
        assert np.linalg.matrix_rank(stacked) == len(rows)
        assert np.linalg.matrix_rank(np.vstack([stacked, *rows])) == len(rows)


@every_group
def test_letters_are_named_once_and_in_order(name: str) -> None:
    letters = [
        sorted({str(x) for m in matrices for x in m.free_symbols})
        for matrices in raman_tensors(point_group(name)).values()
    ]
    flat = [letter for group in letters for letter in group]
    assert flat == list("abcdef"[: len(flat)])


def diagonal(*entries: object) -> list[list[object]]:
    return sympy.diag(*entries).tolist()


@pytest.mark.parametrize(
    ("name", "label", "expected"),
    [
        ("Oh", "A1g", [diagonal(a, a, a)]),
        ("Oh", "Eg", [diagonal(b, b, -2 * b), diagonal(-r3 * b, r3 * b, 0)]),
        ("T", "E", [diagonal(b + r3 * c, b - r3 * c, -2 * b), diagonal(c - r3 * b, c + r3 * b, -2 * c)]),
        ("D4h", "A1g", [diagonal(a, a, b)]),
        ("D4h", "B1g", [diagonal(c, -c, 0)]),
        ("C4", "E", [[[0, 0, e], [0, 0, -f], [e, -f, 0]], [[0, 0, f], [0, 0, e], [f, e, 0]]]),
        ("C3", "E", [[[c, d, e], [d, -c, -f], [e, -f, 0]], [[d, -c, f], [-c, -d, e], [f, e, 0]]]),
        ("D3", "E", [[[c, 0, 0], [0, -c, d], [0, d, 0]], [[0, -c, -d], [-c, 0, 0], [-d, 0, 0]]]),
        ("C1", "A", [[[a, d, e], [d, b, f], [e, f, c]]]),
    ],
)
def test_printed_forms(name: str, label: str, expected: list[list[list[object]]]) -> None:
    assert [m.tolist() for m in raman_tensors(point_group(name))[label]] == expected


def test_rotated_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="axes of a setting"):
        raman_tensors(point_group("D3").rotated(np.array([[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, 1]])))
