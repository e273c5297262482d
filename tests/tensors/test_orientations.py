"""A group turned so that it fits a tensor: exact fits are found again, and no rotation of a fine grid does better."""

import itertools
from functools import cache

import numpy as np
import pytest
from tensors.twins import rotated
from thirty_two import GROUPS, every_group, every_setting, random_rotation

from pointgroups import (
    best_orientation,
    compatible_orientations,
    identify_point_group,
    invariant_tensors,
    point_group,
    project_tensor,
)

EXACT = 1e-8
ranks = pytest.mark.parametrize("rank", [1, 2, 3, 4])
parities = pytest.mark.parametrize("axial", [False, True], ids=["polar", "axial"])


def invariant(name: str, notation: str, axial: bool = False, seed: int = 0) -> np.ndarray:
    """A random tensor that the group leaves unchanged, in the axes of its setting, of norm 1; zero if there is none."""
    basis = invariant_tensors(point_group(name), notation, axial)
    tensor = np.tensordot(np.random.default_rng(seed).normal(size=len(basis)), basis, axes=1)
    return tensor / (np.linalg.norm(tensor) or 1.0)


def noise(rank: int, seed: int = 1) -> np.ndarray:
    tensor = np.random.default_rng(seed).normal(size=(3,) * rank)
    return tensor / np.linalg.norm(tensor)


def agree(tensor: np.ndarray, fit, axial: bool = False) -> None:
    """The residual is that of the projection on the group as it was turned."""
    assert project_tensor(tensor, fit.group, axial=axial).residual == pytest.approx(fit.residual, abs=EXACT)


# -- exact fits ---------------------------------------------------------------------------------------------------


@every_group
@ranks
@parities
def test_a_turned_invariant_tensor_is_fitted(name, rank, axial):
    turn = random_rotation(GROUPS.index(name))
    tensor = rotated(invariant(name, "ijkl"[:rank], axial), turn, rank, axial)
    fit = best_orientation(tensor, point_group(name), axial)
    assert fit.residual < EXACT
    assert fit.group.name == name
    agree(tensor, fit, axial)


@every_group
@pytest.mark.parametrize("notation", ["ijkl=jikl=klij", "ijk=ikj"])
def test_a_noisy_tensor_is_fitted_no_worse_than_by_its_true_axes(name, notation):
    rank = notation.index("=")
    turn = random_rotation(100 + GROUPS.index(name))
    tensor = rotated(invariant(name, notation), turn, rank) + 0.05 * noise(rank)
    fit = best_orientation(tensor, point_group(name))
    assert fit.residual <= project_tensor(tensor, point_group(name).rotated(turn)).residual + EXACT
    agree(tensor, fit)


@every_setting
@pytest.mark.parametrize("notation", ["ijkl=jikl=klij", "ijk=ikj"])
def test_a_tensor_in_the_axes_of_the_setting_needs_no_turn(name, notation):
    fit = best_orientation(invariant(name, notation), point_group(name))
    assert fit.group.name == point_group(name).name
    assert np.allclose(fit.group.frame, np.eye(3), atol=1e-9)


def test_the_frame_that_a_group_comes_in_does_not_matter():
    Td = point_group("Td")
    plain, again = (best_orientation(noise(3), group) for group in (Td, Td.rotated(random_rotation(7))))
    assert plain.residual == again.residual
    assert np.array_equal(plain.group.frame, again.group.frame)


# -- the least angle ----------------------------------------------------------------------------------------------


def about(axis: int, angles: np.ndarray) -> np.ndarray:
    """Rotations (n, 3, 3) about a coordinate axis."""
    i, j = (axis + 1) % 3, (axis + 2) % 3
    found = np.tile(np.eye(3), (len(angles), 1, 1))
    found[:, i, i] = found[:, j, j] = np.cos(angles)
    found[:, j, i] = np.sin(angles)
    found[:, i, j] = -found[:, j, i]
    return found


