"""How the labels of the four schemes are written: ¹E1/2g, GM4−, Γ2+ ⊕ Γ3+."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pointgroups.irreps import Irrep
from pointgroups.labelling.gamma_symbols import read_gamma
from pointgroups.labelling.schemes import scheme_label

from .notation import SUM, Written, irrep_label, join

_SPINOR = re.compile(r"([12]?)([AEF])(\d+/2)([gu]?)")
_PAIR = {"": "", "1": "¹", "2": "²"}


def written_label(irrep: Irrep, scheme: str) -> Written:
    """The label of an irrep in a scheme; refused where it is not certain."""
    text = scheme_label(irrep, scheme)
    if scheme in ("bilbao", "koster"):
        return _gamma(text)
    spinor = _SPINOR.fullmatch(text)
    return irrep_label(text) if spinor is None else _spinor(*spinor.groups())


def labels_in(irreps: Mapping[str, Irrep], scheme: str) -> Callable[[str], Written]:
    """A function that writes a Mulliken label of one of these irreps in a scheme."""
    return lambda label: written_label(irreps[label], scheme)


def _gamma(text: str) -> Written:
    """ "Γ4-" is Γ4−, in LaTeX with sub- and superscript; the bar of Bilbao's "-GM6" stays a hyphen in text."""
    letters = {False: r"\Gamma", True: r"\bar{\Gamma}"}
    symbols = [
        Written("", f"{letters[s.barred]}_{{{s.number}}}" + (f"^{{{s.parity}}}" if s.parity else ""))
        for s in read_gamma(text)
    ]
    return Written(re.sub(r"(?<=\d)-(?!G)", "−", text), join(symbols, SUM).latex)


def _spinor(pair: str, letter: str, spin: str, parity: str) -> Written:
    roman = rf",\mathrm{{{parity}}}" if parity else ""
    latex = (f"{{}}^{{{pair}}}" if pair else "") + f"{letter}_{{{spin}{roman}}}"
    return Written(_PAIR[pair] + letter + spin + parity, latex)
