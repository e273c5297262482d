"""Labels in other tables' schemes: against Bilbao's matrices, Koster's printed characters, and between each other."""

import cmath
import copy
import math

import numpy as np
import pytest
from oracles.mulliken import reference_table, to_cartesian
from thirty_two import SETTINGS, every_group, every_setting

from pointgroups import UnknownIrrepError, point_group
from pointgroups.labelling.gamma_symbols import GammaSymbol, read_gamma, write_gamma
from pointgroups.labelling.lookup import irrep_of
from pointgroups.labelling.maps import label_map
from pointgroups.labelling.schemes import SCHEMES, UnsureLabelError, all_labels, scheme_label

BILBAO = reference_table("bilbao_point_group_irreps")
every_scheme = pytest.mark.parametrize("scheme", SCHEMES)
I, W = 1j, cmath.exp(2j * math.pi / 3)
S = cmath.exp(1j * math.pi / 3)


def element(group, name):
    return group.elements.index(name)


# Bilbao --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("setting", sorted(BILBAO))
def test_bilbao_labels_have_the_characters_of_the_server(setting):
    """All 37 settings of the server, operation by operation, in both directions."""
    group = point_group(setting)
    theirs = to_cartesian(setting, BILBAO[setting]["ops"])
    index = np.abs(group.rotations[None] - theirs[:, None]).max(axis=(2, 3)).argmin(axis=1)
    seen = set()
    for entry in BILBAO[setting]["irreps"]:
        chi = np.trace(np.array(entry["re"]) + 1j * np.array(entry["im"]), axis1=1, axis2=2)
        irrep = group.irrep(entry["label"], scheme="bilbao")
        assert np.abs(irrep.characters[index] - chi).max() < 1e-9, entry["label"]
        assert read_gamma(irrep.labels["bilbao"]) == read_gamma(entry["label"])
        seen.add(irrep)
    assert seen == set(group.irreps.values())


@pytest.mark.parametrize(
    ("setting", "like", "permutation"),
    [("112", "2", "zxy"), ("211", "2", "yzx"), ("2mm", "mm2", "zxy"), ("m2m", "mm2", "yzx"), ("112/m", "2/m", "zxy")],
)
def test_settings_that_the_server_lacks_follow_their_axes(setting, like, permutation):
    """The group with its axes permuted cyclically has the labels of the elements that it permutes."""
    group, other = point_group(setting), point_group(like)
    matrix = np.eye(3)[["xyz".index(letter) for letter in permutation]]
    moved = matrix @ other.rotations @ matrix.T
    index = np.abs(group.rotations[None] - moved[:, None]).max(axis=(2, 3)).argmin(axis=1)
    assert sorted(index) == list(range(group.order))
    for label, irrep in other.irreps.items():
        for scheme in SCHEMES:
            same = group.irrep(scheme_label(irrep, scheme), scheme=scheme)
            assert np.array_equal(same.characters[index], irrep.characters), (label, scheme)


# Koster --------------------------------------------------------------------------------------------------------------

