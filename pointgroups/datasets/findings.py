"""What can be wrong with a row of a data set."""

from __future__ import annotations

from dataclasses import dataclass

ERROR, NOTE = "error", "note"
_ROUNDING = 1e-9

KINDS: dict[str, tuple[str, str]] = {
    "broken line": (ERROR, "the line is no JSON object"),
    "no symmetry": (ERROR, "no structure, or one whose symmetry cannot be found"),
    "bad tensor": (ERROR, "a wrong shape, or entries that are not finite numbers"),
    "frame mismatch": (ERROR, "the tensor has the symmetry of the class in other axes than the declared ones"),
    "symmetry violation": (ERROR, "the tensor has the symmetry of the class in no axes that were tried"),
    "forbidden tensor": (ERROR, "the class allows no such tensor but zero"),
    "zero tensor": (NOTE, "the tensor is zero, and the class allows others"),
    "not symmetric": (ERROR, "components that are equal by definition differ"),
    "permittivity not positive": (ERROR, "an eigenvalue of the permittivity is not positive"),
    "electronic permittivity below 1": (ERROR, "an eigenvalue of the electronic permittivity is below 1"),
    "ionic permittivity negative": (ERROR, "the total permittivity is below the electronic one along some direction"),
    "Born-unstable": (ERROR, "the stiffness is not positive definite"),
    "Reuss > Voigt": (ERROR, "the lower bound of a modulus lies above the upper one"),
    "moduli differ": (NOTE, "the published K or G is not the Voigt–Reuss–Hill mean of the published stiffness"),
    "sum rule": (NOTE, "the Born charges of the cell do not add up to zero"),
    "unclear symmetry": (NOTE, "the space group is another one at half or at twice the tolerance"),
    "unclear frame": (NOTE, "two frames of the class can hardly be told apart"),
    "supercell": (NOTE, "the cell is a supercell with less symmetry than the crystal; its primitive cell is looked at"),
    "published symmetry differs": (NOTE, "the row states another space group or class than is found"),
    "duplicate id": (NOTE, "several rows have one id"),
    "duplicate structure": (NOTE, "several rows are the same crystal"),
}
"""Each kind of finding: whether it is an error of the data or a note, and what it says."""


def percent(part: float) -> str:
    """A part of one in percent, three digits; rounding errors are 0."""
    return f"{100 * part:.3g} %" if part > _ROUNDING else "0 %"


@dataclass(frozen=True)
class Finding:
    """One thing found in a row.

    Attributes:
        kind: one of :data:`KINDS`.
        column: the tensor it is about, "" where it is about the structure.
        text: with the numbers.
        mended: whether the fixed copy has it right.

    Example:
        >>> Finding("Born-unstable", "elastic_tensor_voigt", "least eigenvalue -3.1 GPa").is_error
        True
    """

    kind: str
    column: str
    text: str
    mended: bool = False

    @property
    def is_error(self) -> bool:
        """Whether the data are wrong, by :data:`KINDS`."""
        return KINDS[self.kind][0] == ERROR

    def as_dict(self) -> dict[str, str | bool]:
        """As JSON has it."""
        return {"kind": self.kind, "column": self.column, "text": self.text, "mended": self.mended}
