"""`sempre.toml`: what is set once for a project, read so that nothing wrong in it stops the start."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bridge.port_settings import PortSettings, read_inputs, read_ports
from plugin_host.audio_settings import DRIVERS, PROFILES
from plugin_host.errors import HostError
from plugin_host.layouts import read_layout
from repl.journal_settings import JournalSettings, journal_settings, read_folder
from repl.prompt_settings import KEYS as PROMPT_KEYS
from repl.prompt_settings import PromptSettings
from repl.setting_values import Refused, choice, near, number, seed, switch, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NAME = "sempre.toml"
"""The file's name, looked for beside the first piece, then in the working directory."""

BACKENDS = ("auto", "jack", "system", "rtmidi-jack", "none")
"""Ways for MIDI; "auto" takes the first that works."""


@dataclass(frozen=True, slots=True)
class MidiSettings:
    """Where MIDI goes.

    Args:
        backend: One of `BACKENDS`.
        name: What our port is called in other programs.
        inputs: Ports that are listened to, by parts of their names; "*" is all that is plugged in.
        stream_rate: Samples a second of a signal that is heard between onsets, 1 to 1000.
        ports: What is known of ports, likewise.
    """

    backend: str = "auto"
    name: str = "Sempre"
    inputs: tuple[str, ...] = ("*",)
    stream_rate: float = 100.0
    ports: tuple[PortSettings, ...] = ()


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """Where sound goes; what is None is left to the device.

    Args:
        driver: One of the drivers of `plugin_host.audio_settings`.
        device: Part of a device's name.
        rate: Frames per second, 8000 to 192000.
        profile: "tight", "normal" or "safe": how far sound is rendered ahead; None is as "normal", and
            farther on a machine where that was too little.
        layout: Where the loudspeakers are: a name of `plugin_host.layouts`, or the path of a file.
        cue: Whether two outputs beyond those are for what is heard beforehand.
        inputs: How many channels come in, 0 to 64.
        input_device: Part of the name of the device that they come from.
    """

    driver: str = "auto"
    device: str | None = None
    rate: int | None = None
    profile: str | None = None
    layout: str = "stereo"
    cue: bool = False
    inputs: int = 0
    input_device: str | None = None


@dataclass(frozen=True, slots=True)
class SampleSettings:
    """Where samples are.

    Args:
        folders: Folders that are there; one that is not has been reported.
        memory: Megabytes of sounds that are kept ready; those unused for longest are let go.
    """

    folders: tuple[Path, ...] = ()
    memory: float | None = None


@dataclass(frozen=True, slots=True)
class PluginSettings:
    """Where plugins are, beside the system's folders for them.

    Args:
        folders: Folders that are there; one that is not has been reported.
    """

    folders: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class LatencySettings:
    """How early each way out gets its events, in seconds from -1 to 1: more is earlier.

    Args:
        midi: For MIDI.
        osc: For OSC.
        audio: For our own sound.
    """

    midi: float = 0.0
    osc: float = 0.0
    audio: float = 0.0


