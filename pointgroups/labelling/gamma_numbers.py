"""The numbers of Γ1, Γ2, … at the Γ point: Bilbao's (CDML) and those of Koster, Dimmock, Wheeler and Statz.

Both count the irreps of the proper group, or of the group without inversion, and write + and − for g and u. A line of
the tables below gives the irreps in the order of their numbers. They are typed by their Mulliken labels, which stand
for characters in the axes of the setting; so each line is a table of characters.

**Bilbao** numbers by setting: the two settings of one group differ (-42m, -4m2; -6m2, -62m). Every line is held by a
test against the matrices of the server, operation by operation; settings that the server lacks (112, 2mm, …) go with
their axes. Spinor irreps have a bar and numbers without parity, Γ̄6, Γ̄7, …, for characters of the lifts in SU(2).

**Koster** numbers by class: characters as printed, on classes of the same name, with C_n the active rotation by
+2π/n; of an improper element the proper part counts, so that S4 has the table of C4, C3h of C6, C2v of D2. In D2 the
axes are z, y, x: Γ2 is even under C2(y), in C2v under σ(xz). In D6 Γ3 is even under C2′, in C6v under σd = iC2′. In T
Γ2 has ω = e^{2πi/3} under C3⁺. Members of conjugate pairs hang on the sense of rotation: who takes the rotations of
that book as turns of the axes must exchange them. Spinor irreps are numbered on, by the characters of the lifts in
SU(2): Γ5 of C4 has e^{iπ/4} under C4⁺.

Sources: M. I. Aroyo et al., Acta Cryst. A 62, 115 (2006), which follows A. P. Cracknell, B. L. Davies, S. C. Miller and
W. F. Love, Kronecker Product Tables (1979), and L. Elcoro et al., J. Appl. Cryst. 50, 1457 (2017) for the spinors, read
from the tables of the package ``irreptables``; G. F. Koster, J. O. Dimmock, R. G. Wheeler and H. Statz, Properties of
the Thirty-Two Point Groups (MIT Press, 1963), read from two independent transcriptions: WIEN2k's ``irrep`` (its
``pntgrp.f``, also in the program IRVSP, which names table and page) and ``group.dat`` of the program ``f_electron``.
They agree in every character of both; the axes of D2 and C2v are in the second only. A third, for spinors, is in
Quantum ESPRESSO (``divide_class_so.f90``); it exchanges Γ11 and Γ12 of C6, C3h and C6h against the two.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .gamma_symbols import GammaSymbol

if TYPE_CHECKING:
    from pointgroups.point_group import PointGroup

_BILBAO = """
1 -1                              | A
2 112 211  2/m 112/m 2/m11        | A B
m 11m m11                         | A' A''
222 mmm                           | A B1 B3 B2
mm2 2mm m2m                       | A1 A2 B2 B1
4 4/m                             | A B 2E 1E
-4                                | A B 1E 2E
422 4/mmm                         | A1 B1 A2 B2 E
4mm -42m                          | A1 B1 B2 A2 E
-4m2                              | A1 B2 A2 B1 E
3 -3                              | A 2E 1E
32 312  3m 31m  -3m -31m          | A1 A2 E
6 6/m                             | A B 1E2 2E1 2E2 1E1
-6                                | A' A'' 2E' 2E'' 1E' 1E''
622 6/mmm  6mm                    | A1 A2 B1 B2 E2 E1
-6m2                              | A1' A2' A2'' A1'' E' E''
-62m                              | A1' A1'' A2'' A2' E' E''
23 m-3                            | A 1E 2E T
432 m-3m                          | A1 A2 E T1 T2
-43m                              | A1 A2 E T2 T1
"""
_BILBAO_SPINORS = """
1                       | A1/2
-1                      | A1/2u A1/2g
2 112 211  m 11m m11    | 1E1/2 2E1/2
2/m 112/m 2/m11         | 1E1/2g 2E1/2g 1E1/2u 2E1/2u
222  mm2 2mm m2m        | E1/2
mmm                     | E1/2g E1/2u
4 -4                    | 2E3/2 1E1/2 1E3/2 2E1/2
4/m                     | 2E3/2g 1E1/2g 1E3/2g 2E1/2g 2E3/2u 1E1/2u 1E3/2u 2E1/2u
422 4mm -42m -4m2       | E3/2 E1/2
4/mmm                   | E3/2g E1/2g E3/2u E1/2u
3                       | A3/2 1E1/2 2E1/2
-3                      | A3/2g 1E1/2g 2E1/2g A3/2u 1E1/2u 2E1/2u
32 312  3m 31m          | 1E3/2 2E3/2 E1/2
-3m -31m                | 1E3/2g 2E3/2g 1E3/2u 2E3/2u E1/2g E1/2u
6 -6                    | 1E3/2 2E3/2 2E5/2 1E1/2 2E1/2 1E5/2
6/m                     | 1E3/2g 2E3/2g 2E5/2g 1E1/2g 2E1/2g 1E5/2g 1E3/2u 2E3/2u 2E5/2u 1E1/2u 2E1/2u 1E5/2u
622 6mm  -6m2 -62m      | E3/2 E5/2 E1/2
6/mmm                   | E3/2g E5/2g E1/2g E3/2u E5/2u E1/2u
23                      | E1/2 1F3/2 2F3/2
m-3                     | E1/2g 1F3/2g 2F3/2g E1/2u 1F3/2u 2F3/2u
432 -43m                | E1/2 E5/2 F3/2
m-3m                    | E1/2g E5/2g E1/2u E5/2u F3/2g F3/2u
"""
_KOSTER = """
C1 Ci           | A
C2 C2h          | A B
Cs              | A' A''
D2 D2h          | A B2 B1 B3
C2v             | A1 B1 A2 B2
C4 C4h          | A B 2E 1E
S4              | A B 1E 2E
D4 D4h C4v D2d  | A1 A2 B1 B2 E
C3 C3i          | A 2E 1E
D3 D3d C3v      | A1 A2 E
C6 C6h          | A 1E2 2E2 B 2E1 1E1
C3h             | A' 2E' 1E' A'' 2E'' 1E''
D6 D6h          | A1 A2 B1 B2 E1 E2
C6v             | A1 A2 B2 B1 E1 E2
D3h             | A1' A2' A1'' A2'' E'' E'
T Th            | A 1E 2E T
O Oh Td         | A1 A2 E T1 T2
"""
_KOSTER_SPINORS = """
C1 Ci           | A1/2
C2 C2h Cs       | 2E1/2 1E1/2
D2 D2h C2v      | E1/2
C4 C4h S4       | 2E1/2 1E1/2 1E3/2 2E3/2
D4 D4h C4v D2d  | E1/2 E3/2
C3 C3i          | 2E1/2 1E1/2 A3/2
D3 D3d C3v      | E1/2 1E3/2 2E3/2
C6 C6h C3h      | 2E1/2 1E1/2 1E5/2 2E5/2 1E3/2 2E3/2
D6 D6h C6v D3h  | E1/2 E5/2 E3/2
T Th            | E1/2 1F3/2 2F3/2
O Oh Td         | E1/2 E5/2 F3/2
"""


def bilbao_numbers(group: PointGroup) -> dict[str, GammaSymbol]:
    """Mulliken label over ℂ → Bilbao's symbol.

    >>> from pointgroups import point_group
    >>> [f"Γ{s.number} {label}" for label, s in sorted(bilbao_numbers(point_group("-4m2")).items(), key=lambda i: i[1])]
    ['Γ1 A1', 'Γ2 B2', 'Γ3 A2', 'Γ4 B1', 'Γ5 E']
    """
    return _numbered(group, _lines(_BILBAO)[group.symbol])


def bilbao_spinor_numbers(group: PointGroup) -> dict[str, GammaSymbol]:
    """Label of a spinor irrep → Bilbao's barred symbol; the numbers go on after those of the single-valued irreps.

    >>> from pointgroups import point_group
    >>> [f"Γ̄{s.number} {label}" for label, s in bilbao_spinor_numbers(point_group("-42m")).items()]
    ['Γ̄6 E3/2', 'Γ̄7 E1/2']
    """
    before = max(symbol.number for symbol in bilbao_numbers(group).values())
    order = _lines(_BILBAO_SPINORS)[group.symbol]
    return {label: GammaSymbol(before + n, "", True) for n, label in enumerate(order, 1)}


def koster_numbers(group: PointGroup) -> dict[str, GammaSymbol]:
    """Mulliken label over ℂ → Koster's symbol, of the single-valued irreps.

    >>> from pointgroups import point_group
    >>> [f"Γ{s.number} {label}" for label, s in sorted(koster_numbers(point_group("D2")).items(), key=lambda i: i[1])]
    ['Γ1 A', 'Γ2 B2', 'Γ3 B1', 'Γ4 B3']
    """
    return _numbered(group, _lines(_KOSTER)[group.schoenflies])


def koster_spinor_numbers(group: PointGroup) -> dict[str, GammaSymbol]:
    """Label of a spinor irrep → Koster's symbol; the numbers go on after those of the single-valued irreps.

    >>> from pointgroups import point_group
    >>> [f"Γ{s.number} {label}" for label, s in koster_spinor_numbers(point_group("C4")).items()]
    ['Γ5 2E1/2', 'Γ6 1E1/2', 'Γ7 1E3/2', 'Γ8 2E3/2']
    """
    before = max(symbol.number for symbol in koster_numbers(group).values())
    order = _lines(_KOSTER_SPINORS)[group.schoenflies]
    parities = {"g": "+", "u": "-"} if group.has_inversion else {"": ""}
    return {
        f"{name}{p}": GammaSymbol(before + n, sign) for p, sign in parities.items() for n, name in enumerate(order, 1)
    }


def _numbered(group: PointGroup, order: tuple[str, ...]) -> dict[str, GammaSymbol]:
    if not group.has_inversion:
        return {label: GammaSymbol(1 + order.index(label), "") for label in group.irreps}
    signs = {"g": "+", "u": "-"}
    return {label: GammaSymbol(1 + order.index(label[:-1]), signs[label[-1]]) for label in group.irreps}


@cache
def _lines(text: str) -> dict[str, tuple[str, ...]]:
    """Name of a group → its irreps in the order of their numbers."""
    found = {}
    for line in text.strip().splitlines():
        names, order = line.split("|")
        found.update(dict.fromkeys(names.split(), tuple(order.split())))
    return found