@pytest.mark.parametrize("name", ["C3", "C3i", "C4", "S4", "C4h", "C6", "C6h"])
def test_the_shortest_turn_about_an_axis_that_leaves_the_group_free(name):
    """A single axis fixes a group up to turns about it; no turn about it makes the whole angle smaller."""
    tensor = rotated(invariant(name, "ijkl=jikl=klij"), random_rotation(3), 4)
    fit = best_orientation(tensor, point_group(name))
    assert fit.residual < EXACT
    turns = fit.group.frame @ about(2, np.linspace(0, 2 * np.pi, 721))
    assert np.trace(fit.group.frame) >= np.trace(turns, axis1=1, axis2=2).max() - 1e-6


@pytest.mark.parametrize("name", ["C2", "Cs", "C2v", "D2d", "C4v", "D6"])
def test_the_shortest_turn_about_the_axis_of_a_uniaxial_tensor(name):
    axis = random_rotation(5)[:, 0]
    tensor = np.eye(3) + np.outer(axis, axis)
    frame = best_orientation(tensor, point_group(name)).group.frame
    around = random_rotation(5) @ about(0, np.linspace(0, 2 * np.pi, 721)) @ random_rotation(5).T @ frame
    assert np.trace(frame) >= np.trace(around, axis1=1, axis2=2).max() - 1e-6


# -- all groups of a tensor ---------------------------------------------------------------------------------------


@cache
def subgroups(name: str) -> set[str]:
    """Names of the subgroups: closures of three elements."""
    group = point_group(name)
    closures = {frozenset([0])}
    for _ in range(3):
        closures |= {closed(group.product, [*c, g]) for c in list(closures) for g in range(group.order)}
    return {identify_point_group(group.rotations[sorted(c)]).group.name for c in closures}


def closed(product: np.ndarray, members: list[int]) -> frozenset[int]:
    found = set(members)
    while True:
        more = {int(product[a, b]) for a, b in itertools.product(found, repeat=2)} | found
        if len(more) == len(found):
            return frozenset(found)
        found = more


@every_group
@pytest.mark.parametrize(("rank", "axial"), [(2, False), (1, True)])
def test_subgroups_fit_whatever_the_group_allows(name, rank, axial):
    tensor = rotated(invariant(name, "ij"[:rank], axial), random_rotation(GROUPS.index(name)), rank, axial)
    found = compatible_orientations(tensor, axial)
    assert subgroups(name) <= set(found)
    for fit in found.values():
        assert fit.residual < EXACT
        agree(tensor, fit, axial)


@pytest.mark.parametrize(
    ("name", "notation", "names"),
    [
        ("D3d", "ijkl=jikl=klij", "D3d C3i D3 C3v C2h C3 Ci C2 Cs C1"),
        ("Td", "ijk=ikj", "Td D2d T C3v S4 D2 C2v C3 C2 Cs C1"),
        ("C4h", "ijkl=ikjl", "C4h C4 S4 C2h C2 Cs Ci C1"),
        ("C2v", "i", "C6v C4v C3v C6 C4 C3 C2v C2 Cs C1"),
    ],
)
def test_the_groups_of_a_generic_tensor_are_the_subgroups_of_its_symmetry(name, notation, names):
    rank = (notation + "=").index("=")
    found = compatible_orientations(rotated(invariant(name, notation), random_rotation(11), rank))
    assert set(found) == set(names.split())
    orders = [fit.group.order for fit in found.values()]
    assert orders == sorted(orders, reverse=True)


def proper_groups() -> set[str]:
    return {name for name in GROUPS if (point_group(name).determinants > 0).all()}


