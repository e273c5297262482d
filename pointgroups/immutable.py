"""Values that cannot be changed after they are made, yet compute and keep parts of themselves lazily."""

from __future__ import annotations

from typing import NoReturn


class Immutable:
    """Base of a value whose attributes are set once, through ``__dict__``; ``cached_property`` works as usual."""

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} objects are immutable: {name!r} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} objects are immutable: {name!r} cannot be deleted")
