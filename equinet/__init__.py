"""Layers, models and training of networks that are equivariant under the crystallographic point groups.

A feature is a sum of irreps over ℝ (:class:`Irreps`). Every layer commutes with the group exactly, and where it is
linear or bilinear it is the general such map.
"""

from equinet.convolutions.irrep_convolution import PointGroupConvolution
from equinet.graphs.crystal_graph import CrystalGraph, collate, crystal_graph
from equinet.irreps import Irreps
from equinet.layers.activation import GatedActivation, PointwiseActivation
from equinet.layers.angular import AngularBasis
from equinet.layers.cartesian_tensor import CartesianTensor
from equinet.layers.fourier import FourierTransform
from equinet.layers.linear import Linear
from equinet.layers.radial import BesselBasis, GaussianBasis, RadialNetwork
from equinet.layers.tensor_product import TensorProduct
from equinet.readouts.invariant import InvariantReadout
from equinet.testing import assert_equivariant, count_parameters, intertwiner_dimension
from equinet.training.checkpoint import load_model
from equinet.training.data import load_dataset
from equinet.training.models import InvariantModel, InvariantModelConfig
from equinet.training.prediction import predict

__all__ = [
    "AngularBasis",
    "BesselBasis",
    "CartesianTensor",
    "CrystalGraph",
    "FourierTransform",
    "GatedActivation",
    "GaussianBasis",
    "InvariantModel",
    "InvariantModelConfig",
    "InvariantReadout",
    "Irreps",
    "Linear",
    "PointGroupConvolution",
    "PointwiseActivation",
    "RadialNetwork",
    "TensorProduct",
    "assert_equivariant",
    "collate",
    "count_parameters",
    "crystal_graph",
    "intertwiner_dimension",
    "load_dataset",
    "load_model",
    "predict",
]