@pytest.mark.parametrize(
    ("tensor", "axial", "all_of_them"),
    [
        (np.eye(3), False, True),
        (np.eye(3), True, False),
        (np.cross(np.eye(3)[:, None], np.eye(3)), False, False),
        (np.cross(np.eye(3)[:, None], np.eye(3)), True, True),
        (np.einsum("ij,kl->ijkl", np.eye(3), np.eye(3)), False, True),
        (np.array(2.5), False, True),
        (np.array(2.5), True, False),
    ],
)
def test_isotropic_tensors_fit_every_group_that_has_a_scalar(tensor, axial, all_of_them):
    found = compatible_orientations(tensor, axial)
    assert set(found) == (set(GROUPS) if all_of_them else proper_groups())
    assert all(np.allclose(fit.group.frame, np.eye(3)) for fit in found.values())
    if not all_of_them:
        assert best_orientation(tensor, point_group("Ci"), axial).residual == pytest.approx(1.0)


@ranks
def test_the_zero_tensor_fits_every_group_as_it_stands(rank):
    found = compatible_orientations(np.zeros((3,) * rank))
    assert set(found) == set(GROUPS)
    for fit in found.values():
        assert fit.residual == 0.0
        assert np.array_equal(fit.group.frame, np.eye(3))


def test_the_tolerance_is_relative():
    tensor = 1e-9 * np.diag([1.0, 1.1, 2.0])
    assert "D4h" not in compatible_orientations(tensor)
    assert "D4h" in compatible_orientations(tensor, tolerance=0.03)


@pytest.mark.parametrize(
    ("tensor", "message"),
    [
        (np.diag([1.0, np.nan, 1.0]), "finite"),
        (np.full((3, 3, 3), np.inf), "finite"),
        (np.ones((3, 2)), "3"),
        (np.ones((2, 2)), "3"),
        (np.ones((6, 6)), "3"),
    ],
)
def test_bad_tensors_are_refused(tensor, message):
    with pytest.raises(ValueError, match=message):
        best_orientation(tensor, point_group("D4h"))
    with pytest.raises(ValueError, match=message):
        compatible_orientations(tensor)


# -- the slow twin ------------------------------------------------------------------------------------------------


def grid(steps: int) -> np.ndarray:
    """Euler angles in equal steps: (2 steps² (steps + 1), 3, 3)."""
    full = np.arange(2 * steps) * np.pi / steps
    a, b, c = (m.ravel() for m in np.meshgrid(full, np.arange(steps + 1) * np.pi / steps, full[:steps] * 2))
    return about(2, a) @ about(1, b) @ about(2, c)


def turned(tensor: np.ndarray, rotations: np.ndarray) -> np.ndarray:
    """(n, 3, …, 3) the tensor turned by each rotation."""
    letters = "ijkl"[: tensor.ndim]
    factors = ",".join(f"n{letter}{letter.upper()}" for letter in letters)
    return np.einsum(
        f"{factors},{letters.upper()}->n{letters}", *([rotations] * tensor.ndim), tensor, optimize="greedy"
    )


def residuals_by_hand(tensor: np.ndarray, name: str, frames: np.ndarray) -> np.ndarray:
    """‖T − ⟨T⟩‖/‖T‖ in the axes of the setting, for frames from these axes to those of the tensor."""
    in_setting = turned(tensor, np.swapaxes(frames, 1, 2))
    flat = in_setting.reshape(len(frames), -1)
    mean = np.zeros_like(flat)
    for matrix in point_group(name).rotations:
        power = matrix
        for _ in range(tensor.ndim - 1):
            power = np.kron(power, matrix)
        mean += flat @ power.T / point_group(name).order
    return np.linalg.norm(flat - mean, axis=1) / np.linalg.norm(tensor)


@pytest.mark.parametrize(
    ("name", "rank"),
    [("C4v", 1), ("C2h", 2), ("D4h", 2), ("C2v", 3), ("Td", 3), ("D3h", 3), ("D3d", 4), ("Oh", 4), ("C2", 4)],
)
def test_no_rotation_of_a_fine_grid_fits_better(name, rank):
    tensor = noise(rank, seed=rank)
    fit = best_orientation(tensor, point_group(name))
    found = residuals_by_hand(tensor, name, np.concatenate([fit.group.frame[None], grid(14)]))
    assert found[0] == pytest.approx(fit.residual, abs=EXACT)
    assert found[1:].min() >= fit.residual - EXACT