# Γ1, Γ2, … under generators, as G. F. Koster et al. print them (tables 9, 17, 25, 33, 42, 49, 57, 65, 74, 81). Looked
# up in two transcriptions, not in the book: pntgrp.f of WIEN2k's irrep as IRVSP has it (GitHub hongyi-zhao/irvsp,
# src_irvsp_v1/pntgrp.f, commit 82e0b36), from which the numbers of the tables are, and group.dat of f_electron (GitHub
# octoYot/f_electron, bin/group.dat, commit b24313e). The axes of D2 and C2v are in the second only.
KOSTER = [
    ("C2", "C2[010]", [1, -1]),
    ("Cs", "σ[010]", [1, -1]),
    ("D2", "C2[001]", [1, -1, 1, -1]),
    ("D2", "C2[010]", [1, 1, -1, -1]),
    ("D2", "C2[100]", [1, -1, -1, 1]),
    ("C2v", "C2[001]", [1, -1, 1, -1]),
    ("C2v", "σ[010]", [1, 1, -1, -1]),
    ("C4", "C4[001]+", [1, -1, I, -I]),
    ("S4", "S4[001]-", [1, -1, I, -I]),
    ("D4", "C4[001]+", [1, 1, -1, -1, 0]),
    ("D4", "C2[100]", [1, -1, 1, -1, 0]),
    ("C4v", "C4[001]+", [1, 1, -1, -1, 0]),
    ("C4v", "σ[010]", [1, -1, 1, -1, 0]),
    ("D2d", "S4[001]+", [1, 1, -1, -1, 0]),
    ("D2d", "C2[100]", [1, -1, 1, -1, 0]),
    ("-4m2", "S4[001]+", [1, 1, -1, -1, 0]),
    ("-4m2", "C2[110]", [1, -1, 1, -1, 0]),
    ("C3", "C3[001]+", [1, W, W**2]),
    ("D3", "C3[001]+", [1, 1, -1]),
    ("D3", "C2[100]", [1, -1, 0]),
    ("312", "C2[010]", [1, -1, 0]),
    ("C3v", "C3[001]+", [1, 1, -1]),
    ("C3v", "σ[100]", [1, -1, 0]),
    ("C6", "C6[001]+", [1, W**2, W, -1, S, 1 / S]),
    ("C3h", "S3[001]-", [1, W**2, W, -1, S, 1 / S]),
    ("C3h", "σ[001]", [1, 1, 1, -1, -1, -1]),
    ("D6", "C6[001]+", [1, 1, -1, -1, 1, -1]),
    ("D6", "C2[100]", [1, -1, 1, -1, 0, 0]),
    ("C6v", "C6[001]+", [1, 1, -1, -1, 1, -1]),
    ("C6v", "σ[100]", [1, -1, 1, -1, 0, 0]),
    ("D3h", "σ[001]", [1, 1, -1, -1, -2, 2]),
    ("D3h", "C2[010]", [1, -1, 1, -1, 0, 0]),
    ("-62m", "C2[100]", [1, -1, 1, -1, 0, 0]),
    ("T", "C3[111]+", [1, W, W**2, 0]),
    ("O", "C4[001]+", [1, -1, 0, 1, -1]),
    ("O", "C3[111]+", [1, 1, -1, 0, 0]),
    ("Td", "S4[001]+", [1, -1, 0, 1, -1]),
    ("Td", "C3[111]+", [1, 1, -1, 0, 0]),
]


@pytest.mark.parametrize(("name", "generator", "characters"), KOSTER, ids=lambda x: x if isinstance(x, str) else "")
def test_koster_numbers_have_the_printed_characters(name, generator, characters):
    group = point_group(name)
    assert len(characters) == len(group.irreps)
    g = element(group, generator)
    for number, expected in enumerate(characters, 1):
        irrep = group.irrep(f"Γ{number}", scheme="koster")
        assert abs(irrep.characters[g] - expected) < 1e-12, number


@pytest.mark.parametrize(
    ("name", "proper"),
    [("Cs", "C2"), ("C2v", "D2"), ("S4", "C4"), ("C4v", "D4"), ("D2d", "D4"), ("C3v", "D3"), ("C3h", "C6"),
     ("C6v", "D6"), ("-62m", "D6"), ("Td", "O")],
)  # fmt: skip
def test_koster_has_one_table_for_isomorphic_groups(name, proper):
    """g ↦ det(g) g carries each Γn of the improper group into Γn of the proper one: 22 tables for 32 groups."""
    group, image = point_group(name), point_group(proper)
    turned = group.rotations * group.determinants[:, None, None]
    index = np.abs(image.rotations[None] - turned[:, None]).max(axis=(2, 3)).argmin(axis=1)
    assert sorted(index) == list(range(image.order))
    for irrep in group.irreps.values():
        same = image.irrep(irrep.labels["koster"], scheme="koster")
        assert np.abs(same.characters[index] - irrep.characters).max() < 1e-12


