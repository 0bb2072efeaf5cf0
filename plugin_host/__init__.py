"""Instruments, effects and mixing, in a process of their own, and offline."""
