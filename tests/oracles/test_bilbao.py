"""All 37 settings of the Bilbao tables: operations, characters, labels, and equivalence of the irrep matrices."""

import json

import numpy as np
import pytest
from oracles.mulliken import DATA, SCHOENFLIES, mulliken_label, reference_table, to_cartesian
from thirty_two import SETTINGS, every_setting

from pointgroups import point_group

BILBAO = reference_table("bilbao_point_group_irreps")
MULLIKEN = json.loads((DATA / "mulliken_of_bilbao.json").read_text(encoding="utf-8"))
every_bilbao_setting = pytest.mark.parametrize("setting", sorted(BILBAO))


def _matched(setting):
    """For every Bilbao operation, the index of the same rotation in our group."""
    group = point_group(setting)
    theirs = to_cartesian(setting, BILBAO[setting]["ops"])
    distance = np.abs(group.rotations[None] - theirs[:, None]).max(axis=(2, 3))
    assert (distance.min(axis=1) < 1e-12).all(), "a Bilbao operation is not in the group"
    return distance.argmin(axis=1)


def _matrices(entry):
    return np.array(entry["re"]) + 1j * np.array(entry["im"])


@every_bilbao_setting
def test_rotations(setting):
    assert sorted(_matched(setting)) == list(range(point_group(setting).order))
    assert point_group(setting).schoenflies == SCHOENFLIES[setting]


@every_bilbao_setting
def test_labels_and_characters(setting):
    """Every Γ has, operation by operation, the characters of the irrep with the Mulliken label derived for it."""
    group, index = point_group(setting), _matched(setting)
    expected = MULLIKEN[setting]
    assert sorted(expected.values()) == sorted(group.irreps)
    for entry in BILBAO[setting]["irreps"]:
        chi = np.trace(_matrices(entry), axis1=1, axis2=2)
        close = [label for label, gamma in group.irreps.items() if np.abs(gamma.characters[index] - chi).max() < 1e-9]
        assert close == [expected[entry["label"]]], entry["label"]
        assert group.irreps[close[0]].indicator == entry["reality"]


@every_bilbao_setting
def test_matrices_are_equivalent(setting):
    """T = Σ_g Γ(g) X Γ_Bilbao(g)⁻¹ intertwines, and is invertible for a generic X."""
    group, index = point_group(setting), _matched(setting)
    rng = np.random.default_rng(1)
    for entry in BILBAO[setting]["irreps"]:
        theirs = _matrices(entry)
        ours = group.irreps[MULLIKEN[setting][entry["label"]]].matrices[index]
        d = theirs.shape[-1]
        x = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
        t = np.einsum("gij,jk,glk->il", ours, x, theirs.conj()) / len(theirs)
        assert np.abs(ours @ t - t @ theirs).max() < 1e-9
        assert np.linalg.cond(t) < 1 + 1e-9, "not a multiple of a unitary matrix"


@every_setting
def test_labels_by_the_rules(name):
    """The rules for Mulliken labels, applied to the characters of every setting, give the labels of the library."""
    group = point_group(name)
    for label, gamma in group.irreps.items():
        assert mulliken_label(group.schoenflies, group.rotations, gamma.characters) == label


@pytest.mark.parametrize(
    ("setting", "labels"),
    [
        ("-42m", "A1 B1 B2 A2 E"),
        ("-4m2", "A1 B2 A2 B1 E"),
        ("-62m", "A1' A1'' A2'' A2' E' E''"),
        ("-6m2", "A1' A2' A2'' A1'' E' E''"),
        ("622", "A1 A2 B1 B2 E2 E1"),
        ("6mm", "A1 A2 B1 B2 E2 E1"),
        ("432", "A1 A2 E T1 T2"),
        ("-43m", "A1 A2 E T2 T1"),
        ("4mm", "A1 B1 B2 A2 E"),
        ("mm2", "A1 A2 B2 B1"),
    ],
)
def test_known_crossings_between_bilbao_and_mulliken(setting, labels):
    """Γ1, Γ2, … in Mulliken's names; -4m2 permutes B1→B2→A2→B1 against -42m, -6m2 A1″ and A2′ against -62m."""
    assert list(MULLIKEN[setting].values()) == labels.split()


def test_order_of_irreps():
    """g before u, ′ before ″; then A, B, E, T; then subscripts; ¹E before ²E."""
    for name in SETTINGS:
        for mapping in (point_group(name).irreps, point_group(name).real_irreps):
            keys = []
            for label in mapping:
                bare = label.rstrip("gu'")
                ending = label[len(bare) :]
                letter = bare.lstrip("12")
                keys.append((ending in ("u", "''"), "ABET".index(letter[0]), letter[1:], bare))
            assert keys == sorted(keys), name
