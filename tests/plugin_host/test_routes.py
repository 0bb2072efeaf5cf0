"""Chains are built beside the sound, one after another, and what is wrong with one stays with it."""

from plugin_host.errors import PluginLoadError
from plugin_host.routes import Chains, Routes
from plugin_host.specs import Chain, fx, instrument

BASS, KEYS, DRUMS = instrument("bass"), instrument("keys") | fx.reverb(), instrument("drums")


class Bench:
    """Routes that keep what they built, installed and said."""

    def __init__(self, most: int = 48) -> None:
        self.built: list[Chain] = []
        self.installed: list[Chains] = []
        self.notices: list[str] = []
        self.routes = Routes(self.prepare, self.installed.append, self.notices.append, most)

    def prepare(self, chain: Chain) -> None:
        """Build, except for pads."""
        if chain.instrument.name == "pad":
            raise PluginLoadError("it does not load")
        self.built.append(chain)

    def learn(self, table: dict[str, object]) -> None:
        """Take a table at once."""
        self.routes.learn(table)
        self.routes.settle()


def table(**chains: Chain) -> dict[str, object]:
    """A table of routes: r1=..., r2=..."""
    return {name[1:]: {"chain": chain.to_json()} for name, chain in chains.items()}


def test_the_first_is_installed_before_the_second_is_built() -> None:
    """First sound does not wait for all instruments."""
    bench = Bench()
    bench.learn(table(r1=BASS, r2=KEYS))
    assert bench.installed == [{1: BASS}, {1: BASS, 2: KEYS}]


def test_the_same_table_again_builds_nothing() -> None:
    """Tables are sent with every connection."""
    bench = Bench()
    for _ in range(3):
        bench.learn(table(r1=BASS))
    assert bench.built == [BASS]
    assert len(bench.installed) == 1


def test_a_chain_may_come_bare() -> None:
    """A target's own JSON is understood as well as one that is wrapped."""
    bench = Bench()
    bench.learn({"5": KEYS.to_json()})
    assert bench.installed == [{5: KEYS}]


def test_what_is_wrong_is_said_and_the_rest_plays() -> None:
    """Unknown instruments, nonsense and chains that cannot be built: one line each, no more."""
    bench = Bench()
    wrong = {"1": {"chain": {"kind": "builtin", "name": "bsas"}}, "x": 3, "2": {"chain": 4}}
    bench.learn(wrong | table(r3=instrument("pad"), r4=BASS))
    assert bench.installed == [{4: BASS}]
    assert len(bench.notices) == 4
    assert "did you mean 'bass'?" in bench.notices[0]
    assert bench.notices[3] == (
        "'pad' cannot be built: it does not load; "
        "a layer that was to change to it plays on as before, a new one is silent"
    )
    bench.learn(table(r3=instrument("pad")))
    bench.routes.use([3])
    bench.routes.settle()
    assert len(bench.notices) == 4


def test_a_route_may_get_another_chain() -> None:
    """It is built anew, and a refused one gets another chance."""
    bench = Bench()
    bench.learn(table(r1=instrument("pad"), r2=BASS))
    bench.learn(table(r1=DRUMS, r2=KEYS))
    assert bench.installed[-1] == {1: DRUMS, 2: KEYS}


def test_chains_unused_the_longest_are_put_away_and_come_back() -> None:
    """With room for two, the third pushes out the one that had no events; an event brings it back."""
    bench = Bench(most=2)
    bench.learn(table(r1=BASS, r2=KEYS))
    bench.routes.use([1, 1])
    bench.learn(table(r3=DRUMS))
    assert bench.installed[-1] == {1: BASS, 3: DRUMS}
    bench.routes.use([2, 77])
    bench.routes.settle()
    assert bench.installed[-1] == {3: DRUMS, 2: KEYS}


def test_another_rack_gets_all_that_was_ready() -> None:
    """After a change of rate everything is built for the new rack."""
    bench, again = Bench(), Bench()
    bench.learn(table(r1=BASS, r2=KEYS))
    bench.routes.renew(again.prepare)
    bench.routes.settle()
    assert again.built == [BASS, KEYS]
    assert bench.installed[-1] == {1: BASS, 2: KEYS}
