"""How long a plugin of two thousand parameters takes until it plays: its process, the library and itself.

Run as `python tests/bench/bench_load.py [--rounds N]`. It builds that plugin, and needs a compiler and DPF
(apt-get install dpf-source g++ make pkg-config). The exit code is 1 when the median passes its budget.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from plugin_host.plugin_bank import plugin_bank
from plugin_host.plugin_link import PluginSetup
from plugin_host.specs import vst3
from tests.bench.bench_offline import built

RATE, BLOCK, AHEAD = 48_000, 256, 3
SOURCE = Path(__file__).parents[1] / "vst3" / "odd"
PARAMETERS = 2000
BUDGET = 1.5
"""Seconds."""


def ready(plugins: Path, host: str) -> float:
    """Seconds from nothing to a process that has loaded the plugin and rendered its first blocks."""
    setup = PluginSetup((plugins,), None, AHEAD, live=True)
    begun = time.perf_counter()
    bank = plugin_bank(vst3("SempreOddMANY", host=host).instrument, RATE, BLOCK, setup, sys.exit)
    spent = time.perf_counter() - begun
    found = len({*bank.link.parameters.values()})
    bank.link.leave()
    if found < PARAMETERS:
        sys.exit(f"{host} found {found} parameters, not {PARAMETERS}")
    return spent


def main() -> int:
    """Load it by each library, in turn, and say how long that took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    rounds: int = options.parse_args().rounds
    hosts = ("pedalboard", "minihost")
    spent: dict[str, list[float]] = {host: [] for host in hosts}
    with tempfile.TemporaryDirectory(prefix="sempre-bench-") as folder:
        plugins = built(Path(folder), SOURCE, "KIND=MANY")
        for _ in range(rounds):
            for host in hosts:
                spent[host].append(ready(plugins, host))
    for host, times in spent.items():
        print(
            f"a plugin of {PARAMETERS} parameters by {host}: ready in {statistics.median(times):.2f} s, "
            f"at worst {max(times):.2f} s (budget {BUDGET:g})"
        )
    return int(any(statistics.median(times) > BUDGET for times in spent.values()))


if __name__ == "__main__":
    sys.exit(main())
