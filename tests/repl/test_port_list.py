"""The names of ports for completing them: asked for beside what is typed, and not with each key."""

from collections.abc import Callable

from repl.port_list import KEPT, PortList


def test_ports_are_there_the_next_time() -> None:
    """Nobody waits for a library; after a while it is asked anew."""
    now, started, asked = [0.0], list[Callable[[], None]](), list[float]()
    names = [["Digitakt:MIDI 1 20:0", "Hub:Port A 24:0"], ["Hub:Port A 24:0"]]

    def look() -> dict[str, dict[str, object]]:
        asked.append(now[0])
        found = {"outputs": names[len(asked) - 1], "inputs": ["KeyStep:MIDI 1 32:0"]}
        return {"jack": {"missing": "no server"}, "system": dict[str, object](found)}

    ports = PortList(look, lambda: now[0], lambda _, work: started.append(work))
    assert ports() == {}
    assert ports() == {}
    assert len(started) == 1
    started[0]()
    assert ports() == {"Digitakt": "Digitakt:MIDI 1 20:0", "Hub": "Hub:Port A 24:0"}
    assert ports.inputs() == {"KeyStep": "KeyStep:MIDI 1 32:0"}
    now[0] = KEPT + 1
    assert "Digitakt" in ports()
    started[1]()
    assert ports() == {"Hub": "Hub:Port A 24:0"}
    assert len(started) == 2
