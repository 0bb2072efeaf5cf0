"""Where the parts meet: command line, prompt, loader, session."""

VERSION = "0.1.0"
