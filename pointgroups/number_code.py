"""Exact numbers written with one letter each: tables hold matrices as such texts, with a legend.

Few numbers occur as entries of rotations, irreps and characters. A legend gives each a letter,

    [["0", "0", 0.0, 0.0], …, ["h", "sqrt(3)/2", 0.8660254037844386, 0.0], …] ,    digits standing for themselves,

with its exact text and the correctly rounded real and imaginary part, and a matrix is then a text of d² letters. NumPy
reads such a text as bytes and looks all numbers up at once.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from .exact import ExactArray, value

_LETTERS = string.ascii_letters + "+-*/=.:;!?#$%&()<>@^_|~"
_COUNTING = string.digits + string.ascii_lowercase
_INDICES = np.array([_COUNTING.find(chr(k)) for k in range(128)])
Legend = Sequence[tuple[str, str, float, float]]
"""Letter, exact text, real and imaginary part of each number."""


def indices_of(text: str) -> NDArray[np.int64]:
    """Small counting numbers, one a letter: 0 … 9, a = 10, …

    >>> indices_of("01a").tolist()
    [0, 1, 10]
    """
    return _INDICES[np.frombuffer(text.encode("ascii"), dtype=np.uint8)]


def text_of(indices: Iterable[int]) -> str:
    """The text that :func:`indices_of` reads; IndexError from 36 on."""
    return "".join([_COUNTING[k] for k in indices])


class NumberCode:
    """A legend, and what it makes of texts and of numbers.

    >>> code = NumberCode.of_numbers(["0", "1", "-1", "sqrt(3)/2"])
    >>> code.text(["1", "sqrt(3)/2"]), code.reals("1b"), code.exact("ba").tokens()
    ('1b', array([1.       , 0.8660254]), ['sqrt(3)/2', '-1'])
    """

    def __init__(self, legend: Legend) -> None:
        self.legend = legend
        self._tokens = {letter: token for letter, token, _, _ in legend}
        self._complexes = np.full(128, np.nan, dtype=np.complex128)
        for letter, _, real, imaginary in legend:
            self._complexes[ord(letter)] = complex(real, imaginary)
        self._reals = self._complexes.real.copy()

    @staticmethod
    def of_numbers(tokens: Iterable[str]) -> NumberCode:
        """The legend of some numbers: a digit for itself, letters for the others in their order.

        Raises:
            ValueError: more numbers than letters.
        """
        distinct = list(dict.fromkeys(tokens))
        others = [token for token in distinct if token not in string.digits]
        if len(others) > len(_LETTERS):
            raise ValueError(f"{len(others)} numbers came, and there are letters for {len(_LETTERS)}")
        letters = dict(zip(others, _LETTERS, strict=False))
        numbers = [(letters.get(token, token), token, value(token)) for token in distinct]
        return NumberCode([(letter, token, z.real, z.imag) for letter, token, z in numbers])

    def text(self, tokens: Iterable[str]) -> str:
        """One letter for each number; KeyError for one that is not in the legend."""
        letters = {token: letter for letter, token in self._tokens.items()}
        return "".join([letters[token] for token in tokens])

    def reals(self, text: str) -> NDArray[np.float64]:
        """Real parts, one a letter."""
        return self._reals[np.frombuffer(text.encode("ascii"), dtype=np.uint8)]

    def complexes(self, text: str) -> NDArray[np.complex128]:
        """Complex numbers, one a letter."""
        return self._complexes[np.frombuffer(text.encode("ascii"), dtype=np.uint8)]

    def exact(self, text: str, shape: tuple[int, ...] | None = None) -> ExactArray:
        """The exact array of this shape, row-major; one-dimensional without one."""
        place = {letter: k for k, letter in enumerate(dict.fromkeys(text))}
        numbers = ExactArray.parse([self._tokens[letter] for letter in place])
        found = numbers[np.array([place[letter] for letter in text], dtype=np.int64)]
        return found if shape is None else found.reshape(*shape)
