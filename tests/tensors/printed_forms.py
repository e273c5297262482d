"""Printed tables, typed by hand: numbers of independent components, and matrices of famous cases.

Sources: J. F. Nye, Physical Properties of Crystals (1985), tables 3, 8, 9, 14, 15 and appendix E; International Tables
for Crystallography D (2003), 1.1.4; R. W. Boyd, Nonlinear Optics, table 1.5.3 (Kleinman); K. Brugger, J. Appl. Phys.
36, 759 (1965), and R. F. S. Hearmon, Acta Cryst. 6, 331 (1953), for third-order elasticity; L. Shu et al., J. Appl.
Phys. 110, 104106 (2011), for flexoelectricity. Axes: 32 has a two-fold axis along x, 3m and -6m2 a mirror normal to x.
"""

_LAUE_CLASSES = (
    "1 -1", "2 m 2/m", "222 mm2 mmm", "4 -4 4/m", "422 4mm -42m 4/mmm", "3 -3", "32 3m -3m", "6 -6 6/m",
    "622 6mm -6m2 6/mmm", "23 m-3", "432 -43m m-3m",
)  # fmt: skip


def _by_class(text: str) -> dict[str, int]:
    """Classes that are not named have none."""
    counts = dict.fromkeys(" ".join(_LAUE_CLASSES).split(), 0)
    for item in text.split(","):
        *symbols, count = item.split()
        for symbol in symbols:
            assert counts[symbol] == 0
            counts[symbol] = int(count)
    return counts


def _by_laue_class(text: str) -> dict[str, int]:
    """In the order -1, 2/m, mmm, 4/m, 4/mmm, -3, -3m, 6/m, 6/mmm, m-3, m-3m."""
    return {s: int(n) for family, n in zip(_LAUE_CLASSES, text.split(), strict=True) for s in family.split()}


_PIEZOELECTRIC = _by_class(
    "1 18,2 8,m 10,222 3,mm2 5,4 -4 4,422 1,4mm 3,-42m 2,3 6,32 2,3m 4,6 4,-6 2,622 1,6mm 3,-6m2 1,23 -43m 1"
)
_SYMMETRIC = _by_laue_class("6 4 3 2 2 2 2 2 2 1 1")
_ELASTIC = _by_laue_class("21 13 9 7 6 7 6 5 5 3 3")
_PHOTOELASTIC = _by_laue_class("36 20 12 10 7 12 8 8 6 4 3")

COUNTS = {
    "pyroelectric": _by_class("1 3,2 1,m 2,mm2 4 4mm 3 3m 6 6mm 1"),
    "dielectric": _SYMMETRIC,
    "thermal-expansion": _SYMMETRIC,
    "gyration": _by_class("1 6,2 4,m 2,222 3,mm2 1,4 -4 422 2,-42m 1,3 32 6 622 2,23 432 1"),
    "piezoelectric-d": _PIEZOELECTRIC,
    "piezoelectric-e": _PIEZOELECTRIC,
    "electro-optic": _PIEZOELECTRIC,
    "second-harmonic": _PIEZOELECTRIC,
    "second-harmonic-kleinman": _by_class(
        "1 10,2 4,m 6,222 1,mm2 3,4 -4 2,4mm 2,-42m 1,3 4,32 1,3m 3,6 -6 2,6mm 2,-6m2 1,23 -43m 1"
    ),
    # an axial vector linear in another: as a polar tensor of rank two without symmetry
    "hall": _by_laue_class("9 5 3 3 2 3 2 3 2 1 1"),
    "elastic": _ELASTIC,
    "compliance": _ELASTIC,
    "photoelastic": _PHOTOELASTIC,
    "magnetostriction": _PHOTOELASTIC,
    "flexoelectric": _by_laue_class("54 28 15 14 8 18 10 12 7 5 3"),
    "third-order-elastic": _by_laue_class("56 32 20 16 12 20 14 12 10 8 6"),
}

