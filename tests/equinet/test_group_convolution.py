"""The convolution on the group: the formulas by loops, one set of weights for all groups, full against reduced."""

from __future__ import annotations

import copy

import pytest
import torch
from pymatgen.core import Lattice, Structure
from thirty_two import every_group
from torch import Tensor, nn
from torch._dynamo.testing import CompileCounterWithBackend

from equinet import (
    BesselBasis,
    CrystalGraph,
    FourierTransform,
    GroupConvolution,
    OrientedFilters,
    OrientedGraph,
    PointGroupConvolution,
    collate_oriented,
    oriented_graph,
    oriented_graph_from,
    reduced_graph,
)
from equinet.convolutions.kernel_basis import KernelBasis, KernelValues
from equinet.convolutions.row_pairs import graph_pairs, row_pairs
from pointgroups import point_group

CUTOFF = 4.0
RUTILE = Structure.from_spacegroup(
    "P4_2/mnm", Lattice.tetragonal(4.594, 2.959), ["Ti", "O"], [[0, 0, 0], [0.305, 0.305, 0]]
)
CRYSTALS = {
    "rutile": RUTILE,
    "salt": Structure.from_spacegroup("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [0.5, 0, 0]]),
    "diamond": Structure.from_spacegroup("Fd-3m", Lattice.cubic(3.57), ["C"], [[0, 0, 0]]),
    "tellurium": Structure.from_spacegroup("P3_121", Lattice.hexagonal(4.5, 5.9), ["Te"], [[0.27, 0, 1 / 3]]),
    "wurtzite": Structure.from_spacegroup(
        "P6_3mc", Lattice.hexagonal(3.25, 5.21), ["Zn", "O"], [[1 / 3, 2 / 3, 0], [1 / 3, 2 / 3, 0.382]]
    ),
    "cinnabar-like": Structure.from_spacegroup(
        "P2_12_12_1", Lattice.orthorhombic(4.1, 5.3, 6.7), ["Hg", "S"], [[0.1, 0.2, 0.3], [0.35, 0.6, 0.15]]
    ),
    "triclinic": Structure(
        Lattice.from_parameters(4, 5, 6, 80, 85, 95), ["K", "F", "F"], [[0, 0, 0], [0.4, 0.3, 0.35], [0.1, 0.6, 0.7]]
    ),
}
every_crystal = pytest.mark.parametrize("crystal", list(CRYSTALS))


def basis(l_max: int = 2, dim: int = 4, j_max: int = 2) -> KernelBasis:
    return KernelBasis(OrientedFilters(BesselBasis(CUTOFF, 3), l_max, dim), j_max)


class Network(nn.Module):
    """Two convolutions with a function of each row between, on one basis."""

    def __init__(self) -> None:
        super().__init__()
        self.basis = basis()
        self.first = GroupConvolution(3, 4, self.basis, neighbours=3.0)
        self.second = GroupConvolution(4, 2, self.basis, neighbours=3.0)

    def forward(self, values: Tensor, graph: OrientedGraph) -> Tensor:
        kernels = self.basis(graph)
        return self.second(torch.tanh(self.first(values, kernels)), kernels)


def atoms(bonds, vectors: Tensor) -> CrystalGraph:
    """The random bonds of the fixture, which no group leaves as they are."""
    return CrystalGraph(
        torch.ones(bonds.atoms, dtype=torch.int64),
        bonds.edge_index,
        vectors,
        torch.zeros(bonds.atoms, dtype=torch.int64),
        1,
    )


@every_group
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_one_set_of_weights_is_equivariant_under_every_group(name: str, dtype: torch.dtype, bonds) -> None:
    """Turning the atoms and the field by h permutes the rows, f(n, g) → f(n, h⁻¹g), for any field on any atoms."""
    group, network = point_group(name), Network().to(dtype)
    vectors = bonds.edge_vectors.to(dtype).requires_grad_()
    values = torch.randn(bonds.atoms, group.order, 3, dtype=dtype)
    cotangent = torch.randn(bonds.atoms, group.order, 2, dtype=dtype)

    def outcome(h: int) -> tuple[Tensor, Tensor]:
        back = torch.tensor(group.product[group.inverse[h]])  # h⁻¹g for every g
        turn = torch.tensor(group.rotations[h], dtype=dtype)
        graph = oriented_graph_from(atoms(bonds, vectors @ turn.T), group)
        found = network(values[:, back].flatten(0, 1), graph).view(cotangent.shape)
        (gradient,) = torch.autograd.grad(found, vectors, cotangent[:, back])
        return found[:, torch.tensor(group.product[h])], gradient

    expected = outcome(0)
    tolerance = 2e-4 if dtype == torch.float32 else 1e-11
    for h in range(1, group.order):
        for found, once in zip(outcome(h), expected, strict=True):
            torch.testing.assert_close(found, once, rtol=tolerance, atol=tolerance)
    different = network(values.flatten(0, 1), oriented_graph_from(atoms(bonds, vectors[:, [1, 2, 0]]), group))
    assert not torch.allclose(different.view(cotangent.shape), expected[0], rtol=0.01, atol=0.01)


@pytest.mark.parametrize("name", ["C1", "Cs", "D3", "T"])
def test_equals_the_formulas_by_loops(name: str, bonds) -> None:
    group, kernel_basis = point_group(name), basis().double()
    layer = GroupConvolution(3, 2, kernel_basis, neighbours=3.0).double()
    nn.init.normal_(layer.mixing.bias)
    f = torch.randn(bonds.atoms, group.order, 3, dtype=torch.float64)
    rotations = torch.tensor(group.rotations)
    kappa = kernel_basis.turns(rotations) @ layer.turn_weight
    u = torch.zeros_like(f)
    for n in range(bonds.atoms):
        for g in range(group.order):
            mean = sum(kappa[k] * f[n, group.product[g, k]] for k in range(group.order)) / group.order
            u[n, g] = (f[n, g] + mean) / (1 + 1 / group.order) ** 0.5
    own, sent = (u @ layer.mixing.weight.T + layer.mixing.bias).chunk(2, -1)
    total = own.clone()
    for (b, n), r in zip(bonds.edge_index.T.tolist(), bonds.edge_vectors, strict=True):
        for g in range(group.order):
            a = kernel_basis.filters(rotations[g].T @ r) @ layer.filter_weight
            total[n, g] += a * sent[b, g] / 3.0**0.5
    expected = total.flatten(0, 1) / 2**0.5
    full = oriented_graph_from(atoms(bonds, bonds.edge_vectors), group)
    for graph in (full, full.rows()):
        found = layer(f.flatten(0, 1), kernel_basis(graph))
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["C1", "Cs", "C3", "C4", "D3", "T", "Td"])
def test_the_irrep_domain_gives_the_same_numbers(name: str, bonds) -> None:
    """A convolution on functions on the group is the slides' convolution of regular features, with weights of its own.

    They are found from outputs on some features, by least squares; then outputs on other features and bonds agree.
    """
    kernel_basis = basis(l_max=1).double()
    group_layer = GroupConvolution(1, 1, kernel_basis, neighbours=3.0).double()
    transform = FourierTransform(name, 1).double()
    irreps = transform.irreps_in
    irrep_layer = PointGroupConvolution(irreps, irreps, 1, BesselBasis(CUTOFF, 3), 3.0).double()
    weights = dict(irrep_layer.named_parameters())

    def on_the_group(features: Tensor, vectors: Tensor) -> Tensor:
        graph = oriented_graph_from(atoms(bonds, vectors), name)
        values = group_layer(transform(features).flatten(0, 1), kernel_basis(graph))
        return transform.inverse(values.unflatten(0, (bonds.atoms, -1)))

    def by_irreps(weights: dict[str, Tensor], features: Tensor, vectors: Tensor) -> Tensor:
        return torch.func.functional_call(irrep_layer, weights, (features, bonds.edge_index, vectors))

    rows, outputs = [], []
    for _ in range(6):
        features = torch.randn(bonds.atoms, irreps.dim, dtype=torch.float64)
        vectors = torch.randn(16, 3, dtype=torch.float64)
        slopes = torch.func.jacrev(by_irreps)(weights, features, vectors)  # the output is linear in the weights
        rows.append(torch.cat([slope.reshape(features.numel(), -1) for slope in slopes.values()], 1))
        outputs.append(on_the_group(features, vectors).detach().flatten())
    solution = torch.linalg.lstsq(torch.cat(rows), torch.cat(outputs), driver="gelsd").solution
    pieces = solution.split([weight.numel() for weight in weights.values()])
    found = {name: piece.view_as(weights[name]) for name, piece in zip(weights, pieces, strict=True)}
    features = torch.randn(bonds.atoms, irreps.dim, dtype=torch.float64)
    expected = on_the_group(features, bonds.edge_vectors)
    torch.testing.assert_close(by_irreps(found, features, bonds.edge_vectors), expected, rtol=0, atol=1e-9)
    assert expected.std() > 0.1


