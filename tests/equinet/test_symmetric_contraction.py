"""The symmetric contraction: complete by the character formula, symmetric, equivariant, equal to loops."""

from __future__ import annotations

import copy
import math
from itertools import permutations, product

import numpy as np
import pytest
import torch
from thirty_two import every_group, power_map
from torch import Tensor, nn

from equinet import O3, SO3, Irreps, SymmetricContraction, assert_equivariant
from equinet.isotypic import isotypic_parts
from equinet.layers.covariant_polynomials import covariant_polynomials, monomials
from pointgroups import point_group

every_order = pytest.mark.parametrize("order", [1, 2, 3])


def small_space(name: str) -> Irreps:
    """The vector, the last irrep of the group and its first one, each irrep once: of dimension at most 7."""
    group, labels = point_group(name), list(point_group(name).real_irreps)
    return Irreps(name, dict.fromkeys([next(iter(labels)), *group.subduce(1), *labels[-1:]], 1))


def symmetric_power_character(space: Irreps, degree: int) -> np.ndarray:
    """χ of Sym^ν V by h_ν = (1/ν) Σ_k p_k h_{ν−k}, p_k(g) = χ_V(g^k)."""
    chi = sum(block.multiplicity * block.irrep.characters for block in space.blocks)
    powers = [chi[power_map(space.group.product, k)] for k in range(1, degree + 1)]
    complete = [np.ones(space.group.order)]
    for n in range(1, degree + 1):
        complete.append(sum(p * h for p, h in zip(powers[:n], complete[::-1], strict=True)) / n)
    return complete[degree]


@every_order
@every_group
def test_covariants_number_what_the_characters_say(name: str, order: int) -> None:
    """dim Hom_G(Sym^ν V, Γ^γ) = (1/|G|) Σ_g χ_{Sym^ν V}(g) χ_γ(g) for every irrep γ."""
    space = small_space(name)
    for label, irrep in space.group.real_irreps.items():
        expected = symmetric_power_character(space, order) @ irrep.characters.real / space.group.order
        assert covariant_polynomials(space, order, label).shape[1] == round(expected)
        assert expected == pytest.approx(round(expected))


@every_order
@every_group
def test_covariants_are_complete_and_independent(name: str, order: int) -> None:
    """Together they are a basis of all polynomials of the degree, but for J: for γ of complex type B and B J share."""
    space = small_space(name)
    columns = []
    for label, irrep in space.group.real_irreps.items():
        polynomials = covariant_polynomials(space, order, label)
        if maps := list(polynomials.transpose(1, 0, 2)):
            assert np.linalg.matrix_rank(np.reshape(maps, (len(maps), -1))) == len(maps)
        columns.append(polynomials[:, :: len(irrep.commutant)].reshape(len(polynomials), -1))
    basis = np.concatenate(columns, axis=1)
    assert basis.shape == (math.comb(space.dim + order - 1, order),) * 2
    assert np.linalg.matrix_rank(basis) == len(basis)


@every_order
@every_group
def test_symmetric_tensors_are_intertwiners(name: str, order: int) -> None:
    """U_{i1…iν, k}, symmetric in all i, with D ⊗ … ⊗ D U = U Γ for every element; U(x, …, x) = B(x)."""
    space = small_space(name)
    x = np.random.default_rng(0).normal(size=space.dim)
    matrices = space.matrices
    for label, irrep in space.group.real_irreps.items():
        polynomials = covariant_polynomials(space, order, label)
        u = np.zeros((*(space.dim,) * order, *polynomials.shape[1:]))
        for monomial, row in zip(monomials(space.dim, order), polynomials, strict=True):
            orderings = set(permutations(monomial))
            for indices in orderings:
                u[indices] = row / len(orderings)
        value, turned = u, np.broadcast_to(u, (space.group.order, *u.shape))
        for axis in range(order):
            value = np.tensordot(x, value, 1)
            moved = np.moveaxis(turned, 1 + axis, -1) @ matrices.transpose(0, 2, 1).reshape(
                space.group.order, *(1,) * (u.ndim - 2), space.dim, space.dim
            )
            turned = np.moveaxis(moved, -1, 1 + axis)
        powers = np.array([np.prod(x[list(monomial)]) for monomial in monomials(space.dim, order)])
        np.testing.assert_allclose(value, np.tensordot(powers, polynomials, 1), atol=1e-12)
        expected = np.einsum("...pk,gkl->g...pl", u, irrep.matrices.real)
        np.testing.assert_allclose(turned, expected, atol=1e-12)


