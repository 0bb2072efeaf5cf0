"""Where the parts meet: command line, prompt, loader, session."""