@every_crystal
def test_reduced_equals_full(crystal: str) -> None:
    """f(n, g) = F(g⁻¹ n): the reduced rows are the full rows at g = 1, and gradients of weights agree."""
    network = Network().double()
    full = oriented_graph(CRYSTALS[crystal], CUTOFF, torch.float64)
    reduced = reduced_graph(CRYSTALS[crystal], CUTOFF, torch.float64)
    start = torch.randn(120, 3, dtype=torch.float64)
    outcomes = [network(start[graph.atomic_numbers], graph)[graph.atom_rows] for graph in (full, reduced)]
    torch.testing.assert_close(outcomes[1], outcomes[0], rtol=1e-12, atol=1e-12)
    gradients = [torch.autograd.grad(x.square().sum(), list(network.parameters())) for x in outcomes]
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-9)


def test_a_batch_of_classes_equals_each_crystal_alone() -> None:
    network = Network().double()
    graphs = [reduced_graph(crystal, CUTOFF, torch.float64) for crystal in CRYSTALS.values()]
    start = torch.randn(120, 3, dtype=torch.float64)
    alone = torch.cat([network(start[graph.atomic_numbers], graph) for graph in graphs])
    batch = collate_oriented(graphs)
    torch.testing.assert_close(network(start[batch.atomic_numbers], batch), alone, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("name", "subgroup"), [("Oh", "Td"), ("Oh", "D4h"), ("D6h", "C3"), ("O", "C1")])
