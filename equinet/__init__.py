"""Layers, models and training of networks that are equivariant under the crystallographic point groups.

A feature is a sum of irreps over ℝ (:class:`Irreps`). Every layer commutes with the group exactly, and where it is
linear or bilinear it is the general such map.
"""

from equinet.activation import GatedActivation, PointwiseActivation
from equinet.angular import AngularBasis
from equinet.checkpoint import load_model
from equinet.convolution import PointGroupConvolution
from equinet.data import load_dataset
from equinet.fourier import FourierTransform
from equinet.graph import CrystalGraph, collate, crystal_graph
from equinet.irreps import Irreps
from equinet.linear import Linear
from equinet.models import InvariantModel, InvariantModelConfig
from equinet.prediction import predict
from equinet.radial import BesselBasis, GaussianBasis, RadialNetwork
from equinet.readout import InvariantReadout
from equinet.tensor_product import TensorProduct
from equinet.tensors import CartesianTensor
from equinet.testing import assert_equivariant, count_parameters, intertwiner_dimension

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