@every_group
def test_numbers_run_on_without_a_gap(name):
    """Γ1 … Γn of each parity, first those of the group, then spinors; Γ1 or Γ1+ is the trivial irrep."""
    group = point_group(name)
    assert (
        group.irrep("GM1+" if group.has_inversion else "GM1", scheme="bilbao").characters.tolist() == [1] * group.order
    )
    for scheme in ("bilbao", "koster"):
        numbers = {}
        for irrep in group.irreps.values():
            (symbol,) = read_gamma(scheme_label(irrep, scheme))
            numbers.setdefault(symbol.parity, []).append(symbol.number)
            assert symbol.parity == {"g": "+", "u": "-"}.get(irrep.label[-1] if group.has_inversion else "", "")
        assert set(numbers) == ({"+", "-"} if group.has_inversion else {""})
        for found in numbers.values():
            assert sorted(found) == list(range(1, len(found) + 1))


@every_setting
def test_koster_numbers_of_spinors_go_on_after_the_others(name):
    double = point_group(name).double
    numbers = {}
    for label, irrep in double.irreps.items():
        (symbol,) = read_gamma(irrep.labels["koster"])
        numbers.setdefault(symbol.parity, []).append((symbol.number, irrep.spinor))
        assert irrep_of(double, irrep.labels["koster"], "koster") is irrep
        assert irrep.spinor or irrep.labels == point_group(name).irreps[label].labels
    for found in numbers.values():
        assert [n for n, _ in sorted(found)] == list(range(1, len(found) + 1))
        assert [spinor for _, spinor in sorted(found)] == sorted(spinor for _, spinor in found)


# Koster's spinor irreps, looked up in the same two transcriptions, each in its own notation: the element, then the
# characters of its first spinor irrep and on. WIEN2k: e = exp(2πi/3), d = exp(2πi/8), "/2" is √2; group.dat: the power
# of exp(2πi/n), n before the colon, or √2 and √3 times a sign. Tables of the book by number and page: C2 9 (33), C4 25
# (40), D4 33 (45), C3 42 (51), D3 49 (55), C6 57 (59), D6 65 (67), T 74 (79), O 81 (88).
KOSTER_SPINORS = """
C2  | C2[010]   | i -i              | 4: 1 3
Cs  | σ[010]    | i -i              | 4: 1 3
C4  | C4[001]+  | d d* -d -d*       | 8: 1 7 5 3
C4  | C2[001]   | i -i i -i         | 8: 2 6 2 6
S4  | S4[001]-  | d d* -d -d*       | 8: 1 7 5 3
D4  | C4[001]+  | /2 -/2            | √: 2 -2
C4v | C4[001]+  | /2 -/2            | √: 2 -2
D2d | S4[001]-  | /2 -/2            | √: 2 -2
C3  | C3[001]+  | -e* -e -1         | 6: 1 5 3
D3  | C3[001]+  | 1 -1 -1           | √: 1 -1 -1
D3  | C2[100]   | 0 i -i            | 4: - 1 3
C3v | σ[100]    | 0 i -i            | 4: - 1 3
C6  | C6[001]+  | -ie ie* ie -ie* -i i | 12: 1 11 7 5 9 3
C6  | C3[001]+  | -e* -e -e* -e -1 -1  | 12: 2 10 2 10 6 6
C6  | C2[001]   | i -i -i i i -i       | 12: 3 9 9 3 3 9
C3h | S3[001]-  | -ie ie* ie -ie* -i i | 12: 1 11 7 5 9 3
C3h | C3[001]+  | -e* -e -e* -e -1 -1  | 12: 2 10 2 10 6 6
C3h | σ[001]    | i -i -i i i -i       | 12: 3 9 9 3 3 9
D6  | C6[001]+  | /3 -/3 0          | √: 3 -3 0
C6v | C6[001]+  | /3 -/3 0          | √: 3 -3 0
D3h | S3[001]-  | /3 -/3 0          | √: 3 -3 0
T   | C3[111]+  | 1 e e*            | 3: 0 1 2
O   | C4[100]+  | /2 -/2 0          | √: 2 -2 0
Td  | S4[100]-  | /2 -/2 0          | √: 2 -2 0
"""


