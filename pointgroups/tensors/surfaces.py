r"""How a property depends on direction: T(n) = T_{i…k} n_i … n_k over the unit sphere, and pictures of it.

    longitudinal effect      T(n) = T_{i…k} n_i … n_k ,   such as d_ijk n_i n_j n_k of a piezoelectric crystal
    Young's modulus          E(n) = 1 / (S_ijkl n_i n_j n_k n_l)
    linear compressibility   β(n) = S_ijkk n_i n_j

A directional surface is the set of points |T(n)| n; its colour tells the sign. Pictures need the extra ``plot``.

Source: J. F. Nye, Physical Properties of Crystals (1985), ch. VIII.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.exact import read_only
from pointgroups.whole_files import write_whole

from .catalogue import NamedTensor, UnknownTensorError, named_tensor
from .decomposition import checked_tensors
from .voigt import from_voigt, to_voigt

FloatArray = NDArray[np.float64]
_POLAR, _AZIMUTHAL = 91, 181
"""Points from pole to pole and around: every two degrees."""
_ROUNDING = 1e-2
"""How much of a published matrix may break its index symmetry."""


class PlotError(ValueError):
    """A picture cannot be made: the library for it is not installed, or the file has another ending."""


def directional(tensor: ArrayLike, directions: ArrayLike) -> FloatArray:
    """T(n) = T_{i…k} n_i … n_k of one tensor for any number of directions.

    Args:
        tensor: (3, …, 3), rank ≥ 1.
        directions: (…, 3), of any length but zero; they are normalised.

    Returns:
        (…), in the unit of the tensor.

    Raises:
        ValueError: a wrong shape, entries that are not finite, or a direction of length zero.

    >>> directional([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 4.0]], [[1, 0, 0], [0, 1, 1]]).round(12).tolist()
    [1.0, 3.0]
    """
    n = _unit(directions)
    values = np.asarray(tensor, dtype=np.float64)
    if values.ndim == 0:
        raise ValueError("a scalar has no direction; a directional surface wants a tensor of rank 1, 2, 3 …")
    checked_tensors(values, values.ndim)
    flat = n.reshape(-1, 3)
    result = flat @ values.reshape(3, -1)  # (points, 3^{rank−1})
    for _ in range(values.ndim - 1):
        result = np.einsum("pi,pir->pr", flat, result.reshape(len(flat), 3, -1))
    return read_only(result.reshape(n.shape[:-1]))


def young_modulus(compliance: ArrayLike, directions: ArrayLike) -> FloatArray:
    """E(n) = 1/(S_ijkl n_i n_j n_k n_l), the stiffness of a thin rod cut along n.

    Args:
        compliance: S_ijkl, (3, 3, 3, 3); from a 6×6 matrix by ``from_voigt(matrix, "compliance")``.
        directions: (…, 3), of any length but zero.

    Returns:
        (…), in the inverse unit of the compliance.

    Raises:
        ValueError: a wrong shape, or a compliance that is not positive along one of the directions.

    >>> import numpy as np
    >>> from pointgroups import from_voigt
    >>> C = np.diag([0.0, 0, 0, 80, 80, 80]) + np.pad([[166.0, 64, 64], [64, 166, 64], [64, 64, 166]], (0, 3))
    >>> S = from_voigt(np.linalg.inv(C), "compliance")  # silicon, C in GPa
    >>> young_modulus(S, [[1, 0, 0], [1, 1, 0], [1, 1, 1]]).round(1).tolist()
    [130.4, 169.7, 188.7]
    """
    along = directional(_rank_four(compliance), directions)
    if np.any(along <= 0):
        raise ValueError(f"the compliance is {along.min():.3g} along a direction; a stable crystal has S(n) > 0")
    return read_only(1 / along)


def linear_compressibility(compliance: ArrayLike, directions: ArrayLike) -> FloatArray:
    """β(n) = S_ijkk n_i n_j, the relative shortening along n per hydrostatic pressure.

    Args:
        compliance: S_ijkl, (3, 3, 3, 3).
        directions: (…, 3), of any length but zero.

    Returns:
        (…), in the unit of the compliance.

    >>> import numpy as np
    >>> from pointgroups import from_voigt
    >>> S = from_voigt(np.diag([1.0, 2.0, 3.0, 1.0, 1.0, 1.0]), "compliance")
    >>> linear_compressibility(S, [[1, 0, 0], [0, 0, 1]]).tolist()
    [1.0, 3.0]
    """
    return directional(np.einsum("ijkk->ij", _rank_four(compliance)), directions)


def _rank_four(compliance: ArrayLike) -> FloatArray:
    values = checked_tensors(compliance, 4)
    if values.ndim != 4:
        raise ValueError(f"a compliance has shape (3, 3, 3, 3), not {values.shape}")
    return values


def _unit(directions: ArrayLike) -> FloatArray:
    values = checked_tensors(directions, 1)
    length = np.linalg.norm(values, axis=-1, keepdims=True)
    if np.any(length == 0):
        raise ValueError("a direction has length zero")
    return np.asarray(values / length)


# -- matrices in files --------------------------------------------------------------------------------------------


def read_matrix(path: Path) -> FloatArray:
    """Numbers in a JSON file, nested lists of equal lengths: a Voigt matrix as the list of its rows.

    Raises:
        ValueError: the file cannot be read, or holds something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        matrix = np.array(content if isinstance(content, list) else [], dtype=np.float64)
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(f"{path} is no JSON file with a matrix as a list of rows of numbers: {error}") from None
    if matrix.size == 0:
        raise ValueError(f"{path} holds no matrix; write it as a list of rows of numbers")
    return matrix


