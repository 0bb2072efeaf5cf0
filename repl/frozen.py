"""Plugins that are not the same twice: found by rendering twice, and their sound kept beside the recipe."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from repl.errors import ReplError
from repl.larder import Larder, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from plugin_host.audio import Audio
    from plugin_host.tapes import Kept
    from repl.render_job import RenderJob


def freeze(
    job: RenderJob, place: Path, larder: Larder, make: Callable[[RenderJob, Larder], object]
) -> list[str]:
    """Render once more, name the plugins that gave something else, and keep what they gave first.

    Args:
        job: What was rendered.
        place: Its recipe.
        larder: What that took, with what plugins gave.
        make: Renders.

    Returns:
        What there is to say.

    Raises:
        ReplError: What plugins gave cannot be kept.
    """
    if not any(tapes.names for tapes in larder.tapes.values()):
        return ["--check: no plugin plays, so there is nothing to compare"]
    second = Larder(taped=True)
    with tempfile.TemporaryDirectory(prefix="sempre-check-") as folder:
        output = job.output and Path(folder) / job.output.name
        make(replace(job, output=output, stems=job.stems and Path(folder) / "stems"), second)
        names = {path.name: digest_of(path) for path in second.written}
        others = [path.name for path in larder.written if names.get(path.name) != digest_of(path)]
    said: list[str] = []
    for part, tapes in sorted(larder.tapes.items()):
        for number, alike in tapes.differing(second.tapes[part]).items():
            plain = re.sub(r"[^\w.-]+", "_", Path(tapes.names[number]).stem).strip("._") or "plugin"
            title = job.files[0].stem if job.output is None else job.output.name
            file = place.with_name(f"{title}.frozen-{part}-{number}-{plain}.wav")
            _keep(file, tapes.sound(number), job.finish.rate)
            row: dict[str, object] = {
                "part": part,
                "number": number,
                "name": tapes.names[number],
                "file": file.name,
                "latency": tapes.latencies.get(number, 0),
            }
            larder.kept.append(row | {"sha256": digest_of(file)})
            why = "is not the same twice" if alike else "was not given the same twice"
            said.append(
                f"{tapes.names[number]!r} {why} ({part}): what it gave is kept in {file},"
                " and played instead of it when the recipe is made again"
            )
    if not said:
        said.append(f"rendered twice: {f'other bytes in {others[0]}' if others else 'the same bytes'}")
    return said


def read_frozen(rows: Sequence[Mapping[str, object]], recipe: Path) -> dict[str, dict[int, Kept]]:
    """What is played instead of plugins: for "mix" and "stems", by their numbers.

    Args:
        rows: Of the recipe.
        recipe: The sounds lie beside it.

    Raises:
        ReplError: One is not there any more, or was changed.
    """
    found: dict[str, dict[int, Kept]] = {}
    for row in rows:
        file = recipe.with_name(Path(str(row["file"])).name)
        if digest_of(file) != row["sha256"]:
            raise ReplError(
                f"{file}: the sound of {row['name']!r} that is kept for this recipe was changed or lost"
            )
        from plugin_host.effects import read_sound
        from plugin_host.tapes import Kept

        kept = Kept(read_sound(file)[0], int(str(row.get("latency", 0))))
        found.setdefault(str(row["part"]), {})[int(str(row["number"]))] = kept
    return found


def _keep(file: Path, sound: Audio, rate: int) -> None:
    from plugin_host.wav import write_wav

    try:
        write_wav(file, sound, rate, 32)
    except OSError as error:
        raise ReplError(f"cannot write {file}: {error.strerror or error}") from None
