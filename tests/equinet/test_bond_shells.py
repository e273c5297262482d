"""Kernel functions on shells of bonds are those on bonds: values, gradients, and what a network makes of them."""

import pytest
import torch
from pymatgen.core import Lattice, Structure
from real_crystals import ROWS, every_crystal, symmetry_of
from torch import nn

from equinet import (
    BesselBasis,
    BondShells,
    GroupConvolution,
    OrientedFilters,
    RadialNetwork,
    bond_shells,
    collate_oriented,
    collate_shells,
    oriented_graph,
    reduced_graph,
    shell_kernels,
)
from equinet.convolutions.kernel_basis import KernelBasis, KernelValues

SALT = Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]])
CUTOFF = 4.5
FUNCTIONS = ("filters", "turns")


def kernel_basis(learned: bool = False) -> KernelBasis:
    radial = RadialNetwork(BesselBasis(CUTOFF, 4), 3) if learned else BesselBasis(CUTOFF, 4)
    return KernelBasis(OrientedFilters(radial, l_max=3, dim=5), j_max=2)


def same(found: KernelValues, wanted: KernelValues, tolerance: float) -> None:
    for name in ("bonds", "twists", "orders"):
        assert torch.equal(getattr(found, name), getattr(wanted, name)), name
    for name in FUNCTIONS:
        torch.testing.assert_close(getattr(found, name), getattr(wanted, name), rtol=0, atol=tolerance)


@every_crystal
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_shells_give_the_functions_of_the_bonds(material_id: str, dtype: torch.dtype) -> None:
    graph = reduced_graph(symmetry_of(material_id), CUTOFF, dtype)
    basis = kernel_basis().to(dtype)
    shells = bond_shells(graph, basis)
    assert shells.lengths.shape[0] <= graph.edge_vectors.shape[0]
    size = basis(graph).filters.abs().max().item()
    same(shell_kernels(basis, shells), basis(graph), (1e-12 if dtype == torch.float64 else 1e-5) * max(size, 1.0))


@pytest.mark.parametrize("learned", [False, True])
def test_gradients_are_those_of_the_bonds(learned: bool) -> None:
    basis = kernel_basis(learned).double()
    graph = collate_oriented([reduced_graph(symmetry_of(m), CUTOFF, torch.float64) for m in list(ROWS)[::8]])
    shells = bond_shells(graph, basis)
    layer = GroupConvolution(4, 4, basis, neighbours=12.0).double()
    values = nn.functional.normalize(torch.randn(graph.n_rows, 4, dtype=torch.float64))
    parameters = list(basis.parameters())
    found, wanted = (
        torch.autograd.grad(layer(values, kernels).square().sum(), parameters)
        for kernels in (shell_kernels(basis, shells), basis(graph))
    )
    assert len(parameters) == (1 if not learned else len(list(basis.filters.radial.parameters())) + 1)
    for a, b in zip(found, wanted, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-11 * max(1.0, b.abs().max().item()))


def test_shells_are_few_in_symmetric_crystals() -> None:
    basis = kernel_basis()
    graph = reduced_graph(SALT, CUTOFF)
    shells = bond_shells(graph, basis)
    assert graph.edge_vectors.shape[0] == 36  # 6 + 12 around each of two atoms
    expected = 5.64 * torch.tensor([0.5, 0.5, 0.5**0.5, 0.5**0.5])
    torch.testing.assert_close(shells.lengths.sort().values, expected)
    assert shells.turns.shape[0] == 2


def test_rows_of_a_full_graph_have_shells_too() -> None:
    basis = kernel_basis().double()
    graph = oriented_graph(SALT, CUTOFF, torch.float64)
    with pytest.raises(ValueError, match="blocks of 48 rows"):
        bond_shells(graph, basis)
    rows = graph.rows()
    same(shell_kernels(basis, bond_shells(rows, basis)), basis(rows), 1e-11)


def test_collated_shells_are_those_of_the_collated_graph() -> None:
    basis = kernel_basis().double()
    graphs = [reduced_graph(symmetry_of(m), CUTOFF, torch.float64) for m in list(ROWS)[::9]]
    together = collate_shells([bond_shells(graph, basis) for graph in graphs])
    joined = collate_oriented(graphs)
    assert together.lengths.shape == bond_shells(joined, basis).lengths.shape
    same(shell_kernels(basis, together), basis(joined), 1e-11)
    with pytest.raises(ValueError, match="no shells"):
        collate_shells([])


def test_atom_without_neighbours() -> None:
    basis = kernel_basis()
    graph = reduced_graph(Structure(Lattice.cubic(9.0), ["He"], [[0, 0, 0]]), 4.0)
    kernels = shell_kernels(basis, bond_shells(graph, basis))
    assert kernels.filters.shape == (0, 1, 5)
    assert GroupConvolution(2, 2, basis, neighbours=1.0)(torch.ones(1, 2), kernels).shape == (1, 2)


def test_precision_can_be_changed() -> None:
    basis = kernel_basis()
    shells = bond_shells(reduced_graph(SALT, CUTOFF), basis).to("cpu", torch.float64)
    assert shells.lengths.dtype == shells.harmonics.dtype == shells.turns.dtype == torch.float64
    assert shells.bonds.dtype == shells.slots.dtype == shells.twists.dtype == shells.orders.dtype == torch.int64
    assert shell_kernels(basis.double(), shells).filters.dtype == torch.float64


def test_one_compiled_program_serves_graphs_of_any_size() -> None:
    class Filters(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.basis = kernel_basis()

        def forward(self, shells: BondShells) -> torch.Tensor:
            return shell_kernels(self.basis, shells).filters

    model = Filters()
    compiled = torch.compile(model, fullgraph=True, dynamic=True, backend="eager")
    graphs = [reduced_graph(symmetry_of(m), CUTOFF) for m in list(ROWS)[5:14]]
    for count in (3, 9):
        shells = bond_shells(collate_oriented(graphs[:count]), model.basis)
        with torch.compiler.set_stance("fail_on_recompile" if count > 3 else "default"):
            torch.testing.assert_close(compiled(shells), model(shells), rtol=0, atol=1e-4)