def wien2k(text):
    """ "-ie*" …"""
    sign = -1 if text[0] == "-" else 1
    text = text.removeprefix("-")
    if text[0] == "/":
        return sign * math.sqrt(int(text[1:]))
    if text.isdigit():
        return sign * int(text)
    value = sign
    for letter in text.removesuffix("*"):
        factor = {"i": 1j, "e": W, "d": cmath.exp(2j * math.pi / 8)}[letter]
        value *= factor.conjugate() if text.endswith("*") and letter != "i" else factor
    return value


def f_electron(root, text):
    """Power of a root of unity, "-" for 0, or a signed √."""
    if root == "√":
        return math.copysign(math.sqrt(abs(int(text))), int(text))
    return 0 if text == "-" else cmath.exp(2j * math.pi * int(text) / int(root))


@pytest.mark.parametrize("line", KOSTER_SPINORS.strip().splitlines(), ids=lambda line: "".join(line.split()[:3]))
def test_koster_numbers_of_spinors_have_the_characters_of_both_transcriptions(line):
    name, generator, first, second = (part.strip() for part in line.split("|"))
    double = point_group(name).double
    root, powers = second.split(":")
    expected = [[wien2k(x) for x in first.split()], [f_electron(root, x) for x in powers.split()]]
    assert len(expected[0]) == len(double.spinor_irreps)
    before = len(point_group(name).irreps)
    for characters in expected:
        for n, value in enumerate(characters, before + 1):
            irrep = irrep_of(double, f"Γ{n}", "koster")
            assert abs(irrep.characters[double.elements.index(generator)] - value) < 1e-12, n


@pytest.mark.parametrize("name", ["C2h", "C4h", "C3i", "C6h", "D2h", "D4h", "D3d", "D6h", "Th", "Oh"])
def test_koster_spinors_with_inversion_are_those_of_the_proper_group(name):
    """Γn± of G × i has on proper elements the characters of Γn of G, as group.dat has in all ten tables."""
    double = point_group(name).double
    proper = {"C3i": "C3", "D3d": "D3"}.get(name, name[:-1])
    half = point_group(proper).double
    where = [double.elements.index(element) for element in half.elements]
    for irrep in half.spinor_irreps.values():
        for parity in "+-":
            same = irrep_of(double, irrep.labels["koster"] + parity, "koster")
            assert np.abs(same.characters[where] - irrep.characters).max() < 1e-12


def test_quantum_espresso_exchanges_g11_and_g12():
    """The third transcription, PW/src/divide_class_so.f90, dissents in C6, C3h and C6h, and in nothing else.

    There G_11 has i under C6 and −i under s_h. Its rows for C3h first had s_h = +i, as the other two; a comment in it
    says that signs were changed to make that table equal to its table of C6. Left here so that nobody mixes the two.
    """
    c6, c3h = point_group("C6").double, point_group("C3h").double
    theirs = irrep_of(c6, "Γ12", "koster")
    assert abs(theirs.characters[c6.elements.index("C6[001]+")] - 1j) < 1e-12
    theirs, first = (irrep_of(c3h, f"Γ{n}", "koster").characters[c3h.elements.index("σ[001]")] for n in (12, 11))
    assert abs(theirs + 1j) < 1e-12
    assert abs(first - 1j) < 1e-12


