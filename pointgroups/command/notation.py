"""How exact numbers, labels and functions are written: as text for a terminal and in LaTeX.

Tables hold plain ASCII tokens: ``sqrt(3)/2``, ``2*z**2-x**2-y**2``, ``1E``, ``A2''``, ``C4[001]+``. A person expects
√3/2, 2z² − x² − y², ¹E, A2″. A :class:`Written` keeps both forms side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from pointgroups.exact import Term, terms


class Written(NamedTuple):
    """One thing in two notations: ``text`` for a terminal, ``latex`` for LaTeX's mathematics mode."""

    text: str
    latex: str


PLUS, SUM, PRODUCT, ARROW = (
    Written(" + ", " + "),
    Written(" ⊕ ", r" \oplus "),
    Written(" ⊗ ", r" \otimes "),
    Written(" → ", r" \to "),
)
ZERO = Written("0", "0")

# Characters of one-dimensional irreps are roots of unity; ω = exp(2πi/3).
ROOTS_OF_UNITY = {
    "-1/2+sqrt(3)*I/2": Written("ω", r"\omega"),
    "-1/2-sqrt(3)*I/2": Written("ω*", r"\omega^*"),
    "1/2-sqrt(3)*I/2": Written("−ω", r"-\omega"),
    "1/2+sqrt(3)*I/2": Written("−ω*", r"-\omega^*"),
    "I": Written("i", r"\mathrm{i}"),
    "-I": Written("−i", r"-\mathrm{i}"),
}


def join(parts: Iterable[Written], separator: Written) -> Written:
    """The parts in both notations with a separator between them."""
    parts = list(parts)
    return Written(separator.text.join(p.text for p in parts), separator.latex.join(p.latex for p in parts))


# -- numbers ------------------------------------------------------------------------------------------------------


_PLACES = 10  # of decimals that are printed
_KNOWN = 12  # and of those that are written for programs
_TRAILING = re.compile(r"(\.\d*[1-9])0+(?!\d)")
_DECIMAL = re.compile(r"([+-]?)([\d.]+)(\*I)?")


@cache
def number(token: str) -> Written:
    r"""An exact number: ``-sqrt(3)/2`` is −√3/2, ``sqrt(2)/2`` is 1/√2, ``-1/2+sqrt(3)*I/2`` is −1/2 + i√3/2; or
    decimals, as :func:`digits` writes them.

    >>> number("-sqrt(3)/2").text, number("sqrt(2)/2").latex, number("0.707106781187").text
    ('−√3/2', '\\frac{1}{\\sqrt{2}}', '0.7071067812')
    """
    if "." in token:
        return _decimals(token)
    parts = terms(token)
    if not parts:
        return ZERO
    text = latex = ""
    for term in parts:
        size = _term(term)
        negative = term[0] < 0
        text += (" − " if negative else " + ") + size.text if text else "−" * negative + size.text
        latex += (" - " if negative else " + ") + size.latex if latex else "-" * negative + size.latex
    return Written(text, latex)


def digits(value: complex) -> str:
    """A number in floating point as text that SymPy reads, to twelve decimals.

    >>> digits(3**0.5 / 2), digits(0.5 - 1j), digits(1 + 1e-16)
    ('0.866025403784', '0.5-1*I', '1')
    """
    parts = [(round(x, _KNOWN) + 0.0, unit) for x, unit in ((value.real, ""), (value.imag, "*I"))]
    return "".join(f"{x:+.{_KNOWN}f}".rstrip("0").rstrip(".") + unit for x, unit in parts if x).removeprefix("+") or "0"


def _decimals(token: str) -> Written:
    text = latex = ""
    for sign, digits_of_part, imaginary in _DECIMAL.findall(token):
        size = f"{float(digits_of_part):.{_PLACES}f}".removesuffix("." + "0" * _PLACES)
        if size == "0":
            continue
        size = "" if imaginary and size == "1" else size
        minus = sign == "-"
        text += ((" − " if minus else " + ") if text else "−" * minus) + size + ("i" if imaginary else "")
        latex += ((" - " if minus else " + ") if latex else "-" * minus) + size
        latex += r"\mathrm{i}" if imaginary else ""
    return Written(text, latex) if text else ZERO


