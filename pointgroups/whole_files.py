"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: it holds its old content until all of the new one is on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    temporary = path.with_name(os.path.basename(name))  # noqa: PTH119
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise
