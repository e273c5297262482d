"""What a model must beat: predicting the mean, and ridge regression on the composition.

Both see the training and validation crystals only. They know nothing of where the atoms are, so the part of
a network's error that is below theirs is what it learned from the structure.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .data import Crystal

__all__ = ["RIDGE_STRENGTHS", "composition_features", "mean_absolute_error", "mean_baseline", "ridge_baseline"]

RIDGE_STRENGTHS: tuple[float, ...] = tuple(float(strength) for strength in np.logspace(-6, 3, 19))


def mean_absolute_error(predicted: NDArray[np.float64], true: NDArray[np.float64]) -> float:
    """(1/n) Σ |predicted − true| over (n,) values, in the target's unit."""
    return float(np.abs(predicted - true).mean())


def composition_features(crystals: Sequence[Crystal], elements: Sequence[str]) -> NDArray[np.float64]:
    """Element fractions x_e = (atoms of element e) / (atoms), shape (n, len(elements)).

    Elements not in ``elements`` have no column, so the row of a crystal that has one adds up to less than 1.

    Example:
        >>> from equinet import load_dataset
        >>> first = load_dataset("perovskites").crystals[0]  # AcAcO3
        >>> [round(float(x), 3) for x in composition_features([first], ["Ac", "O"])[0]]
        [0.4, 0.6]
    """
    column = {element: i for i, element in enumerate(elements)}
    features = np.zeros((len(crystals), len(elements)))
    for row, crystal in enumerate(crystals):
        for symbol in crystal.species:
            if symbol in column:
                features[row, column[symbol]] += 1 / len(crystal.species)
    return features


def mean_baseline(train: Sequence[Crystal], test: Sequence[Crystal]) -> NDArray[np.float64]:
    """The mean of the training targets for every test crystal, (n_test,)."""
    return np.full(len(test), np.mean([crystal.target for crystal in train]))


def ridge_baseline(
    train: Sequence[Crystal], validation: Sequence[Crystal], test: Sequence[Crystal]
) -> tuple[NDArray[np.float64], float]:
    """Ridge regression on element fractions: w = argmin Σ (y − w·x − b)² + λ‖w‖².

    λ is the one of ``RIDGE_STRENGTHS`` with the least mean absolute error on ``validation``.

    Returns:
        the predictions for ``test``, (n_test,), and λ.
    """
    from sklearn.linear_model import Ridge

    elements = sorted({symbol for crystal in train for symbol in crystal.species})
    x_train, x_validation, x_test = (composition_features(part, elements) for part in (train, validation, test))
    y_train, y_validation = (
        np.array([crystal.target for crystal in part], dtype=np.float64) for part in (train, validation)
    )
    fits = [Ridge(alpha=strength).fit(x_train, y_train) for strength in RIDGE_STRENGTHS]
    errors = [mean_absolute_error(fit.predict(x_validation), y_validation) for fit in fits]
    best = int(np.argmin(errors))
    return np.asarray(fits[best].predict(x_test), dtype=np.float64), RIDGE_STRENGTHS[best]