def _term(term: Term) -> Written:
    """|q|·√n, times i: what stands behind the sign."""
    q, n, imaginary = abs(term[0]), term[1], term[2]
    above, root, below, root_below = q.numerator, n, q.denominator, 1
    if n > 1 and q == Fraction(1, n):  # √2/2 is better known as 1/√2
        root, below, root_below = 1, 1, n
    return Written(
        _quotient(_product(above, root, imaginary, "√{}", "i"), _product(below, root_below, False, "√{}", "i")),
        _latex_quotient(
            _product(above, root, imaginary, r"\sqrt{{{}}}", r"\mathrm{i}"),
            _product(below, root_below, False, r"\sqrt{{{}}}", ""),
        ),
    )


def _product(integer: int, root: int, imaginary: bool, root_form: str, unit: str) -> str:
    surd = root_form.format(root) if root > 1 else ""
    factors = unit * imaginary + surd
    return factors if integer == 1 and factors else f"{integer}{factors}"


def _quotient(above: str, below: str) -> str:
    return above if below == "1" else f"{above}/{below}"


def _latex_quotient(above: str, below: str) -> str:
    return above if below == "1" else rf"\frac{{{above}}}{{{below}}}"


def character(token: str) -> Written:
    """A character: like a number, with ω, ω* and i for the roots of unity that one-dimensional irreps have."""
    return ROOTS_OF_UNITY.get(token) or number(token)


def legend(tokens: Iterable[str]) -> Written | None:
    """What ω stands for, when one of the tokens needs it."""
    if any("ω" in ROOTS_OF_UNITY[token].text for token in tokens if token in ROOTS_OF_UNITY):
        return Written("ω = exp(2πi/3)", r"\omega = \exp(2\pi\mathrm{i}/3)")
    return None


def combination(tokens: Sequence[str], functions: Sequence[Written]) -> Written:
    """Σ cₖ fₖ without the zero terms, such as 1/√2 Y₁ − 1/√2 Y₂."""
    text = latex = ""
    for token, function in zip(tokens, functions, strict=True):
        if number(token) == ZERO:
            continue
        value = Written(*(_TRAILING.sub(r"\1", text) for text in number(token)))
        if " " in value.text:
            value = Written(f"({value.text})", f"({value.latex})")
        elif value.text in ("1", "−1"):
            value = Written(*(text.replace("1", "") for text in value))
        negative = value.text.startswith("−")
        bare = Written(value.text.removeprefix("−"), value.latex.removeprefix("-"))
        gap = " " if bare.text else ""
        text += ((" − " if negative else " + ") if text else "−" * negative) + bare.text + gap + function.text
        latex += ((" - " if negative else " + ") if latex else "-" * negative) + bare.latex + r"\," * bool(gap)
        latex += function.latex
    return Written(text, latex) if text else ZERO


# -- labels -------------------------------------------------------------------------------------------------------

_PRIMES = {"": "", "'": "′", "''": "″"}
_LABEL = re.compile(r"([12]?)([ABETGH])(\d*)([gu]?)('{0,2})")
_NUMBERED = re.compile(r"(?:Γ\d+)+")


def irrep_label(label: str) -> Written:
    """A Mulliken symbol: ``1Eg`` is ¹Eg, ``A2''`` is A2″; or the Γ5, Γ2Γ3 of a group that has none."""
    if _NUMBERED.fullmatch(label):
        return Written(label, re.sub(r"Γ(\d+)", r"\\Gamma_{\1}", label))
    match = _LABEL.fullmatch(label)
    if match is None:
        raise ValueError(f"{label!r} is not a Mulliken symbol such as A1g, T2u, 1E or A2''")
    pair, letter, subscript, parity, primes = match.groups()
    text = {"": "", "1": "¹", "2": "²"}[pair] + letter + subscript + parity + _PRIMES[primes]
    roman = rf"\mathrm{{{parity}}}" if parity else ""
    below = f"_{{{subscript}{roman}}}" if subscript or parity else ""
    return Written(text, (f"{{}}^{{{pair}}}" if pair else "") + letter + below + primes)