# Setting and number of its first spinor irrep | element and characters of Γ̄n, Γ̄n+1, … under it, with the SU(2) lift of
# the library; z5 is exp(2πi 5/24). Read from the tables of irreptables 3.1, which are those of the server.
BILBAO_SPINORS = """
1 2 | E 1
-1 2 | i -1 1
2 3 | C2[010] z18 z6
m 3 | σ[010] z18 z6
2/m 3 | C2[010] z18 z6 z18 z6 ; i 1 1 -1 -1
222 5 | C2[001] 0
mm2 5 | C2[001] 0
mmm 5 | i 2 -2
4 5 | C4[001]+ z9 z21 z15 z3
-4 5 | S4[001]- z9 z21 z15 z3
4/m 5 | C4[001]+ z9 z21 z15 z3 z9 z21 z15 z3 ; i 1 1 1 1 -1 -1 -1 -1
422 6 | C4[001]+ -√2 √2
4mm 6 | C4[001]+ -√2 √2
-42m 6 | S4[001]- -√2 √2
-4m2 6 | S4[001]- -√2 √2
4/mmm 6 | C4[001]+ -√2 √2 -√2 √2 ; i 2 2 -2 -2
3 4 | C3[001]+ -1 z20 z4
-3 4 | S6[001]- -1 z20 z4 1 z8 z16
312 4 | C2[√3,1,0] z6 z18 0
321 4 | C2[100] z6 z18 0
3m1 4 | σ[100] z6 z18 0
31m 4 | σ[√3,1,0] z6 z18 0
-31m 4 | C2[√3,1,0] z6 z18 z6 z18 0 0 ; i 1 1 -1 -1 2 -2
-3m1 4 | C2[100] z6 z18 z6 z18 0 0 ; i 1 1 -1 -1 2 -2
6 7 | C6[001]+ z18 z6 z10 z22 z2 z14
-6 7 | S3[001]+ z6 z18 z14 z2 z22 z10
6/m 7 | C6[001]+ z18 z6 z10 z22 z2 z14 z18 z6 z10 z22 z2 z14 ; i 1 1 1 1 1 1 -1 -1 -1 -1 -1 -1
622 7 | C6[001]+ 0 -√3 √3
6mm 7 | C6[001]+ 0 -√3 √3
-6m2 7 | S3[001]- 0 -√3 √3
-62m 7 | S3[001]- 0 -√3 √3
6/mmm 7 | C6[001]+ 0 -√3 √3 0 -√3 √3 ; i 2 2 2 -2 -2 -2
23 5 | C3[111]+ 1 z8 z16
m-3 5 | S6[111]- 1 z8 z16 -1 z20 z4
432 6 | C4[100]+ √2 -√2 0
-43m 6 | S4[100]- √2 -√2 0
m-3m 6 | C4[100]+ √2 -√2 √2 -√2 0 0 ; i 2 2 -2 -2 4 -4
"""


def number(text):
    """ "-√2", "z5" …"""
    if text[0] == "z":
        return cmath.exp(2j * math.pi * int(text[1:]) / 24)
    sign = -1 if text[0] == "-" else 1
    bare = text.removeprefix("-")
    return sign * (math.sqrt(int(bare[1:])) if bare[0] == "√" else int(bare))


@pytest.mark.parametrize("line", BILBAO_SPINORS.strip().splitlines(), ids=lambda line: line.split()[0])
def test_bilbao_labels_of_spinors(line):
    """All 37 settings: the bars' characters under elements that tell the irreps apart, and nothing is left over."""
    head, columns = line.split("|")
    setting, first = head.split()
    double = point_group(setting).double
    seen = set()
    for column in columns.split(";"):
        name, *characters = column.split()
        assert len(characters) == len(double.spinor_irreps)
        for n, expected in enumerate(characters, int(first)):
            irrep = irrep_of(double, f"-GM{n}", "bilbao")
            assert irrep.spinor
            assert abs(irrep.characters[double.elements.index(name)] - number(expected)) < 1e-12, n
            assert irrep.labels["bilbao"] == f"-GM{n}"
            seen.add(irrep)
    assert len(seen) == len(double.spinor_irreps)
    rows = {tuple(c.split()[1 + k] for c in columns.split(";")) for k in range(len(seen))}
    assert len(rows) == len(seen), "the elements do not tell the irreps apart"


@every_setting
def test_every_spinor_irrep_has_a_bar(name):
    double = point_group(name).double
    mapped = label_map(double, "bilbao", "mulliken")
    assert list(mapped.values()) == list(double.irreps)
    assert all(label.startswith("-GM") == double.irreps[own].spinor for label, own in mapped.items())


@pytest.mark.parametrize("text", ["-GM6", "Γ̄6", "Γ̄₆", "−GM6", r"\bar{\Gamma}_6", r"\overline{\Gamma}_{6}"])
def test_spellings_of_a_bar(text):
    assert read_gamma(text) == (GammaSymbol(6, "", True),)
    assert irrep_of(point_group("D4").double, text).label == "E3/2"  # Koster's Γ6 is E1/2


