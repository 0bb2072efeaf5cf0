"""The effects that can follow an instrument: pedalboard's names and ranges, defaults that can be heard."""

from plugin_host.parameters import Parameter

__all__ = ["ABOUT", "EFFECTS"]

ABOUT = {
    "bitcrush": "Leave few levels of it, as early samplers did.",
    "chorus": "Let a second voice sway beside it.",
    "clipping": "Cut off its peaks.",
    "compressor": "Turn down what is louder than a threshold.",
    "convolution": "Put it into a room that was recorded.",
    "delay": "Repeat it as an echo.",
    "distortion": "Drive it until it breaks up.",
    "duck": "Let it give way to another layer or bus.",
    "echo": "Repeat it on the beat.",
    "gain": "Make it louder or softer.",
    "gate": "Silence what is softer than a threshold.",
    "highpass": "Soften what is lower than a frequency.",
    "highshelf": "Raise or lower its highs.",
    "invert": "Turn it upside down.",
    "ladder": "Filter it as an analogue synthesizer does, with resonance and drive.",
    "limiter": "Let no peak pass a threshold, not even between the samples.",
    "lowpass": "Soften what is higher than a frequency.",
    "lowshelf": "Raise or lower its lows.",
    "peak": "Raise or lower what is about a frequency.",
    "phaser": "Let notches sweep through it.",
    "resample": "Take its samples less often, as early samplers did.",
    "reverb": "Put a room around it.",
}
"""What each of them does, in a sentence."""

_MIX = Parameter("mix", 0.5, 0, 1, "", "how much of the effect; 0 is dry, 1 is the effect alone")
_FEEDBACK = Parameter("feedback", 0.0, 0, 0.98, "", "how much of it comes round again")

