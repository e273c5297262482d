"""Labels in the manner of Altmann and Herzig's tables.

Mulliken labels here follow these tables but for one thing: the members of the pair E2 of C6 and C6h. There ¹E1 and
¹E2 both have ε* = e^{−2πi/3} under C3⁺, as ¹E of C3 has, while here ¹E2 goes with (x + iy)². Letters of spinor irreps
(E1/2, F3/2, A3/2) are theirs; T and Th have their ¹F3/2 = ¹E ⊗ E1/2 (table 70).

Not certain, and so refused: the superscripts in S4, and those of spinor pairs in other groups than T and Th. One
transcription has them, WIEN2k's, and no second one was found; they obey no rule by which one could check it (¹E1/2 has
e^{+iφ/2} under the smallest rotation in C2, C3 and C6, and e^{−iφ/2} in C4), and its S4 repeats C4.

Source: S. L. Altmann and P. Herzig, Point-Group Theory Tables (Oxford, 1994; 2nd ed. Vienna, 2011), tables n.4, as
transcribed in WIEN2k's ``irrep`` (``pntgrp.f``).
"""

from __future__ import annotations

_OTHER = {"1": "2", "2": "1"}


def altmann_herzig_label(schoenflies: str, mulliken: str, spinor: bool) -> str | None:
    """Their label of an irrep over ℂ given by ours; None where it is not certain.

    >>> altmann_herzig_label("C6", "1E2", False), altmann_herzig_label("Oh", "T1u", False)
    ('2E2', 'T1u')
    """
    member = mulliken[0] in _OTHER
    if not member:
        return mulliken
    if spinor:
        return mulliken if schoenflies in ("T", "Th") else None
    if schoenflies == "S4":
        return None
    if mulliken[1:3] == "E2":
        return _OTHER[mulliken[0]] + mulliken[1:]
    return mulliken
