"""Files that are replaced only by whole ones: a full disk leaves the former as it was, and no stump."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["written_whole"]


@contextmanager
def written_whole(path: Path) -> Generator[Path, None, None]:
    """A name beside a file, to be written to; it takes the file's place when that has gone well.

    Args:
        path: The file; behind a link, what that leads to.

    Raises:
        OSError: It cannot be replaced.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "x.wav")
    ...     with written_whole(file) as unseen:
    ...         _ = unseen.write_text("sound")
    ...     file.read_text(), len([*Path(folder).iterdir()])
    ('sound', 1)
    """
    path = path.resolve()
    unseen = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        yield unseen
        unseen.replace(path)
    finally:
        unseen.unlink(missing_ok=True)