def test_a_bar_is_no_label_of_a_single_valued_irrep():
    for label in ("-GM1", "-GM9"):
        with pytest.raises(UnknownIrrepError):
            irrep_of(point_group("O").double, label)
    with pytest.raises(UnknownIrrepError):
        point_group("O").irrep("-GM6")


# Altmann and Herzig --------------------------------------------------------------------------------------------------


@every_setting
def test_altmann_and_herzig_differ_from_mulliken_in_pairs_only(name):
    for irrep in point_group(name).irreps.values():
        label = irrep.labels.get("altmann-herzig")
        if irrep.indicator == 1:
            assert label == irrep.label
        elif label is not None:
            assert label[1:] == irrep.label[1:]


@pytest.mark.parametrize("name", ["C6", "C6h"])
def test_altmann_and_herzig_pairs_of_c6_descend_to_c3(name):
    """¹E1 and ¹E2 both have ε* = exp(−2πi/3) under C3⁺; here ¹E2 is (x + iy)², with ε."""
    group = point_group(name)
    c3 = element(group, "C3[001]+")
    for irrep in group.irreps.values():
        if irrep.indicator == 0:
            expected = W.conjugate() if irrep.labels["altmann-herzig"][0] == "1" else W
            assert abs(irrep.characters[c3] - expected) < 1e-12
    assert group.irreps["1E2" + ("g" if name == "C6h" else "")].labels["altmann-herzig"].startswith("2E2")


def test_uncertain_superscripts_are_refused():
    for irrep in (point_group("S4").irreps["1E"], point_group("C4").double.irreps["1E1/2"]):
        with pytest.raises(UnsureLabelError, match="not certain"):
            scheme_label(irrep, "altmann-herzig")
    assert point_group("T").double.irreps["1F3/2"].labels["altmann-herzig"] == "1F3/2"
    assert point_group("S4").real_irreps["E"].labels["altmann-herzig"] == "E"


# Maps ----------------------------------------------------------------------------------------------------------------


@every_setting
@pytest.mark.parametrize("source", SCHEMES)
@pytest.mark.parametrize("target", SCHEMES)
@pytest.mark.parametrize("field", ["C", "R"])
def test_maps_between_any_two_schemes_are_inverse_bijections(name, source, target, field):
    if name == "S4" and field == "C" and "altmann-herzig" in (source, target):
        with pytest.raises(UnsureLabelError):
            label_map(name, source, target, field)
        return
    there, back = label_map(name, source, target, field), label_map(name, target, source, field)
    group = point_group(name)
    assert len(there) == len(group.irreps if field == "C" else group.real_irreps)
    assert {back[label]: label for label in back} == there
    if source == target:
        assert all(a == b for a, b in there.items())
    for label, translated in there.items():
        assert irrep_of(group, label, source) is irrep_of(group, translated, target)


@every_setting
def test_labels_of_a_rotated_group_are_those_of_its_setting(name):
    frame = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))[0]
    group = point_group(name).rotated(frame * np.linalg.det(frame))
    assert [i.labels for i in group.irreps.values()] == [i.labels for i in point_group(name).irreps.values()]


def test_pairs_over_the_reals_carry_both_symbols():
    group = point_group("Th")
    assert group.real_irreps["Eu"].labels == {
        "mulliken": "Eu", "bilbao": "GM2-GM3-", "koster": "Γ2- ⊕ Γ3-", "altmann-herzig": "Eu",
    }  # fmt: skip
    for text in ("GM2-GM3-", "GM3-GM2-", "Γ₂⁻Γ₃⁻", "Γ2- ⊕ Γ3-", "Γ2- + Γ3-"):
        assert group.irrep(text, scheme="bilbao") is group.real_irreps["Eu"]