def test_without_the_right_convolution_rows_of_a_subgroup_are_its_graph(name: str, subgroup: str, bonds) -> None:
    """With κ = 0 no row sees another, so f(n, g) for g ∈ H is what the graph of H gives, up to the constant scale."""
    group, small = point_group(name), point_group(subgroup)
    where = torch.cdist(torch.tensor(small.rotations).flatten(1), torch.tensor(group.rotations).flatten(1)).argmin(1)
    kernel_basis = basis().double()
    layer = GroupConvolution(3, 2, kernel_basis, neighbours=3.0).double()
    values = torch.randn(bonds.atoms, group.order, 3, dtype=torch.float64)

    def outcomes() -> list[Tensor]:
        found = []
        for p, field in ((group, values), (small, values[:, where])):
            graph = oriented_graph_from(atoms(bonds, bonds.edge_vectors), p)
            found.append(layer(field.flatten(0, 1), kernel_basis(graph)).unflatten(0, (bonds.atoms, -1)))
        return [found[0][:, where] * (1 + 1 / group.order) ** 0.5, found[1] * (1 + 1 / small.order) ** 0.5]

    assert not torch.allclose(*outcomes(), rtol=0.01, atol=0.01)
    nn.init.zeros_(layer.turn_weight)
    torch.testing.assert_close(*outcomes(), rtol=0, atol=1e-12)


