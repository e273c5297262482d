"""What the commands say about the labels of irreps in the schemes of other tables."""

from __future__ import annotations

from collections.abc import Sequence

from pointgroups.irreps import Irrep
from pointgroups.labelling.schemes import SCHEMES
from pointgroups.point_group import PointGroup

from .notation import ARROW, Written, join
from .reports import axis_notes, heading
from .scheme_labels import written_label
from .tabular import Report, Section, math, words

_NONE = Written("?", "?")


def labels_report(G: PointGroup, schemes: Sequence[str] = SCHEMES, spinors: bool = False) -> Report:
    """One row an irrep, one column a scheme; with ``spinors`` the irreps of the double group."""
    irreps: list[Irrep] = [*(G.double.irreps if spinors else G.irreps).values()]
    rows = [[_cell(irrep, scheme) for scheme in schemes] for irrep in irreps]
    notes = axis_notes(G)
    if any(_NONE in row for row in rows):
        notes.append(words("? the scheme has no label for it, or none that is certain"))
    section = Section(words(""), "l" * len(schemes), [words(scheme) for scheme in schemes], rows, notes)
    data = {
        "group": G.name,
        "axes": {symbol: list(axes) for symbol, axes in G.axes.items()},
        "irreps": [
            {"dim": irrep.dim, "labels": {scheme: irrep.labels.get(scheme) for scheme in schemes}} for irrep in irreps
        ],
    }
    return Report(
        heading(G), [join([words("labels of the irreps:"), *_direction(schemes)], words(" "))], [section], data
    )


def _direction(schemes: Sequence[str]) -> list[Written]:
    arrow = math(ARROW)
    return [join(map(words, schemes), arrow if len(schemes) == 2 else words(", "))]


def _cell(irrep: Irrep, scheme: str) -> Written:
    return math(written_label(irrep, scheme)) if scheme in irrep.labels else _NONE
