"""When that is in seconds, and in and out of the machine."""
