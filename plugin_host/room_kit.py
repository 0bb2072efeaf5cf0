"""The drum kit that stands in a room: drums with skins, cymbals of metal."""

from typing import Final

from plugin_host.drum_making import (
    Drums,
    clap,
    claves,
    conga,
    cowbell,
    crash,
    hat,
    kick,
    ride,
    rim,
    shaker,
    snare,
    tambourine,
    tom,
)

__all__ = ["ROOM"]

ROOM: Final[Drums] = {
    "bd": (0.86, (
        lambda b: kick(b, 50, 120, 0.36, 1.0, 1.6),
        lambda b: kick(b, 44, 60, 0.95, 0.45, 0.6),
        lambda b: kick(b, 58, 130, 0.26, 1.2, 0.8),
        lambda b: kick(b, 51, 190, 0.5, 0.7, 3.2),
    )),
    "sd": (0.8, (
        lambda b: snare(b, 187, 0.65, 1.25, 0.24, 1.4),
        lambda b: snare(b, 172, 1.0, 0.7, 0.17, 0.6),
        lambda b: snare(b, 226, 0.6, 1.25, 0.15, 1.4),
    )),
    "rs": (0.5, (lambda b: rim(b, 480, 0.06), lambda b: rim(b, 820, 0.045))),
    "cp": (0.7, (lambda b: clap(b, 1150, 0.2, 4), lambda b: clap(b, 1500, 0.12, 3))),
    "hh": (0.52, (
        lambda b: hat(b, 0.07, 7200, 0.45),
        lambda b: hat(b, 0.045, 8600, 0.3),
        lambda b: hat(b, 0.11, 6000, 0.6),
    )),
    "oh": (0.52, (lambda b: hat(b, 0.5, 6600, 0.4), lambda b: hat(b, 0.85, 5600, 0.5))),
    "lt": (0.7, (lambda b: tom(b, 84, 0.55),)),
    "mt": (0.66, (lambda b: tom(b, 122, 0.45),)),
    "ht": (0.62, (lambda b: tom(b, 172, 0.36),)),
    "cr": (0.62, (lambda b: crash(b, 2.2, 500),)),
    "rd": (0.46, (lambda b: ride(b, 1.6, 1.0), lambda b: ride(b, 1.2, 2.2))),
    "sh": (0.46, (lambda b: shaker(b, 0.12, 5200), lambda b: shaker(b, 0.2, 4200))),
    "cb": (0.4, (lambda b: cowbell(b, 545, 0.3),)),
    "cl": (0.42, (lambda b: claves(b, 2480, 0.06),)),
    "tb": (0.46, (lambda b: tambourine(b, 0.22),)),
    "cg": (0.5, (lambda b: conga(b, 196, 0.3), lambda b: conga(b, 286, 0.22))),
}  # fmt: skip