@dataclass(frozen=True, slots=True)
class OscSettings:
    """How OSC comes in; see `bridge.surface_settings`.

    Args:
        port: For UDP and TCP; 0 is off.
        listen: "loopback" or "network".
        remote: From where commands are taken: "off", "loopback" or "network".
        tablets: Surfaces that are told everything from the start, as "host:port".
        reply_port: The port on which surfaces listen; 0 is the one from which they send.
        discovery: Whether we are to be found on the network.
    """

    port: int = 9010
    listen: str = "loopback"
    remote: str = "loopback"
    tablets: tuple[str, ...] = ()
    reply_port: int = 0
    discovery: bool = True


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """How a session begins.

    Args:
        seed: Of the piece's random choices.
        bpm: Beats per minute, above 0 and at most 1000.
        fade: Cycles in which the layers of a file fade out that is renamed away or deleted; 0 ends them.
    """

    seed: int | None = None
    bpm: float | None = None
    fade: float | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, and what was wrong with the file that they come from.

    Args:
        file: Where they were read; None if there is no such file.
        midi: Section `[midi]`.
        audio: Section `[audio]`.
        samples: Section `[samples]`.
        latency: Section `[latency]`.
        osc: Section `[osc]`.
        session: Section `[session]`.
        journal: Section `[journal]`.
        read: The keys that were taken over, as `section.key`.
        problems: A block of text for each thing that was not.
        plugins: Section `[plugins]`.
        prompt: Section `[prompt]`.
    """

    file: Path | None = None
    midi: MidiSettings = field(default_factory=MidiSettings)
    audio: AudioSettings = field(default_factory=AudioSettings)
    samples: SampleSettings = field(default_factory=SampleSettings)
    latency: LatencySettings = field(default_factory=LatencySettings)
    osc: OscSettings = field(default_factory=OscSettings)
    session: SessionSettings = field(default_factory=SessionSettings)
    journal: JournalSettings = field(default_factory=JournalSettings)
    read: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    plugins: PluginSettings = field(default_factory=PluginSettings)
    prompt: PromptSettings = field(default_factory=PromptSettings)

    @property
    def seed(self) -> int | None:
        """The seed, if one is set."""
        return self.session.seed

    @property
    def bpm(self) -> float | None:
        """The tempo, if one is set."""
        return self.session.bpm

    @property
    def sample_folders(self) -> tuple[Path, ...]:
        """The folders of samples that are there."""
        return self.samples.folders

    @property
    def plugin_folders(self) -> tuple[Path, ...]:
        """The folders of plugins that are there, beside the system's."""
        return self.plugins.folders

    def said(self) -> str:
        """One line that says what was read, and from where."""
        if self.file is None:
            return f"settings: no {NAME} here, the usual ones hold"
        what = ", ".join(self.read) or "nothing"
        wrong = len(self.problems)
        rest = f"; {wrong} problem{'s' if wrong > 1 else ''}, see below" if wrong else ""
        return f"settings: {self.file}: {what}{rest}"

    def to_json(self) -> dict[str, object]:
        """As the processes of a session take them: by section, without what is not set."""
        sections: dict[str, object] = {}
        for name in ("midi", "audio", "latency", "osc", "session", "journal"):
            values = cast("dict[str, object]", asdict(getattr(self, name)))
            sections[name] = {key: value for key, value in values.items() if value is not None}
        sections["samples"] = [str(folder) for folder in self.samples.folders]
        sections["sounds"] = {} if self.samples.memory is None else {"memory": self.samples.memory}
        sections["plugins"] = [str(folder) for folder in self.plugins.folders]
        return sections


def read_settings(files: Sequence[Path], folder: Path | None = None) -> Settings:
    """Find and read the settings of a session.

    Args:
        files: Its pieces; the settings are looked for beside the first.
        folder: Where they are looked for next: the working directory.
    """
    folders = [files[0].parent] if files else []
    for place in (*folders, folder if folder is not None else Path()):
        path = place / NAME
        if path.is_file():
            return _read_file(path)
    return Settings()


def parse_settings(source: str, file: Path) -> Settings:
    r"""Read the text of a settings file; what is wrong is named, and the rest holds.

    Args:
        source: The text.
        file: Its name, for messages; folders are relative to it.

    >>> parse_settings("[session]\nbpm = 112", Path("sempre.toml")).bpm
    112.0
    """
    from repl.toml_text import tables_of  # only where there is a file: the start of a session waits for it

    tables, problems = tables_of(source, str(file))
    reading = _Reading(source, file, problems)
    for name, table in tables.items():
        reading.section(name, table)
    return reading.settings()


def _read_file(path: Path) -> Settings:
    try:
        return parse_settings(path.read_text(encoding="utf-8"), path)
    except (OSError, UnicodeDecodeError) as error:
        return Settings(path, problems=(f"{path}: cannot be read ({error}); the usual settings hold",))


def _folders(value: object) -> object:
    members = cast("list[object]", value) if isinstance(value, list) else None
    if members is None or not all(isinstance(one, str) and one for one in members):
        raise Refused('must be a list of folders, such as ["samples"]')
    return members


_PLACE = re.compile(r"[\w.-]{1,253}:\d{1,5}")


def _places(value: object) -> object:
    members = cast("list[object]", value) if isinstance(value, list) else None
    if members is None or not all(isinstance(one, str) and _PLACE.fullmatch(one) for one in members):
        raise Refused('must be a list of addresses with ports, such as ["192.168.1.20:9000"]')
    return tuple(members)


