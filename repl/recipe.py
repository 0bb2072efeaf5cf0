"""The recipe beside a render: all that it was made of, so that it can be made again to the byte."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from plugin_host.paths import expanded
from plugin_host.preset_files import as_they_were
from plugin_host.whole_file import written_whole
from repl.errors import ReplError
from repl.frozen import read_frozen
from repl.larder import Larder, digest_of, maps_of, plugins_of, versions
from repl.model_files import models_taken
from repl.opened import open_texts
from repl.own_modules import module_name
from repl.render_job import RenderJob
from repl.settings import PluginSettings, SampleSettings, SessionSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from repl.opened import Opened

    Row = Mapping[str, str]
    Make = Callable[[RenderJob, Opened, Larder], str]

SCHEMA = 1
SUFFIX = ".recipe.json"


def place_of(job: RenderJob) -> Path:
    """Where the recipe of a job is kept: beside its sound, or among its stems."""
    if job.output is not None:
        return job.output.with_name(job.output.name + SUFFIX)
    return (job.stems or Path()) / f"{job.files[0].stem}{SUFFIX}"


def write_recipe(job: RenderJob, opened: Opened, larder: Larder) -> Path:
    """Write down what a render was made of; gives the place.

    Args:
        job: What was asked for.
        opened: The pieces as they were played.
        larder: What they took.

    Raises:
        ReplError: It cannot be written.
    """
    place, settings = place_of(job), opened.settings
    samples = larder.samples | maps_of(larder.chains, settings.sample_folders) | _models(opened)
    found = {file: text for piece in opened.pieces for file, text in piece.modules.texts.items()}
    below = {os.path.relpath(file, job.files[0].parent): text for file, text in sorted(found.items())}
    modules = [
        {"name": module_name(file), "file": file, "sha256": _digest(text), "text": text}
        for file, text in below.items()
    ]
    table: dict[str, object] = {
        "recipe": SCHEMA,
        "job": job.to_json(),
        "seed": opened.seed,
        "pieces": [
            {"file": file.as_posix(), "sha256": _digest(text), "text": text}
            for file, text in zip(job.files, _texts(opened), strict=True)
        ],
        "modules": modules,
        "layout": _layout_of(job),
        "settings": {
            "samples": [folder.as_posix() for folder in settings.sample_folders],
            "plugins": [folder.as_posix() for folder in settings.plugin_folders],
            "bpm": settings.bpm,
            "seed": settings.seed,
        },
        "samples": [{"path": path.as_posix(), "sha256": digest_of(path)} for path in sorted(samples)],
        "plugins": plugins_of(larder.chains, settings.plugin_folders),
        "frozen": larder.kept,
        "versions": versions(),
        "written": [
            {"file": Path(os.path.relpath(path, place.parent)).as_posix(), "sha256": digest_of(path)}
            for path in larder.written
        ],
    }
    try:
        with written_whole(place) as unseen:
            unseen.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise ReplError(f"cannot write {place}: {error.strerror or error}") from None
    return place


def _models(opened: Opened) -> set[Path]:
    """The models that were taken: by the pieces and their modules, or in a session."""
    if opened.journal:
        return models_taken()
    return models_taken({name for piece in opened.pieces for name in (piece.file, *piece.modules.texts)})


def _texts(opened: Opened) -> list[str]:
    """What was played: the pieces, or the journal of a session."""
    return [opened.journal] if opened.journal else [piece.source for piece in opened.pieces]


def _opened_again(job: RenderJob, table: Mapping[str, object]) -> Opened:
    texts = [row["text"] for row in cast("Sequence[Row]", table["pieces"])]
    if job.journal:
        from repl.journalled import open_again

        return open_again(texts[0], _settings(table))
    return open_texts(job.files, texts, _settings(table), job.seed, _modules(table, job.files[0]))


def _layout_of(job: RenderJob) -> dict[str, str] | None:
    """The file that says where the loudspeakers are; None where a name says it."""
    file = Path(job.finish.layout)
    if file.suffix.lower() not in {".toml", ".csv"}:
        return None
    try:
        text = file.expanduser().read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReplError(f"{file}: cannot be read any more, so it is in no recipe ({error})") from None
    return {"file": file.as_posix(), "sha256": _digest(text), "text": text}


def _layout_again(table: Mapping[str, object], folder: Path, told: list[str]) -> Mapping[str, object]:
    """The job of a recipe, with the loudspeakers as they were: a file that is another now is not used.

    Args:
        table: The recipe.
        folder: Where a file may be put for as long as it takes.
        told: Takes what is not as it was.
    """
    job, row = cast("Mapping[str, object]", table["job"]), cast("Row | None", table.get("layout"))
    if row is None:
        return job
    now = _compared("layout", Path(row["file"]).expanduser(), row["sha256"])
    if not now:
        return job
    told += [f"{line}; the loudspeakers are those of the recipe" for line in now]
    file = folder / Path(row["file"]).name
    file.write_bytes(row["text"].encode())
    return {**job, "layout": file.as_posix()}


def again(recipe: Path, output: Path | None, stems: Path | None, make: Make) -> tuple[str, bool]:
    """Make what a recipe tells of once more.

    A file that is there and is as the recipe says is never replaced by another: what comes out otherwise gets
    another name.

    Args:
        recipe: The recipe.
        output: Another place for the sound.
        stems: Another place for the stems.
        make: Renders.

    Returns:
        What there is to say, and whether the bytes are the same.

    Raises:
        ReplError: It is no recipe, or nothing can be rendered.
    """
    table = read_recipe(recipe)
    told = _differences(table, recipe)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix=".again-", dir=recipe.parent))
        fresh = Path(folder)
        was = _job(_layout_again(table, fresh, told), recipe)
        job = replace(
            was, output=was.output and (output or was.output), stems=was.stems and (stems or was.stems)
        )
        made = replace(
            job,
            output=job.output and fresh / was.output.name if was.output else None,
            stems=job.stems and fresh / "stems",
        )
        larder = Larder(frozen=read_frozen(cast("Sequence[Row]", table.get("frozen", ())), recipe))
        rows = cast("Sequence[Row]", table["plugins"])
        presets = {row["preset"]: row["preset_sha256"] for row in rows if row.get("preset_sha256")}
        with as_they_were(presets):
            said = make(made, _opened_again(job, table), larder)
        if job.stems is not None:
            said = said.replace(str(made.stems), str(job.stems))
        same = True
        wanted = {Path(row["file"]).name: row["sha256"] for row in cast("Sequence[Row]", table["written"])}
        for path in larder.written:
            digest = wanted.pop(path.name, "")
            target = job.output if path == made.output else (job.stems or recipe.parent) / path.name
            text, equal = _put(path, target or path, digest)
            said, same = said.replace(str(path), str(target)), same and equal
            told.append(text)
    told += [f"{name} did not come out this time" for name in sorted(wanted)]
    return "\n".join([said, *told]), same and not wanted


def _modules(table: Mapping[str, object], first: Path) -> dict[str, str]:
    """The texts of the musician's own modules as they were, by the names that the pieces know them by."""
    rows = cast("Sequence[Row]", table["modules"])
    return {Path(os.path.normpath(first.parent / row["file"])).as_posix(): row["text"] for row in rows}