@every_group
def test_unit_variance_at_the_start(name: str) -> None:
    """Independent numbers on graphs of bonds that fill the ball, ten for each atom; 24 graphs and layers."""
    order = point_group(name).order
    count = max(4, 48 // order)
    moments = []
    for _ in range(24):
        source, target = torch.randint(count, (10 * count,)), torch.arange(10 * count) // 10
        directions = nn.functional.normalize(torch.randn(10 * count, 3), dim=-1)
        vectors = directions * CUTOFF * torch.rand(10 * count, 1) ** (1 / 3)
        number = torch.ones(count, dtype=torch.int64)
        graph = oriented_graph_from(CrystalGraph(number, torch.stack([source, target]), vectors, 0 * number, 1), name)
        kernel_basis = basis(dim=16)
        layer = GroupConvolution(16, 16, kernel_basis, neighbours=10.0)
        moments.append(layer(torch.randn(count * order, 16), kernel_basis(graph)).square().mean())
    assert torch.stack(moments).mean().item() == pytest.approx(1.0, abs=0.25)


def test_first_and_second_derivatives(bonds) -> None:
    network = Network().double()

    def energy(values: Tensor, vectors: Tensor) -> Tensor:
        return network(values, oriented_graph_from(atoms(bonds, vectors), "C2v"))

    arguments = (
        torch.randn(4 * bonds.atoms, 3, dtype=torch.float64, requires_grad=True),
        bonds.edge_vectors.clone().requires_grad_(),
    )
    assert torch.autograd.gradcheck(energy, arguments, fast_mode=True)
    assert torch.autograd.gradgradcheck(energy, arguments, fast_mode=True)


def test_vmap_over_fields() -> None:
    layer, (_, kernels) = Layer(), on_graph(RUTILE, basis())
    fields = torch.randn(3, len(kernels.orders), 3)
    expected = torch.stack([layer(field, kernels) for field in fields])
    torch.testing.assert_close(torch.func.vmap(layer, (0, None))(fields, kernels), expected)


def test_pairs_made_beforehand_change_nothing() -> None:
    graph, kernel_basis = oriented_graph(RUTILE, CUTOFF), basis()
    for one, other in zip(kernel_basis(graph), kernel_basis(graph, graph_pairs(graph).to("cpu")), strict=True):
        assert torch.equal(one, other)


def test_pairs_are_the_different_columns_and_add_up() -> None:
    index = torch.randint(5, (2, 60))
    pairs = row_pairs(index, 5)
    assert torch.equal(pairs.index[:, pairs.slots], index)
    assert len({tuple(column) for column in pairs.index.T.tolist()}) == pairs.index.shape[1]
    values = torch.randn(60, 2, dtype=torch.float64)
    for k, (source, target) in enumerate(pairs.index.T.tolist()):
        mask = (index[0] == source) & (index[1] == target)
        torch.testing.assert_close(pairs.add(values)[k], values[mask].sum(0))


def test_rows_without_bonds() -> None:
    iron = Structure(Lattice.cubic(2.87), ["Fe"], [[0, 0, 0]])
    graph, network = reduced_graph(iron, 2.0), Network()
    assert graph.edge_index.shape[1] == 0
    network(torch.randn(1, 3), graph).sum().backward()


def test_lower_precision_and_autocast() -> None:
    network, graph = Network().double(), reduced_graph(RUTILE, CUTOFF, torch.float64)
    values = torch.randn(graph.n_rows, 3, dtype=torch.float64)
    exact = network(values, graph)
    single = network.float()(values.float(), graph.to(dtype=torch.float32))
    torch.testing.assert_close(single.double(), exact, rtol=1e-5, atol=1e-5)
    with torch.autocast("cpu", torch.bfloat16):
        half = network(values.float(), graph.to(dtype=torch.float32))
    torch.testing.assert_close(half.double(), exact, rtol=0.1, atol=0.1)


def test_autocast_does_not_round_the_geometry() -> None:
    kernel_basis = basis()
    for graph in (reduced_graph(RUTILE, CUTOFF), oriented_graph(CRYSTALS["tellurium"], CUTOFF)):
        with torch.autocast("cpu", torch.bfloat16):
            rounded = kernel_basis(graph)
        for one, other in zip(rounded, kernel_basis(graph), strict=True):
            assert torch.equal(one, other)


def test_state_holds_weights_alone_and_survives_copies() -> None:
    network, graph = Network(), reduced_graph(RUTILE, CUTOFF)
    assert set(network.state_dict()) == {
        "basis.filters.weight",
        *(f"{x}.{y}" for x in ("first", "second") for y in ("turn_weight", "filter_weight", "mixing.weight")),
        "first.mixing.bias",
        "second.mixing.bias",
    }
    values = torch.randn(graph.n_rows, 3)
    assert torch.equal(copy.deepcopy(network)(values, graph), network(values, graph))


class Layer(nn.Module):
    """What a compiler sees: a layer, and the basis on a graph as tensors."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = GroupConvolution(3, 3, basis(), neighbours=3.0)

    def forward(self, values: Tensor, kernels: KernelValues) -> Tensor:
        return self.layer(values, kernels)


def on_graph(crystal: Structure, kernel_basis: KernelBasis) -> tuple[Tensor, KernelValues]:
    """Random values and the basis, as leaves, on the reduced graph."""
    graph = reduced_graph(crystal, CUTOFF)
    return torch.randn(graph.n_rows, 3), KernelValues(*(x.detach() for x in kernel_basis(graph)))


def free_shapes() -> tuple[dict, KernelValues]:
    rows, bonds, twists = (torch.export.Dim(name) for name in ("rows", "bonds", "twists"))
    return {0: rows}, KernelValues({1: bonds}, {0: bonds}, {1: twists}, {0: twists}, {0: rows})


def test_compiles_whole_without_recompiling_for_another_crystal() -> None:
    kernel_basis, layer = basis(), Layer()
    counter = CompileCounterWithBackend("aot_eager")
    compiled = torch.compile(layer, fullgraph=True, dynamic=True, backend=counter)
    for crystal in ("rutile", "tellurium", "cinnabar-like"):
        values, kernels = on_graph(CRYSTALS[crystal], kernel_basis)
        torch.testing.assert_close(compiled(values, kernels), layer(values, kernels))
    assert counter.frame_count == 1


def test_the_basis_compiles_whole() -> None:
    kernel_basis = basis(l_max=1, dim=2, j_max=1)
    compiled = torch.compile(kernel_basis, fullgraph=True, dynamic=True, backend="eager")
    graph = oriented_graph(CRYSTALS["tellurium"], CUTOFF)
    pairs = graph_pairs(graph)
    for one, other in zip(compiled(graph, pairs), kernel_basis(graph, pairs), strict=True):
        torch.testing.assert_close(one, other)


def test_exports_for_any_crystal() -> None:
    layer, kernel_basis = Layer(), basis()
    example = on_graph(RUTILE, kernel_basis)
    program = torch.export.export(layer, example, dynamic_shapes=free_shapes()).module()
    other = on_graph(CRYSTALS["cinnabar-like"], kernel_basis)
    torch.testing.assert_close(program(*other), layer(*other))


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore:# The axis name")  # of torch's exporter itself
def test_onnx_gives_the_same_for_another_crystal() -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    layer, kernel_basis = Layer().eval(), basis()
    values, kernels = on_graph(RUTILE, kernel_basis)
    program = torch.onnx.export(layer, (values, kernels), dynamo=True, dynamic_shapes=free_shapes(), verbose=False)
    session = onnxruntime.InferenceSession(program.model_proto.SerializeToString())
    values, kernels = on_graph(CRYSTALS["cinnabar-like"], kernel_basis)
    inputs = {slot.name: x.numpy() for slot, x in zip(session.get_inputs(), (values, *kernels), strict=True)}
    torch.testing.assert_close(torch.from_numpy(session.run(None, inputs)[0]), layer(values, kernels).detach())


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: GroupConvolution(0, 3, basis(), 2.0), "at least 1; got 0 in"),
        (lambda: GroupConvolution(3, 3, basis(), -1.0), "positive number, not -1.0"),
        (lambda: Network()(torch.randn(2, 3), reduced_graph(RUTILE, CUTOFF)), r"expected values \(6, 3\)"),
        (lambda: Network()(torch.randn(6, 2), reduced_graph(RUTILE, CUTOFF)), r"expected values \(6, 3\)"),
        (lambda: row_pairs(torch.zeros(3, 2), 2), r"\(2, E\) int64"),
    ],
)
def test_refusals(build, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build()