KEYS: dict[str, dict[str, Callable[[object], object]]] = {
    "midi": {
        "backend": choice(*BACKENDS),
        "name": text,
        "inputs": read_inputs,
        "stream_rate": number(1, 1000),
        "ports": read_ports,
    },
    "audio": {
        "driver": choice(*DRIVERS),
        "device": text,
        "rate": number(8_000, 192_000, whole=True),
        "profile": choice(*PROFILES),
        "layout": text,
        "cue": switch,
        "inputs": number(0, 64, whole=True),
        "input_device": text,
    },
    "samples": {"folders": _folders, "memory": number(16, 1_000_000)},
    "plugins": {"folders": _folders},
    "latency": {"midi": number(-1, 1), "osc": number(-1, 1), "audio": number(-1, 1)},
    "osc": {
        "port": number(0, 65_534, whole=True),
        "listen": choice("loopback", "network"),
        "remote": choice("off", "loopback", "network"),
        "tablets": _places,
        "reply_port": number(0, 65_535, whole=True),
        "discovery": switch,
    },
    "journal": {
        "on": switch,
        "folder": read_folder,
        "sessions": number(1, 100_000, whole=True),
        "megabytes": number(1, 1_000_000),
    },
    "session": {"seed": seed, "bpm": number(0, 1000, open_low=True), "fade": number(0, 64)},
    "prompt": {"keys": choice(*PROMPT_KEYS), "name": text},
}
"""Every section and key, with what it takes."""


class _Reading:
    """Takes over what is right and notes what is not."""

    def __init__(self, source: str, file: Path, problems: list[str]) -> None:
        self._source = source
        self._file = file
        self._problems = problems
        self._values: dict[str, dict[str, object]] = {name: {} for name in KEYS}

    def section(self, name: str, table: object) -> None:
        """Read one section."""
        keys = KEYS.get(name)
        if keys is None:
            if isinstance(table, dict):
                self._problem(f"there is no section [{name}]{near(name, KEYS)}", name)
            else:
                homes = [section for section, known in KEYS.items() if name in known]
                hint = f"; it belongs under [{homes[0]}]" if homes else near(name, KEYS)
                self._problem(f"{name!r} stands outside of every section{hint}", name)
            return
        if not isinstance(table, dict):
            self._problem(f"{name!r} is a section: write [{name}] and its keys below", name)
            return
        for key, value in cast("dict[str, object]", table).items():
            check = keys.get(key)
            if check is None:
                self._problem(f"[{name}] has no {key!r}{near(key, keys)}", name, key)
                continue
            try:
                self._values[name][key] = check(value)
            except ValueError as error:
                self._problem(f"{name}.{key} {error}, not {_shown(value)}", name, key)

    def settings(self) -> Settings:
        """What has been read."""
        values = self._values
        values["audio"] = self._with_layout(values["audio"])
        read = tuple(f"{name}.{key}" for name, keys in values.items() for key in keys)
        folders = {
            name: self._present(name, values[name].get("folders", [])) for name in ("samples", "plugins")
        }
        return Settings(
            self._file,
            MidiSettings(**cast("dict[str, Any]", values["midi"])),
            AudioSettings(**cast("dict[str, Any]", values["audio"])),
            SampleSettings(folders["samples"], cast("float | None", values["samples"].get("memory"))),
            LatencySettings(**cast("dict[str, float]", values["latency"])),
            OscSettings(**cast("dict[str, Any]", values["osc"])),
            SessionSettings(**cast("dict[str, Any]", values["session"])),
            journal_settings(values["journal"], self._file.parent),
            read,
            tuple(self._problems),
            PluginSettings(folders["plugins"]),
            PromptSettings(**cast("dict[str, Any]", values["prompt"])),
        )

    def _with_layout(self, audio: dict[str, object]) -> dict[str, object]:
        """The layout's file seen from the settings file; one that makes no sense is left out."""
        if "layout" not in audio:
            return audio
        name = str(audio["layout"])
        if Path(name).suffix.lower() in {".toml", ".csv"}:
            name = str((self._file.parent / Path(name).expanduser()).absolute())
        try:
            read_layout(name)
        except HostError as error:
            self._problem(f"audio.layout: {error}", "audio", "layout")
            return {key: value for key, value in audio.items() if key != "layout"}
        return audio | {"layout": name}

    def _present(self, section: str, names: object) -> tuple[Path, ...]:
        """The folders that are there, seen from the settings file."""
        found: list[Path] = []
        for name in cast("list[str]", names):
            folder = (self._file.parent / Path(name).expanduser()).absolute()
            if folder.is_dir():
                found.append(folder)
            else:
                self._problem(f"{section}.folders: {name!r} is no folder that is there", section, "folders")
        return tuple(found)

    def _problem(self, message: str, section: str, key: str | None = None) -> None:
        from repl.toml_text import told, where_is

        line = where_is(self._source, section, key)
        self._problems.append(told(message, str(self._file), self._source, line))


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