def property_of_matrix(
    matrix: FloatArray, kind: str, stiffness: bool = True
) -> tuple[Callable[[FloatArray], FloatArray], str]:
    """The function T(n) that a matrix gives, and its name.

    Args:
        matrix: 6×6 elastic (Voigt) for "young" and "compressibility", otherwise the matrix of a tensor of the
            catalogue in its convention.
        kind: "young", "compressibility", or a name of the catalogue, for T_{i…k} n_i … n_k.
        stiffness: the elastic matrix is C, else S.

    Raises:
        ValueError: another kind, a wrong shape, a singular matrix, or one without the tensor's index symmetry.
    """
    if kind not in ("young", "compressibility"):
        try:
            named = named_tensor(kind)
        except UnknownTensorError as error:
            raise UnknownTensorError(f"a kind is young, compressibility or the name of a tensor: {error}") from None
        tensor = tensor_of_matrix(matrix, named)
        return (lambda n: directional(tensor, n)), f"{named.name} {named.symbol}(n)"
    elastic = tensor_of_matrix(matrix, named_tensor("elastic" if stiffness else "compliance"))
    compliance = elastic
    if stiffness:
        voigt = to_voigt(elastic, "elastic")
        if np.linalg.matrix_rank(voigt) < 6:
            raise ValueError("the stiffness matrix is singular: it has no compliance")
        compliance = from_voigt(np.linalg.inv(voigt), "compliance")
    if kind == "young":
        return (lambda n: young_modulus(compliance, n)), "Young's modulus E(n)"
    return (lambda n: linear_compressibility(compliance, n)), "linear compressibility β(n)"


def tensor_of_matrix(matrix: FloatArray, named: NamedTensor) -> FloatArray:
    """The tensor of a matrix, its index symmetry completed where rounding broke it.

    Raises:
        ValueError: a wrong shape, or a matrix without the tensor's index symmetry.
    """
    tensor = from_voigt(matrix, named)
    if tensor.ndim != named.symmetry.rank:
        raise ValueError(f"one matrix of the {named.name} tensor is wanted, not an array of shape {matrix.shape}")
    symmetric = named.symmetry.project(tensor)
    lost = float(np.linalg.norm(tensor - symmetric))
    if lost > _ROUNDING * float(np.linalg.norm(tensor)):
        raise ValueError(f"the matrix breaks the index symmetry of the {named.name} tensor, {named.symmetry}")
    return symmetric


# -- pictures -----------------------------------------------------------------------------------------------------


