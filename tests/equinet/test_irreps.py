"""Direct sums of irreps: text, layout, algebra and the representation they stand for."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from thirty_two import every_group

from equinet import Irreps
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
    product = np.trace(a.tensor_product(b).matrices, axis1=1, axis2=2)
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
        ("Oh", [(1, point_group("O").real_irreps["A1"])], ValueError, "A1 of O"),
        ("Oh", [(1, point_group("Oh").irreps["A1g"])], ValueError, "real numbers"),
    ],
)
def test_refusals_say_what_is_allowed(group: str, spec: object, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text.replace("+", r"\+")):
        Irreps(group, spec)


def test_irreps_of_two_groups_do_not_combine() -> None:
    with pytest.raises(ValueError, match="different groups"):
        Irreps("Oh", "A1g") + Irreps("O", "A1")


def test_values_are_immutable() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        Irreps("Oh", "A1g").blocks = ()


def test_features_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="have 5 components"):
        isotypic_parts(torch.zeros(2, 6), Irreps("Oh", "2x A1g + T1u"))
