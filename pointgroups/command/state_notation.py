"""How states, barred elements and polynomials in the partners of an irrep are written: |3/2,1/2⟩, 6C̄4, x₁² − 2x₂²."""

from __future__ import annotations

import re
import unicodedata

from pointgroups.irreps import Irrep

from .notation import PLUS, Written, combination, element, functions, join

_BAR = "\u0304"
_KETS = re.compile(r"([^|>]*)\|([^,>]*),([^>]*)>")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_VARIABLE = re.compile(r"x(\d+)")
_POWER = re.compile(r"\^(\d+)")


# -- states of angular momentum -----------------------------------------------------------------------------------


def ket(j: str, m: str) -> Written:
    """The state |j,m⟩."""
    return Written(f"|{j},{m}⟩".replace("-", "−"), rf"|{j},{m}\rangle")


def spinor_function(text: str) -> Written:
    """A combination of states as the tables have it: "sqrt(6)/6*|5/2,5/2>-sqrt(30)/6*|5/2,-3/2>"."""
    parts = _KETS.findall(text)
    signs = {"": "1", "+": "1", "-": "-1"}
    tokens = [signs.get(factor, factor.removesuffix("*").removeprefix("+")) for factor, _, _ in parts]
    return combination(tokens, [ket(j, m) for _, j, m in parts])


def basis_functions(irrep: Irrep) -> Written:
    """The functions of an irrep, (x, y, z), or the states of a spinor irrep, |1/2,1/2⟩, |1/2,−1/2⟩."""
    if irrep.basis[0].endswith(">"):
        return join(map(spinor_function, irrep.basis), Written(", ", ", "))
    return functions(irrep.basis)


# -- elements of double groups ------------------------------------------------------------------------------------


def double_class(label: str) -> Written:
    """A class of a double group: ``6C̄4``, ``3C2+3C̄2``."""
    return join(map(_double_element, re.split(r"\+(?=\d*[A-Zσi])", unicodedata.normalize("NFD", label))), PLUS)


def _double_element(name: str) -> Written:
    written = element(name.replace(_BAR, ""))
    if _BAR not in name:
        return written
    text = unicodedata.normalize("NFC", re.sub(r"([ECSσi])", rf"\1{_BAR}", written.text, count=1))
    return Written(text, re.sub(r"(\\sigma|[ECSi])", r"\\bar{\1}", written.latex, count=1))


# -- polynomials in partners --------------------------------------------------------------------------------------


def partner_polynomial(text: str) -> Written:
    """A polynomial in the partners x1, x2, … of an irrep: "sqrt(3) x1^2 x2" is √3 x₁² x₂."""
    text = re.sub(r"(?<=[^(\s])([+-])(?=\S)", r" \1 ", text)  # within (-1-sqrt(3)*I)
    plain = _VARIABLE.sub(lambda m: "x" + m[1].translate(_SUBSCRIPTS), text)
    plain = _POWER.sub(lambda m: m[1].translate(_SUPERSCRIPTS), plain)
    plain = re.sub(r"sqrt\((\d+)\)", r"√\1", plain).replace("*I", "i").replace("I", "i")
    latex = _VARIABLE.sub(r"x_{\1}", _POWER.sub(r"^{\1}", text))
    latex = re.sub(r"sqrt\((\d+)\)", r"\\sqrt{\1}", latex).replace("*I", r"\mathrm{i}").replace("I", r"\mathrm{i}")
    return Written(plain.replace("-", "−").replace("*", ""), latex.replace("*", ""))


def partners(dim: int) -> Written:
    """The variables (x₁, x₂, x₃) of an irrep of this dimension."""
    names = [partner_polynomial(f"x{k + 1}") for k in range(dim)]
    written = join(names, Written(", ", ", "))
    return written if dim == 1 else Written(f"({written.text})", f"({written.latex})")


def series(text: str) -> Written:
    """A generating function: "(1 + t^9) / ((1 - t^2) (1 - t^4))"."""
    plain = _POWER.sub(lambda m: m[1].translate(_SUPERSCRIPTS), text).replace("-", "−")
    above, _, below = _POWER.sub(r"^{\1}", text).partition(" / ")
    bare = below.removeprefix("((").removesuffix("))")
    below = f"({bare})" if bare != below else below
    return Written(plain, rf"\frac{{{above.strip('()') if ' + ' in above else above}}}{{{below}}}")
