"""Files written whole or not at all.

A reader never sees half a file: the bytes go to a temporary file in the same folder, are flushed to the
disk, and take the final name in one step (``os.replace``). A process killed on the way leaves the old
file as it was.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

__all__ = ["write_json", "write_whole"]


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that the path holds either its old content or all of the new one.

    Raises:
        OSError: the folder is missing or cannot be written; no temporary file is left behind.
    """
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_json(path: Path, value: Any) -> None:
    """Write ``value`` as indented JSON, whole or not at all; NaN and infinity are refused (``ValueError``)."""
    write_whole(path, (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())


def _umask() -> int:
    """The process's file mode mask: ``mkstemp`` makes files that only their owner can read."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
