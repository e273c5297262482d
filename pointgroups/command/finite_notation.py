"""How a finite group known in floating point is written: classes 12C5², elements C5²[001]+, characters with cosines."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from pointgroups.exact import terms, token
from pointgroups.finite.burnside import cyclic_powers, eigenvalues
from pointgroups.finite.irreps import FiniteIrrep

from .notation import Written, axis, character
from .tabular import math, words

if TYPE_CHECKING:
    import sympy

_CLASS = re.compile(r"(\d*)([ECSσi])(\d*)([hvd]?)(?:\^(\d+))?('{0,2})([a-z]*)([+-]?)")
_ELEMENT = re.compile(r"([ECSσi])(\d*)([hvd]?)(?:\^(\d+))?(\[.*\])?([+-]?)")
_NO_SURD = re.compile(r"cos|sin|sqrt\((?!\d+\))")
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_PRIMES = {"": "", "'": "′", "''": "″"}

LEGEND = Written("εₙ = exp(2πi/n)", r"\varepsilon_n = \exp(2\pi\mathrm{i}/n)")


def finite_class(label: str) -> Written:
    """A class: ``2S8^3``, ``15C2a``, ``5C2'``, ``C7^2+``."""
    match = _CLASS.fullmatch(label)
    if match is None:
        raise ValueError(f"{label!r} is not the name of a class such as 12C5^2 or 15C2a")
    count, symbol, order, plane, power, primes, letter, sense = match.groups(default="")
    text = f"{count}{symbol}{order}{plane}{power.translate(_SUPERSCRIPTS)}{_PRIMES[primes]}{letter}"
    below = order + (rf"\mathrm{{{plane}{letter}}}" if plane or letter else "")
    above = power + primes.replace("'", r"\prime ").strip() + sense
    latex = count + {"σ": r"\sigma"}.get(symbol, symbol) + (f"_{{{below}}}" if below else "")
    return Written(text + sense.replace("-", "−"), latex + (f"^{{{above}}}" if above else ""))


def finite_element(name: str) -> Written:
    """An element, in text mode: ``C5^2[0,0.526,0.851]+``, a permutation ``(0 1 2)``, or ``g7``."""
    match = _ELEMENT.fullmatch(name)
    if match is None:
        return words(name)
    symbol, order, plane, power, along, sense = match.groups(default="")
    text = f"{symbol}{order}{plane}{power.translate(_SUPERSCRIPTS)}{along}{sense.replace('-', '−')}"
    below = order + (rf"\mathrm{{{plane}}}" if plane else "")
    latex = {"σ": r"\sigma"}.get(symbol, symbol) + (f"_{{{below}}}" if below else "")
    latex += (f"^{{{power}{sense}}}" if power or sense else "") + (along if "." in along else axis(along).latex)
    return math(Written(text, latex))


def finite_characters(irrep: FiniteIrrep) -> list[tuple[str, Written]]:
    """For every class the character as text that SymPy reads, and as it is written.

    Real ones by square roots or cosines of angles, complex ones by roots of unity ε_n = exp(2πi/n).
    """
    found = []
    for members, value in zip(irrep.group.classes, irrep.exact_characters, strict=True):
        text = _text(value)
        if not _NO_SURD.search(text):
            expanded = _text(value.expand())  # terms of one product each, in C24 too: I*(sqrt(6) - sqrt(2))/4
            text = token(sorted(terms(expanded.replace(" ", "")), key=lambda term: (term[2], term[1])))
            written = character(text)
        elif np.isrealobj(irrep.characters):
            written = _cosines(text)
        else:
            written = _roots(irrep, members.indices[0])
        found.append((text, written))
    return found


@lru_cache(maxsize=4096)  # a character table holds few different numbers
def _text(value: sympy.Expr) -> str:
    return str(value)


def _cosines(text: str) -> Written:
    """ "2*cos(2*pi/7)" is 2cos(2π/7)."""
    latex = text.replace("cos", r"\cos").replace("*", "").replace("pi", r"\pi")
    return Written(text.replace("pi", "π").replace("*", "").replace("-", "−"), latex)


def _roots(irrep: FiniteIrrep, g: int) -> Written:
    """Σ m_k ε_o^k over the eigenvalues of an element of order o."""
    powers = cyclic_powers(irrep.group.product, g)
    order = len(powers)
    text, latex = [], []
    for k, count in enumerate(eigenvalues(irrep.characters, powers).tolist()):
        if count:
            power = k if 2 * k <= order else k - order
            times = str(count) if count > 1 else ""
            raised = "" if power == 1 else str(power)
            text.append(
                f"{times}ε{str(order).translate(_SUBSCRIPTS)}{raised.translate(_SUPERSCRIPTS)}" if k else str(count)
            )
            latex.append(rf"{times}\varepsilon_{{{order}}}^{{{raised}}}" if k else str(count))
    return Written(" + ".join(text), " + ".join(latex))