class Pullback(nn.Module):
    """(x, v) → ∂/∂x ⟨v, layer(x)⟩, which turns with x where the layer is equivariant."""

    def __init__(self, layer: SymmetricContraction) -> None:
        super().__init__()
        self.layer = layer
        self.irreps_out = layer.irreps_in

    def forward(self, x: Tensor, v: Tensor) -> Tensor:
        with torch.enable_grad():
            x = x.clone().requires_grad_()
            return torch.autograd.grad((self.layer(x) * v).sum(), x)[0]


@every_order
@every_group
def test_equivariant_under_every_element(name: str, order: int) -> None:
    irreps_out = Irreps(name, dict.fromkeys(point_group(name).real_irreps, 2))
    layer = SymmetricContraction(2 * small_space(name), irreps_out, order, channels=2)
    assert_equivariant(layer)
    inputs = [(torch.randn(3, space.dim), space) for space in (layer.irreps_in, layer.irreps_out)]
    assert_equivariant(Pullback(layer), inputs)


@pytest.mark.parametrize(("group", "text"), [(O3(2), "2x 0e + 2x 1o + 2x 2e"), (SO3(2), "2x 0 + 2x 1 + 2x 2")], ids=str)
def test_equivariant_under_rotations(group, text: str) -> None:
    assert_equivariant(SymmetricContraction(Irreps(group, text), Irreps(group, text), 3, channels=2))


@pytest.mark.parametrize(
    ("space", "formula"), [("0e + 1o + 2e", "ij=ji"), ("0e + 1o", "ijk=jik=ikj"), ("2e", "ijk=jik=ikj")]
)
def test_covariants_of_rotations_number_what_e3nn_finds(space: str, formula: str) -> None:
    o3 = pytest.importorskip("e3nn.o3")
    ours = Irreps(O3(6), space)
    degree = formula.index("=")
    theirs = o3.ReducedTensorProducts(formula, i=space.replace(" ", "")).irreps_out
    for irrep in O3(6).real_irreps.values():
        assert covariant_polynomials(ours, degree, irrep.label).shape[1] == theirs.count(irrep.label)


def test_degrees_beyond_the_cutoff_are_not_lost_on_the_way() -> None:
    """2e ⊗ 2e ⊗ 2e holds 3e … by way of 4e, which O3(2) and O3(3) do not have."""
    for label in ("0e", "1e", "2e"):
        assert np.allclose(
            covariant_polynomials(Irreps(O3(2), "2e"), 3, label), covariant_polynomials(Irreps(O3(6), "2e"), 3, label)
        )