EFFECTS: dict[str, tuple[Parameter, ...]] = {
    "bitcrush": (Parameter("bit_depth", 8, 1, 32, "bits", "how few levels are left"),),
    "chorus": (
        Parameter("rate_hz", 1.0, 0.01, 20, "Hz", "how fast it sways"),
        Parameter("depth", 0.25, 0, 1, "", "how far it sways"),
        Parameter("centre_delay_ms", 7.0, 1, 100, "ms", "about how late the second voice is"),
        _FEEDBACK,
        _MIX,
    ),
    "clipping": (Parameter("threshold_db", -6, -60, 0, "dB", "where the peaks are cut off"),),
    "compressor": (
        Parameter("threshold_db", -18, -60, 0, "dB", "what is louder than this is turned down"),
        Parameter("ratio", 3, 1, 40, "", "how much it is turned down"),
        Parameter("attack_ms", 5, 0.1, 500, "ms", "how soon"),
        Parameter("release_ms", 120, 1, 3000, "ms", "how soon it lets go"),
    ),
    "convolution": (
        Parameter("file", "", text=True, doc="the room: an impulse response, a sound file"),
        Parameter("mix", 0.35, 0, 1, "", "how much of the room; 0 is dry, 1 is the room alone"),
    ),
    "delay": (
        Parameter("delay_seconds", 0.375, 0.001, 10, "s", "from echo to echo"),
        Parameter("feedback", 0.35, 0, 0.98, "", "how much of it comes round again"),
        Parameter("mix", 0.3, 0, 1, "", "how much of the effect; 0 is dry, 1 is the echo alone"),
    ),
    "distortion": (Parameter("drive_db", 12, 0, 60, "dB", "how hard it is driven"),),
    "duck": (
        Parameter("by", "drums", text=True, doc="the bus or layer to which it gives way"),
        Parameter("amount", 0.8, 0, 1, "", "how far it gives way; 1 is to silence"),
        Parameter("attack_ms", 4, 0.1, 500, "ms", "how soon"),
        Parameter("release_ms", 180, 1, 3000, "ms", "how soon it comes back"),
        Parameter("threshold_db", -30, -80, 0, "dB", "how loud the other is when it gives way by half"),
    ),
    "echo": (
        Parameter("beats", 0.75, 1 / 32, 16, "beats", "from echo to echo; a cycle has four"),
        Parameter("feedback", 0.45, 0, 0.98, "", "how much of it comes round again"),
        Parameter("mix", 0.3, 0, 1, "", "how much of the effect; 0 is dry, 1 is the echo alone"),
        Parameter("cross", 0.0, 0, 1, "", "how far the echoes change sides each time round"),
    ),
    "gain": (Parameter("gain_db", 0, -80, 24, "dB", "louder or softer"),),
    "gate": (
        Parameter("threshold_db", -50, -100, 0, "dB", "what is softer than this is silenced"),
        Parameter("ratio", 10, 1, 40, "", "how much it is silenced"),
        Parameter("attack_ms", 1, 0.1, 500, "ms", "how soon it opens"),
        Parameter("release_ms", 100, 1, 3000, "ms", "how soon it closes"),
    ),
    "highpass": (
        Parameter("cutoff_frequency_hz", 120, 10, 20000, "Hz", "what is lower is softened, 6 dB an octave"),
    ),
    "highshelf": (
        Parameter("cutoff_frequency_hz", 6000, 10, 20000, "Hz", "where the highs begin"),
        Parameter("gain_db", 3, -24, 24, "dB", "how much the highs are raised"),
        Parameter("q", 0.707, 0.1, 10, "", "how steep it is"),
    ),
    "invert": (Parameter("amount", 1, 0, 1, "", "1 is upside down, 0 as it was; between them softer"),),
    "ladder": (
        Parameter("cutoff_hz", 1200, 20, 20000, "Hz", "where it begins to act"),
        Parameter("resonance", 0.3, 0, 1, "", "how much it sings there"),
        Parameter("drive", 1.2, 1, 20, "", "how hard it is driven"),
        Parameter(
            "mode", "LPF24", choices=("LPF12", "HPF12", "BPF12", "LPF24", "HPF24", "BPF24"), doc="its kind"
        ),
    ),
    "limiter": (
        Parameter("threshold_db", -6, -60, 0, "dB", "the highest peak, also between the samples"),
        Parameter("release_ms", 100, 1, 3000, "ms", "how soon it lets go of 10 dB"),
    ),
    "lowpass": (
        Parameter("cutoff_frequency_hz", 2000, 10, 20000, "Hz", "what is higher is softened, 6 dB an octave"),
    ),
    "lowshelf": (
        Parameter("cutoff_frequency_hz", 150, 10, 20000, "Hz", "where the lows end"),
        Parameter("gain_db", 3, -24, 24, "dB", "how much the lows are raised"),
        Parameter("q", 0.707, 0.1, 10, "", "how steep it is"),
    ),
    "peak": (
        Parameter("cutoff_frequency_hz", 1000, 10, 20000, "Hz", "the middle of what is raised or lowered"),
        Parameter("gain_db", 3, -24, 24, "dB", "how much it is raised"),
        Parameter("q", 0.707, 0.1, 10, "", "how narrow it is"),
    ),
    "phaser": (
        Parameter("rate_hz", 0.4, 0.01, 20, "Hz", "how fast it sweeps"),
        Parameter("depth", 0.5, 0, 1, "", "how far it sweeps"),
        Parameter("centre_frequency_hz", 1300, 50, 15000, "Hz", "the middle of the sweep"),
        Parameter("feedback", 0.2, 0, 0.98, "", "how much it sings"),
        _MIX,
    ),
    "resample": (
        Parameter("target_sample_rate", 8000, 100, 48000, "Hz", "how often a sample is taken, and held"),
    ),
    "reverb": (
        Parameter("room_size", 0.5, 0, 1, "", "how large the room is"),
        Parameter("damping", 0.5, 0, 1, "", "how soon the highs fade"),
        Parameter("wet_level", 0.33, 0, 1, "", "how loud the room is"),
        Parameter("dry_level", 0.4, 0, 1, "", "how loud the sound itself is; 0.5 leaves it as it is"),
        Parameter("width", 1.0, 0, 1, "", "from one point to all around"),
        Parameter("freeze_mode", 0.0, 0, 1, "", "from 0.5 on it keeps what is in it, and takes no more"),
    ),
}