def plot_surface(values: Callable[[FloatArray], FloatArray], path: str | Path, title: str = "") -> tuple[float, float]:
    """Draw the surface |T(n)| n, coloured by T(n), to a file: an image (.png), or an interactive page (.html).

    Images are drawn by matplotlib and pages by plotly, which are the extra ``plot``. A page holds all it needs and
    opens without a network. The file is written whole or not at all.

    Args:
        values: takes directions (…, 3) and returns T(n), (…).
        path: ends with .png or .html.
        title: what is drawn, with its unit.

    Returns:
        The smallest and the largest T(n) on the grid of two degrees.

    Raises:
        PlotError: another ending, no such folder, or the library is not installed.
        ValueError: ``values`` returns numbers that are not finite, of another shape, or all zero.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     plot_surface(lambda n: directional([0.0, 0.0, 1.0], n), Path(folder) / "vector.png", "p(n)")
    ...     (Path(folder) / "vector.png").read_bytes()[1:4]
    (-1.0, 1.0)
    b'PNG'
    """
    target = Path(path)
    writers = {".png": _png, ".html": _html}
    if target.suffix.lower() not in writers:
        raise PlotError(f"{target.name!r} is neither an image (.png) nor a page (.html); name one of these")
    if not target.parent.is_dir():
        raise PlotError(f"{target.parent} is not a folder")
    polar = np.linspace(0, np.pi, _POLAR)[:, None]
    azimuth = np.linspace(0, 2 * np.pi, _AZIMUTHAL)
    n = np.stack(
        [np.sin(polar) * np.cos(azimuth), np.sin(polar) * np.sin(azimuth), np.cos(polar) + 0 * azimuth], axis=-1
    )
    heights = np.asarray(values(n), dtype=np.float64)
    if heights.shape != n.shape[:-1] or not np.all(np.isfinite(heights)):
        raise ValueError(f"a surface wants one finite number for each direction {n.shape[:-1]}, not {heights.shape}")
    if not heights.any():
        raise ValueError("the property is zero in every direction; there is no surface to draw")
    content = writers[target.suffix.lower()](np.abs(heights)[..., None] * n, heights, title)
    write_whole(target, content)
    return float(heights.min()), float(heights.max())


def _scale(heights: FloatArray) -> tuple[float, float, str]:
    """Range of colours and the kind of map: from blue over white to red where signs differ."""
    low, high = float(heights.min()), float(heights.max())
    largest = max(abs(low), abs(high))
    if low < -1e-9 * largest:
        return -largest, largest, "RdBu"
    if high - low <= 1e-9 * largest:  # a sphere
        return low - 0.5 * (largest or 1.0), high + 0.5 * (largest or 1.0), "Viridis"
    return low, high, "Viridis"


def _png(points: FloatArray, heights: FloatArray, title: str) -> bytes:
    try:
        from matplotlib import colormaps
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import LightSource, Normalize
        from matplotlib.figure import Figure
    except ImportError:
        raise PlotError("images need matplotlib: pip install 'pointgroups[plot]'") from None
    import io

    low, high, name = _scale(heights)
    colours = ScalarMappable(Normalize(low, high), colormaps["RdBu_r" if name == "RdBu" else "viridis"])
    figure = Figure(figsize=(7, 6), dpi=150, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_subplot(projection="3d")
    axes.plot_surface(
        *np.moveaxis(points[:, ::-1], -1, 0),  # normals point outwards
        facecolors=colours.to_rgba(heights[:, ::-1]),
        rstride=1,
        cstride=1,
        linewidth=0,
        antialiased=False,
        lightsource=LightSource(azdeg=140, altdeg=45),
    )
    reach = float(np.abs(points).max()) or 1.0
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach), zlim=(-reach, reach), xlabel="x", ylabel="y", zlabel="z")
    axes.set_box_aspect((1, 1, 1))
    axes.locator_params(nbins=5)
    figure.colorbar(colours, ax=axes, shrink=0.7, pad=0.1)
    figure.suptitle(title)
    stream = io.BytesIO()
    canvas.print_png(stream)  # type: ignore[no-untyped-call]
    return stream.getvalue()


def _html(points: FloatArray, heights: FloatArray, title: str) -> bytes:
    try:
        import plotly.graph_objects as go
    except ImportError:
        raise PlotError("interactive pages need plotly: pip install 'pointgroups[plot]'") from None
    low, high, name = _scale(heights)
    x, y, z = np.moveaxis(points, -1, 0)
    surface = go.Surface(
        x=x,
        y=y,
        z=z,
        surfacecolor=heights,
        cmin=low,
        cmax=high,
        colorscale=name,
        reversescale=name == "RdBu",
        hovertemplate="(%{x:.4g}, %{y:.4g}, %{z:.4g})<br>%{surfacecolor:.5g}<extra></extra>",
    )
    figure = go.Figure(surface)
    figure.update_layout(title=title, scene={"aspectmode": "data"}, margin={"l": 0, "r": 0, "b": 0, "t": 50})
    page: str = figure.to_html(include_plotlyjs=True)
    return page.encode()