def loops(layer: SymmetricContraction, x: Tensor, kind: int = 0) -> Tensor:
    """Σ_p w Σ_n T[n, p, k] x^n for one feature, monomial by monomial."""
    channels, group = layer.channels, layer.irreps_in.group
    parts = isotypic_parts(x, layer.irreps_in)
    space = Irreps(group, [(layer.irreps_in.count(label) // channels, label) for label in layer.irreps_in.labels])
    features = [
        torch.cat([parts[label].reshape(channels, -1)[c] for label in layer.irreps_in.labels]) for c in range(channels)
    ]
    pieces = {}
    for label in layer.irreps_out.labels:
        weights = layer.weights[label] if layer.types is None else layer.weights[label][kind]
        for c, u in product(range(channels), range(weights.shape[1])):
            total, path = torch.zeros(group.real_irreps[label].dim, dtype=torch.float64), 0
            for degree in range(1, layer.order + 1):
                polynomials = torch.tensor(covariant_polynomials(space, degree, label))
                for monomial, row in zip(monomials(space.dim, degree), polynomials, strict=True):
                    used = weights[c, u, path : path + polynomials.shape[1]]
                    total = total + math.prod(features[c][i] for i in monomial) * (used @ row)
                path += polynomials.shape[1]
            pieces.setdefault(label, []).append(total)
    return torch.cat([piece for label in layer.irreps_out.labels for piece in pieces[label]])


@pytest.mark.parametrize("types", [None, 2])
@pytest.mark.parametrize("name", ["C3", "D3", "D2d", "T", "Oh"])
def test_against_loops(name: str, types: int | None) -> None:
    space = small_space(name)
    irreps_in, irreps_out = 2 * space, Irreps(name, [(4, space.labels[-1]), (2, space.labels[0])]).sort()
    layer = SymmetricContraction(irreps_in, irreps_out, 3, channels=2, types=types).double()
    x = torch.randn(3, irreps_in.dim, dtype=torch.float64)
    kinds = torch.tensor([0, 1, 0])
    result = layer(x) if types is None else layer(x, kinds)
    expected = [loops(layer, feature, kind) for feature, kind in zip(x, kinds.tolist(), strict=True)]
    torch.testing.assert_close(result, torch.stack(expected), rtol=1e-11, atol=1e-11)
    single = copy.deepcopy(layer).float()
    rounded = single(x.float()) if types is None else single(x.float(), kinds)
    torch.testing.assert_close(rounded.double(), result, rtol=1e-4, atol=1e-4)


@every_group
def test_one_type_is_no_type(name: str) -> None:
    """The two ways of evaluation give the same numbers."""
    space = small_space(name)
    shared = SymmetricContraction(2 * space, 2 * space, 3, channels=2).double()
    typed = SymmetricContraction(2 * space, 2 * space, 3, channels=2, types=1).double()
    typed.load_state_dict({key: weight[None] for key, weight in shared.state_dict().items()})
    x = torch.randn(2, 3, 2 * space.dim, dtype=torch.float64)
    torch.testing.assert_close(typed(x, torch.zeros(2, 3, dtype=torch.int64)), shared(x), rtol=1e-12, atol=1e-12)


def test_several_copies_in_a_channel() -> None:
    """2 channels of V = 2 A1 + E: invariants of degree 2 are a², ab, b², x² + y²."""
    layer = SymmetricContraction(Irreps("C3v", "4x A1 + 2x E"), Irreps("C3v", "2x A1"), 2, channels=2)
    assert layer.weights["A1"].shape == (2, 1, 2 + 4)
    swapped = copy.deepcopy(layer)
    swapped.load_state_dict({"weights.A1": layer.weights["A1"].flip(0)})
    x = torch.randn(5, 8)
    other = torch.cat([x[:, 2:4], x[:, :2], x[:, 6:], x[:, 4:6]], -1)
    torch.testing.assert_close(swapped(other), layer(x).flip(-1))


def test_equal_spaces_written_otherwise_are_equal() -> None:
    first = SymmetricContraction(Irreps("Oh", "T1u + A1g + T1u + A1g"), Irreps("Oh", "2x T1u"), 3, channels=2)
    second = SymmetricContraction(Irreps("Oh", "2x A1g + 2x T1u"), Irreps("Oh", "T1u + T1u"), 3, channels=2)
    second.load_state_dict(first.state_dict())
    x = torch.randn(4, 8)
    torch.testing.assert_close(second(x), first(torch.cat([x[:, 2:5], x[:, :1], x[:, 5:], x[:, 1:2]], -1)))


@every_order
@every_group
def test_unit_mean_square_at_the_start(name: str, order: int) -> None:
    space = small_space(name)
    layer = SymmetricContraction(512 * space, 512 * space, order, channels=512)
    mean_square = layer(torch.randn(30, layer.irreps_in.dim)).square().mean().item()
    assert mean_square == pytest.approx(1.0, abs=0.25)


def test_an_irrep_that_no_polynomial_reaches_is_zero() -> None:
    layer = SymmetricContraction(Irreps("Oh", "2x A1g"), Irreps("Oh", "2x T1u + 2x A1g"), 2, channels=2)
    assert set(layer.weights) == {"A1g"}
    assert layer(torch.randn(3, 2))[:, :6].tolist() == [[0.0] * 6] * 3
    nothing = SymmetricContraction(Irreps("Oh", "2x A1g"), Irreps("Oh", "2x T1u"), 2, channels=2)
    assert nothing(torch.randn(3, 2)).tolist() == [[0.0] * 6] * 3


@pytest.mark.parametrize("shape", [(), (0,), (2, 3)])
def test_any_leading_axes(shape: tuple[int, ...]) -> None:
    space = small_space("D3")
    layer = SymmetricContraction(space, space, 3, channels=1)
    assert layer(torch.randn(*shape, space.dim)).shape == (*shape, space.dim)


def test_refusals() -> None:
    irreps = Irreps("Oh", "4x A1g + 2x T1u")
    with pytest.raises(ValueError, match=r"multiple of the number of channels.*4x A1g \+ 2x T1u and 4"):
        SymmetricContraction(irreps, irreps, 2, channels=4)
    with pytest.raises(ValueError, match="integer ≥ 1, not 0"):
        SymmetricContraction(irreps, irreps, 0, channels=2)
    with pytest.raises(ValueError, match="needs variables"):
        SymmetricContraction(Irreps("Oh"), irreps, 2, channels=2)
    with pytest.raises(ValueError, match="different groups"):
        SymmetricContraction(irreps, Irreps("Td", "2x A1"), 2, channels=2)
    with pytest.raises(ValueError, match="types=3 is given no types"):
        SymmetricContraction(irreps, irreps, 2, channels=2, types=3)(torch.randn(10))
    with pytest.raises(ValueError, match="types=None is given types"):
        SymmetricContraction(irreps, irreps, 2, channels=2)(torch.randn(10), torch.tensor(0))
    with pytest.raises(ValueError, match="degree ν ≥ 1, not 0"):
        covariant_polynomials(irreps, 0, "A1g")


def test_state_and_copies() -> None:
    space = small_space("Oh")
    layer = SymmetricContraction(2 * space, 2 * space, 2, channels=2)
    assert set(layer.state_dict()) == {f"weights.{label}" for label in space.labels}
    double = copy.deepcopy(layer).double()
    assert double.get_buffer("polynomials_T1u").dtype == torch.float64
    x = torch.randn(3, 2 * space.dim, dtype=torch.float64)
    torch.testing.assert_close(layer(x.float()).double(), double(x), rtol=1e-5, atol=1e-5)
    assert not covariant_polynomials(space, 2, "A1g").flags.writeable


@pytest.mark.parametrize("types", [None, 2])
def test_second_derivatives(types: int | None) -> None:
    space = Irreps("C3", "A + E")
    layer = SymmetricContraction(space, space, 3, channels=1, types=types).double()
    x = torch.randn(2, space.dim, dtype=torch.float64, requires_grad=True)
    kinds = () if types is None else (torch.tensor([0, 1]),)
    assert torch.autograd.gradgradcheck(lambda z: layer(z, *kinds), (x,))


@pytest.mark.parametrize("types", [None, 2])
def test_compiles_whole_and_exports(types: int | None) -> None:
    torch._dynamo.reset()
    space = small_space("D3")
    layer = SymmetricContraction(2 * space, 2 * space, 3, channels=2, types=types)

    def inputs(atoms: int) -> tuple[Tensor, ...]:
        features = torch.randn(atoms, 2 * space.dim)
        return (features,) if types is None else (features, torch.randint(0, types, (atoms,)))

    compiled = torch.compile(layer, fullgraph=True, dynamic=True, backend="eager")
    first, more = inputs(5), inputs(8)
    torch.testing.assert_close(compiled(*first), layer(*first))
    atoms = torch.export.Dim("atoms")
    program = torch.export.export(layer, first, dynamic_shapes=[{0: atoms}] * len(first))
    torch.testing.assert_close(program.module()(*more), layer(*more))
    torch.testing.assert_close(torch.func.vmap(layer)(*more), layer(*more))