# Where sources differ: each line is a difference ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "bilbao", "koster"),
    [
        ("-4m2", "A1 B2 A2 B1 E", "A1 A2 B1 B2 E"),
        ("-42m", "A1 B1 B2 A2 E", "A1 A2 B1 B2 E"),
        ("4mm", "A1 B1 B2 A2 E", "A1 A2 B1 B2 E"),
        ("422", "A1 B1 A2 B2 E", "A1 A2 B1 B2 E"),
        ("-6m2", "A1' A2' A2'' A1'' E' E''", "A1' A2' A1'' A2'' E'' E'"),
        ("-62m", "A1' A1'' A2'' A2' E' E''", "A1' A2' A1'' A2'' E'' E'"),
        ("6", "A B 1E2 2E1 2E2 1E1", "A 1E2 2E2 B 2E1 1E1"),
        ("622", "A1 A2 B1 B2 E2 E1", "A1 A2 B1 B2 E1 E2"),
        ("6mm", "A1 A2 B1 B2 E2 E1", "A1 A2 B2 B1 E1 E2"),
        ("222", "A B1 B3 B2", "A B2 B1 B3"),
        ("mm2", "A1 A2 B2 B1", "A1 B1 A2 B2"),
        ("-43m", "A1 A2 E T2 T1", "A1 A2 E T1 T2"),
        ("432", "A1 A2 E T1 T2", "A1 A2 E T1 T2"),
        ("23", "A 1E 2E T", "A 1E 2E T"),
    ],
)
def test_known_crossings(setting, bilbao, koster):
    for scheme, order in (("bilbao", bilbao), ("koster", koster)):
        found = label_map(setting, scheme, "mulliken")
        numbered = sorted(found, key=read_gamma)
        assert [found[label] for label in numbered] == order.split()


DIFFERING = "D2 C2v 2mm m2m D2h D4 C4v D2d -4m2 D4h C6 C3h C6h D6 C6v D3h -62m D6h Td"
AGREEING = {*SETTINGS} - set(DIFFERING.split())


@every_setting
def test_where_bilbao_and_koster_agree(name):
    """In the others a bare Γ symbol is ambiguous for some irrep."""
    same = label_map(name, "bilbao", "koster")
    assert all(read_gamma(a) == read_gamma(b) for a, b in same.items()) == (name in AGREEING)


def test_molsym_exchanges_b2_and_b3_of_d2():
    """A second program's names, matched operation by operation."""
    with np.printoptions():  # importing it changes how NumPy prints
        pg_to_symels = pytest.importorskip("molsym.symtext.general_irrep_mats").pg_to_symels
    symels, _, matrices = pg_to_symels("D2")
    group = point_group("D2")
    index = [int(np.abs(group.rotations - np.array(s.rrep)).max(axis=(1, 2)).argmin()) for s in symels]
    names = {}
    for name, gamma in matrices.items():
        chi = np.trace(np.asarray(gamma), axis1=1, axis2=2)
        (names[name],) = (a for a, irrep in group.irreps.items() if np.abs(irrep.characters[index] - chi).max() < 1e-9)
    assert names == {"A_1": "A", "B_1": "B1", "B_2": "B3", "B_3": "B2"}


def test_phonopy_exchanges_b1_and_b2_of_6mm():
    """phonopy 4.10 calls the irrep B1 that is even under the mirrors normal to a lattice vector."""
    group = point_group("6mm")
    theirs = {"σ[100]": 1, "σ[010]": -1, "C6[001]+": -1}  # its B1
    (name,) = (a for a, i in group.irreps.items() if i.dim == 1
               and all(i.characters[element(group, g)] == chi for g, chi in theirs.items()))  # fmt: skip
    assert name == "B2"


# Input ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["GM4-", "Γ4-", "Γ4−", "Γ₄⁻", "Γ_4^-", "Γ_{4}^{-}", r"\Gamma_4^-", "G_4-", "Gamma4-"])
def test_spellings(text):
    assert read_gamma(text) == (GammaSymbol(4, "-"),)
    assert point_group("Oh").irrep(text, scheme="bilbao").label == "T1u"


@pytest.mark.parametrize("text", ["", "T1u", "Γ", "4-", "GMx", "Γ4?", "E1/2g", "Γ4-T1u"])
def test_what_is_no_gamma_symbol(text):
    assert read_gamma(text) == ()


