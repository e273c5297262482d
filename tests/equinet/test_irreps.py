"""Direct sums of irreps: text, layout, algebra and the representation they stand for."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from random_irreps import random_irreps, random_pairs
from thirty_two import every_group, random_rotation

from equinet import O3, SO3, Irreps
from equinet.isotypic import assemble, isotypic_parts
from pointgroups import UnknownIrrepError, point_group

SAME = ["16x A1g + 8x T1u", "16xA1g+8xT1u", " 16 x A1g+ 8× T1u ", {"A1g": 16, "T1u": 8}, [(16, "A1g"), (8, "T1u")]]


@pytest.mark.parametrize("spec", SAME)
def test_spellings_of_one_sum(spec: object) -> None:
    irreps = Irreps("m-3m", spec)
    assert irreps == Irreps(32, "16x A1g + 8x T1u")
    assert hash(irreps) == hash(Irreps("Oh", "16x A1g + 8x T1u"))
    assert irreps.dim == 40
    assert str(irreps) == "16x A1g + 8x T1u"


@every_group
def test_text_reads_back(name: str, space) -> None:
    irreps = space(name)
    assert Irreps(name, str(irreps)) == irreps
    assert repr(irreps) == f"Irreps({name!r}, {str(irreps)!r})"
    build, arguments = irreps.__reduce__()
    assert build(*arguments) == irreps
    assert copy.deepcopy(irreps) is irreps


@every_group
def test_matrices_are_a_representation(name: str, space) -> None:
    irreps, group = space(name), point_group(name)
    matrices = irreps.matrices
    assert matrices.shape == (group.order, irreps.dim, irreps.dim)
    assert not matrices.flags.writeable
    np.testing.assert_allclose(matrices[:, None] @ matrices[None], matrices[group.product], atol=1e-13)


@every_group
def test_regular_representation_has_the_character_of_translation(name: str) -> None:
    group = point_group(name)
    regular = Irreps.regular(name, 3)
    assert regular.dim == 3 * group.order
    character = np.trace(regular.matrices, axis1=1, axis2=2)
    np.testing.assert_allclose(character, [3 * group.order] + [0] * (group.order - 1), atol=1e-12)


@every_group
def test_tensor_product_has_the_product_character(name: str, space) -> None:
    a, b = space(name), Irreps.regular(name)
    product = sum(block.multiplicity * block.irrep.characters for block in a.tensor_product(b))
    expected = np.trace(a.matrices, axis1=1, axis2=2) * np.trace(b.matrices, axis1=1, axis2=2)
    np.testing.assert_allclose(product, expected, atol=1e-10)


@every_group
def test_isotypic_parts_put_together_are_the_features(name: str, space) -> None:
    irreps = space(name)
    features = torch.randn(2, 3, irreps.dim)
    parts = isotypic_parts(features, irreps)
    assert {label: part.shape[-2] for label, part in parts.items()} == {a: irreps.count(a) for a in irreps.labels}
    assert assemble(parts, irreps, features).equal(features)


def test_algebra() -> None:
    irreps = Irreps("Oh", "2x A1g + T1u")
    assert irreps + irreps == Irreps("Oh", "2x A1g + T1u + 2x A1g + T1u")
    assert 3 * irreps == irreps * 3 == Irreps("Oh", "6x A1g + 3x T1u")
    assert Irreps("Oh", "T1u + A1g + 2x A1g + Eg").simplify() == Irreps("Oh", "T1u + 3x A1g + Eg")
    assert Irreps("Oh", "T1u + A1g + Eg").sort() == Irreps("Oh", "A1g + Eg + T1u")
    assert Irreps("Oh", "T1u + A1g + 2x T1u").filter(["T1u"]) == Irreps("Oh", "T1u + 2x T1u")
    assert irreps.count("A1g") == 2
    assert irreps.count("T2g") == 0
    assert irreps.slices() == (slice(0, 2), slice(2, 5))
    assert Irreps("Oh").dim == 0
    assert Irreps("Oh", "0x A1g + T1u") == Irreps("Oh", "T1u")


O3_SPELLINGS = ["16x0e+8x1o", "16x 0e + 8x 1o", {"0e": 16, "1o": 8}, [(16, "0e"), (8, "1o")]]


@pytest.mark.parametrize("spec", O3_SPELLINGS)
def test_spellings_of_one_sum_of_all_rotations(spec: object) -> None:
    irreps = Irreps(O3(3), spec)
    assert irreps == Irreps(O3(3), "16x 0e + 8x 1o")
    assert irreps != Irreps(O3(2), "16x 0e + 8x 1o")
    assert repr(irreps) == "Irreps(O3(3), '16x 0e + 8x 1o')"
    assert copy.deepcopy(irreps) is irreps
    build, arguments = irreps.__reduce__()
    assert build(*arguments) == irreps


def test_matrix_of_a_rotation() -> None:
    irreps = Irreps(O3(2), "2x 0o + 1o + 2e")
    turns = np.stack([random_rotation(0), -random_rotation(1), -random_rotation(0) @ random_rotation(1)])
    matrices = irreps.matrix(turns)
    assert matrices.shape == (3, 10, 10)
    assert not matrices.flags.writeable
    np.testing.assert_allclose(matrices[0] @ matrices[1], irreps.matrix(turns[0] @ turns[1]), atol=1e-13)
    np.testing.assert_allclose(matrices[1][:2, :2], -np.eye(2), atol=1e-13)
    np.testing.assert_allclose(Irreps(SO3(1), "1").matrix(turns[0]), irreps.matrix(turns[0])[2:5, 2:5], atol=1e-13)


@given(random_pairs())
def test_spellings_and_orders_of_a_random_sum(pair: tuple[Irreps, Irreps]) -> None:
    irreps, other = pair
    assert Irreps(irreps.group, str(irreps)) == irreps
    assert Irreps(irreps.group, str(irreps).replace(" ", "")) == irreps
    assert Irreps(irreps.group, list(irreps)) == irreps
    assert irreps.simplify().simplify() == irreps.simplify()
    assert irreps.regroup().sort() == irreps.regroup() == irreps.simplify().regroup() == irreps.sort().simplify()
    assert len(irreps.regroup()) == len(irreps.labels)
    for same in (irreps.simplify(), irreps.sort(), irreps.regroup()):
        assert same.dim == irreps.dim
        assert [same.count(label) for label in same.group.real_irreps] == [
            irreps.count(a) for a in irreps.group.real_irreps
        ]
    assert (irreps + other).dim == irreps.dim + other.dim
    assert irreps.tensor_product(other) == other.tensor_product(irreps) == irreps.regroup().tensor_product(other)
    assert irreps[:1] + irreps[1:] == irreps


@given(random_irreps(), st.data())
def test_filter_keeps_and_drops(irreps: Irreps, data: st.DataObject) -> None:
    labels = data.draw(st.sets(st.sampled_from(list(irreps.group.real_irreps))))
    kept, dropped = irreps.filter(labels), irreps.filter(drop=labels)
    assert set(kept.labels) <= labels
    assert kept.dim + dropped.dim == irreps.dim
    assert (kept + dropped).regroup() == irreps.regroup()
    assert all((label in irreps) == (irreps.count(label) > 0) for label in irreps.group.real_irreps)


def test_blocks_as_a_sequence() -> None:
    irreps = Irreps("Oh", "2x A1g + T1u + 3x A1g")
    assert len(irreps) == 3
    assert [block.label for block in irreps] == ["A1g", "T1u", "A1g"]
    assert irreps[-1] == (3, point_group("Oh").real_irreps["A1g"])
    assert irreps[::2] == Irreps("Oh", "2x A1g + 3x A1g")
    assert irreps[1] in irreps
    assert point_group("Oh").real_irreps["T1u"] in irreps
    assert "T1u" in irreps
    assert "T2g" not in irreps
    assert (4, irreps[1].irrep) not in list(irreps)
    assert irreps.filter("T1u") == irreps.filter(drop="A1g") == Irreps("Oh", "T1u")
    with pytest.raises(IndexError):
        irreps[3]
    with pytest.raises(UnknownIrrepError, match="T1"):
        _ = "T1" in irreps


def test_random_features_are_those_of_the_generator() -> None:
    irreps = Irreps("Oh", "2x A1g + T1u")
    first, second = (irreps.randn(7, 3, generator=torch.Generator().manual_seed(5)) for _ in range(2))
    assert first.shape == (7, 3, 5)
    assert first.equal(second)
    assert irreps.randn(2, dtype=torch.float64).dtype == torch.float64
    assert irreps.randn().shape == (5,)


def test_primes_in_any_type() -> None:
    assert Irreps("D3h", "A1′ + 2x E″") == Irreps("-6m2", {"A1'": 1, "E''": 2})


@pytest.mark.parametrize(
    ("group", "spec", "error", "text"),
    [
        ("Oh", "A1", UnknownIrrepError, "A1g, A2g, Eg, T1g, T2g, A1u"),
        ("Oh", "2T1u", UnknownIrrepError, "write '2x T1u'"),
        ("C3", "1E", UnknownIrrepError, "over the complex numbers"),
        ("C3", "2E", UnknownIrrepError, "write '2x E'"),
        ("Oh", "A1g T1u", ValueError, "write e.g."),
        ("Oh", "A1g + ", ValueError, "cannot read"),
        ("Oh", "-2x A1g", ValueError, "-2x A1g"),
        ("Oh", [(-2, "A1g")], ValueError, "integer ≥ 0"),
        ("Oh", [(1.5, "A1g")], ValueError, "integer ≥ 0"),
        (O3(2), "3o", UnknownIrrepError, "these are 0e, 0o, 1e, 1o, 2e, 2o"),
        (O3(2), "2o1", UnknownIrrepError, "is not an irrep of O3"),
        (O3(2), [(1, O3(3).real_irreps["1o"])], ValueError, "1o of O.3. is no irrep of O"),
        (SO3(2), "0e", UnknownIrrepError, "is not an irrep of SO3.2.; these are 0, 1, 2"),
        ("Oh", [(1, point_group("O").real_irreps["A1"])], ValueError, "A1 of O"),
        ("Oh", [(1, point_group("Oh").irreps["A1g"])], ValueError, "real numbers"),
    ],
)
def test_refusals_say_what_is_allowed(group: object, spec: object, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text.replace("+", r"\+")):
        Irreps(group, spec)


def test_what_needs_a_finite_group_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a regular representation needs a finite group, and O\(3\) is infinite"):
        Irreps.regular(O3(2))
    with pytest.raises(ValueError, match=r"Irreps\.matrix takes a rotation"):
        _ = Irreps(SO3(2), "1").matrices
    with pytest.raises(ValueError, match=r"Irreps\.matrices\[g\]"):
        Irreps("Oh", "A1g").matrix(np.eye(3))


def test_irreps_of_two_groups_do_not_combine() -> None:
    with pytest.raises(ValueError, match="different groups"):
        Irreps("Oh", "A1g") + Irreps("O", "A1")
    with pytest.raises(ValueError, match="different groups"):
        Irreps(O3(2), "0e") + Irreps(O3(3), "0e")


def test_values_are_immutable() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        Irreps("Oh", "A1g").blocks = ()


def test_features_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="have 5 components"):
        isotypic_parts(torch.zeros(2, 6), Irreps("Oh", "2x A1g + T1u"))
