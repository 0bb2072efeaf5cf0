"""Measures of what is played: density, entropy, keys, tension, repetition, voice-leading."""
