"""One function of many items, in several processes or on a cluster: the only place where joblib is used.

Whatever backend ``joblib.parallel_config`` selects is taken, so a Dask cluster is a context around the call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_CHUNKS_PER_WORKER = 4
_LONGEST_CHUNK = 32


def chunks(items: Sequence[Item], workers: int) -> list[Sequence[Item]]:
    """Successive parts of a sequence, several for each worker, none longer than 32."""
    size = max(1, min(_LONGEST_CHUNK, len(items) // (_CHUNKS_PER_WORKER * max(1, workers))))
    return [items[k : k + size] for k in range(0, len(items), size)]


def mapped(function: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """The results one by one, in the order of the items.

    Args:
        function: of one item; with more than one worker it is sent to other processes.
        items: the items.
        workers: 1: in this process; −1: as many as there are cores, or as the backend has; not 0.

    Raises:
        ValueError: no worker at all, or several and joblib is not installed.

    Example:
        >>> list(mapped(abs, [-1, 2, -3], workers=1))
        [1, 2, 3]
    """
    if workers == 0:
        raise ValueError("the number of workers is 1 or more, or -1 for one on each core; not 0")
    if workers == 1:
        return map(function, items)
    try:
        from joblib import Parallel, delayed
    except ImportError:
        raise ValueError("several workers need joblib: pip install 'pointgroups[data]'") from None
    results: Iterator[Result] = Parallel(n_jobs=workers, return_as="generator")(delayed(function)(x) for x in items)
    return results