# In all matrices x stands for the tensor's letter.
_HEXAGONAL = """
x11 x12 x13 0   0   0
x12 x11 x13 0   0   0
x13 x13 x33 0   0   0
0   0   0   x44 0   0
0   0   0   0   x44 0
0   0   0   0   0   (x11-x12)/2
"""
_TETRAGONAL_HIGH = """
x11 x12 x13 0   0   0
x12 x11 x13 0   0   0
x13 x13 x33 0   0   0
0   0   0   x44 0   0
0   0   0   0   x44 0
0   0   0   0   0   x66
"""
_TETRAGONAL_LOW = """
x11 x12 x13 0   0   x16
x12 x11 x13 0   0   -x16
x13 x13 x33 0   0   0
0   0   0   x44 0   0
0   0   0   0   x44 0
x16 -x16 0  0   0   x66
"""
_TRIGONAL_HIGH = """
x11 x12 x13 x14 0   0
x12 x11 x13 -x14 0  0
x13 x13 x33 0   0   0
x14 -x14 0  x44 0   0
0   0   0   0   x44 x14
0   0   0   0   x14 (x11-x12)/2
"""
_TRIGONAL_LOW = """
x11 x12 x13 x14 -x25 0
x12 x11 x13 -x14 x25 0
x13 x13 x33 0   0   0
x14 -x14 0  x44 0   x25
-x25 x25 0  0   x44 x14
0   0   0   x25 x14 (x11-x12)/2
"""
_CUBIC = """
x11 x12 x12 0   0   0
x12 x11 x12 0   0   0
x12 x12 x11 0   0   0
0   0   0   x44 0   0
0   0   0   0   x44 0
0   0   0   0   0   x44
"""
_ORTHORHOMBIC = """
x11 x12 x13 0   0   0
x12 x22 x23 0   0   0
x13 x23 x33 0   0   0
0   0   0   x44 0   0
0   0   0   0   x55 0
0   0   0   0   0   x66
"""
_MONOCLINIC = """
x11 x12 x13 0   x15 0
x12 x22 x23 0   x25 0
x13 x23 x33 0   x35 0
0   0   0   x44 0   x46
x15 x25 x35 0   x55 0
0   0   0   x46 0   x66
"""
_TRICLINIC = """
x11 x12 x13 x14 x15 x16
x12 x22 x23 x24 x25 x26
x13 x23 x33 x34 x35 x36
x14 x24 x34 x44 x45 x46
x15 x25 x35 x45 x55 x56
x16 x26 x36 x46 x56 x66
"""
_FAMILIES = {
    "1 -1": _TRICLINIC,
    "2 m 2/m": _MONOCLINIC,
    "222 mm2 mmm": _ORTHORHOMBIC,
    "4 -4 4/m": _TETRAGONAL_LOW,
    "422 4mm -42m 4/mmm": _TETRAGONAL_HIGH,
    "3 -3": _TRIGONAL_LOW,
    "32 3m -3m": _TRIGONAL_HIGH,
    "6 -6 6/m 622 6mm -6m2 6/mmm": _HEXAGONAL,
    "23 m-3 432 -43m m-3m": _CUBIC,
}
_STIFFNESS = {symbol: form for family, form in _FAMILIES.items() for symbol in family.split()}


def _compliance(form: str) -> str:
    """S66 = 2(S11 − S12), S56 = 2 S14, S46 = 2 S25 where the stiffness has (C11 − C12)/2, C14 and C25."""
    lines = form.strip().splitlines()
    rows = [line.split() for line in lines]
    for a in (3, 4, 5):
        for b in (3, 4, 5):
            rows[a][b] = {"(x11-x12)/2": "2*(x11-x12)", "x14": "2*x14", "x25": "2*x25"}.get(rows[a][b], rows[a][b])
    return "\n".join(" ".join(row) for row in rows)


_COMPLIANCE = {s: form if s in ("1", "-1", "2", "m", "2/m") else _compliance(form) for s, form in _STIFFNESS.items()}

