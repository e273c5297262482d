"""GAP's tables: classes, characters, indicators and symmetrised squares of the abstract groups, setting by setting."""

import re

import numpy as np
import pytest
from cyclotomic import Exact, coefficients_of_text, exact, exact_rotations
from oracles.mulliken import reference_table, to_cartesian
from thirty_two import character, irreps

from pointgroups import point_group

GAP = reference_table("gap_point_groups")
every_gap_setting = pytest.mark.parametrize("setting", sorted(GAP))


def _cyclotomic(text):
    """GAP's notation: E(n)^k is e^{2πik/n}; sums and integer multiples of these."""
    text = re.sub(r"E\((\d+)\)\^(\d+)", r"(-1)**(2*\2/\1)", text.strip('"'))
    text = re.sub(r"E\((\d+)\)", r"(-1)**(2/\1)", text)
    return coefficients_of_text(re.sub(r"\*\*\((\d+)\*(\d+)/(\d+)\)", r"**Rational(\1*\2,\3)", text))


def _class_of_representatives(setting):
    """Our class for each of GAP's, through the representative operation."""
    group = point_group(setting)
    found = []
    for rotation in to_cartesian(setting, GAP[setting]["class_reps"]):
        g = int(np.abs(group.rotations - rotation).max(axis=(1, 2)).argmin())
        assert np.abs(group.rotations[g] - rotation).max() < 1e-12
        found.append(next(k for k, c in enumerate(group.classes) if g in c.indices))
    return found


def _matched_irreps(setting):
    """Our label for each of GAP's irreps, by exactly equal characters on GAP's classes."""
    group = point_group(setting)
    representatives = [group.classes[k].indices[0] for k in _class_of_representatives(setting)]
    labels = []
    for row in GAP[setting]["characters"]:
        theirs = np.array([[float(x) for x in _cyclotomic(text)] for text in row])
        theirs_exact = Exact(theirs.round().astype(np.int64))
        assert np.array_equal(theirs, theirs.round()), "an algebraic integer has integer coefficients"
        equal = [g.label for g in irreps(group, "C") if character(g)[representatives].equals(theirs_exact)]
        assert len(equal) == 1, f"{len(equal)} irreps have the characters {row}"
        labels.append(equal[0])
    return labels


@every_gap_setting
def test_classes(setting):
    group = point_group(setting)
    assert group.order == GAP[setting]["order"]
    classes = _class_of_representatives(setting)
    assert sorted(classes) == list(range(len(group.classes)))
    assert [group.classes[k].size for k in classes] == GAP[setting]["class_sizes"]


@every_gap_setting
def test_characters_exactly(setting):
    assert sorted(_matched_irreps(setting)) == sorted(point_group(setting).irreps)


@every_gap_setting
def test_indicators(setting):
    group = point_group(setting)
    for label, indicator in zip(_matched_irreps(setting), GAP[setting]["indicator2"], strict=True):
        assert group.irreps[label].indicator == indicator, label


@every_gap_setting
def test_symmetric_and_antisymmetric_squares(setting):
    group, labels = point_group(setting), _matched_irreps(setting)
    for kind, ours in (("sym2", group.symmetric_square), ("alt2", group.antisymmetric_square)):
        for label, row in zip(labels, GAP[setting][kind], strict=True):
            expected = {c: n for c, n in zip(labels, row, strict=True) if n}
            assert ours(label) == expected, f"{kind} of {label}"


def test_the_notation_is_read_rightly():
    assert _cyclotomic('"E(3)^2"') == coefficients_of_text("-1/2 - sqrt(3)*I/2")
    assert _cyclotomic('"-E(4)"') == coefficients_of_text("-I")
    assert exact_rotations(np.eye(3)).equals(exact(np.eye(3, dtype=int).tolist()))
