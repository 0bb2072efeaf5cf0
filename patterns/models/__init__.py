"""Models that are learnt from music, and what they play."""
