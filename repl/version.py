"""Which Sempre this is; not in `__init__`, whose place another package called `repl` may take."""

VERSION = "0.1.0"
