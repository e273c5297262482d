"""The names of classes of conjugate subgroups: the group's own, with the elements held where several have the same.

"C3v"; "C2v (C2', σh, σv)" and "C2v (C2, 2σd)" in D4h, by the symbols over the character table of G; classes that hold
the same elements of G are numbered in their order, "order 4 (3C2a) 1".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pointgroups.groups import ConjugacyClass

from .enumeration import Subgroup


def class_names(groups: Sequence[str], members: Sequence[Subgroup], classes: Sequence[ConjugacyClass]) -> list[str]:
    """One name for each class of subgroups.

    Args:
        groups: what each class of subgroups is, "C3v".
        members: one subgroup of each class.
        classes: the conjugacy classes of G.

    >>> C2v = [ConjugacyClass(label, (k,)) for k, label in enumerate(["E", "C2", "σ(xz)", "σ(yz)"])]
    >>> class_names(["C2v", "Cs", "Cs", "C1"], [(0, 1, 2, 3), (0, 2), (0, 3), (0,)], C2v)
    ['C2v', 'Cs (σ(xz))', 'Cs (σ(yz))', 'C1']
    """
    several = Counter(groups)
    names = [
        f"{group} ({_held(inside, classes)})" if several[group] > 1 else group
        for group, inside in zip(groups, members, strict=True)
    ]
    same, seen = Counter(names), Counter[str]()
    for k, name in enumerate(names):
        if same[name] > 1:
            seen[name] += 1
            names[k] = f"{name} {seen[name]}"
    return names


def _held(inside: Subgroup, classes: Sequence[ConjugacyClass]) -> str:
    """ "C2, 2σv"."""
    counts = [(len(set(inside).intersection(c.indices)), c.label.lstrip("0123456789")) for c in classes[1:]]
    return ", ".join(f"{n if n > 1 else ''}{label}" for n, label in counts if n)


def table_places(inside: Subgroup, classes: Sequence[ConjugacyClass]) -> list[int]:
    """The classes of G's table in which the elements lie: what orders subgroups of one kind."""
    members = set(inside)
    return [k for k, c in enumerate(classes) for g in c.indices if g in members]