def test_symbols_are_written_in_order():
    assert write_gamma([GammaSymbol(3, "+"), GammaSymbol(2, "+")], "GM", "") == "GM2+GM3+"


def test_a_bare_gamma_is_taken_where_both_schemes_agree():
    assert point_group("Oh").irrep("Γ4-").label == "T1u"
    assert point_group("O").irrep("GM5").label == "T2"
    assert point_group("Oh").tensor_product("Γ4-", "T1u") == point_group("Oh").tensor_product("T1u", "T1u")


@pytest.mark.parametrize(
    ("name", "bare", "bilbao", "koster"),
    [("Td", "Γ4", "T2", "T1"), ("4mm", "Γ2", "B1", "A2"), ("C6", "GM2", "B", "1E2")],
)
def test_a_bare_gamma_that_means_two_irreps_is_refused_and_both_are_named(name, bare, bilbao, koster):
    group = point_group(name)
    with pytest.raises(ValueError, match=rf"ambiguous.*{bilbao} in the scheme 'bilbao' and {koster} in .*'koster'"):
        group.irrep(bare)
    assert group.irrep(bare, scheme="bilbao").label == bilbao
    assert group.irrep(bare, scheme="koster").label == koster


def test_a_bare_spinor_symbol_is_refused():
    double = point_group("O").double
    with pytest.raises(ValueError, match="nothing in the scheme 'bilbao'"):
        irrep_of(double, "Γ6")
    assert irrep_of(double, "Γ6", "koster").label == "E1/2"
    assert irrep_of(double, "F3/2").label == "F3/2"


@every_scheme
def test_unknown_labels_are_refused(scheme):
    with pytest.raises(UnknownIrrepError):
        point_group("Oh").irrep("GM9+" if scheme in ("bilbao", "koster") else "T3g", scheme=scheme)
    with pytest.raises(UnknownIrrepError, match="neither"):
        point_group("Oh").irrep("Γ9+")


@pytest.mark.parametrize("label", [4, None, ("T1u",)])
def test_what_is_no_text_is_no_label(label):
    for scheme in (None, "koster"):
        with pytest.raises(UnknownIrrepError, match="is a text, such as 'A1g'"):
            point_group("Oh").irrep(label, scheme=scheme)


def test_the_error_lists_the_labels_that_there_are():
    with pytest.raises(UnknownIrrepError, match=r"GM1 \(A1\), GM2 \(A2\), GM3 \(E\)"):
        point_group("C3v").irrep("GM4", scheme="bilbao")


@pytest.mark.parametrize("call", [
    lambda: point_group("Oh").irrep("T1u", scheme="schoenflies"),
    lambda: scheme_label(point_group("Oh").irreps["T1u"], "bethe"),
    lambda: label_map("Oh", "bilbao", "Bilbao"),
])  # fmt: skip
def test_unknown_schemes_are_refused(call):
    with pytest.raises(ValueError, match="mulliken, bilbao, koster, altmann-herzig"):
        call()


def test_labels_are_read_only_and_made_once():
    irrep = point_group("Oh").irreps["T1u"]
    assert irrep.labels == all_labels(irrep)
    assert irrep.labels is irrep.labels
    with pytest.raises(TypeError):
        irrep.labels["koster"] = "Γ1"  # type: ignore[index]
    assert copy.deepcopy(irrep) is irrep


def test_irreps_of_other_groups_have_their_own_label_only():
    from pointgroups.finite.families import molecular_point_group

    irrep = next(iter(molecular_point_group("I").irreps.values()))
    assert irrep.labels == {"mulliken": irrep.label}
    with pytest.raises(UnsureLabelError, match="32 crystallographic groups"):
        scheme_label(irrep, "bilbao")


@every_setting
def test_every_irrep_has_a_koster_and_a_bilbao_label(name):
    group = point_group(name)
    for irrep in (*group.irreps.values(), *group.real_irreps.values()):
        assert {"mulliken", "bilbao", "koster"} <= set(irrep.labels)
    assert len(SETTINGS) == 45