_TYPED = {"¹": "1", "²": "2", "′": "'", "″": "''", "’": "'", "”": "''", '"': "''", "_": ""}


def typed_label(text: str) -> str:
    """The label that a person means who types ¹Eg, A2″ or a1g."""
    plain = "".join(_TYPED.get(letter, letter) for letter in text)
    match = re.fullmatch(r"([12]?)([abefghtABEFGHT])(.*)", plain)
    return plain if match is None else match[1] + match[2].upper() + match[3]


def schoenflies(symbol: str) -> Written:
    """``D4h`` is D_{4h}."""
    return Written(symbol, f"{symbol[0]}_{{{symbol[1:]}}}" if symbol[1:] else symbol)


def hermann_mauguin(symbol: str) -> Written:
    r"""``-43m`` is \bar{4}3m."""
    return Written(symbol, re.sub(r"-(\d)", r"\\bar{\1}", symbol).replace(" ", r"\,"))


_ELEMENT = re.compile(r"(\d*)([ECSσi])(\d?)([hvd]?)(?:\(([xyz]+)\))?('{0,2})(\[.*\])?([+-]?)")


def element(name: str) -> Written:
    """An element or a class: ``C4[001]+``, ``6C2'``, ``3σh``, ``C2(z)``."""
    match = _ELEMENT.fullmatch(name)
    if match is None:
        raise ValueError(f"{name!r} is not the name of a point-group operation or class")
    count, symbol, order, plane, letters, primes, axis, sense = match.groups()
    below = order + (rf"\mathrm{{{plane}}}" if plane else "")
    latex = count + {"σ": r"\sigma"}.get(symbol, symbol) + (f"_{{{below}}}" if below else "")
    above = primes.replace("'", r"\prime") + sense
    latex += (f"^{{{above}}}" if above else "") + (f"({letters})" if letters else "") + _latex_axis(axis or "")
    text = name.replace("''", "″").replace("'", "′")
    return Written(re.sub(r"-$", "−", text), latex)


def axis(text: str) -> Written:
    """A direction: ``[1-10]``."""
    return Written(text, _latex_axis(text))


def _latex_axis(text: str) -> str:
    return re.sub(r"-(\d)", r"\\bar{\1}", re.sub(r"√(\d)", r"\\sqrt{\1}", text))


# -- functions ----------------------------------------------------------------------------------------------------

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def function(text: str) -> Written:
    """A basis function: ``2*z**2-x**2-y**2`` is 2z² − x² − y², ``Rx`` a rotation about x."""
    joined = re.sub(r"^\((.*)\)([+-]I)", r"\1\2", text)  # (f1)+I*f2
    joined = re.sub(r"I\*(\d+)", r"\1*I", joined)
    spaced = re.sub(r"(?<=[^(])([+-])", r" \1 ", joined)
    latex = re.sub(r"\*\*(\d+)", r"^{\1}", spaced)
    latex = re.sub(r"sqrt\((\d+)\)", r"\\sqrt{\1}", latex)
    latex = re.sub(r"R([xyz])", r"R_{\1}", latex).replace("*", "").replace("I", r"\mathrm{i}")
    plain = re.sub(r"\*\*(\d+)", lambda m: m[1].translate(_SUPERSCRIPTS), spaced)
    plain = re.sub(r"sqrt\((\d+)\)", r"√\1", plain).replace("*", "").replace("I", "i").replace("-", "−")
    return Written(plain, latex)


def functions(basis: Sequence[str]) -> Written:
    """The basis of an irrep: one function, or all in parentheses."""
    written = join((function(f) for f in basis), Written(", ", ", "))
    return written if len(basis) == 1 else Written(f"({written.text})", f"({written.latex})")


def harmonic(degree: int, m: int) -> Written:
    """The real spherical harmonic Y(ℓ, m)."""
    return Written(f"Y({degree},{m})".replace("-", "−"), f"Y_{{{degree},{m}}}")