_PIEZO_POLAR = """
0   0   0   0   x15 0
0   0   0   x15 0   0
x31 x31 x33 0   0   0
"""
_D = {
    "2": """
0   0   0   x14 0   x16
x21 x22 x23 0   x25 0
0   0   0   x34 0   x36
""",
    "222": """
0 0 0 x14 0   0
0 0 0 0   x25 0
0 0 0 0   0   x36
""",
    "mm2": """
0   0   0   0   x15 0
0   0   0   x24 0   0
x31 x32 x33 0   0   0
""",
    "4": """
0   0   0   x14 x15 0
0   0   0   x15 -x14 0
x31 x31 x33 0   0   0
""",
    "-4": """
0   0   0   x14 x15 0
0   0   0   -x15 x14 0
x31 -x31 0  0   0   x36
""",
    "422": """
0 0 0 x14 0    0
0 0 0 0   -x14 0
0 0 0 0   0    0
""",
    "4mm": _PIEZO_POLAR,
    "-42m": """
0 0 0 x14 0   0
0 0 0 0   x14 0
0 0 0 0   0   x36
""",
    "3": """
x11 -x11 0   x14 x15  -2*x22
-x22 x22 0   x15 -x14 -2*x11
x31 x31  x33 0   0    0
""",
    "32": """
x11 -x11 0 x14 0    0
0   0    0 0   -x14 -2*x11
0   0    0 0   0    0
""",
    "3m": """
0    0   0   0   x15 -2*x22
-x22 x22 0   x15 0   0
x31  x31 x33 0   0   0
""",
    "6": """
0   0   0   x14 x15 0
0   0   0   x15 -x14 0
x31 x31 x33 0   0   0
""",
    "-6": """
x11  -x11 0 0 0 -2*x22
-x22 x22  0 0 0 -2*x11
0    0    0 0 0 0
""",
    "622": """
0 0 0 x14 0    0
0 0 0 0   -x14 0
0 0 0 0   0    0
""",
    "6mm": _PIEZO_POLAR,
    "-6m2": """
0    0   0 0 0 -2*x22
-x22 x22 0 0 0 0
0    0   0 0 0 0
""",
    # -6m2 with a mirror normal to y, as quartz-like axes are often chosen
    "-62m": """
x11 -x11 0 0 0 0
0   0    0 0 0 -2*x11
0   0    0 0 0 0
""",
    "23": """
0 0 0 x14 0   0
0 0 0 0   x14 0
0 0 0 0   0   x14
""",
    "-43m": """
0 0 0 x14 0   0
0 0 0 0   x14 0
0 0 0 0   0   x14
""",
}

_P_HEXAGONAL = """
x11 x12 x13 0   0   0
x12 x11 x13 0   0   0
x31 x31 x33 0   0   0
0   0   0   x44 0   0
0   0   0   0   x44 0
0   0   0   0   0   (x11-x12)/2
"""
_PHOTO = {
    "m-3": """
x11 x12 x13 0   0   0
x13 x11 x12 0   0   0
x12 x13 x11 0   0   0
0   0   0   x44 0   0
0   0   0   0   x44 0
0   0   0   0   0   x44
""",
    "m-3m": _CUBIC,
    "6/mmm": _P_HEXAGONAL,
    "3m": """
x11 x12 x13 x14 0   0
x12 x11 x13 -x14 0  0
x31 x31 x33 0   0   0
x41 -x41 0  x44 0   0
0   0   0   0   x44 x41
0   0   0   0   x14 (x11-x12)/2
""",
    "4/m": """
x11 x12 x13 0   0   x16
x12 x11 x13 0   0   -x16
x31 x31 x33 0   0   0
0   0   0   x44 x45 0
0   0   0   -x45 x44 0
x61 -x61 0  0   0   x66
""",
    "4/mmm": """
x11 x12 x13 0   0   0
x12 x11 x13 0   0   0
x31 x31 x33 0   0   0
0   0   0   x44 0   0
0   0   0   0   x44 0
0   0   0   0   0   x66
""",
}
_GYRATION = {
    "-4": "x11 x12 0\nx12 -x11 0\n0 0 0",
    "-42m": "x11 0 0\n0 -x11 0\n0 0 0",
    "m": "0 x12 0\nx12 0 x23\n0 x23 0",
    "mm2": "0 x12 0\nx12 0 0\n0 0 0",
    "32": "x11 0 0\n0 x11 0\n0 0 x33",
    "432": "x11 0 0\n0 x11 0\n0 0 x11",
}
_KLEINMAN = {
    "-43m": _D["-43m"],
    "4mm": """
0   0   0   0   x31 0
0   0   0   x31 0   0
x31 x31 x33 0   0   0
""",
    "32": """
x11 -x11 0 0 0 0
0   0    0 0 0 -x11
0   0    0 0 0 0
""",
}

FORMS = {
    "elastic": _STIFFNESS,
    "compliance": _COMPLIANCE,
    "piezoelectric-d": _D,
    "piezoelectric-e": {symbol: form.replace("2*", "") for symbol, form in _D.items()},
    "photoelastic": _PHOTO,
    "gyration": _GYRATION,
    "second-harmonic-kleinman": _KLEINMAN,
}
