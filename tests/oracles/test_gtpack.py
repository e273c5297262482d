"""GTPack's coupling coefficients, with GTPack's own irrep matrices: the same subspaces as Dirl's formula gives."""

import numpy as np
import pytest
import sympy
from oracles.mulliken import reference_table

from pointgroups import dirl

GTPACK = reference_table("gtpack_coupling")
INCOMPLETE = {
    ("T", "T", "T", "T"),
    *(("T_{h}", f"T_{{{a}}}", f"T_{{{b}}}", f"T_{{{'g' if a == b else 'u'}}}") for a in "gu" for b in "gu"),
}
"""Group and irreps of the five products in which the export holds one copy of two."""

_VALUES: dict[str, complex] = {}


def _value(text):
    if text not in _VALUES:
        _VALUES[text] = complex(sympy.sympify(text))
    return _VALUES[text]


def _irreps(group):
    operations = GTPACK["groups"][group]["ops"]
    return {
        label: np.array([[[_value(x) for x in row] for row in matrices[op]] for op in operations])
        for label, matrices in GTPACK["groups"][group]["matrices"].items()
    }


def _component(name):
    """``y_{T_{g}}`` → (1, "T_{g}"): components are called a; u, v; x, y, z."""
    letter, label = name.split("_", 1)
    return {"a": 0, "u": 0, "v": 1, "x": 0, "y": 1, "z": 2}[letter], label[1:-1]


def _blocks(group):
    """(a, b, c) → stored coefficients (d_a, d_b, d_c)."""
    irreps = _irreps(group)
    found = {}
    for pair, entries in GTPACK["coupling"][group].items():
        a, b = pair.split("|")
        for key, text in entries.items():
            (i, _), (j, _), (k, c) = (_component(part) for part in key.split("|"))
            shape = tuple(irreps[label].shape[-1] for label in (a, b, c))
            found.setdefault((a, b, c), np.zeros(shape, dtype=complex))[i, j, k] = _value(text)
    return irreps, found


@pytest.mark.parametrize("group", sorted(GTPACK["groups"]))
def test_same_span_of_copies(group):
    irreps, blocks = _blocks(group)
    for a, left in irreps.items():
        for b, right in irreps.items():
            for c, target in irreps.items():
                where = f"{group}: {a} ⊗ {b} → {c}"
                ours = dirl(left, right, target)
                theirs = blocks.get((a, b, c))
                assert (theirs is None) == (len(ours) == 0), where
                if theirs is None:
                    continue
                stored = theirs[None]
                expected = len(stored) + ((group, a, b, c) in INCOMPLETE)
                assert len(ours) == expected, where
                # Coordinates of their copies in ours: by Schur's lemma an isometry, unitary when both hold all copies.
                unitary = np.einsum("mijk,nijk->mn", ours.conj(), stored) / target.shape[-1]
                assert np.abs(np.einsum("mn,mijk->nijk", unitary, ours) - stored).max() < 1e-12, where
                assert np.abs(unitary.conj().T @ unitary - np.eye(len(stored))).max() < 1e-12, where


def test_the_export_has_the_holes_it_is_known_for():
    holes = set()
    for group in ("T", "T_{h}"):
        irreps, blocks = _blocks(group)
        holes |= {(group, *triple) for triple in blocks if len(dirl(*(irreps[label] for label in triple))) == 2}
    assert holes == INCOMPLETE