def _put(path: Path, target: Path, digest: str) -> tuple[str, bool]:
    """Bring a file to its place; gives what there is to say, and whether it is what it should be."""
    equal = digest_of(path) == digest
    if not equal and digest_of(target) == digest:
        target = target.with_stem(f"{target.stem}-again")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(target) as unseen:  # which may lie on another disk
            shutil.move(path, unseen)
    except OSError as error:
        raise ReplError(f"cannot write {target}: {error.strerror or error}") from None
    return f"{target}: {'the same bytes' if equal else 'OTHER bytes than the recipe tells of'}", equal


def read_recipe(path: Path) -> dict[str, object]:
    """A recipe as it was written.

    Raises:
        ReplError: It cannot be read, is no recipe, or is one of a later Sempre.
    """
    try:
        table: object = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReplError(f"there is no recipe {path}; each render leaves one, named …{SUFFIX}") from None
    except (OSError, ValueError) as error:
        raise ReplError(f"{path}: cannot be read as a recipe ({error})") from None
    rows = cast("dict[str, object]", table) if isinstance(table, dict) else {}
    if not isinstance(rows.get("recipe"), int):
        raise ReplError(f"{path}: this is no recipe of a render")
    if cast("int", rows["recipe"]) > SCHEMA:
        raise ReplError(
            f"{path}: written by a later Sempre (its form is {rows['recipe']}, known is {SCHEMA})"
        )
    lack = {"job", "pieces", "modules", "settings", "samples", "plugins", "versions", "written"} - rows.keys()
    if lack:
        raise ReplError(f"{path}: this recipe lacks {', '.join(sorted(lack))}")
    return rows


def _job(table: Mapping[str, object], recipe: Path) -> RenderJob:
    try:
        job = RenderJob.from_json(table)
    except (KeyError, TypeError, ValueError) as error:
        raise ReplError(f"{recipe}: its job cannot be read ({error!r})") from None
    # Where it was rendered then is nobody's concern now: all lies as it lay around the recipe.
    if job.output is None:
        return replace(job, stems=recipe.parent)
    folder = job.output.parent
    stems = None if job.stems is None else recipe.parent / os.path.relpath(job.stems, folder)
    return replace(job, output=recipe.parent / job.output.name, stems=stems)


def _settings(table: Mapping[str, object]) -> Settings:
    told = cast("Mapping[str, object]", table["settings"])
    folders = {
        name: tuple(Path(str(one)) for one in cast("Sequence[object]", told[name]))
        for name in ("samples", "plugins")
    }
    return Settings(
        samples=SampleSettings(folders["samples"]),
        plugins=PluginSettings(folders["plugins"]),
        session=SessionSettings(bpm=cast("float | None", told["bpm"]), seed=cast("int | None", told["seed"])),
    )


def _differences(table: Mapping[str, object], recipe: Path) -> list[str]:
    """What is not as it was, a line each."""
    then, now = cast("Row", table["versions"]), versions()
    found = [
        f"{name}: {then.get(name, 'unknown')} then, {now.get(name, 'unknown')} now"
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    ]
    for row in cast("Sequence[Row]", table["samples"]):
        found += _compared("sample", Path(row["path"]), row["sha256"])
    for row in cast("Sequence[Row]", table["plugins"]):
        found += _compared("plugin", Path(row["path"]), row["sha256"])
        if "preset" in row:
            found += _compared("preset", expanded(row["preset"]), row["preset_sha256"])
    for row in cast("Sequence[Row]", table["pieces"]):
        if _digest(row["text"]) != row["sha256"]:
            found.append(f"{recipe}: the text of {row['file']} in it was changed")
    return found


def _compared(kind: str, path: Path, digest: str) -> list[str]:
    now = digest_of(path)
    if now == digest:
        return []
    return [f"{kind} {path}: {'changed since then' if now else 'not there any more'}"]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
