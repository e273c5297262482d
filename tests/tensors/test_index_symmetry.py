"""Index symmetries: three notations of one thing, the spaces that they describe, projection and components."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensors.twins import LETTERS, NOTATIONS, closure, cycle_lengths, places

from pointgroups import IndexSymmetryError, signed_permutations
from pointgroups.tensors.index_permutations import index_symmetry

every_notation = pytest.mark.parametrize(("relations", "jahn", "generators"), NOTATIONS, ids=[n[1] for n in NOTATIONS])


def _closure(relations, generators):
    return closure(len(relations.split("=")[0].split(",")[0]), [(places(word), sign) for word, sign in generators])


# -- notations ----------------------------------------------------------------------------------------------------


@every_notation
def test_notations_describe_one_group(relations, jahn, generators):
    expected = _closure(relations, generators)
    rank = len(next(iter(expected)))
    explicit = signed_permutations(rank, [(places(word), sign) for word, sign in generators])
    for symmetry in (index_symmetry(relations), index_symmetry(jahn), explicit):
        assert symmetry.rank == rank
        assert symmetry.group[0] == (tuple(range(rank)), 1)
        assert len(symmetry.group) == len(expected)
        assert dict(symmetry.group) == expected
        assert not symmetry.axial
        assert not symmetry.time_odd


@every_notation
def test_printed_notation_is_read_back(relations, jahn, generators):
    symmetry = index_symmetry(jahn)
    assert dict(index_symmetry(str(symmetry)).group) == dict(symmetry.group)


@pytest.mark.parametrize(
    ("text", "axial", "time_odd"),
    [("V[V2]", False, False), ("eV[V2]", True, False), ("εV[V2]", True, False), ("aV[V2]", False, True),
     ("aeV[V2]", True, True), ("eaV[V2]", True, True)],
)  # fmt: skip
def test_axial_and_time_odd(text, axial, time_odd):
    symmetry = index_symmetry(text)
    assert (symmetry.axial, symmetry.time_odd) == (axial, time_odd)
    assert symmetry.group == index_symmetry("V[V2]").group
    assert index_symmetry("ijk=ikj", axial=True).axial
    assert signed_permutations(3, [((0, 2, 1), 1)], axial=True).axial


@pytest.mark.parametrize(("text", "axial", "time_odd"), [("1", False, False), ("e", True, False), ("ae", True, True)])
def test_scalars(text, axial, time_odd):
    symmetry = index_symmetry(text)
    assert (symmetry.rank, symmetry.axial, symmetry.time_odd) == (0, axial, time_odd)
    place, sign = symmetry.components()
    assert place.shape == sign.shape == ()


def test_powers_and_spaces():
    assert index_symmetry("V3") == index_symmetry("VVV") == index_symmetry("ijk")
    assert index_symmetry(" V [ V 2 ] ") == index_symmetry("V[V2]")
    assert index_symmetry("ijk = ikj") == index_symmetry("ijk=ikj")
    assert dict(index_symmetry("[V2]2").group) == dict(index_symmetry("[V2][V2]").group)
    assert dict(index_symmetry("abc=acb").group) == dict(index_symmetry("ijk=ikj").group)


def test_a_symmetry_passes_through():
    symmetry = index_symmetry("[V2]")
    assert index_symmetry(symmetry) is symmetry


def test_symmetries_are_values():
    symmetry = index_symmetry("ij=ji")
    assert {symmetry: 1}[index_symmetry("[V2]")] == 1
    with pytest.raises(AttributeError):
        symmetry.rank = 3


# -- spaces -------------------------------------------------------------------------------------------------------


def _dimension(signed):
    """(1/|H|) Σ ε(σ) 3^{number of cycles}."""
    total = sum(e * 3 ** len(cycle_lengths(s)) for s, e in signed.items())
    assert total % len(signed) == 0
    return total // len(signed)


@every_notation
def test_number_of_independent_components(relations, jahn, generators):
    place, sign = index_symmetry(jahn).components()
    assert len(np.unique(place[sign != 0])) == _dimension(_closure(relations, generators))


@pytest.mark.parametrize("rank", [2, 3, 4, 5])
def test_symmetric_and_antisymmetric_powers(rank):
    place, sign = index_symmetry(f"[V{rank}]").components()
    assert len(np.unique(place[sign != 0])) == math.comb(rank + 2, 2)
    if rank <= 3:
        place, sign = index_symmetry(f"{{V{rank}}}").components()
        assert len(np.unique(place[sign != 0])) == math.comb(3, rank)


@every_notation
def test_projection_is_on_the_tensors_with_the_relations(relations, jahn, generators):
    symmetry = index_symmetry(jahn)
    tensors = np.random.default_rng(7).normal(size=(2, *(3,) * symmetry.rank))
    found = symmetry.project(tensors)
    assert found.shape == tensors.shape
    for word, sign in generators:
        straight = LETTERS[: symmetry.rank]
        assert np.allclose(found, sign * np.einsum(f"Z{word}->Z{straight}", found), atol=1e-14)
    assert np.allclose(symmetry.project(found), found, atol=1e-14)
    # orthogonal: what is taken away is orthogonal to what is left
    assert np.vdot(found, tensors - found) == pytest.approx(0, abs=1e-12)
    # and its trace is the dimension
    units = np.eye(3**symmetry.rank).reshape(-1, *(3,) * symmetry.rank) if symmetry.rank <= 5 else None
    if units is not None:
        trace = np.einsum("kk", symmetry.project(units).reshape(len(units), -1))
        assert trace == pytest.approx(_dimension(_closure(relations, generators)), abs=1e-9)


@every_notation
def test_components_rebuild_tensors(relations, jahn, generators):
    symmetry = index_symmetry(jahn)
    tensor = symmetry.project(np.random.default_rng(8).normal(size=(3,) * symmetry.rank))
    place, sign = symmetry.components()
    independent = np.full(place.max() + 1, np.nan)
    firsts = []
    for word in itertools.product(range(3), repeat=symmetry.rank):
        if sign[word] and np.isnan(independent[place[word]]):
            independent[place[word]] = tensor[word]
            assert sign[word] == 1, "the first component of an orbit is the independent one"
            firsts.append(int(place[word]))
    assert firsts == list(range(len(firsts)))
    assert np.abs(np.where(sign == 0, 0.0, independent[place] * sign) - tensor).max() < 1e-14
    assert np.abs(tensor[sign == 0]).max(initial=0.0) < 1e-14


@given(st.integers(1, 5), st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_random_generators(rank, seed, count):
    """Closure, dimension and projection for random signed permutations, or a refusal where they contradict."""
    rng = np.random.default_rng(seed)
    generators = [(tuple(int(k) for k in rng.permutation(rank)), int(rng.choice([1, -1]))) for _ in range(count)]
    try:
        expected = closure(rank, generators)
        possible = _dimension(expected) > 0
    except ValueError:
        possible = False
    if not possible:
        with pytest.raises(IndexSymmetryError, match="only T = 0"):
            signed_permutations(rank, generators)
        return
    symmetry = signed_permutations(rank, generators)
    assert dict(symmetry.group) == expected
    place, sign = symmetry.components()
    assert len(np.unique(place[sign != 0])) == _dimension(expected)
    tensor = symmetry.project(rng.normal(size=(3,) * rank))
    for s, e in generators:
        assert np.allclose(tensor.transpose(s), e * tensor)
    assert np.abs(tensor[sign == 0]).max(initial=0.0) < 1e-14


# -- errors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["ij=ji=-ji", "ij=-ij", "ijk=-jki", "ijk=jik,ijk=-ikj", "ijkl=jikl,ijkl=klij,ijkl=-ijlk", "{V4}", "{V5}"]
)
def test_symmetries_of_the_zero_tensor_alone_are_refused(text):
    with pytest.raises(IndexSymmetryError, match="in three dimensions only T = 0 has the index symmetry"):
        index_symmetry(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ij=jk", "'jk' is not a permutation of the indices of 'ij'"),
        ("ijk=ij", "'ij' is not a permutation"),
        ("ij=ji=", "'' is not a permutation"),
        ("ij=--ji", "'--ji' is not a permutation"),
        ("ii=ii", "names each index once"),
        ("-ij=ji", "without a sign"),
        ("ij,", "names each index once"),
        ("ij=ji,ijk=jik", "same number of indices"),
        ("[V2", "brackets hold a power of one factor"),
        ("[V{V2}]", "brackets hold a power of one factor"),
        ("[V2}", "brackets hold a power of one factor"),
        ("[V2]]", "beyond"),
        ("aaV", "cannot read the Jahn symbol 'aaV'"),
        ("[V0]", "not 0"),
        ("V13", "13 indices; at most 12"),
        ("Q", "cannot read 'Q': write relations such as"),
        ("IJ=JI", "cannot read 'IJ=JI'"),
        ("ij=j1", "cannot read 'ij=j1'"),
    ],
)
def test_errors_say_what_came(text, message):
    with pytest.raises(IndexSymmetryError, match=message.replace("[", r"\[").replace("{", r"\{")):
        index_symmetry(text)


@pytest.mark.parametrize(
    ("rank", "generator"), [(2, ((0, 0), 1)), (2, ((1, 0), 2)), (3, ((1, 0), 1)), (2, ((1, 0), 0)), (1, ((1,), 1))]
)
def test_what_is_no_signed_permutation_is_refused(rank, generator):
    with pytest.raises(IndexSymmetryError, match="not a signed permutation of 0 … "):
        signed_permutations(rank, [generator])
