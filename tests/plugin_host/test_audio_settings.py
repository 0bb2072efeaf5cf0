"""The musician's audio settings are checked, and a wrong one names what would be right."""

import pytest

from plugin_host.audio_settings import PROFILES, AudioSettings


def test_nothing_said_is_the_normal_profile() -> None:
    """48 kHz, blocks of 256, three ahead, the first driver that has a device."""
    assert AudioSettings.read({}) == AudioSettings("auto", None, 48_000, 256, 3)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_sets_block_and_ahead(profile: str) -> None:
    """Each profile is a pair of numbers."""
    settings = AudioSettings.read({"profile": profile})
    assert (settings.block, settings.ahead) == PROFILES[profile]


def test_numbers_win_over_the_profile() -> None:
    """A block that is named is taken; the rest stays the profile's."""
    settings = AudioSettings.read({"profile": "safe", "block": 1024, "driver": "null", "device": "USB"})
    assert (settings.block, settings.ahead, settings.driver, settings.device) == (1024, 4, "null", "USB")


@pytest.mark.parametrize("chosen", [{"profile": "normal"}, {"ahead": 3}])
def test_what_is_chosen_stays(chosen: dict[str, object]) -> None:
    """Only where nobody has said how far ahead the sound is to be made it adapts to the machine."""
    assert AudioSettings.read({"block": 256}).adapts
    assert not AudioSettings.read(chosen).adapts


@pytest.mark.parametrize(
    ("table", "hint"),
    [
        ({"drivr": "jack"}, "did you mean 'driver'"),
        ({"driver": "jak"}, "did you mean 'jack'"),
        ({"profile": "tigth"}, "did you mean 'tight'"),
        ({"rate": 100}, "audio.rate must lie from 8000 to 192000, not 100"),
        ({"block": 1}, "audio.block must lie from 32 to 4096, not 1"),
    ],
)
def test_what_is_unknown_or_out_of_range_is_named(table: dict[str, object], hint: str) -> None:
    """The message has the value and what to try."""
    with pytest.raises(ValueError, match=hint):
        AudioSettings.read(table)


@pytest.mark.parametrize("value", ["48000", 48e3, True])
def test_a_number_is_a_whole_number(value: object) -> None:
    """Text, fractions and truth values are no rate."""
    with pytest.raises(TypeError, match=r"audio\.rate must be a whole number"):
        AudioSettings.read({"rate": value})
