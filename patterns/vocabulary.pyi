"""The methods of patterns. Made from the registry by `python -m patterns.stubs`; a test compares."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from patterns.alignment import Operation
from patterns.core import Pattern

PatternLike = Pattern | str | float | Fraction | Sequence[Any] | Mapping[str, Any]
"""What may stand where a pattern is expected: text is mini-notation, a list is a sequence."""

Change = Callable[[Pattern], Any]
"""A function of a pattern, as `every` and `jux` take it: `rev`, `fast(2)`, `lambda p: p.rev()`."""

Transform = Callable[[PatternLike], Pattern]
"""What `fast(2)` without a pattern gives: a function to be applied later."""

class Vocabulary:
    def accelerate(self, *values: PatternLike) -> Pattern:
        """Change of pitch while it sounds (octaves a cycle).

        >>> note("c3 e3").accelerate("1 2")
        """

    def accumulate(self, step: Callable[[Any, Any], Any] | Callable[[Any, Any, Any], Any], start: PatternLike, name: str = '', *, show: Callable[[Any], Any] | None = None, since: int = 0) -> Pattern:
        """Let each event's value come from the one before and its own: the next note from the last.

        >>> [hap.value for hap in mini("1 2 3").accumulate(lambda last, v: last + v, 0).haps(0, 2)]
        [1, 3, 6, 7, 9, 12]

        Events that begin together have their turn in the order in which the pattern gives them. Before cycle 0
        every event has `start`.

        Args:
            step: Makes the next value: `step(last, value)`, or `step(last, value, dice)`, see `fold`.
            start: What counts as the last value before the first event.
            name: With a name the value goes on through a change of the piece, in its layer.
            show: Makes what sounds of a value.
            since: The cycle in which it begins, if it is not 0.
        """

    def ad(self, *values: PatternLike) -> Pattern:
        """Attack and decay (seconds).

        >>> note("c3 e3").ad(".05 .2")
        """

    @property
    def add(self) -> Operation:
        """Add numbers; notes move up.

        >>> note("c e").add(12)
        """

    def adsr(self, *values: PatternLike) -> Pattern:
        """Attack, decay, level held and release, joined by colons (seconds, 0 to 1 the level).

        >>> note("c").adsr(".1:.2:.5:.3")
        """

    def almost_always(self, change: Change) -> Pattern:
        """Apply a function to nine of ten events, by chance.

        >>> 8 <= len(mini("a*8").almost_always(ply(2)).haps(0, 1)) <= 16
        True
        """

    def almost_never(self, change: Change) -> Pattern:
        """Apply a function to one of ten events, by chance.

        >>> 8 <= len(mini("a*8").almost_never(ply(2)).haps(0, 1)) <= 16
        True
        """

    def always(self, change: Change) -> Pattern:
        """Apply a function, always.

        >>> mini("a b").always(rev).haps(0, 1)[0].value
        'b'
        """

    def amp(self, *values: PatternLike) -> Pattern:
        """Loudness in SuperDirt, linear (0 and more).

        >>> note("c3 e3").amp(".5 1")
        """

    def anchor(self, *values: PatternLike) -> Pattern:
        """Note that the voicing keeps near.

        >>> chord("C").anchor("c5").voicing()
        """

    def anticipate(self, new: PatternLike, at: PatternLike) -> Pattern:
        """Build up tension with ever closer echoes and drop into the new pattern after eight cycles.

        >>> [hap.value for hap in anticipate(s("a"), s("b"), 1).haps(9, 10) if hap.has_onset]
        [{'s': 'b'}]
        """

    def anticipate_in(self, new: PatternLike, at: PatternLike, cycles: PatternLike) -> Pattern:
        """Build up tension with ever closer echoes of the old pattern and drop into the new one.

        >>> tense = anticipate_in(s("~ a"), s("b"), 0, 2)
        >>> [str(hap.whole.begin) for hap in tense.haps(0, 2) if hap.has_onset]
        ['1/2', '5/4', '3/2', '7/4']

        Args:
            old: The pattern before.
            new: The pattern after.
            at: The cycle at which the echoes begin, a cycle apart.
            cycles: Cycles until they meet and the new pattern begins.
        """

    def apply(self, change: Change) -> Pattern:
        """Apply a function to the whole pattern.

        >>> mini("a b").apply(rev).haps(0, 1)[0].value
        'b'
        """

    def apply_n(self, times: PatternLike, change: Change) -> Pattern:
        """Apply a function several times.

        >>> mini("1").apply_n(3, mul(2)).haps(0, 1)[0].value
        8

        Args:
            times: How often, 0 to 64.
            change: The function.
        """

    def ar(self, *values: PatternLike) -> Pattern:
        """Attack and release (seconds).

        >>> note("c3 e3").ar(".05 .2")
        """

    def arp(self, indices: PatternLike) -> Pattern:
        """Play the notes of a chord one after the other.

        >>> [hap.value["note"] for hap in note("[c,e,g]").arp("0 1 2 1").haps(0, 1)]
        ['c', 'e', 'g', 'e']

        Args:
            indices: Which note when, from 0; or a word: up, down, updown, downup, up-down, down-up, converge,
                diverge, disconverge, pinkyup, pinkyupdown, thumbup, thumbupdown.
        """

    def arp_with(self, change: Callable[[list[Any]], Any]) -> Pattern:
        """Make of the values that sound together whatever a function makes of their list.

        >>> [hap.value["note"] for hap in note("[c,e,g]").arp_with(lambda notes: seq(*notes[::-1])).haps(0, 1)]
        ['g', 'e', 'c']

        Args:
            change: A function of the list of their values that returns one of them, or a pattern of them.
        """

    def arpeggiate(self) -> Pattern:
        """Play the notes of each chord one after the other within its time, in the order written.

        >>> [str(hap.whole.begin) for hap in note("[c,e,g]").arpeggiate().haps(0, 1)]
        ['0', '1/3', '2/3']

        `arp` plays them in other orders: `arp("updown")`.
        """

    def articulate(self, amount: PatternLike = 1, phrase: PatternLike = 4) -> Pattern:
        """Bind and part notes by where they go: steps are bound, leaps and repeated notes parted, ends let go.

        >>> line = n("0 1 7 7").scale("C:major").articulate().haps(0, 1)
        >>> [round(hap.value["clip"], 2) for hap in line]
        [1.03, 0.85, 0.7, 0.85]

        What comes after a wide leap on a strong beat is accented.

        Args:
            amount: How much, 0 to 1.
            phrase: Cycles of a phrase, 1 to 64.

        It is put on `legato`, times what is said there already.
        """

    def as_controls(self, names: PatternLike) -> Pattern:
        """Turn plain values, or lists such as `bd:.5`, into controls of the given names.

        >>> mini("c3:.5").as_controls("note:gain").haps(0, 1)[0].value
        {'note': 'c3', 'gain': 0.5}

        Args:
            names: Names of controls joined by colons.
        """

    def as_number(self) -> Pattern:
        """Read names of notes as numbers.

        >>> [hap.value for hap in mini("c4 1").as_number().haps(0, 1)]
        [60, 1]
        """

    def asym(self, *values: PatternLike) -> Pattern:
        """Distortion that is stronger above than below (0 and more).

        >>> note("c3 e3").asym(".5 1")
        """

    def att(self, *values: PatternLike) -> Pattern:
        """Same as attack: time to full loudness (seconds).

        >>> note("c").att(.1)
        """

    def attack(self, *values: PatternLike) -> Pattern:
        """Time to full loudness (seconds).

        >>> note("c").attack(.1)
        """

    def azim(self, *values: PatternLike) -> Pattern:
        """Where in the room the sound is, around the listener (degrees, 0 in front, 90 left, -90 right).

        >>> s("hh*8").azim(saw.range(-180, 180))
        """

    @property
    def band(self) -> Operation:
        """Keep the bits that both numbers have.

        >>> mini("5 6").band(3)
        """

    def bandf(self, *values: PatternLike) -> Pattern:
        """Same as bpf: frequency of the band-pass filter (Hz).

        >>> note("c3 e3").bandf("400 1200")
        """

    def bandq(self, *values: PatternLike) -> Pattern:
        """Resonance of the band-pass filter (Q).

        >>> note("c3 e3").bandq(5)
        """

    def bank(self, *values: PatternLike) -> Pattern:
        """Bank of samples.

        >>> s("bd").bank("tr909")
        """

    def bbexpr(self, *values: PatternLike) -> Pattern:
        """Same as byte_beat_expression: formula of a byte beat, of t: write it in pure(...).

        >>> note("c3 e3").bbexpr(pure("t*(t>>8)"))
        """

    def bbst(self, *values: PatternLike) -> Pattern:
        """Same as byte_beat_start_time: time at which the byte beat begins (samples).

        >>> note("c3 e3").bbst(1000)
        """

    def beat(self, step: PatternLike, steps: PatternLike) -> Pattern:
        """Play one event at a step of so many; several steps with commas.

        >>> [str(hap.whole.begin) for hap in mini("a").beat("0,3", 4).haps(0, 1)]
        ['0', '3/4']

        Args:
            step: Number of the step, from 0.
            steps: Steps in a cycle.
        """

    def begin(self, *values: PatternLike) -> Pattern:
        """Where the sample begins (0 to 1).

        >>> note("c3 e3").begin(".2 .8")
        """

    def bend(self, *values: PatternLike) -> Pattern:
        """Pitch bend (-1 to 1).

        >>> note("c3 e3").bend("-.5 .5")
        """

    def bgain(self, *values: PatternLike) -> Pattern:
        """Same as busgain: loudness of what goes to the bus (0 and more).

        >>> note("c3 e3").bgain(".5 1")
        """

    def binshift(self, *values: PatternLike) -> Pattern:
        """Shift of the bands of the spectrum (0 to 1).

        >>> note("c3 e3").binshift(".2 .8")
        """

    def bite(self, parts: PatternLike, indices: PatternLike) -> Pattern:
        """Cut the cycle in parts and play them in the order of a pattern of numbers.

        >>> [hap.value for hap in mini("a b c d").bite(4, "3 0").haps(0, 1)]
        ['d', 'a']

        Args:
            parts: Number of parts.
            indices: Which part when, from 0.
        """

    def bjork(self, numbers: PatternLike) -> Pattern:
        """Spread hits over steps, all numbers in one: hits, steps and rotation.

        >>> [str(hap.whole.begin) for hap in mini("a").bjork("3:8:2").haps(0, 1)]
        ['0', '1/4', '5/8']

        Args:
            numbers: Hits, steps and, if you like, the rotation, as `3:8:2` or a list.
        """

    @property
    def blshift(self) -> Operation:
        """Double numbers so many times.

        >>> mini("5 6").blshift(1)
        """

    @property
    def bor(self) -> Operation:
        """Join the bits of numbers.

        >>> mini("5 6").bor(3)
        """

    @property
    def both(self) -> Operation:
        """Test whether both are true.

        >>> mini("1 0").both("1 1")
        """

    def bp(self, *values: PatternLike) -> Pattern:
        """Same as bpf: frequency of the band-pass filter (Hz).

        >>> note("c3 e3").bp("400 1200")
        """

    def bpa(self, *values: PatternLike) -> Pattern:
        """Same as bpattack: attack of the band-pass envelope (seconds).

        >>> note("c3 e3").bpa(".05 .2")
        """

    def bpattack(self, *values: PatternLike) -> Pattern:
        """Attack of the band-pass envelope (seconds).

        >>> note("c3 e3").bpattack(".05 .2")
        """

    def bpd(self, *values: PatternLike) -> Pattern:
        """Same as bpdecay: decay of the band-pass envelope (seconds).

        >>> note("c3 e3").bpd(".05 .2")
        """

    def bpdc(self, *values: PatternLike) -> Pattern:
        """Middle around which the band-pass filter swings (-1 to 1).

        >>> note("c3 e3").bpdc("-.5 .5")
        """

    def bpdecay(self, *values: PatternLike) -> Pattern:
        """Decay of the band-pass envelope (seconds).

        >>> note("c3 e3").bpdecay(".05 .2")
        """

    def bpdepth(self, *values: PatternLike) -> Pattern:
        """How far the band-pass filter swings (0 and more).

        >>> note("c3 e3").bpdepth(".5 1")
        """

    def bpdepthfreq(self, *values: PatternLike) -> Pattern:
        """Same as bpdepthfrequency: how far the band-pass filter swings (Hz).

        >>> note("c3 e3").bpdepthfreq("400 1200")
        """

    def bpdepthfrequency(self, *values: PatternLike) -> Pattern:
        """How far the band-pass filter swings (Hz).

        >>> note("c3 e3").bpdepthfrequency("400 1200")
        """

    def bpe(self, *values: PatternLike) -> Pattern:
        """Same as bpenv: depth of the band-pass envelope (octaves).

        >>> note("c3 e3").bpe("1 2")
        """

    def bpenv(self, *values: PatternLike) -> Pattern:
        """Depth of the band-pass envelope (octaves).

        >>> note("c3 e3").bpenv("1 2")
        """

    def bpf(self, *values: PatternLike) -> Pattern:
        """Frequency of the band-pass filter (Hz).

        >>> note("c3 e3").bpf("400 1200")
        """

    def bpq(self, *values: PatternLike) -> Pattern:
        """Same as bandq: resonance of the band-pass filter (Q).

        >>> note("c3 e3").bpq(5)
        """

    def bpr(self, *values: PatternLike) -> Pattern:
        """Same as bprelease: release of the band-pass envelope (seconds).

        >>> note("c3 e3").bpr(".05 .2")
        """

    def bprate(self, *values: PatternLike) -> Pattern:
        """Speed at which the band-pass filter swings (Hz).

        >>> note("c3 e3").bprate("400 1200")
        """

    def bprelease(self, *values: PatternLike) -> Pattern:
        """Release of the band-pass envelope (seconds).

        >>> note("c3 e3").bprelease(".05 .2")
        """

    def bps(self, *values: PatternLike) -> Pattern:
        """Same as bpsustain: level held by the band-pass envelope (0 to 1).

        >>> note("c3 e3").bps(".2 .8")
        """

    def bpshape(self, *values: PatternLike) -> Pattern:
        """Shape in which the band-pass filter swings (0 and more: tri, sine, ramp, saw, square).

        >>> note("c3 e3").bpshape("0 3")
        """

    def bpskew(self, *values: PatternLike) -> Pattern:
        """How uneven the band-pass filter swings (0 to 1, .5 is even).

        >>> note("c3 e3").bpskew(".2 .8")
        """

    def bpsustain(self, *values: PatternLike) -> Pattern:
        """Level held by the band-pass envelope (0 to 1).

        >>> note("c3 e3").bpsustain(".2 .8")
        """

    def bpsync(self, *values: PatternLike) -> Pattern:
        """Speed at which the band-pass filter swings (times a cycle).

        >>> note("c3 e3").bpsync("4 8")
        """

    def brak(self) -> Pattern:
        """Squeeze every other cycle into its middle half.

        >>> [str(hap.whole.begin) for hap in mini("a b").brak().haps(1, 2)]
        ['5/4', '3/2']
        """

    def bresenham(self, hits: PatternLike, steps: PatternLike, shift: PatternLike = 0) -> Pattern:
        """Spread hits as evenly as a straight line is drawn on a grid: `euclid` with its long gaps elsewhere.

        >>> [str(hap.whole.begin) for hap in mini("a").bresenham(5, 8).haps(0, 1)]
        ['0', '1/8', '3/8', '1/2', '3/4']
        >>> [str(hap.whole.begin) for hap in mini("a").bresenham(5, 8, 4).haps(0, 1)]
        ['0', '1/4', '1/2', '5/8', '7/8']

        Args:
            hits: Number of hits; more than the steps fill all steps.
            steps: Number of steps, up to 4096.
            shift: Where the line begins, in parts of a step, so many as there are hits: each next one moves as
                few hits as can be, and all in turn; with 7 hits over 12 they are the keys of a major scale.
        """

    @property
    def brshift(self) -> Operation:
        """Halve whole numbers so many times.

        >>> mini("5 6").brshift(1)
        """

    def bus(self, *values: PatternLike) -> Pattern:
        """Bus that the sound is sent to (0, 1, 2, …).

        >>> note("c3 e3").bus("0 1")
        """

    def busgain(self, *values: PatternLike) -> Pattern:
        """Loudness of what goes to the bus (0 and more).

        >>> note("c3 e3").busgain(".5 1")
        """

    @property
    def bxor(self) -> Operation:
        """Keep the bits that one of two numbers has.

        >>> mini("5 6").bxor(3)
        """

    def byte_beat_expression(self, *values: PatternLike) -> Pattern:
        """Formula of a byte beat, of t: write it in pure(...).

        >>> note("c3 e3").byte_beat_expression(pure("t*(t>>8)"))
        """

    def byte_beat_start_time(self, *values: PatternLike) -> Pattern:
        """Time at which the byte beat begins (samples).

        >>> note("c3 e3").byte_beat_start_time(1000)
        """

    def cat(self, *patterns: PatternLike) -> Pattern:
        """Play one pattern a cycle, as `slowcat`.

        >>> [hap.value for hap in cat("a", "b").haps(0, 2)]
        ['a', 'b']
        """

    def cc(self, number: int, value: PatternLike) -> Pattern:
        """Set a MIDI controller, 0 to 1; a signal is followed between the onsets too.

        >>> cc(74, "0 .5").haps(0, 1)[1].value
        {'cc74': 0.5}

        Args:
            number: Number of the controller, 0 to 127.
            value: Its value, 0 to 1.
        """

    def cc14(self, number: int, value: PatternLike) -> Pattern:
        """Set a MIDI controller in 14 bits: its number and the one 32 above together.

        >>> cc14(1, ".25").haps(0, 1)[0].value
        {'cc14_1': 0.25}

        Args:
            number: Number of the controller, 0 to 31.
            value: Its value, 0 to 1, in steps of 1/16383.
        """

    def ccn(self, *values: PatternLike) -> Pattern:
        """Number of the MIDI controller (0 to 127).

        >>> ccn(74).ccv(sine.segment(16))
        """

    def ccv(self, *values: PatternLike) -> Pattern:
        """Value of the MIDI controller (0 to 1).

        >>> note("c3 e3").ccv(".2 .8")
        """

    def ceil(self) -> Pattern:
        """Round numbers up.

        >>> mini("1.2").ceil().haps(0, 1)[0].value
        2
        """

    def ch(self, *values: PatternLike) -> Pattern:
        """Same as channels: channels of the output that sound (1, 2, …, several as 1:2).

        >>> note("c3 e3").ch("1:2")
        """

    def channel(self, *values: PatternLike) -> Pattern:
        """MIDI channel, or channel of the output (1 to 16).

        >>> note("c3 e3").channel("1 2")
        """

    def channels(self, *values: PatternLike) -> Pattern:
        """Channels of the output that sound (1, 2, …, several as 1:2).

        >>> note("c3 e3").channels("1:2")
        """

    def chebyshev(self, *values: PatternLike) -> Pattern:
        """Distortion that adds harmonics by Chebyshev's polynomials (0 and more).

        >>> note("c3 e3").chebyshev(".5 1")
        """

    def chew(self, parts: PatternLike, indices: PatternLike) -> Pattern:
        """Play parts of the cycle as `bite`, with samples as much faster or slower as their part.

        >>> [hap.value["speed"] for hap in s("a b").chew(2, "0 [1 1]").haps(0, 1)]
        [1, 2, 2]

        Args:
            parts: Number of parts, 1 to 4096.
            indices: Which part when, from 0.
        """

    def choose(self, *values: Any) -> Pattern:
        """Give one of some values by chance, anew at every moment; a signal, for `segment` and controls.

        >>> all(hap.value in {"a", "b"} for hap in choose("a", "b").segment(8).haps(0, 1))
        True
        """

    def choose2(self, *values: PatternLike) -> Pattern:
        """Give one of some values for each number from -1 to 1.

        >>> [hap.value for hap in mini("-1 0 1").choose2("a", "b", "c").haps(0, 1)]
        ['a', 'b', 'c']

        Args:
            values: What to choose from.
        """

    def chop(self, parts: PatternLike) -> Pattern:
        """Cut each sample in parts, played one after the other; or what lies between its `begin` and `end`.

        >>> [hap.value["begin"] for hap in s("break").chop(2).haps(0, 1)]
        [0.0, 0.5]

        Args:
            parts: Number of parts, up to 4096; 0 is silence.
        """

    def chord(self, *values: PatternLike) -> Pattern:
        """Chord by name, for voicing.

        >>> chord("<C Am7>").voicing()
        """

    def chorus(self, *values: PatternLike) -> Pattern:
        """Depth of the chorus (0 to 1).

        >>> note("c3 e3").chorus(".2 .8")
        """

    def chunk(self, parts: PatternLike, change: Change) -> Pattern:
        """Apply a function to one part of the cycle, the next part in the next cycle.

        >>> [hap.value for hap in mini("0 1").chunk(2, add(10)).haps(0, 2)]
        [10, 1, 0, 11]

        Args:
            parts: Number of parts, 1 to 1024.
            change: The function.
        """

    def chunk_back(self, parts: PatternLike, change: Change) -> Pattern:
        """As `chunk`, going through the parts backwards.

        >>> [hap.value for hap in mini("0 1 2").chunk_back(3, add(10)).haps(1, 2)]
        [0, 1, 12]

        Args:
            parts: Number of parts, 1 to 1024.
            change: The function.
        """

    def chunk_back_into(self, parts: PatternLike, change: Change) -> Pattern:
        """As `chunk_into`, going through the parts backwards, from the last one.

        >>> [hap.value for hap in mini("0 1 2 3").chunk_back_into(2, fast(2)).haps(0, 1)]
        [0, 1, 2, 3, 2, 3]

        Args:
            parts: Number of parts, 1 to 1024.
            change: The function.
        """

    def chunk_into(self, parts: PatternLike, change: Change) -> Pattern:
        """As `chunk`; the function sees nothing but its part, looped.

        >>> [hap.value for hap in mini("0 1 2 3").chunk_into(2, fast(2)).haps(0, 1)]
        [0, 1, 0, 1, 2, 3]

        Args:
            parts: Number of parts, 1 to 1024.
            change: The function.
        """

    def clip(self, *values: PatternLike) -> Pattern:
        """Same as legato: length as a part of the event's (0 and more).

        >>> note("c e").clip(.5)
        """

    def clutch(self, new: PatternLike, at: PatternLike) -> Pattern:
        """Drop ever more events of one pattern and ever fewer of another, over two cycles: `clutch_in` 2.

        >>> [hap.value for hap in clutch("a*8", "b", 1).haps(3, 4)]
        ['b']
        """

    def clutch_in(self, new: PatternLike, at: PatternLike, cycles: PatternLike) -> Pattern:
        """Drop ever more events of one pattern, by chance, and ever fewer of another.

        >>> {hap.value for hap in clutch_in("a*8", "b*8", 1, 4).haps(2, 4)} == {"a", "b"}
        True

        Args:
            old: The pattern before.
            new: The pattern after.
            at: The cycle at which the change begins.
            cycles: How many cycles it lasts.
        """

    def coarse(self, *values: PatternLike) -> Pattern:
        """Samples held, for a lower sample rate (1 and more).

        >>> note("c3 e3").coarse("1 3")
        """

    def color(self, *values: PatternLike) -> Pattern:
        """Colour in which the event is drawn.

        >>> s("bd").color("red")
        """

    def colour(self, *values: PatternLike) -> Pattern:
        """Same as color: colour in which the event is drawn.

        >>> s("bd").colour("red")
        """

    def comb(self, *values: PatternLike) -> Pattern:
        """Bands left out like the teeth of a comb (0 to 1).

        >>> note("c3 e3").comb(".2 .8")
        """

    def compress(self, begin: PatternLike, end: PatternLike) -> Pattern:
        """Squeeze each cycle between two points of it and leave the rest silent.

        >>> [str(hap.whole.begin) for hap in mini("a b").compress(1/4, 3/4).haps(0, 1)]
        ['1/4', '1/2']

        Args:
            begin: Where the cycle begins, 0 to 1.
            end: Where it ends, 0 to 1.
        """

    def compressor(self, *values: PatternLike) -> Pattern:
        """Threshold of the compressor (dB).

        >>> note("c3 e3").compressor(-20)
        """

    def compressor_attack(self, *values: PatternLike) -> Pattern:
        """Time until the compressor is at work (seconds).

        >>> note("c3 e3").compressor_attack(".05 .2")
        """

    def compressor_knee(self, *values: PatternLike) -> Pattern:
        """How softly the compressor sets in (dB).

        >>> note("c3 e3").compressor_knee(-20)
        """

    def compressor_ratio(self, *values: PatternLike) -> Pattern:
        """Ratio of the compressor (1 and more).

        >>> note("c3 e3").compressor_ratio("1 3")
        """

    def compressor_release(self, *values: PatternLike) -> Pattern:
        """Time until the compressor lets go (seconds).

        >>> note("c3 e3").compressor_release(".05 .2")
        """

    def contract(self, factor: PatternLike) -> Pattern:
        """Make the steps of a pattern shorter beside others.

        >>> [str(hap.whole.begin) for hap in stepcat(mini("a b").contract(2), "c").haps(0, 1)]
        ['0', '1/4', '1/2']
        """

    def contrast(self, change: Change, other: Change, controls: PatternLike) -> Pattern:
        """Apply one function to the events whose controls match, and another to the rest.

        >>> [hap.value for hap in n("0 1").contrast(add(12), add(24), n(0)).haps(0, 1)]
        [{'n': 12}, {'n': 25}]

        Args:
            change: The function for those that match.
            other: The function for those that do not.
            controls: What to look for.
        """

    def contrast_by(self, test: Callable[[Any, Any], Any], change: Change, other: Change, controls: PatternLike) -> Pattern:
        """As `contrast`, with a test of what is looked for and what is there.

        >>> sides = n("0 1 2 3").contrast_by(lambda wanted, found: found >= wanted, add(10), add(20), n(2))
        >>> [hap.value["n"] for hap in sides.haps(0, 1)]
        [20, 21, 12, 13]

        Args:
            test: A function of two values.
            change: The function for those that pass.
            other: The function for those that do not.
            controls: What to look for.
        """

    def control(self, *values: PatternLike) -> Pattern:
        """Number and value of a MIDI controller, joined by a colon (0 to 127, 0 to 1).

        >>> control("74:.5")
        """

    def count(self, name: str = '', *, since: int = 0) -> Pattern:
        """Count events: 0 for the first, then 1, 2, 3 and so on, for ever.

        >>> [hap.value for hap in mini("a [b c]").count().haps(0, 2)]
        [0, 1, 2, 3, 4, 5]
        >>> [hap.value for hap in s("bd hh").n(s("bd hh").count().mod(3)).haps(0, 2)]
        [{'s': 'bd', 'n': 0}, {'s': 'hh', 'n': 1}, {'s': 'bd', 'n': 2}, {'s': 'hh', 'n': 0}]

        Args:
            name: With a name it goes on counting through a change of the piece, in its layer.
            since: The cycle in which it begins, if it is not 0.
        """

    def cps(self, *values: PatternLike) -> Pattern:
        """Tempo that the sound is told (cycles a second, above 0).

        >>> note("c3 e3").cps(.6)
        """

    def crush(self, *values: PatternLike) -> Pattern:
        """Number of bits (1 to 16, 16 is clean).

        >>> note("c3 e3").crush("4 16")
        """

    def ctf(self, *values: PatternLike) -> Pattern:
        """Same as cutoff: frequency of the low-pass filter (Hz).

        >>> s("saw").ctf(sine.range(200, 4000))
        """

    def ctl_num(self, *values: PatternLike) -> Pattern:
        """Number of a MIDI controller, in SuperDirt (0 to 127).

        >>> note("c3 e3").ctl_num("10 100")
        """

    def ctranspose(self, *values: PatternLike) -> Pattern:
        """Transposition, in the instrument (semitones).

        >>> note("c3 e3").ctranspose("0 7")
        """

    def cubic(self, *values: PatternLike) -> Pattern:
        """Distortion by a cubic curve (0 and more).

        >>> note("c3 e3").cubic(".5 1")
        """

    def curve(self, *values: PatternLike) -> Pattern:
        """Curve of the tone's pitch in a tiny synth (0 square, 1 sine, 2 tangent).

        >>> note("c3 e3").curve("0 1")
        """

    def cut(self, *values: PatternLike) -> Pattern:
        """Group in which each sound ends the one before (0, 1, 2, …).

        >>> note("c3 e3").cut("0 1")
        """

    def cutoff(self, *values: PatternLike) -> Pattern:
        """Frequency of the low-pass filter (Hz).

        >>> s("saw").cutoff(sine.range(200, 4000))
        """

    def dec(self, *values: PatternLike) -> Pattern:
        """Same as decay: time to the held level (seconds).

        >>> note("c3 e3").dec(".05 .2")
        """

    def decay(self, *values: PatternLike) -> Pattern:
        """Time to the held level (seconds).

        >>> note("c3 e3").decay(".05 .2")
        """

    def deconstruct(self, steps: int) -> str:
        """Write the first cycle as mini-notation, as a row of so many steps.

        >>> mini("bd [sn cp] ~ hh").deconstruct(4)
        'bd [sn cp] ~ hh'

        Args:
            steps: Number of steps, 1 to 64. What begins within a step stands in brackets; `_` holds on.
        """

    def deep(self, hits: PatternLike, steps: PatternLike, stride: PatternLike = 5) -> Pattern:
        """Go round the steps by one stride: a rhythm in which each distance is as common as no other.

        >>> [int(hap.whole.begin * 16) for hap in mini("a").deep(5, 16).haps(0, 1)]
        [0, 4, 5, 10, 15]

        Args:
            hits: Number of hits; up to half the steps and one more it is a deep rhythm.
            steps: Number of steps, up to 4096.
            stride: Steps from each hit to the next one that is placed; one without a common divisor with
                the steps reaches them all.
        """

    def degrade(self) -> Pattern:
        """Drop half of the events, by chance.

        >>> 0 < len(mini("a*8").degrade().haps(0, 4)) < 32
        True
        """

    def degrade_by(self, chance: PatternLike) -> Pattern:
        """Drop random events.

        >>> 0 < len(mini("a*8").degrade_by(.5).haps(0, 4)) < 32
        True

        Args:
            chance: Probability of dropping each, 0 to 1.
        """

    def degrade_by_with(self, source: PatternLike, chance: PatternLike) -> Pattern:
        """Drop events where a pattern of numbers is not above a limit: chance of your own making.

        >>> [hap.value for hap in mini("a b c d").degrade_by_with("0 1", .5).haps(0, 1)]
        ['c', 'd']

        Args:
            source: Numbers from 0 to 1, looked at where each event begins.
            chance: The limit, 0 to 1.
        """

    def degree(self, *values: PatternLike) -> Pattern:
        """Degree of the instrument's own scale (0 is its tonic).

        >>> note("c3 e3").degree("0 2")
        """

    def delay(self, *values: PatternLike) -> Pattern:
        """How much goes to the delay (0 to 1).

        >>> note("c3 e3").delay(".2 .8")
        """

    def delayfb(self, *values: PatternLike) -> Pattern:
        """Same as delayfeedback: how much the delay repeats (0 up to but not 1).

        >>> note("c3 e3").delayfb(".2 .6")
        """

    def delayfeedback(self, *values: PatternLike) -> Pattern:
        """How much the delay repeats (0 up to but not 1).

        >>> note("c3 e3").delayfeedback(".2 .6")
        """

    def delayspeed(self, *values: PatternLike) -> Pattern:
        """Speed of the tape in the delay (factor, negative is backwards).

        >>> note("c3 e3").delayspeed("1 2")
        """

    def delaysync(self, *values: PatternLike) -> Pattern:
        """Time of the delay (cycles).

        >>> note("c3 e3").delaysync(.25)
        """

    def delayt(self, *values: PatternLike) -> Pattern:
        """Same as delaytime: time of the delay (seconds).

        >>> note("c3 e3").delayt(".05 .2")
        """

    def delaytime(self, *values: PatternLike) -> Pattern:
        """Time of the delay (seconds).

        >>> note("c3 e3").delaytime(".05 .2")
        """

    def delta_slide(self, *values: PatternLike) -> Pattern:
        """How fast the slide changes (factor).

        >>> note("c3 e3").delta_slide("1 2")
        """

    def density(self, *values: PatternLike) -> Pattern:
        """How dense the crackle of noise is (0 to 1).

        >>> note("c3 e3").density(".2 .8")
        """

    def det(self, *values: PatternLike) -> Pattern:
        """Same as detune: out of tune (semitones).

        >>> note("c3 e3").det("0 7")
        """

    def detune(self, *values: PatternLike) -> Pattern:
        """Out of tune (semitones).

        >>> note("c3 e3").detune("0 7")
        """

    def dfb(self, *values: PatternLike) -> Pattern:
        """Same as delayfeedback: how much the delay repeats (0 up to but not 1).

        >>> note("c3 e3").dfb(".2 .6")
        """

    def dict(self, *values: PatternLike) -> Pattern:
        """Same as dictionary: dictionary of voicings.

        >>> chord("C^7").dict("lefthand").voicing()
        """

    def dictionary(self, *values: PatternLike) -> Pattern:
        """Dictionary of voicings.

        >>> chord("C^7").dictionary("lefthand").voicing()
        """

    def diode(self, *values: PatternLike) -> Pattern:
        """Distortion as of a diode (0 and more).

        >>> note("c3 e3").diode(".5 1")
        """

    def dist(self, *values: PatternLike) -> Pattern:
        """Same as distort: distortion (0 and more).

        >>> note("c3 e3").dist(".5 1")
        """

    def distance(self, *values: PatternLike) -> Pattern:
        """How far it is (0 to 100, 1 as the loudspeakers).

        >>> note("c3 e3").distance("5 50")
        """

    def distort(self, *values: PatternLike) -> Pattern:
        """Distortion (0 and more).

        >>> note("c3 e3").distort(".5 1")
        """

    def distorttype(self, *values: PatternLike) -> Pattern:
        """Kind of distortion: soft, hard, cubic, diode and others.

        >>> note("c3 e3").distorttype("soft")
        """

    def distortvol(self, *values: PatternLike) -> Pattern:
        """Loudness after the distortion (0 and more).

        >>> note("c3 e3").distortvol(".5 1")
        """

    def distrib(self, counts: PatternLike) -> Pattern:
        """Spread hits evenly over the hits of a rhythm that is itself spread evenly, and so on.

        >>> [str(hap.whole.begin) for hap in mini("a").distrib([3, 5, 8]).haps(0, 1)]
        ['0', '3/8', '3/4']

        Args:
            counts: A list of numbers: hits, over so many hits, over so many steps.
        """

    def disttype(self, *values: PatternLike) -> Pattern:
        """Same as distorttype: kind of distortion: soft, hard, cubic, diode and others.

        >>> note("c3 e3").disttype("soft")
        """

    def distvol(self, *values: PatternLike) -> Pattern:
        """Same as distortvol: loudness after the distortion (0 and more).

        >>> note("c3 e3").distvol(".5 1")
        """

    @property
    def div(self) -> Operation:
        """Divide numbers.

        >>> mini("10 5").div(2)
        """

    def djf(self, *values: PatternLike) -> Pattern:
        """One knob for low-pass (below .5) and high-pass (above) (0 to 1).

        >>> note("c3 e3").djf(".2 .8")
        """

    def double(self, cycles: PatternLike) -> Pattern:
        """Play each event 2 times, later each time: `stutter(2, …)`.

        >>> len([hap for hap in mini('a ~').double(1/8).haps(0, 1) if hap.has_onset])
        2
        """

    def draw(self, cycles: int = 1, *, seed: int = 0) -> str:
        """Draw the first cycles as a small piano roll in text.

        >>> s("bd ~ sd ~").draw()
        bd │■───────·       ·       ·       │
        sd │·       ·       ■───────·       │

        Args:
            cycles: Number of cycles, 1 to 16.
            seed: Seed of the layer.
        """

    def drive(self, *values: PatternLike) -> Pattern:
        """How hard a ladder filter is driven (0 and more).

        >>> note("c3 e3").drive(".5 1")
        """

    def drop(self, steps: PatternLike) -> Pattern:
        """Leave out the first steps; negative for the last ones.

        >>> [hap.value for hap in mini("a b c").drop(-1).haps(0, 1)]
        ['a', 'b']
        """

    def dry(self, *values: PatternLike) -> Pattern:
        """How much stays dry (0 to 1).

        >>> note("c3 e3").dry(".2 .8")
        """

    def ds(self, *values: PatternLike) -> Pattern:
        """Decay and level held, 0 if none is given (seconds, 0 to 1).

        >>> note("c3 e3").ds(".05 .2")
        """

    def dt(self, *values: PatternLike) -> Pattern:
        """Same as delaytime: time of the delay (seconds).

        >>> note("c3 e3").dt(".05 .2")
        """

    def duck(self, *values: PatternLike) -> Pattern:
        """Orbit that this one pushes down (0, 1, 2, …).

        >>> note("c3 e3").duck("0 1")
        """

    def duckatt(self, *values: PatternLike) -> Pattern:
        """Same as duckattack: time until it is back (seconds).

        >>> note("c3 e3").duckatt(".05 .2")
        """

    def duckattack(self, *values: PatternLike) -> Pattern:
        """Time until it is back (seconds).

        >>> note("c3 e3").duckattack(".05 .2")
        """

    def duckdepth(self, *values: PatternLike) -> Pattern:
        """How far it is pushed down (0 to 1).

        >>> note("c3 e3").duckdepth(".2 .8")
        """

    def duckons(self, *values: PatternLike) -> Pattern:
        """Same as duckonset: time until it is down (seconds).

        >>> note("c3 e3").duckons(".05 .2")
        """

    def duckonset(self, *values: PatternLike) -> Pattern:
        """Time until it is down (seconds).

        >>> note("c3 e3").duckonset(".05 .2")
        """

    def duckorbit(self, *values: PatternLike) -> Pattern:
        """Same as duck: orbit that this one pushes down (0, 1, 2, …).

        >>> note("c3 e3").duckorbit("0 1")
        """

    def dur(self, *values: PatternLike) -> Pattern:
        """Same as duration: length (cycles).

        >>> note("c3 e3").dur(.25)
        """

    def duration(self, *values: PatternLike) -> Pattern:
        """Length (cycles).

        >>> note("c3 e3").duration(.25)
        """

    def early(self, cycles: PatternLike) -> Pattern:
        """Play a pattern earlier by a part of a cycle.

        >>> str(mini("a b").early(1/4).haps(0, 1)[1].whole.begin)
        '1/4'

        Args:
            cycles: How much earlier, in cycles.
        """

    def echo(self, times: PatternLike, cycles: PatternLike, feedback: PatternLike) -> Pattern:
        """Repeat each event, later and quieter each time: this sets the gain, whatever it was.

        >>> [hap.value["gain"] for hap in s("bd").echo(3, 1/8, .5).haps(0, 1) if hap.has_onset]
        [1.0, 0.5, 0.25]

        Args:
            times: Number of events, the first included, 0 to 64.
            cycles: Time between them, in cycles.
            feedback: Loudness of each, as a part of the one before: 0 to 1, and up to 1000.
        """

    def echo_with(self, times: PatternLike, cycles: PatternLike, change: Callable[[Pattern, int], Any]) -> Pattern:
        """Play copies one after the other, each changed by a function of the pattern and its number.

        >>> [hap.value for hap in mini("0").echo_with(2, 1/4, lambda p, i: p.add(i)).haps(0, 1) if hap.has_onset]
        [0, 1]

        Args:
            times: Number of copies, the original included, 0 to 64.
            cycles: Time between them, in cycles.
            change: The function.
        """

    def eish(self, hits: PatternLike, steps: PatternLike, groove: PatternLike) -> Pattern:
        """Spread hits over steps, between Euclid's way and perfectly even, as `euclidish`.

        >>> [str(hap.whole.begin) for hap in mini("a").eish(3, 8, 1).haps(0, 1)]
        ['0', '1/3', '2/3']

        Args:
            hits: Number of hits.
            steps: Number of steps, up to 4096.
            groove: 0 is on the steps as in `euclid`, 1 perfectly even.
        """

    @property
    def either(self) -> Operation:
        """Test whether one is true.

        >>> mini("1 0").either("0 0")
        """

    def elev(self, *values: PatternLike) -> Pattern:
        """How high it is (-90 to 90 degrees, 90 is overhead).

        >>> note("c3 e3").elev(1)
        """

    def end(self, *values: PatternLike) -> Pattern:
        """Where the sample ends (0 to 1).

        >>> note("c3 e3").end(".2 .8")
        """

    def enhance(self, *values: PatternLike) -> Pattern:
        """How far the strong bands are strengthened (0 to 1).

        >>> note("c3 e3").enhance(".2 .8")
        """

    @property
    def eq(self) -> Operation:
        """Test for being equal.

        >>> mini("1 5").eq(5)
        """

    def euclid(self, hits: PatternLike, steps: PatternLike) -> Pattern:
        """Spread so many hits of the pattern over so many steps, as evenly as possible.

        >>> [str(hap.whole.begin) for hap in mini("a").euclid(3, 8).haps(0, 1)]
        ['0', '3/8', '3/4']

        Args:
            hits: Number of hits; negative for the steps between them.
            steps: Number of steps, up to 4096.
        """

    def euclid_full(self, hits: PatternLike, steps: PatternLike, other: PatternLike) -> Pattern:
        """Play a Euclidean rhythm, and another pattern on the steps between its hits.

        >>> [hap.value for hap in mini("a").euclid_full(3, 8, "b").haps(0, 1)]
        ['a', 'b', 'b', 'a', 'b', 'b', 'a', 'b']

        Args:
            hits: Number of hits.
            steps: Number of steps, up to 4096.
            other: What the other steps play.
        """

    def euclid_inv(self, hits: PatternLike, steps: PatternLike) -> Pattern:
        """Play the steps between the hits of a Euclidean rhythm.

        >>> [str(hap.whole.begin) for hap in mini("a").euclid_inv(3, 8).haps(0, 1)]
        ['1/8', '1/4', '1/2', '5/8', '7/8']

        Args:
            hits: Number of hits that are left out.
            steps: Number of steps, up to 4096.
        """

    def euclid_legato(self, hits: PatternLike, steps: PatternLike) -> Pattern:
        """As `euclid`, each hit held until the next.

        >>> [str(hap.whole.end) for hap in mini("a").euclid_legato(3, 8).haps(0, 1)]
        ['3/8', '3/4', '1']

        Args:
            hits: Number of hits.
            steps: Number of steps, up to 4096.
        """

    def euclid_legato_rot(self, hits: PatternLike, steps: PatternLike, rotation: PatternLike) -> Pattern:
        """As `euclid_legato`, with all hits some steps later.

        >>> [str(hap.whole.begin) for hap in mini("a").euclid_legato_rot(3, 8, 2).haps(0, 1)]
        ['0', '1/4', '5/8']

        Args:
            hits: Number of hits.
            steps: Number of steps, up to 4096.
            rotation: Steps by which the hits come later.
        """

    def euclid_off(self, hits: PatternLike, steps: PatternLike, rotation: PatternLike) -> Pattern:
        """As `euclid`, with all hits some steps later, as `euclid_rot`; Tidal's number counts the other way.

        >>> [str(hap.whole.begin) for hap in mini("a").euclid_off(3, 8, 2).haps(0, 1)]
        ['0', '1/4', '5/8']

        Args:
            hits: Number of hits.
            steps: Number of steps, up to 4096.
            rotation: Steps by which the hits come later; negative is earlier.
        """

    def euclid_off_full(self, hits: PatternLike, steps: PatternLike, rotation: PatternLike, other: PatternLike) -> Pattern:
        """As `euclid_full`, with all hits some steps later.

        >>> [hap.value for hap in mini("a").euclid_off_full(1, 4, 1, "b").haps(0, 1)]
        ['b', 'a', 'b', 'b']

        Args:
            hits: Number of hits.
            steps: Number of steps, up to 4096.
            rotation: Steps by which the hits come later; negative is earlier.
            other: What the other steps play.
        """

    def euclid_off_inv(self, hits: PatternLike, steps: PatternLike, rotation: PatternLike) -> Pattern:
        """Play the steps between the hits of a Euclidean rhythm, all of them some steps later.

        >>> [str(hap.whole.begin) for hap in mini("a").euclid_off_inv(3, 8, 2).haps(0, 1)]
        ['1/8', '3/8', '1/2', '3/4', '7/8']

        Args:
            hits: Number of hits that are left out.
            steps: Number of steps, up to 4096.
            rotation: Steps by which all come later; negative is earlier.
        """

    def euclid_rot(self, hits: PatternLike, steps: PatternLike, rotation: PatternLike) -> Pattern:
        """As `euclid`, with all hits some steps later.

        >>> [str(hap.whole.begin) for hap in mini("a").euclid_rot(3, 8, 2).haps(0, 1)]
        ['0', '1/4', '5/8']

        Args:
            hits: Number of hits; negative for the steps between them.
            steps: Number of steps, up to 4096.
            rotation: Steps by which the hits come later.
        """

    def euclidish(self, hits: PatternLike, steps: PatternLike, groove: PatternLike) -> Pattern:
        """Spread hits over steps, between Euclid's way and perfectly even.

        >>> [str(hap.whole.begin) for hap in mini("a").euclidish(3, 8, .5).haps(0, 1)]
        ['0', '17/48', '17/24']

        Args:
            hits: Number of hits.
            steps: Number of steps, up to 4096.
            groove: 0 is on the steps as in `euclid`, 1 perfectly even.
        """

    def every(self, count: PatternLike, change: Change) -> Pattern:
        """Apply a function to the first of every so many cycles.

        >>> [hap.value for hap in mini("a b").every(2, rev).haps(0, 2)]
        ['b', 'a', 'a', 'b']

        Args:
            count: Number of cycles, 1 to 4096.
            change: The function.
        """

    def every_offset(self, count: PatternLike, offset: PatternLike, change: Change) -> Pattern:
        """Apply a function to one of every so many cycles: the one with the given number.

        >>> [hap.value for hap in mini("a b").every_offset(3, 1, rev).haps(0, 2)]
        ['a', 'b', 'b', 'a']

        Args:
            count: Cycles in a turn, 1 to 4096.
            offset: Which of them is changed, counted from 0.
            change: The function.
        """

    def expand(self, factor: PatternLike) -> Pattern:
        """Make the steps of a pattern longer beside others.

        >>> [str(hap.whole.begin) for hap in stepcat(mini("a b").expand(2), "c").haps(0, 1)]
        ['0', '2/5', '4/5']
        """

    def explain(self, cycles: int = 1, *, begin: int = 0, seed: int = 0) -> str:
        """Say what happens in a pattern: a drawing, then each hap with its exact times and its place in the file.

        >>> note("c3 <e3 g3>").late(1/8).explain()
        1 cycle from 0; 2 steps a cycle; repeats every 2 cycles
            0               1/2
        g3 │────            ·               │
        e3 │·               ·   ■───────────│
        c3 │·   ■───────────────            │
        -3/8 -> 1/8 (cut: 0 -> 1/8)  note=g3  1:8
        1/8 -> 5/8                   note=c3  1:1
        5/8 -> 9/8 (cut: 5/8 -> 1)   note=e3  1:5

        Args:
            cycles: Number of cycles, 1 to 16.
            begin: The first cycle.
            seed: Seed of the layer.
        """

    def expression(self, *values: PatternLike) -> Pattern:
        """Expression of the instrument (0 to 1).

        >>> note("c3 e3").expression(".2 .8")
        """

    def extend(self, factor: PatternLike) -> Pattern:
        """Repeat a pattern so many times in as many times its steps.

        >>> [hap.value for hap in stepcat(mini("a b").extend(2), "c").haps(0, 1)]
        ['a', 'b', 'a', 'b', 'c']
        """

    def fade_in(self, cycles: PatternLike) -> Pattern:
        """Drop ever fewer events, by chance, over the first cycles until all are there.

        >>> len(mini("a*8").fade_in(4).haps(4, 5))
        8

        Args:
            cycles: How many cycles it takes.
        """

    def fade_in_from(self, at: PatternLike, cycles: PatternLike) -> Pattern:
        """Be silent until a cycle, and from there drop ever fewer events until all are there.

        >>> len(mini("a*8").fade_in_from(2, 4).haps(0, 2))
        0

        Args:
            at: The cycle at which it begins.
            cycles: How many cycles it takes.
        """

    def fade_in_time(self, *values: PatternLike) -> Pattern:
        """Time of the fade at the beginning (seconds).

        >>> note("c3 e3").fade_in_time(".05 .2")
        """

    def fade_out(self, cycles: PatternLike) -> Pattern:
        """Drop ever more events, by chance, over the first cycles until it is silent.

        >>> len(mini("a*8").fade_out(4).haps(4, 8))
        0

        Args:
            cycles: How many cycles it takes.
        """

    def fade_out_from(self, at: PatternLike, cycles: PatternLike) -> Pattern:
        """Drop ever more events, by chance, from a cycle on until it is silent.

        >>> len(mini("a*8").fade_out_from(2, 4).haps(0, 2))
        16

        Args:
            at: The cycle at which it begins.
            cycles: How many cycles it takes.
        """

    def fade_out_time(self, *values: PatternLike) -> Pattern:
        """Same as fade_time: time of the fade at the end, and at the beginning (seconds).

        >>> note("c3 e3").fade_out_time(".05 .2")
        """

    def fade_time(self, *values: PatternLike) -> Pattern:
        """Time of the fade at the end, and at the beginning (seconds).

        >>> note("c3 e3").fade_time(".05 .2")
        """

    def fanchor(self, *values: PatternLike) -> Pattern:
        """Where the envelope of a filter rests on its frequency (0 below, .5 around, 1 above).

        >>> note("c3 e3").fanchor("0 .5")
        """

    def fast(self, factor: PatternLike) -> Pattern:
        """Play a pattern faster.

        >>> [hap.value for hap in mini("a b").fast(2).haps(0, 1)]
        ['a', 'b', 'a', 'b']

        Args:
            factor: How many times as fast; 0 and less is silence.
        """

    def fast_chunk(self, parts: PatternLike, change: Change) -> Pattern:
        """As `chunk`, while the pattern goes on with its own cycles.

        >>> [hap.value for hap in mini("<0 4> 1").fast_chunk(2, add(10)).haps(0, 2)]
        [10, 1, 4, 11]

        Args:
            parts: Number of parts, 1 to 1024.
            change: The function.
        """

    def fast_gap(self, factor: PatternLike) -> Pattern:
        """Play each cycle faster and leave the rest of it silent.

        >>> [str(hap.whole.begin) for hap in mini("a b").fast_gap(2).haps(0, 1)]
        ['0', '1/4']

        Args:
            factor: How many times as fast; below 1 the end of each cycle is cut off; 0 and less is silence.
        """

    def fast_squeeze(self, factor: PatternLike) -> Pattern:
        """Play each cycle so many times within its own time.

        >>> [hap.value for hap in mini("<a b>").fast_squeeze(2).haps(0, 2)]
        ['a', 'a', 'b', 'b']

        Args:
            factor: How many times; 0 and less is silence.
        """

    def fastcat(self, *patterns: PatternLike) -> Pattern:
        """Play patterns one after the other within a cycle.

        >>> [str(hap.whole.begin) for hap in fastcat("a", "b").haps(0, 1)]
        ['0', '1/2']
        """

    def fastspread(self, change: Callable[..., Any], values: PatternLike) -> Pattern:
        """Apply a function with all of some values in turn, within each cycle.

        >>> len(mini("a b").fastspread(fast, [1, 2]).haps(0, 1))
        6

        Args:
            change: A function that takes one of the values first, such as `fast`.
            values: The list of values.
        """

    def fill(self, other: PatternLike) -> Pattern:
        """Play another pattern's values in the gaps of this one; `superimpose(fill("x"))` adds them.

        >>> [(hap.value, str(hap.whole.begin)) for hap in mini("a ~ b").fill("x").haps(0, 1)]
        [('x', '1/3')]

        Args:
            other: The pattern that gives the values.
        """

    def filter(self, test: Callable[[Any], Any]) -> Pattern:
        """Keep the events whose value passes a test.

        >>> [hap.value for hap in mini("1 2 3").filter(lambda v: v > 1).haps(0, 1)]
        [2, 3]
        """

    def filter_values(self, test: Callable[[Any], Any]) -> Pattern:
        """Keep the events whose value passes a test, as `filter`.

        >>> [hap.value for hap in mini("1 2").filter_values(lambda v: v > 1).haps(0, 1)]
        [2]

        Args:
            test: The function of a value.
        """

    def filter_when(self, test: Callable[[float], Any]) -> Pattern:
        """Keep the events whose begin, in cycles, passes a test.

        >>> [hap.value for hap in mini("<a b>").filter_when(lambda t: t >= 1).haps(0, 2)]
        ['b']
        """

    def first_of(self, count: PatternLike, change: Change) -> Pattern:
        """Apply a function to the first of every so many cycles, as `every`.

        >>> [hap.value for hap in mini("a b").first_of(2, rev).haps(0, 2)]
        ['b', 'a', 'a', 'b']
        """

    def fit(self) -> Pattern:
        """Change the speed of each sample so that it fills its event.

        >>> s("break/2").fit().haps(0, 1, cps=1)[0].value["speed"]
        0.5
        """

    def fit_list(self, step: PatternLike, values: PatternLike) -> Pattern:
        """Read numbers as places in a list, which moves on by some places in each cycle.

        >>> [hap.value for hap in mini("0 1").fit_list(1, ["a", "b", "c"]).haps(0, 2)]
        ['a', 'b', 'b', 'c']

        Args:
            step: By how many places it moves on in each cycle.
            values: The list.
        """

    def fix(self, change: Change, controls: PatternLike) -> Pattern:
        """Apply a function to the events whose controls match.

        >>> [hap.value for hap in s("bd sn").fix(lambda p: p.speed(2), s("sn")).haps(0, 1)]
        [{'s': 'bd'}, {'s': 'sn', 'speed': 2}]

        Args:
            change: The function.
            controls: What to look for, such as `s("bd")` or `s("bd") | n(1)`; all of it must match.
        """

    def floor(self) -> Pattern:
        """Round numbers down.

        >>> mini("1.6").floor().haps(0, 1)[0].value
        1
        """

    def fm(self, *values: PatternLike) -> Pattern:
        """Depth of the frequency modulation (index).

        >>> note("c3 e3").fm("1 4")
        """

    def fm00(self, *values: PatternLike) -> Pattern:
        """Same as fmi00: how far operator 0 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fm00("1 4")
        """

    def fm01(self, *values: PatternLike) -> Pattern:
        """Same as fmi01: how far operator 0 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fm01("1 4")
        """

    def fm02(self, *values: PatternLike) -> Pattern:
        """Same as fmi02: how far operator 0 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fm02("1 4")
        """

    def fm03(self, *values: PatternLike) -> Pattern:
        """Same as fmi03: how far operator 0 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fm03("1 4")
        """

    def fm04(self, *values: PatternLike) -> Pattern:
        """Same as fmi04: how far operator 0 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fm04("1 4")
        """

    def fm05(self, *values: PatternLike) -> Pattern:
        """Same as fmi05: how far operator 0 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fm05("1 4")
        """

    def fm06(self, *values: PatternLike) -> Pattern:
        """Same as fmi06: how far operator 0 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fm06("1 4")
        """

    def fm07(self, *values: PatternLike) -> Pattern:
        """Same as fmi07: how far operator 0 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fm07("1 4")
        """

    def fm08(self, *values: PatternLike) -> Pattern:
        """Same as fmi08: how far operator 0 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fm08("1 4")
        """

    def fm1(self, *values: PatternLike) -> Pattern:
        """Same as fm: depth of the frequency modulation (index).

        >>> note("c3 e3").fm1("1 4")
        """

    def fm10(self, *values: PatternLike) -> Pattern:
        """Same as fmi10: how far operator 1 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fm10("1 4")
        """

    def fm11(self, *values: PatternLike) -> Pattern:
        """Same as fmi11: how far operator 1 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fm11("1 4")
        """

    def fm12(self, *values: PatternLike) -> Pattern:
        """Same as fmi12: how far operator 1 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fm12("1 4")
        """

    def fm13(self, *values: PatternLike) -> Pattern:
        """Same as fmi13: how far operator 1 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fm13("1 4")
        """

    def fm14(self, *values: PatternLike) -> Pattern:
        """Same as fmi14: how far operator 1 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fm14("1 4")
        """

    def fm15(self, *values: PatternLike) -> Pattern:
        """Same as fmi15: how far operator 1 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fm15("1 4")
        """

    def fm16(self, *values: PatternLike) -> Pattern:
        """Same as fmi16: how far operator 1 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fm16("1 4")
        """

    def fm17(self, *values: PatternLike) -> Pattern:
        """Same as fmi17: how far operator 1 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fm17("1 4")
        """

    def fm18(self, *values: PatternLike) -> Pattern:
        """Same as fmi18: how far operator 1 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fm18("1 4")
        """

    def fm2(self, *values: PatternLike) -> Pattern:
        """Depth of the frequency modulation of operator 2 (index).

        >>> note("c3 e3").fm2("1 4")
        """

    def fm20(self, *values: PatternLike) -> Pattern:
        """Same as fmi20: how far operator 2 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fm20("1 4")
        """

    def fm21(self, *values: PatternLike) -> Pattern:
        """Same as fmi21: how far operator 2 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fm21("1 4")
        """

    def fm22(self, *values: PatternLike) -> Pattern:
        """Same as fmi22: how far operator 2 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fm22("1 4")
        """

    def fm23(self, *values: PatternLike) -> Pattern:
        """Same as fmi23: how far operator 2 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fm23("1 4")
        """

    def fm24(self, *values: PatternLike) -> Pattern:
        """Same as fmi24: how far operator 2 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fm24("1 4")
        """

    def fm25(self, *values: PatternLike) -> Pattern:
        """Same as fmi25: how far operator 2 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fm25("1 4")
        """

    def fm26(self, *values: PatternLike) -> Pattern:
        """Same as fmi26: how far operator 2 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fm26("1 4")
        """

    def fm27(self, *values: PatternLike) -> Pattern:
        """Same as fmi27: how far operator 2 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fm27("1 4")
        """

    def fm28(self, *values: PatternLike) -> Pattern:
        """Same as fmi28: how far operator 2 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fm28("1 4")
        """

    def fm3(self, *values: PatternLike) -> Pattern:
        """Depth of the frequency modulation of operator 3 (index).

        >>> note("c3 e3").fm3("1 4")
        """

    def fm30(self, *values: PatternLike) -> Pattern:
        """Same as fmi30: how far operator 3 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fm30("1 4")
        """

    def fm31(self, *values: PatternLike) -> Pattern:
        """Same as fmi31: how far operator 3 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fm31("1 4")
        """

    def fm32(self, *values: PatternLike) -> Pattern:
        """Same as fmi32: how far operator 3 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fm32("1 4")
        """

    def fm33(self, *values: PatternLike) -> Pattern:
        """Same as fmi33: how far operator 3 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fm33("1 4")
        """

    def fm34(self, *values: PatternLike) -> Pattern:
        """Same as fmi34: how far operator 3 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fm34("1 4")
        """

    def fm35(self, *values: PatternLike) -> Pattern:
        """Same as fmi35: how far operator 3 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fm35("1 4")
        """

    def fm36(self, *values: PatternLike) -> Pattern:
        """Same as fmi36: how far operator 3 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fm36("1 4")
        """

    def fm37(self, *values: PatternLike) -> Pattern:
        """Same as fmi37: how far operator 3 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fm37("1 4")
        """

    def fm38(self, *values: PatternLike) -> Pattern:
        """Same as fmi38: how far operator 3 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fm38("1 4")
        """

    def fm4(self, *values: PatternLike) -> Pattern:
        """Depth of the frequency modulation of operator 4 (index).

        >>> note("c3 e3").fm4("1 4")
        """

    def fm40(self, *values: PatternLike) -> Pattern:
        """Same as fmi40: how far operator 4 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fm40("1 4")
        """

    def fm41(self, *values: PatternLike) -> Pattern:
        """Same as fmi41: how far operator 4 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fm41("1 4")
        """

    def fm42(self, *values: PatternLike) -> Pattern:
        """Same as fmi42: how far operator 4 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fm42("1 4")
        """

    def fm43(self, *values: PatternLike) -> Pattern:
        """Same as fmi43: how far operator 4 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fm43("1 4")
        """

    def fm44(self, *values: PatternLike) -> Pattern:
        """Same as fmi44: how far operator 4 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fm44("1 4")
        """

    def fm45(self, *values: PatternLike) -> Pattern:
        """Same as fmi45: how far operator 4 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fm45("1 4")
        """

    def fm46(self, *values: PatternLike) -> Pattern:
        """Same as fmi46: how far operator 4 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fm46("1 4")
        """

    def fm47(self, *values: PatternLike) -> Pattern:
        """Same as fmi47: how far operator 4 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fm47("1 4")
        """

    def fm48(self, *values: PatternLike) -> Pattern:
        """Same as fmi48: how far operator 4 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fm48("1 4")
        """

    def fm5(self, *values: PatternLike) -> Pattern:
        """Depth of the frequency modulation of operator 5 (index).

        >>> note("c3 e3").fm5("1 4")
        """

    def fm50(self, *values: PatternLike) -> Pattern:
        """Same as fmi50: how far operator 5 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fm50("1 4")
        """

    def fm51(self, *values: PatternLike) -> Pattern:
        """Same as fmi51: how far operator 5 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fm51("1 4")
        """

    def fm52(self, *values: PatternLike) -> Pattern:
        """Same as fmi52: how far operator 5 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fm52("1 4")
        """

    def fm53(self, *values: PatternLike) -> Pattern:
        """Same as fmi53: how far operator 5 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fm53("1 4")
        """

    def fm54(self, *values: PatternLike) -> Pattern:
        """Same as fmi54: how far operator 5 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fm54("1 4")
        """

    def fm55(self, *values: PatternLike) -> Pattern:
        """Same as fmi55: how far operator 5 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fm55("1 4")
        """

    def fm56(self, *values: PatternLike) -> Pattern:
        """Same as fmi56: how far operator 5 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fm56("1 4")
        """

    def fm57(self, *values: PatternLike) -> Pattern:
        """Same as fmi57: how far operator 5 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fm57("1 4")
        """

    def fm58(self, *values: PatternLike) -> Pattern:
        """Same as fmi58: how far operator 5 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fm58("1 4")
        """

    def fm6(self, *values: PatternLike) -> Pattern:
        """Depth of the frequency modulation of operator 6 (index).

        >>> note("c3 e3").fm6("1 4")
        """

    def fm60(self, *values: PatternLike) -> Pattern:
        """Same as fmi60: how far operator 6 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fm60("1 4")
        """

    def fm61(self, *values: PatternLike) -> Pattern:
        """Same as fmi61: how far operator 6 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fm61("1 4")
        """

    def fm62(self, *values: PatternLike) -> Pattern:
        """Same as fmi62: how far operator 6 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fm62("1 4")
        """

    def fm63(self, *values: PatternLike) -> Pattern:
        """Same as fmi63: how far operator 6 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fm63("1 4")
        """

    def fm64(self, *values: PatternLike) -> Pattern:
        """Same as fmi64: how far operator 6 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fm64("1 4")
        """

    def fm65(self, *values: PatternLike) -> Pattern:
        """Same as fmi65: how far operator 6 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fm65("1 4")
        """

    def fm66(self, *values: PatternLike) -> Pattern:
        """Same as fmi66: how far operator 6 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fm66("1 4")
        """

    def fm67(self, *values: PatternLike) -> Pattern:
        """Same as fmi67: how far operator 6 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fm67("1 4")
        """

    def fm68(self, *values: PatternLike) -> Pattern:
        """Same as fmi68: how far operator 6 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fm68("1 4")
        """

    def fm7(self, *values: PatternLike) -> Pattern:
        """Depth of the frequency modulation of operator 7 (index).

        >>> note("c3 e3").fm7("1 4")
        """

    def fm70(self, *values: PatternLike) -> Pattern:
        """Same as fmi70: how far operator 7 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fm70("1 4")
        """

    def fm71(self, *values: PatternLike) -> Pattern:
        """Same as fmi71: how far operator 7 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fm71("1 4")
        """

    def fm72(self, *values: PatternLike) -> Pattern:
        """Same as fmi72: how far operator 7 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fm72("1 4")
        """

    def fm73(self, *values: PatternLike) -> Pattern:
        """Same as fmi73: how far operator 7 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fm73("1 4")
        """

    def fm74(self, *values: PatternLike) -> Pattern:
        """Same as fmi74: how far operator 7 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fm74("1 4")
        """

    def fm75(self, *values: PatternLike) -> Pattern:
        """Same as fmi75: how far operator 7 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fm75("1 4")
        """

    def fm76(self, *values: PatternLike) -> Pattern:
        """Same as fmi76: how far operator 7 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fm76("1 4")
        """

    def fm77(self, *values: PatternLike) -> Pattern:
        """Same as fmi77: how far operator 7 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fm77("1 4")
        """

    def fm78(self, *values: PatternLike) -> Pattern:
        """Same as fmi78: how far operator 7 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fm78("1 4")
        """

    def fm8(self, *values: PatternLike) -> Pattern:
        """Depth of the frequency modulation of operator 8 (index).

        >>> note("c3 e3").fm8("1 4")
        """

    def fm80(self, *values: PatternLike) -> Pattern:
        """Same as fmi80: how far operator 8 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fm80("1 4")
        """

    def fm81(self, *values: PatternLike) -> Pattern:
        """Same as fmi81: how far operator 8 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fm81("1 4")
        """

    def fm82(self, *values: PatternLike) -> Pattern:
        """Same as fmi82: how far operator 8 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fm82("1 4")
        """

    def fm83(self, *values: PatternLike) -> Pattern:
        """Same as fmi83: how far operator 8 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fm83("1 4")
        """

    def fm84(self, *values: PatternLike) -> Pattern:
        """Same as fmi84: how far operator 8 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fm84("1 4")
        """

    def fm85(self, *values: PatternLike) -> Pattern:
        """Same as fmi85: how far operator 8 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fm85("1 4")
        """

    def fm86(self, *values: PatternLike) -> Pattern:
        """Same as fmi86: how far operator 8 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fm86("1 4")
        """

    def fm87(self, *values: PatternLike) -> Pattern:
        """Same as fmi87: how far operator 8 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fm87("1 4")
        """

    def fm88(self, *values: PatternLike) -> Pattern:
        """Same as fmi88: how far operator 8 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fm88("1 4")
        """

    def fmap(self, change: Callable[[Any], Any]) -> Pattern:
        """Change each value by a function of it, as `with_value`.

        >>> [hap.value for hap in mini("1 2").fmap(lambda v: v * 10).haps(0, 1)]
        [10, 20]
        """

    def fmatt(self, *values: PatternLike) -> Pattern:
        """Same as fmattack: attack of the modulation (seconds).

        >>> note("c3 e3").fmatt(".05 .2")
        """

    def fmatt1(self, *values: PatternLike) -> Pattern:
        """Same as fmattack: attack of the modulation (seconds).

        >>> note("c3 e3").fmatt1(".05 .2")
        """

    def fmatt2(self, *values: PatternLike) -> Pattern:
        """Same as fmattack2: attack of the modulation of operator 2 (seconds).

        >>> note("c3 e3").fmatt2(".05 .2")
        """

    def fmatt3(self, *values: PatternLike) -> Pattern:
        """Same as fmattack3: attack of the modulation of operator 3 (seconds).

        >>> note("c3 e3").fmatt3(".05 .2")
        """

    def fmatt4(self, *values: PatternLike) -> Pattern:
        """Same as fmattack4: attack of the modulation of operator 4 (seconds).

        >>> note("c3 e3").fmatt4(".05 .2")
        """

    def fmatt5(self, *values: PatternLike) -> Pattern:
        """Same as fmattack5: attack of the modulation of operator 5 (seconds).

        >>> note("c3 e3").fmatt5(".05 .2")
        """

    def fmatt6(self, *values: PatternLike) -> Pattern:
        """Same as fmattack6: attack of the modulation of operator 6 (seconds).

        >>> note("c3 e3").fmatt6(".05 .2")
        """

    def fmatt7(self, *values: PatternLike) -> Pattern:
        """Same as fmattack7: attack of the modulation of operator 7 (seconds).

        >>> note("c3 e3").fmatt7(".05 .2")
        """

    def fmatt8(self, *values: PatternLike) -> Pattern:
        """Same as fmattack8: attack of the modulation of operator 8 (seconds).

        >>> note("c3 e3").fmatt8(".05 .2")
        """

    def fmattack(self, *values: PatternLike) -> Pattern:
        """Attack of the modulation (seconds).

        >>> note("c3 e3").fmattack(".05 .2")
        """

    def fmattack1(self, *values: PatternLike) -> Pattern:
        """Same as fmattack: attack of the modulation (seconds).

        >>> note("c3 e3").fmattack1(".05 .2")
        """

    def fmattack2(self, *values: PatternLike) -> Pattern:
        """Attack of the modulation of operator 2 (seconds).

        >>> note("c3 e3").fmattack2(".05 .2")
        """

    def fmattack3(self, *values: PatternLike) -> Pattern:
        """Attack of the modulation of operator 3 (seconds).

        >>> note("c3 e3").fmattack3(".05 .2")
        """

    def fmattack4(self, *values: PatternLike) -> Pattern:
        """Attack of the modulation of operator 4 (seconds).

        >>> note("c3 e3").fmattack4(".05 .2")
        """

    def fmattack5(self, *values: PatternLike) -> Pattern:
        """Attack of the modulation of operator 5 (seconds).

        >>> note("c3 e3").fmattack5(".05 .2")
        """

    def fmattack6(self, *values: PatternLike) -> Pattern:
        """Attack of the modulation of operator 6 (seconds).

        >>> note("c3 e3").fmattack6(".05 .2")
        """

    def fmattack7(self, *values: PatternLike) -> Pattern:
        """Attack of the modulation of operator 7 (seconds).

        >>> note("c3 e3").fmattack7(".05 .2")
        """

    def fmattack8(self, *values: PatternLike) -> Pattern:
        """Attack of the modulation of operator 8 (seconds).

        >>> note("c3 e3").fmattack8(".05 .2")
        """

    def fmdec(self, *values: PatternLike) -> Pattern:
        """Same as fmdecay: decay of the modulation (seconds).

        >>> note("c3 e3").fmdec(".05 .2")
        """

    def fmdec1(self, *values: PatternLike) -> Pattern:
        """Same as fmdecay: decay of the modulation (seconds).

        >>> note("c3 e3").fmdec1(".05 .2")
        """

    def fmdec2(self, *values: PatternLike) -> Pattern:
        """Same as fmdecay2: decay of the modulation of operator 2 (seconds).

        >>> note("c3 e3").fmdec2(".05 .2")
        """

    def fmdec3(self, *values: PatternLike) -> Pattern:
        """Same as fmdecay3: decay of the modulation of operator 3 (seconds).

        >>> note("c3 e3").fmdec3(".05 .2")
        """

    def fmdec4(self, *values: PatternLike) -> Pattern:
        """Same as fmdecay4: decay of the modulation of operator 4 (seconds).

        >>> note("c3 e3").fmdec4(".05 .2")
        """

    def fmdec5(self, *values: PatternLike) -> Pattern:
        """Same as fmdecay5: decay of the modulation of operator 5 (seconds).

        >>> note("c3 e3").fmdec5(".05 .2")
        """

    def fmdec6(self, *values: PatternLike) -> Pattern:
        """Same as fmdecay6: decay of the modulation of operator 6 (seconds).

        >>> note("c3 e3").fmdec6(".05 .2")
        """

    def fmdec7(self, *values: PatternLike) -> Pattern:
        """Same as fmdecay7: decay of the modulation of operator 7 (seconds).

        >>> note("c3 e3").fmdec7(".05 .2")
        """

    def fmdec8(self, *values: PatternLike) -> Pattern:
        """Same as fmdecay8: decay of the modulation of operator 8 (seconds).

        >>> note("c3 e3").fmdec8(".05 .2")
        """

    def fmdecay(self, *values: PatternLike) -> Pattern:
        """Decay of the modulation (seconds).

        >>> note("c3 e3").fmdecay(".05 .2")
        """

    def fmdecay1(self, *values: PatternLike) -> Pattern:
        """Same as fmdecay: decay of the modulation (seconds).

        >>> note("c3 e3").fmdecay1(".05 .2")
        """

    def fmdecay2(self, *values: PatternLike) -> Pattern:
        """Decay of the modulation of operator 2 (seconds).

        >>> note("c3 e3").fmdecay2(".05 .2")
        """

    def fmdecay3(self, *values: PatternLike) -> Pattern:
        """Decay of the modulation of operator 3 (seconds).

        >>> note("c3 e3").fmdecay3(".05 .2")
        """

    def fmdecay4(self, *values: PatternLike) -> Pattern:
        """Decay of the modulation of operator 4 (seconds).

        >>> note("c3 e3").fmdecay4(".05 .2")
        """

    def fmdecay5(self, *values: PatternLike) -> Pattern:
        """Decay of the modulation of operator 5 (seconds).

        >>> note("c3 e3").fmdecay5(".05 .2")
        """

    def fmdecay6(self, *values: PatternLike) -> Pattern:
        """Decay of the modulation of operator 6 (seconds).

        >>> note("c3 e3").fmdecay6(".05 .2")
        """

    def fmdecay7(self, *values: PatternLike) -> Pattern:
        """Decay of the modulation of operator 7 (seconds).

        >>> note("c3 e3").fmdecay7(".05 .2")
        """

    def fmdecay8(self, *values: PatternLike) -> Pattern:
        """Decay of the modulation of operator 8 (seconds).

        >>> note("c3 e3").fmdecay8(".05 .2")
        """

    def fmenv(self, *values: PatternLike) -> Pattern:
        """Curve of the modulation's envelope (lin or exp).

        >>> note("c3 e3").fmenv("exp")
        """

    def fmenv1(self, *values: PatternLike) -> Pattern:
        """Same as fmenv: curve of the modulation's envelope (lin or exp).

        >>> note("c3 e3").fmenv1("exp")
        """

    def fmenv2(self, *values: PatternLike) -> Pattern:
        """Curve of the modulation's envelope of operator 2 (lin or exp).

        >>> note("c3 e3").fmenv2("exp")
        """

    def fmenv3(self, *values: PatternLike) -> Pattern:
        """Curve of the modulation's envelope of operator 3 (lin or exp).

        >>> note("c3 e3").fmenv3("exp")
        """

    def fmenv4(self, *values: PatternLike) -> Pattern:
        """Curve of the modulation's envelope of operator 4 (lin or exp).

        >>> note("c3 e3").fmenv4("exp")
        """

    def fmenv5(self, *values: PatternLike) -> Pattern:
        """Curve of the modulation's envelope of operator 5 (lin or exp).

        >>> note("c3 e3").fmenv5("exp")
        """

    def fmenv6(self, *values: PatternLike) -> Pattern:
        """Curve of the modulation's envelope of operator 6 (lin or exp).

        >>> note("c3 e3").fmenv6("exp")
        """

    def fmenv7(self, *values: PatternLike) -> Pattern:
        """Curve of the modulation's envelope of operator 7 (lin or exp).

        >>> note("c3 e3").fmenv7("exp")
        """

    def fmenv8(self, *values: PatternLike) -> Pattern:
        """Curve of the modulation's envelope of operator 8 (lin or exp).

        >>> note("c3 e3").fmenv8("exp")
        """

    def fmh(self, *values: PatternLike) -> Pattern:
        """Ratio of the modulator (factor).

        >>> note("c3 e3").fmh("1 2")
        """

    def fmh1(self, *values: PatternLike) -> Pattern:
        """Same as fmh: ratio of the modulator (factor).

        >>> note("c3 e3").fmh1("1 2")
        """

    def fmh2(self, *values: PatternLike) -> Pattern:
        """Ratio of the modulator of operator 2 (factor).

        >>> note("c3 e3").fmh2("1 2")
        """

    def fmh3(self, *values: PatternLike) -> Pattern:
        """Ratio of the modulator of operator 3 (factor).

        >>> note("c3 e3").fmh3("1 2")
        """

    def fmh4(self, *values: PatternLike) -> Pattern:
        """Ratio of the modulator of operator 4 (factor).

        >>> note("c3 e3").fmh4("1 2")
        """

    def fmh5(self, *values: PatternLike) -> Pattern:
        """Ratio of the modulator of operator 5 (factor).

        >>> note("c3 e3").fmh5("1 2")
        """

    def fmh6(self, *values: PatternLike) -> Pattern:
        """Ratio of the modulator of operator 6 (factor).

        >>> note("c3 e3").fmh6("1 2")
        """

    def fmh7(self, *values: PatternLike) -> Pattern:
        """Ratio of the modulator of operator 7 (factor).

        >>> note("c3 e3").fmh7("1 2")
        """

    def fmh8(self, *values: PatternLike) -> Pattern:
        """Ratio of the modulator of operator 8 (factor).

        >>> note("c3 e3").fmh8("1 2")
        """

    def fmi(self, *values: PatternLike) -> Pattern:
        """Same as fm: depth of the frequency modulation (index).

        >>> note("c3 e3").fmi("1 4")
        """

    def fmi00(self, *values: PatternLike) -> Pattern:
        """How far operator 0 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fmi00("1 4")
        """

    def fmi01(self, *values: PatternLike) -> Pattern:
        """How far operator 0 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fmi01("1 4")
        """

    def fmi02(self, *values: PatternLike) -> Pattern:
        """How far operator 0 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fmi02("1 4")
        """

    def fmi03(self, *values: PatternLike) -> Pattern:
        """How far operator 0 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fmi03("1 4")
        """

    def fmi04(self, *values: PatternLike) -> Pattern:
        """How far operator 0 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fmi04("1 4")
        """

    def fmi05(self, *values: PatternLike) -> Pattern:
        """How far operator 0 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fmi05("1 4")
        """

    def fmi06(self, *values: PatternLike) -> Pattern:
        """How far operator 0 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fmi06("1 4")
        """

    def fmi07(self, *values: PatternLike) -> Pattern:
        """How far operator 0 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fmi07("1 4")
        """

    def fmi08(self, *values: PatternLike) -> Pattern:
        """How far operator 0 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fmi08("1 4")
        """

    def fmi1(self, *values: PatternLike) -> Pattern:
        """Same as fm: depth of the frequency modulation (index).

        >>> note("c3 e3").fmi1("1 4")
        """

    def fmi10(self, *values: PatternLike) -> Pattern:
        """How far operator 1 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fmi10("1 4")
        """

    def fmi11(self, *values: PatternLike) -> Pattern:
        """How far operator 1 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fmi11("1 4")
        """

    def fmi12(self, *values: PatternLike) -> Pattern:
        """How far operator 1 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fmi12("1 4")
        """

    def fmi13(self, *values: PatternLike) -> Pattern:
        """How far operator 1 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fmi13("1 4")
        """

    def fmi14(self, *values: PatternLike) -> Pattern:
        """How far operator 1 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fmi14("1 4")
        """

    def fmi15(self, *values: PatternLike) -> Pattern:
        """How far operator 1 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fmi15("1 4")
        """

    def fmi16(self, *values: PatternLike) -> Pattern:
        """How far operator 1 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fmi16("1 4")
        """

    def fmi17(self, *values: PatternLike) -> Pattern:
        """How far operator 1 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fmi17("1 4")
        """

    def fmi18(self, *values: PatternLike) -> Pattern:
        """How far operator 1 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fmi18("1 4")
        """

    def fmi2(self, *values: PatternLike) -> Pattern:
        """Same as fm2: depth of the frequency modulation of operator 2 (index).

        >>> note("c3 e3").fmi2("1 4")
        """

    def fmi20(self, *values: PatternLike) -> Pattern:
        """How far operator 2 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fmi20("1 4")
        """

    def fmi21(self, *values: PatternLike) -> Pattern:
        """How far operator 2 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fmi21("1 4")
        """

    def fmi22(self, *values: PatternLike) -> Pattern:
        """How far operator 2 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fmi22("1 4")
        """

    def fmi23(self, *values: PatternLike) -> Pattern:
        """How far operator 2 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fmi23("1 4")
        """

    def fmi24(self, *values: PatternLike) -> Pattern:
        """How far operator 2 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fmi24("1 4")
        """

    def fmi25(self, *values: PatternLike) -> Pattern:
        """How far operator 2 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fmi25("1 4")
        """

    def fmi26(self, *values: PatternLike) -> Pattern:
        """How far operator 2 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fmi26("1 4")
        """

    def fmi27(self, *values: PatternLike) -> Pattern:
        """How far operator 2 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fmi27("1 4")
        """

    def fmi28(self, *values: PatternLike) -> Pattern:
        """How far operator 2 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fmi28("1 4")
        """

    def fmi3(self, *values: PatternLike) -> Pattern:
        """Same as fm3: depth of the frequency modulation of operator 3 (index).

        >>> note("c3 e3").fmi3("1 4")
        """

    def fmi30(self, *values: PatternLike) -> Pattern:
        """How far operator 3 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fmi30("1 4")
        """

    def fmi31(self, *values: PatternLike) -> Pattern:
        """How far operator 3 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fmi31("1 4")
        """

    def fmi32(self, *values: PatternLike) -> Pattern:
        """How far operator 3 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fmi32("1 4")
        """

    def fmi33(self, *values: PatternLike) -> Pattern:
        """How far operator 3 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fmi33("1 4")
        """

    def fmi34(self, *values: PatternLike) -> Pattern:
        """How far operator 3 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fmi34("1 4")
        """

    def fmi35(self, *values: PatternLike) -> Pattern:
        """How far operator 3 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fmi35("1 4")
        """

    def fmi36(self, *values: PatternLike) -> Pattern:
        """How far operator 3 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fmi36("1 4")
        """

    def fmi37(self, *values: PatternLike) -> Pattern:
        """How far operator 3 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fmi37("1 4")
        """

    def fmi38(self, *values: PatternLike) -> Pattern:
        """How far operator 3 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fmi38("1 4")
        """

    def fmi4(self, *values: PatternLike) -> Pattern:
        """Same as fm4: depth of the frequency modulation of operator 4 (index).

        >>> note("c3 e3").fmi4("1 4")
        """

    def fmi40(self, *values: PatternLike) -> Pattern:
        """How far operator 4 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fmi40("1 4")
        """

    def fmi41(self, *values: PatternLike) -> Pattern:
        """How far operator 4 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fmi41("1 4")
        """

    def fmi42(self, *values: PatternLike) -> Pattern:
        """How far operator 4 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fmi42("1 4")
        """

    def fmi43(self, *values: PatternLike) -> Pattern:
        """How far operator 4 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fmi43("1 4")
        """

    def fmi44(self, *values: PatternLike) -> Pattern:
        """How far operator 4 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fmi44("1 4")
        """

    def fmi45(self, *values: PatternLike) -> Pattern:
        """How far operator 4 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fmi45("1 4")
        """

    def fmi46(self, *values: PatternLike) -> Pattern:
        """How far operator 4 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fmi46("1 4")
        """

    def fmi47(self, *values: PatternLike) -> Pattern:
        """How far operator 4 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fmi47("1 4")
        """

    def fmi48(self, *values: PatternLike) -> Pattern:
        """How far operator 4 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fmi48("1 4")
        """

    def fmi5(self, *values: PatternLike) -> Pattern:
        """Same as fm5: depth of the frequency modulation of operator 5 (index).

        >>> note("c3 e3").fmi5("1 4")
        """

    def fmi50(self, *values: PatternLike) -> Pattern:
        """How far operator 5 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fmi50("1 4")
        """

    def fmi51(self, *values: PatternLike) -> Pattern:
        """How far operator 5 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fmi51("1 4")
        """

    def fmi52(self, *values: PatternLike) -> Pattern:
        """How far operator 5 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fmi52("1 4")
        """

    def fmi53(self, *values: PatternLike) -> Pattern:
        """How far operator 5 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fmi53("1 4")
        """

    def fmi54(self, *values: PatternLike) -> Pattern:
        """How far operator 5 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fmi54("1 4")
        """

    def fmi55(self, *values: PatternLike) -> Pattern:
        """How far operator 5 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fmi55("1 4")
        """

    def fmi56(self, *values: PatternLike) -> Pattern:
        """How far operator 5 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fmi56("1 4")
        """

    def fmi57(self, *values: PatternLike) -> Pattern:
        """How far operator 5 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fmi57("1 4")
        """

    def fmi58(self, *values: PatternLike) -> Pattern:
        """How far operator 5 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fmi58("1 4")
        """

    def fmi6(self, *values: PatternLike) -> Pattern:
        """Same as fm6: depth of the frequency modulation of operator 6 (index).

        >>> note("c3 e3").fmi6("1 4")
        """

    def fmi60(self, *values: PatternLike) -> Pattern:
        """How far operator 6 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fmi60("1 4")
        """

    def fmi61(self, *values: PatternLike) -> Pattern:
        """How far operator 6 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fmi61("1 4")
        """

    def fmi62(self, *values: PatternLike) -> Pattern:
        """How far operator 6 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fmi62("1 4")
        """

    def fmi63(self, *values: PatternLike) -> Pattern:
        """How far operator 6 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fmi63("1 4")
        """

    def fmi64(self, *values: PatternLike) -> Pattern:
        """How far operator 6 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fmi64("1 4")
        """

    def fmi65(self, *values: PatternLike) -> Pattern:
        """How far operator 6 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fmi65("1 4")
        """

    def fmi66(self, *values: PatternLike) -> Pattern:
        """How far operator 6 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fmi66("1 4")
        """

    def fmi67(self, *values: PatternLike) -> Pattern:
        """How far operator 6 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fmi67("1 4")
        """

    def fmi68(self, *values: PatternLike) -> Pattern:
        """How far operator 6 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fmi68("1 4")
        """

    def fmi7(self, *values: PatternLike) -> Pattern:
        """Same as fm7: depth of the frequency modulation of operator 7 (index).

        >>> note("c3 e3").fmi7("1 4")
        """

    def fmi70(self, *values: PatternLike) -> Pattern:
        """How far operator 7 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fmi70("1 4")
        """

    def fmi71(self, *values: PatternLike) -> Pattern:
        """How far operator 7 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fmi71("1 4")
        """

    def fmi72(self, *values: PatternLike) -> Pattern:
        """How far operator 7 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fmi72("1 4")
        """

    def fmi73(self, *values: PatternLike) -> Pattern:
        """How far operator 7 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fmi73("1 4")
        """

    def fmi74(self, *values: PatternLike) -> Pattern:
        """How far operator 7 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fmi74("1 4")
        """

    def fmi75(self, *values: PatternLike) -> Pattern:
        """How far operator 7 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fmi75("1 4")
        """

    def fmi76(self, *values: PatternLike) -> Pattern:
        """How far operator 7 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fmi76("1 4")
        """

    def fmi77(self, *values: PatternLike) -> Pattern:
        """How far operator 7 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fmi77("1 4")
        """

    def fmi78(self, *values: PatternLike) -> Pattern:
        """How far operator 7 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fmi78("1 4")
        """

    def fmi8(self, *values: PatternLike) -> Pattern:
        """Same as fm8: depth of the frequency modulation of operator 8 (index).

        >>> note("c3 e3").fmi8("1 4")
        """

    def fmi80(self, *values: PatternLike) -> Pattern:
        """How far operator 8 moves operator 0, 0 being the tone itself (index).

        >>> note("c3 e3").fmi80("1 4")
        """

    def fmi81(self, *values: PatternLike) -> Pattern:
        """How far operator 8 moves operator 1, 0 being the tone itself (index).

        >>> note("c3 e3").fmi81("1 4")
        """

    def fmi82(self, *values: PatternLike) -> Pattern:
        """How far operator 8 moves operator 2, 0 being the tone itself (index).

        >>> note("c3 e3").fmi82("1 4")
        """

    def fmi83(self, *values: PatternLike) -> Pattern:
        """How far operator 8 moves operator 3, 0 being the tone itself (index).

        >>> note("c3 e3").fmi83("1 4")
        """

    def fmi84(self, *values: PatternLike) -> Pattern:
        """How far operator 8 moves operator 4, 0 being the tone itself (index).

        >>> note("c3 e3").fmi84("1 4")
        """

    def fmi85(self, *values: PatternLike) -> Pattern:
        """How far operator 8 moves operator 5, 0 being the tone itself (index).

        >>> note("c3 e3").fmi85("1 4")
        """

    def fmi86(self, *values: PatternLike) -> Pattern:
        """How far operator 8 moves operator 6, 0 being the tone itself (index).

        >>> note("c3 e3").fmi86("1 4")
        """

    def fmi87(self, *values: PatternLike) -> Pattern:
        """How far operator 8 moves operator 7, 0 being the tone itself (index).

        >>> note("c3 e3").fmi87("1 4")
        """

    def fmi88(self, *values: PatternLike) -> Pattern:
        """How far operator 8 moves operator 8, 0 being the tone itself (index).

        >>> note("c3 e3").fmi88("1 4")
        """

    def fmrel(self, *values: PatternLike) -> Pattern:
        """Same as fmrelease: release of the modulation (seconds).

        >>> note("c3 e3").fmrel(".05 .2")
        """

    def fmrel1(self, *values: PatternLike) -> Pattern:
        """Same as fmrelease: release of the modulation (seconds).

        >>> note("c3 e3").fmrel1(".05 .2")
        """

    def fmrel2(self, *values: PatternLike) -> Pattern:
        """Same as fmrelease2: release of the modulation of operator 2 (seconds).

        >>> note("c3 e3").fmrel2(".05 .2")
        """

    def fmrel3(self, *values: PatternLike) -> Pattern:
        """Same as fmrelease3: release of the modulation of operator 3 (seconds).

        >>> note("c3 e3").fmrel3(".05 .2")
        """

    def fmrel4(self, *values: PatternLike) -> Pattern:
        """Same as fmrelease4: release of the modulation of operator 4 (seconds).

        >>> note("c3 e3").fmrel4(".05 .2")
        """

    def fmrel5(self, *values: PatternLike) -> Pattern:
        """Same as fmrelease5: release of the modulation of operator 5 (seconds).

        >>> note("c3 e3").fmrel5(".05 .2")
        """

    def fmrel6(self, *values: PatternLike) -> Pattern:
        """Same as fmrelease6: release of the modulation of operator 6 (seconds).

        >>> note("c3 e3").fmrel6(".05 .2")
        """

    def fmrel7(self, *values: PatternLike) -> Pattern:
        """Same as fmrelease7: release of the modulation of operator 7 (seconds).

        >>> note("c3 e3").fmrel7(".05 .2")
        """

    def fmrel8(self, *values: PatternLike) -> Pattern:
        """Same as fmrelease8: release of the modulation of operator 8 (seconds).

        >>> note("c3 e3").fmrel8(".05 .2")
        """

    def fmrelease(self, *values: PatternLike) -> Pattern:
        """Release of the modulation (seconds).

        >>> note("c3 e3").fmrelease(".05 .2")
        """

    def fmrelease1(self, *values: PatternLike) -> Pattern:
        """Same as fmrelease: release of the modulation (seconds).

        >>> note("c3 e3").fmrelease1(".05 .2")
        """

    def fmrelease2(self, *values: PatternLike) -> Pattern:
        """Release of the modulation of operator 2 (seconds).

        >>> note("c3 e3").fmrelease2(".05 .2")
        """

    def fmrelease3(self, *values: PatternLike) -> Pattern:
        """Release of the modulation of operator 3 (seconds).

        >>> note("c3 e3").fmrelease3(".05 .2")
        """

    def fmrelease4(self, *values: PatternLike) -> Pattern:
        """Release of the modulation of operator 4 (seconds).

        >>> note("c3 e3").fmrelease4(".05 .2")
        """

    def fmrelease5(self, *values: PatternLike) -> Pattern:
        """Release of the modulation of operator 5 (seconds).

        >>> note("c3 e3").fmrelease5(".05 .2")
        """

    def fmrelease6(self, *values: PatternLike) -> Pattern:
        """Release of the modulation of operator 6 (seconds).

        >>> note("c3 e3").fmrelease6(".05 .2")
        """

    def fmrelease7(self, *values: PatternLike) -> Pattern:
        """Release of the modulation of operator 7 (seconds).

        >>> note("c3 e3").fmrelease7(".05 .2")
        """

    def fmrelease8(self, *values: PatternLike) -> Pattern:
        """Release of the modulation of operator 8 (seconds).

        >>> note("c3 e3").fmrelease8(".05 .2")
        """

    def fmsus(self, *values: PatternLike) -> Pattern:
        """Same as fmsustain: level held by the modulation (0 to 1).

        >>> note("c3 e3").fmsus(".2 .8")
        """

    def fmsus1(self, *values: PatternLike) -> Pattern:
        """Same as fmsustain: level held by the modulation (0 to 1).

        >>> note("c3 e3").fmsus1(".2 .8")
        """

    def fmsus2(self, *values: PatternLike) -> Pattern:
        """Same as fmsustain2: level held by the modulation of operator 2 (0 to 1).

        >>> note("c3 e3").fmsus2(".2 .8")
        """

    def fmsus3(self, *values: PatternLike) -> Pattern:
        """Same as fmsustain3: level held by the modulation of operator 3 (0 to 1).

        >>> note("c3 e3").fmsus3(".2 .8")
        """

    def fmsus4(self, *values: PatternLike) -> Pattern:
        """Same as fmsustain4: level held by the modulation of operator 4 (0 to 1).

        >>> note("c3 e3").fmsus4(".2 .8")
        """

    def fmsus5(self, *values: PatternLike) -> Pattern:
        """Same as fmsustain5: level held by the modulation of operator 5 (0 to 1).

        >>> note("c3 e3").fmsus5(".2 .8")
        """

    def fmsus6(self, *values: PatternLike) -> Pattern:
        """Same as fmsustain6: level held by the modulation of operator 6 (0 to 1).

        >>> note("c3 e3").fmsus6(".2 .8")
        """

    def fmsus7(self, *values: PatternLike) -> Pattern:
        """Same as fmsustain7: level held by the modulation of operator 7 (0 to 1).

        >>> note("c3 e3").fmsus7(".2 .8")
        """

    def fmsus8(self, *values: PatternLike) -> Pattern:
        """Same as fmsustain8: level held by the modulation of operator 8 (0 to 1).

        >>> note("c3 e3").fmsus8(".2 .8")
        """

    def fmsustain(self, *values: PatternLike) -> Pattern:
        """Level held by the modulation (0 to 1).

        >>> note("c3 e3").fmsustain(".2 .8")
        """

    def fmsustain1(self, *values: PatternLike) -> Pattern:
        """Same as fmsustain: level held by the modulation (0 to 1).

        >>> note("c3 e3").fmsustain1(".2 .8")
        """

    def fmsustain2(self, *values: PatternLike) -> Pattern:
        """Level held by the modulation of operator 2 (0 to 1).

        >>> note("c3 e3").fmsustain2(".2 .8")
        """

    def fmsustain3(self, *values: PatternLike) -> Pattern:
        """Level held by the modulation of operator 3 (0 to 1).

        >>> note("c3 e3").fmsustain3(".2 .8")
        """

    def fmsustain4(self, *values: PatternLike) -> Pattern:
        """Level held by the modulation of operator 4 (0 to 1).

        >>> note("c3 e3").fmsustain4(".2 .8")
        """

    def fmsustain5(self, *values: PatternLike) -> Pattern:
        """Level held by the modulation of operator 5 (0 to 1).

        >>> note("c3 e3").fmsustain5(".2 .8")
        """

    def fmsustain6(self, *values: PatternLike) -> Pattern:
        """Level held by the modulation of operator 6 (0 to 1).

        >>> note("c3 e3").fmsustain6(".2 .8")
        """

    def fmsustain7(self, *values: PatternLike) -> Pattern:
        """Level held by the modulation of operator 7 (0 to 1).

        >>> note("c3 e3").fmsustain7(".2 .8")
        """

    def fmsustain8(self, *values: PatternLike) -> Pattern:
        """Level held by the modulation of operator 8 (0 to 1).

        >>> note("c3 e3").fmsustain8(".2 .8")
        """

    def fmwave(self, *values: PatternLike) -> Pattern:
        """Wave of the modulator (sine and so on).

        >>> note("c3 e3").fmwave("sine")
        """

    def fmwave1(self, *values: PatternLike) -> Pattern:
        """Same as fmwave: wave of the modulator (sine and so on).

        >>> note("c3 e3").fmwave1("sine")
        """

    def fmwave2(self, *values: PatternLike) -> Pattern:
        """Wave of the modulator of operator 2 (sine and so on).

        >>> note("c3 e3").fmwave2("sine")
        """

    def fmwave3(self, *values: PatternLike) -> Pattern:
        """Wave of the modulator of operator 3 (sine and so on).

        >>> note("c3 e3").fmwave3("sine")
        """

    def fmwave4(self, *values: PatternLike) -> Pattern:
        """Wave of the modulator of operator 4 (sine and so on).

        >>> note("c3 e3").fmwave4("sine")
        """

    def fmwave5(self, *values: PatternLike) -> Pattern:
        """Wave of the modulator of operator 5 (sine and so on).

        >>> note("c3 e3").fmwave5("sine")
        """

    def fmwave6(self, *values: PatternLike) -> Pattern:
        """Wave of the modulator of operator 6 (sine and so on).

        >>> note("c3 e3").fmwave6("sine")
        """

    def fmwave7(self, *values: PatternLike) -> Pattern:
        """Wave of the modulator of operator 7 (sine and so on).

        >>> note("c3 e3").fmwave7("sine")
        """

    def fmwave8(self, *values: PatternLike) -> Pattern:
        """Wave of the modulator of operator 8 (sine and so on).

        >>> note("c3 e3").fmwave8("sine")
        """

    def focus(self, begin: PatternLike, end: PatternLike) -> Pattern:
        """Fit a cycle between two points and go on at that pace, without gaps.

        >>> [hap.value for hap in mini("a b").focus(0, 1/2).haps(0, 1)]
        ['a', 'b', 'a', 'b']

        Args:
            begin: Where a cycle begins, in cycles.
            end: Where it ends, in cycles.
        """

    def fold_every(self, counts: PatternLike, change: Change) -> Pattern:
        """Apply a function on every so many cycles, for several such numbers.

        >>> [hap.value for hap in mini("0").fold_every([2, 3], add(1)).haps(0, 7)]
        [2, 0, 1, 1, 1, 0, 2]

        Args:
            counts: A list of numbers of cycles.
            change: The function; where several numbers meet it is applied as often.
        """

    def frame_rate(self, *values: PatternLike) -> Pattern:
        """Frames a second of MIDI time code (24, 25, 29.97 or 30).

        >>> note("c3 e3").frame_rate(25)
        """

    def frames(self, *values: PatternLike) -> Pattern:
        """Frame of MIDI time code (0 and more).

        >>> note("c3 e3").frames(".5 1")
        """

    def freeze(self, *values: PatternLike) -> Pattern:
        """Whether the spectrum stands still (0 or 1).

        >>> note("c3 e3").freeze("0 1")
        """

    def freq(self, *values: PatternLike) -> Pattern:
        """Frequency (Hz, above 0).

        >>> freq(440)
        """

    def from_bipolar(self) -> Pattern:
        """Turn -1…1 into 0…1.

        >>> mini("-1").from_bipolar().haps(0, 1)[0].value
        0.0
        """

    def fshift(self, *values: PatternLike) -> Pattern:
        """Shift of all frequencies (Hz).

        >>> note("c3 e3").fshift("400 1200")
        """

    def fshiftnote(self, *values: PatternLike) -> Pattern:
        """Shift of all frequencies, as a part of the note's (factor).

        >>> note("c3 e3").fshiftnote("1 2")
        """

    def fshiftphase(self, *values: PatternLike) -> Pattern:
        """Phase of the shift (radians).

        >>> note("c3 e3").fshiftphase(1.5)
        """

    def ftype(self, *values: PatternLike) -> Pattern:
        """Kind of the filters: 12db, 24db or ladder, or 0, 1, 2.

        >>> note("c3 e3").ftype("24db")
        """

    def gain(self, *values: PatternLike) -> Pattern:
        """Loudness (0 and more, 1 is unchanged).

        >>> s("hh*4").gain("1 .5")
        """

    def gat(self, *values: PatternLike) -> Pattern:
        """Same as gate: time that a gated envelope is held (0 or 1, or seconds).

        >>> note("c3 e3").gat("0 1")
        """

    def gate(self, *values: PatternLike) -> Pattern:
        """Time that a gated envelope is held (0 or 1, or seconds).

        >>> note("c3 e3").gate("0 1")
        """

    def ghost(self) -> Pattern:
        """Add quieter, shorter, higher copies of each event, as a drummer's ghost notes.

        >>> [round(hap.value.get("gain", 1), 2) for hap in s("sn ~ ~ ~").ghost().haps(0, 1)]
        [1, 0.7, 0.7, 0.49]
        """

    def ghost_with(self, cycles: PatternLike, change: Change) -> Pattern:
        """Add changed copies one and a half, two and a half and four times a length later, as ghost notes.

        >>> [str(hap.whole.begin) for hap in mini("0 ~ ~ ~").ghost_with(1/8, add(1)).haps(0, 1)]
        ['0', '3/16', '5/16', '1/2']

        Args:
            cycles: The length, in cycles: 1/8 is usual.
            change: The function; the last copy goes through it twice.
        """

    def glide(self, *values: PatternLike) -> Pattern:
        """Time to slide from the note before (seconds).

        >>> note("c3 e3").glide(".05 .2")
        """

    def groove(self, template: Any = 'mpc 58', amount: PatternLike = 1) -> Pattern:
        """Move events to where a groove has its steps, and make them as strong as it has them.

        >>> [str(hap.whole.begin) for hap in s("hh*4").groove("shuffle").haps(0, 1)]
        ['0', '1/4', '1/2', '3/4']
        >>> [float(hap.whole.begin) for hap in s("hh*16").groove("mpc 75").haps(0, 1/4) if hap.has_onset]
        [0.0, 0.09375, 0.125, 0.21875]

        Args:
            template: "mpc 50" (straight) to "mpc 75", the share in percent that the first of two sixteenths has;
                "shuffle", "laid back", "pushed", "drunk", "samba", "lilt"; or what `groove_of` has found.
            amount: How much of it, 0 to 1.

        Each event goes with the step that is nearest to it. Strength is put on velocity where it is said, else on
        gain.
        """

    def grow(self, by: PatternLike) -> Pattern:
        """Play the pattern again and again, each time with some more of its steps.

        >>> [hap.value for hap in mini("a b").grow(1).haps(0, 1)]
        ['a', 'a', 'b']

        Args:
            by: Steps that come each time; from the end if negative.
        """

    @property
    def gt(self) -> Operation:
        """Test for greater than.

        >>> mini("1 5").gt(3)
        """

    @property
    def gte(self) -> Operation:
        """Test for at least.

        >>> mini("1 5").gte(5)
        """

    def hard(self, *values: PatternLike) -> Pattern:
        """Distortion that cuts off (0 and more).

        >>> note("c3 e3").hard(".5 1")
        """

    def harmonic(self, *values: PatternLike) -> Pattern:
        """Which partial of the note sounds (1 and more).

        >>> note("c3 e3").harmonic("1 3")
        """

    def hbrick(self, *values: PatternLike) -> Pattern:
        """Bands below are left out (0 to 1).

        >>> note("c3 e3").hbrick(".2 .8")
        """

    def hcutoff(self, *values: PatternLike) -> Pattern:
        """Same as hpf: frequency of the high-pass filter (Hz).

        >>> note("c3 e3").hcutoff("400 1200")
        """

    def hold(self, *values: PatternLike) -> Pattern:
        """Time held before the decay (seconds).

        >>> note("c3 e3").hold(".05 .2")
        """

    def hours(self, *values: PatternLike) -> Pattern:
        """Hour of MIDI time code (0 to 23).

        >>> note("c3 e3").hours(12)
        """

    def hp(self, *values: PatternLike) -> Pattern:
        """Same as hpf: frequency of the high-pass filter (Hz).

        >>> note("c3 e3").hp("400 1200")
        """

    def hpa(self, *values: PatternLike) -> Pattern:
        """Same as hpattack: attack of the high-pass envelope (seconds).

        >>> note("c3 e3").hpa(".05 .2")
        """

    def hpattack(self, *values: PatternLike) -> Pattern:
        """Attack of the high-pass envelope (seconds).

        >>> note("c3 e3").hpattack(".05 .2")
        """

    def hpd(self, *values: PatternLike) -> Pattern:
        """Same as hpdecay: decay of the high-pass envelope (seconds).

        >>> note("c3 e3").hpd(".05 .2")
        """

    def hpdc(self, *values: PatternLike) -> Pattern:
        """Middle around which the high-pass filter swings (-1 to 1).

        >>> note("c3 e3").hpdc("-.5 .5")
        """

    def hpdecay(self, *values: PatternLike) -> Pattern:
        """Decay of the high-pass envelope (seconds).

        >>> note("c3 e3").hpdecay(".05 .2")
        """

    def hpdepth(self, *values: PatternLike) -> Pattern:
        """How far the high-pass filter swings (0 and more).

        >>> note("c3 e3").hpdepth(".5 1")
        """

    def hpdepthfreq(self, *values: PatternLike) -> Pattern:
        """Same as hpdepthfrequency: how far the high-pass filter swings (Hz).

        >>> note("c3 e3").hpdepthfreq("400 1200")
        """

    def hpdepthfrequency(self, *values: PatternLike) -> Pattern:
        """How far the high-pass filter swings (Hz).

        >>> note("c3 e3").hpdepthfrequency("400 1200")
        """

    def hpe(self, *values: PatternLike) -> Pattern:
        """Same as hpenv: depth of the high-pass envelope (octaves).

        >>> note("c3 e3").hpe("1 2")
        """

    def hpenv(self, *values: PatternLike) -> Pattern:
        """Depth of the high-pass envelope (octaves).

        >>> note("c3 e3").hpenv("1 2")
        """

    def hpf(self, *values: PatternLike) -> Pattern:
        """Frequency of the high-pass filter (Hz).

        >>> note("c3 e3").hpf("400 1200")
        """

    def hpq(self, *values: PatternLike) -> Pattern:
        """Same as hresonance: resonance of the high-pass filter (0 to 1, or Q).

        >>> note("c3 e3").hpq(".2 .8")
        """

    def hpr(self, *values: PatternLike) -> Pattern:
        """Same as hprelease: release of the high-pass envelope (seconds).

        >>> note("c3 e3").hpr(".05 .2")
        """

    def hprate(self, *values: PatternLike) -> Pattern:
        """Speed at which the high-pass filter swings (Hz).

        >>> note("c3 e3").hprate("400 1200")
        """

    def hprelease(self, *values: PatternLike) -> Pattern:
        """Release of the high-pass envelope (seconds).

        >>> note("c3 e3").hprelease(".05 .2")
        """

    def hps(self, *values: PatternLike) -> Pattern:
        """Same as hpsustain: level held by the high-pass envelope (0 to 1).

        >>> note("c3 e3").hps(".2 .8")
        """

    def hpshape(self, *values: PatternLike) -> Pattern:
        """Shape in which the high-pass filter swings (0 and more: tri, sine, ramp, saw, square).

        >>> note("c3 e3").hpshape("0 3")
        """

    def hpskew(self, *values: PatternLike) -> Pattern:
        """How uneven the high-pass filter swings (0 to 1, .5 is even).

        >>> note("c3 e3").hpskew(".2 .8")
        """

    def hpsustain(self, *values: PatternLike) -> Pattern:
        """Level held by the high-pass envelope (0 to 1).

        >>> note("c3 e3").hpsustain(".2 .8")
        """

    def hpsync(self, *values: PatternLike) -> Pattern:
        """Speed at which the high-pass filter swings (times a cycle).

        >>> note("c3 e3").hpsync("4 8")
        """

    def hresonance(self, *values: PatternLike) -> Pattern:
        """Resonance of the high-pass filter (0 to 1, or Q).

        >>> note("c3 e3").hresonance(".2 .8")
        """

    def humanise(self, amount: PatternLike = 1, phrase: PatternLike = 4) -> Pattern:
        """Play as people do: a little early or late, stronger and softer, by what is played around each note.

        >>> line = n("0 1 2 7").scale("C:major").humanise().haps(0, 1)
        >>> all(abs(hap.value["nudge"]) < 0.1 and 0.5 < hap.value["gain"] < 1.5 for hap in line)
        True

        Strong beats are firm and on time, what lies between them is looser; many notes are placed more closely
        than few. A line grows stronger as it rises; a wide leap comes a little late. A phrase swells towards its
        middle and broadens at its end. Chance does the rest, and falls the same at each replay.

        Args:
            amount: How much, 0 to 4: 0 is a machine, 1 a good player.
            phrase: Cycles of a phrase, 1 to 64.

        Timing goes to `nudge`, in seconds, whatever the tempo; strength to `velocity` where it is said, else to
        `gain`.
        """

    def hurry(self, factor: PatternLike) -> Pattern:
        """Play a pattern faster, and its samples as well.

        >>> s("bd").hurry(2).haps(0, 1)[1].value["speed"]
        2

        Args:
            factor: How many times as fast.
        """

    def hush(self) -> Pattern:
        """Silence a pattern.

        >>> mini("a b").hush().haps(0, 1)
        []
        """

    def ifp(self, test: Callable[[Any], Any], change: Change, other: Change) -> Pattern:
        """Apply one function to the cycles whose number passes a test, and another to the rest.

        >>> [hap.value for hap in mini("0").ifp(lambda c: c % 3 == 0, add(1), add(2)).haps(0, 3)]
        [1, 2, 2]

        Args:
            test: A function of the cycle's number.
            change: The function where the test says yes.
            other: The function where it says no.
        """

    def imag(self, *values: PatternLike) -> Pattern:
        """How the spectrum is conserved, its imaginary part (0 to 1).

        >>> note("c3 e3").imag(".2 .8")
        """

    def inhabit(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick`; a cycle of each choice is squeezed into the event that chose it.

        >>> [hap.value for hap in mini("<0 [0 1]>").inhabit(["a b", "c"]).haps(0, 2)]
        ['a', 'b', 'a', 'b', 'c']

        Args:
            lookup: A list or a dict of patterns.
        """

    def inhabitmod(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `inhabit`; numbers past the last begin anew.

        >>> [hap.value for hap in mini("<0 [0 3]>").inhabitmod(["a b", "c"]).haps(0, 2)]
        ['a', 'b', 'a', 'b', 'c']

        Args:
            lookup: A list or a dict of patterns.
        """

    def inside(self, factor: PatternLike, change: Change) -> Pattern:
        """Apply a function as if the pattern were slower by a factor.

        >>> [hap.value for hap in mini("0 1 2 3").inside(2, rev).haps(0, 1)]
        [1, 0, 3, 2]

        Args:
            factor: How many times as slow the function sees it, up to 4096.
            change: The function.
        """

    def interpolate(self, new: PatternLike, at: PatternLike) -> Pattern:
        """Let the numbers of one pattern glide into those of another over four cycles: `interpolate_in` 4.

        >>> [hap.value["cutoff"] for hap in interpolate(cutoff(100), cutoff(500), 0).haps(0, 6)]
        [100.0, 200.0, 300.0, 400.0, 500, 500]
        """

    def interpolate_in(self, new: PatternLike, at: PatternLike, cycles: PatternLike) -> Pattern:
        """Take the rhythm of the new pattern at once, and let its numbers come from the old one's.

        >>> [hap.value["pan"] for hap in interpolate_in(pan(0), pan("1 1"), 0, 1).haps(0, 1)]
        [0.0, 0.5]

        Args:
            old: The pattern before.
            new: The pattern after; where the old one rests it is heard as it is.
            at: The cycle at which the glide begins.
            cycles: How many cycles it lasts.
        """

    def into(self, pieces: PatternLike, change: Change) -> Pattern:
        """Apply a function to parts of the pattern, each looped for itself.

        >>> [hap.value for hap in mini("0 1 2 3").into("1 0", fast(2)).haps(0, 1)]
        [0, 1, 0, 1, 2, 3]

        Args:
            pieces: Where the parts are: the function works in those that are true.
            change: The function; it sees nothing but its part, again and again.
        """

    def inv(self) -> Pattern:
        """Turn true into false and false into true, as `invert`.

        >>> [hap.value for hap in mini("t f").inv().haps(0, 1)]
        [False, True]
        """

    def invert(self) -> Pattern:
        """Turn true into false and false into true, as for `struct` and `mask`.

        >>> [hap.value for hap in mini("1 0 1").invert().haps(0, 1)]
        [False, True, False]
        """

    def ir(self, *values: PatternLike) -> Pattern:
        """Same as iresponse: sample that the reverb takes as its room (name).

        >>> note("c3 e3").ir("hall")
        """

    def irbegin(self, *values: PatternLike) -> Pattern:
        """Where the sample that is the room begins (0 to 1).

        >>> note("c3 e3").irbegin(".2 .8")
        """

    def iresponse(self, *values: PatternLike) -> Pattern:
        """Sample that the reverb takes as its room (name).

        >>> note("c3 e3").iresponse("hall")
        """

    def irspeed(self, *values: PatternLike) -> Pattern:
        """Speed of the sample that is the room (factor).

        >>> note("c3 e3").irspeed("1 2")
        """

    def iter(self, parts: PatternLike) -> Pattern:
        """Start one part later in each cycle.

        >>> [hap.value for hap in mini("a b c").iter(3).haps(0, 2)]
        ['a', 'b', 'c', 'b', 'c', 'a']

        Args:
            parts: Number of parts of a cycle, 1 to 4096.
        """

    def iter_back(self, parts: PatternLike) -> Pattern:
        """Start one part earlier in each cycle.

        >>> [hap.value for hap in mini("a b c").iter_back(3).haps(1, 2)]
        ['c', 'a', 'b']

        Args:
            parts: Number of parts of a cycle, 1 to 4096.
        """

    def jump(self, new: PatternLike, at: PatternLike) -> Pattern:
        """Change at once.

        >>> [hap.value for hap in jump("a", "b", 1).haps(0, 2)]
        ['a', 'b']
        """

    def jump_in(self, new: PatternLike, at: PatternLike, cycles: PatternLike) -> Pattern:
        """Change after some cycles.

        >>> [hap.value for hap in jump_in("a", "b", 1, 2).haps(2, 4)]
        ['a', 'b']
        """

    def jump_in_at(self, new: PatternLike, at: PatternLike, cycles: PatternLike) -> Pattern:
        """Change some cycles after the next begin of a cycle.

        >>> [hap.value for hap in jump_in_at("a*2", "b*2", .5, 1).haps(1, 3)]
        ['a', 'a', 'b', 'b']
        """

    def jump_mod(self, new: PatternLike, at: PatternLike, cycles: PatternLike) -> Pattern:
        """Change at the next cycle whose number is a multiple of the given one.

        >>> [hap.value for hap in jump_mod("a", "b", 5, 4).haps(6, 9)]
        ['a', 'a', 'b']
        """

    def jux(self, change: Change) -> Pattern:
        """Play the pattern on the left and a changed copy on the right, fully apart.

        >>> [hap.value["pan"] for hap in s("bd").jux(rev).haps(0, 1)]
        [0.0, 1.0]

        Args:
            change: The function for the right side.
        """

    def jux4(self, change: Change) -> Pattern:
        """Play the pattern on one side and a changed copy opposite, on a ring of four speakers.

        >>> [hap.value["pan"] for hap in s("bd").jux4(rev).haps(0, 1)]
        [0.125, 0.625]

        Args:
            change: The function for the copy.
        """

    def jux_by(self, width: PatternLike, change: Change) -> Pattern:
        """Play the pattern on the left and a changed copy on the right.

        >>> [hap.value["pan"] for hap in s("bd").jux_by(.5, rev).haps(0, 1)]
        [0.25, 0.75]

        Args:
            width: How far apart, 0 to 1.
            change: The function for the right side.
        """

    def juxcut(self, change: Change) -> Pattern:
        """Play the pattern left and a changed copy right, where each sound ends the one before on its side.

        >>> [(hap.value["pan"], hap.value["cut"]) for hap in s("bd").juxcut(rev).haps(0, 1)]
        [(0, -1), (1, -2)]

        Args:
            change: The function for the right side.
        """

    def kcutoff(self, *values: PatternLike) -> Pattern:
        """Low-pass filter after krush (Hz).

        >>> note("c3 e3").kcutoff("400 1200")
        """

    @property
    def keep(self) -> Operation:
        """Keep the left value, add what it lacks.

        >>> s("bd").keep(s("sd").n(2))
        """

    @property
    def keepif(self) -> Operation:
        """Keep the left value where the right is true.

        >>> mini("a b").keepif("1 0")
        """

    def krush(self, *values: PatternLike) -> Pattern:
        """Distortion of a cheap amplifier (0 and more).

        >>> note("c3 e3").krush(".5 1")
        """

    def last_of(self, count: PatternLike, change: Change) -> Pattern:
        """Apply a function to the last of every so many cycles.

        >>> [hap.value for hap in mini("a b").last_of(2, rev).haps(0, 2)]
        ['a', 'b', 'b', 'a']

        Args:
            count: Number of cycles, 1 to 4096.
            change: The function.
        """

    def late(self, cycles: PatternLike) -> Pattern:
        """Play a pattern later by a part of a cycle.

        >>> str(mini("a").late(1/4).haps(0.25, 1)[0].whole.begin)
        '1/4'

        Args:
            cycles: How much later, in cycles.
        """

    def layer(self, *changes: Change) -> Pattern:
        """Play changed copies together, without the original.

        >>> [hap.value for hap in mini("0").layer(add(1), add(2)).haps(0, 1)]
        [1, 2]
        """

    def lbrick(self, *values: PatternLike) -> Pattern:
        """Bands above are left out (0 to 1).

        >>> note("c3 e3").lbrick(".2 .8")
        """

    def legato(self, *values: PatternLike) -> Pattern:
        """Length as a part of the event's (0 and more).

        >>> note("c e").legato(.5)
        """

    def legato_to_next(self) -> Pattern:
        """Hold each event until the next one of its cycle begins.

        >>> [str(hap.whole.end) for hap in mini("a ~ b ~").legato_to_next().haps(0, 1)]
        ['1/2', '1']
        """

    def leslie(self, *values: PatternLike) -> Pattern:
        """How much of the rotating loudspeaker is heard (0 to 1).

        >>> note("c3 e3").leslie(".2 .8")
        """

    def lfe(self, *values: PatternLike) -> Pattern:
        """How much goes to the LFE, the loudspeaker of the lowest sounds (0 to 1).

        >>> note("c3 e3").lfe(".2 .8")
        """

    def linger(self, part: PatternLike) -> Pattern:
        """Repeat the first part of each cycle until the cycle is full; negative for the last part.

        >>> [hap.value for hap in mini("a b c d").linger(1/4).haps(0, 1)]
        ['a', 'a', 'a', 'a']

        Args:
            part: How much of the cycle, -1 to 1.
        """

    def lock(self, *values: PatternLike) -> Pattern:
        """Whether times of the delay are in cycles (0 or 1).

        >>> note("c3 e3").lock("0 1")
        """

    def log2(self) -> Pattern:
        """Take the logarithm to base 2.

        >>> mini("8").log2().haps(0, 1)[0].value
        3.0
        """

    def loop(self, *values: PatternLike) -> Pattern:
        """Whether the sample loops (0 or 1).

        >>> note("c3 e3").loop("0 1")
        """

    def loop_at(self, cycles: PatternLike) -> Pattern:
        """Change the speed of samples so that they last so many cycles.

        >>> s("break").loop_at(2).haps(0, 2, cps=1)[0].value["speed"]
        0.5

        Args:
            cycles: How many cycles.
        """

    def loop_at_cps(self, cycles: PatternLike, cps: PatternLike) -> Pattern:
        """As `loop_at`, at a tempo that you say.

        >>> s("break").loop_at_cps(2, 1).haps(0, 2)[0].value["speed"]
        0.5

        Args:
            cycles: How many cycles.
            cps: Cycles a second.
        """

    def loop_begin(self, *values: PatternLike) -> Pattern:
        """Where the loop begins (0 to 1).

        >>> note("c3 e3").loop_begin(".2 .8")
        """

    def loop_end(self, *values: PatternLike) -> Pattern:
        """Where the loop ends (0 to 1).

        >>> note("c3 e3").loop_end(".2 .8")
        """

    def loop_first(self) -> Pattern:
        """Play the first cycle again and again.

        >>> [hap.value for hap in mini("<a b>").loop_first().haps(0, 2)]
        ['a', 'a']
        """

    def loopb(self, *values: PatternLike) -> Pattern:
        """Same as loop_begin: where the loop begins (0 to 1).

        >>> note("c3 e3").loopb(".2 .8")
        """

    def loope(self, *values: PatternLike) -> Pattern:
        """Same as loop_end: where the loop ends (0 to 1).

        >>> note("c3 e3").loope(".2 .8")
        """

    def lp(self, *values: PatternLike) -> Pattern:
        """Same as cutoff: frequency of the low-pass filter (Hz).

        >>> s("saw").lp(sine.range(200, 4000))
        """

    def lpa(self, *values: PatternLike) -> Pattern:
        """Same as lpattack: attack of the low-pass envelope (seconds).

        >>> note("c3 e3").lpa(".05 .2")
        """

    def lpattack(self, *values: PatternLike) -> Pattern:
        """Attack of the low-pass envelope (seconds).

        >>> note("c3 e3").lpattack(".05 .2")
        """

    def lpd(self, *values: PatternLike) -> Pattern:
        """Same as lpdecay: decay of the low-pass envelope (seconds).

        >>> note("c3 e3").lpd(".05 .2")
        """

    def lpdc(self, *values: PatternLike) -> Pattern:
        """Middle around which the low-pass filter swings (-1 to 1).

        >>> note("c3 e3").lpdc("-.5 .5")
        """

    def lpdecay(self, *values: PatternLike) -> Pattern:
        """Decay of the low-pass envelope (seconds).

        >>> note("c3 e3").lpdecay(".05 .2")
        """

    def lpdepth(self, *values: PatternLike) -> Pattern:
        """How far the low-pass filter swings (0 and more).

        >>> note("c3 e3").lpdepth(".5 1")
        """

    def lpdepthfreq(self, *values: PatternLike) -> Pattern:
        """Same as lpdepthfrequency: how far the low-pass filter swings (Hz).

        >>> note("c3 e3").lpdepthfreq("400 1200")
        """

    def lpdepthfrequency(self, *values: PatternLike) -> Pattern:
        """How far the low-pass filter swings (Hz).

        >>> note("c3 e3").lpdepthfrequency("400 1200")
        """

    def lpe(self, *values: PatternLike) -> Pattern:
        """Same as lpenv: depth of the low-pass envelope (octaves).

        >>> note("c3 e3").lpe("1 2")
        """

    def lpenv(self, *values: PatternLike) -> Pattern:
        """Depth of the low-pass envelope (octaves).

        >>> note("c3 e3").lpenv("1 2")
        """

    def lpf(self, *values: PatternLike) -> Pattern:
        """Same as cutoff: frequency of the low-pass filter (Hz).

        >>> s("saw").lpf(sine.range(200, 4000))
        """

    def lpq(self, *values: PatternLike) -> Pattern:
        """Same as resonance: resonance of the low-pass filter (0 to 1, or Q).

        >>> note("c3 e3").lpq(".2 .8")
        """

    def lpr(self, *values: PatternLike) -> Pattern:
        """Same as lprelease: release of the low-pass envelope (seconds).

        >>> note("c3 e3").lpr(".05 .2")
        """

    def lprate(self, *values: PatternLike) -> Pattern:
        """Speed at which the low-pass filter swings (Hz).

        >>> note("c3 e3").lprate("400 1200")
        """

    def lprelease(self, *values: PatternLike) -> Pattern:
        """Release of the low-pass envelope (seconds).

        >>> note("c3 e3").lprelease(".05 .2")
        """

    def lps(self, *values: PatternLike) -> Pattern:
        """Same as lpsustain: level held by the low-pass envelope (0 to 1).

        >>> note("c3 e3").lps(".2 .8")
        """

    def lpshape(self, *values: PatternLike) -> Pattern:
        """Shape in which the low-pass filter swings (0 and more: tri, sine, ramp, saw, square).

        >>> note("c3 e3").lpshape("0 3")
        """

    def lpskew(self, *values: PatternLike) -> Pattern:
        """How uneven the low-pass filter swings (0 to 1, .5 is even).

        >>> note("c3 e3").lpskew(".2 .8")
        """

    def lpsustain(self, *values: PatternLike) -> Pattern:
        """Level held by the low-pass envelope (0 to 1).

        >>> note("c3 e3").lpsustain(".2 .8")
        """

    def lpsync(self, *values: PatternLike) -> Pattern:
        """Speed at which the low-pass filter swings (times a cycle).

        >>> note("c3 e3").lpsync("4 8")
        """

    def lrate(self, *values: PatternLike) -> Pattern:
        """Speed of the rotating loudspeaker (Hz).

        >>> note("c3 e3").lrate("400 1200")
        """

    def lsize(self, *values: PatternLike) -> Pattern:
        """Size of the rotating loudspeaker (metres).

        >>> note("c3 e3").lsize(2)
        """

    @property
    def lt(self) -> Operation:
        """Test for less than.

        >>> mini("1 5").lt(3)
        """

    @property
    def lte(self) -> Operation:
        """Test for at most.

        >>> mini("1 5").lte(1)
        """

    def mask(self, *truth: PatternLike) -> Pattern:
        """Silence a pattern while another is false or rests.

        >>> [hap.value for hap in mini("a b c d").mask("1 0").haps(0, 1)]
        ['a', 'b']

        Args:
            truth: Where it is true the pattern is heard.
        """

    def mask_all(self, *truths: PatternLike) -> Pattern:
        """Keep what sounds while another pattern has events, true or false.

        >>> [hap.value for hap in mini("a b c d").mask_all("0 ~").haps(0, 1)]
        ['a', 'b']
        """

    def measured(self, what: str = 'density', cycles: PatternLike = 4) -> Pattern:
        """Measure what a pattern has played in the cycles before: a signal that others follow.

        >>> s("bd*4").measured("density", 2).segment(1).haps(7, 8)[0].value
        4.0
        >>> note("<c e g>*4").measured("key").segment(1).haps(8, 9)[0].value
        'C:major'

        Args:
            what: "density", notes in a cycle; "entropy" of pitch classes, 0 to 3.58 bits; "tension", 0 to 1;
                "repetition", 0 to 1; "errors" of voice-leading in a cycle; "key", a name such as C:major.
            cycles: How many are listened to, 1 to 64: those before the one that plays.
        """

    def midibank(self, *values: PatternLike) -> Pattern:
        """MIDI bank, before its program (0 to 16383, or two bytes as 0:3).

        >>> note("c3 e3").midibank(".2 .8")
        """

    def midibend(self, *values: PatternLike) -> Pattern:
        """Same as bend: pitch bend (-1 to 1).

        >>> note("c3 e3").midibend("-.5 .5")
        """

    def midichan(self, *values: PatternLike) -> Pattern:
        """MIDI channel (1 to 16).

        >>> note("c3 e3").midichan("1 2")
        """

    def midicmd(self, *values: PatternLike) -> Pattern:
        """MIDI command: clock, start, stop, continue and so on.

        >>> note("c3 e3").midicmd("start")
        """

    def midimap(self, *values: PatternLike) -> Pattern:
        """Name of a map from controls to MIDI controllers.

        >>> note("c3 e3").midimap("desk")
        """

    def midiport(self, *values: PatternLike) -> Pattern:
        """MIDI port by name or number.

        >>> note("c3 e3").midiport("synth")
        """

    def miditouch(self, *values: PatternLike) -> Pattern:
        """Same as touch: channel pressure (0 to 1).

        >>> note("c3 e3").miditouch(".2 .8")
        """

    def minutes(self, *values: PatternLike) -> Pattern:
        """Minute of MIDI time code (0 to 59).

        >>> note("c3 e3").minutes(30)
        """

    def mix(self, *others: PatternLike) -> Pattern:
        """Put other values and controls in; the rhythm is what both share, as `set.mix`.

        >>> len(s("bd sd").mix(n("0 1 2")).haps(0, 1))
        4
        """

    @property
    def mod(self) -> Operation:
        """Take the rest of a division.

        >>> mini("5 6 7").mod(4)
        """

    def mode(self, *values: PatternLike) -> Pattern:
        """How the voicing meets its anchor: below, duck, above or root.

        >>> chord("C").mode("above:c4").voicing()
        """

    def mortal(self, new: PatternLike, at: PatternLike, lifespan: PatternLike, release: PatternLike) -> Pattern:
        """Change at once; after some cycles the new pattern drops ever more of its events until it is silent.

        >>> len(mortal("a", "b*8", 1, 2, 1).haps(1, 3)), len(mortal("a", "b*8", 1, 2, 1).haps(4, 9))
        (16, 0)

        Args:
            old: The pattern before.
            new: The pattern after.
            at: The cycle of the change.
            lifespan: Cycles for which the new pattern is whole.
            release: Cycles in which it dies.
        """

    def mortal_overlay(self, new: PatternLike, at: PatternLike, cycles: PatternLike) -> Pattern:
        """Add the new pattern for some cycles from the next multiple of them; the old one goes on.

        >>> [hap.value for hap in mortal_overlay("a", "b", 1, 2).haps(3, 5)]
        ['a', 'b', 'a']
        """

    def mtranspose(self, *values: PatternLike) -> Pattern:
        """Steps of the scale, in the instrument (degrees).

        >>> note("c3 e3").mtranspose("0 2")
        """

    @property
    def mul(self) -> Operation:
        """Multiply numbers.

        >>> s("bd").gain(.8).mul(gain(.5))
        """

    def n(self, *values: PatternLike) -> Pattern:
        """Number of the sample, or degree of the scale.

        >>> n("0 2 4").scale("C:minor")
        """

    @property
    def ne(self) -> Operation:
        """Test for not being equal.

        >>> mini("1 5").ne(5)
        """

    def never(self, change: Change) -> Pattern:
        """Leave the pattern as it is: a function switched off.

        >>> mini("a b").never(rev).haps(0, 1)[0].value
        'a'
        """

    def noise(self, *values: PatternLike) -> Pattern:
        """How much noise is mixed in (0 to 1).

        >>> note("c3 e3").noise(".2 .8")
        """

    def note(self, *values: PatternLike) -> Pattern:
        """Note: a name or a number.

        >>> note("c3 eb3 60")
        """

    def nrpn(self, number: int, value: PatternLike, bits: int = 14) -> Pattern:
        """Set a parameter of a synthesizer by its NRPN.

        >>> nrpn(260, ".5").haps(0, 1)[0].value
        {'nrpn260': 0.5}

        Args:
            number: Number of the parameter, 0 to 16383: 128 times its upper byte plus the lower.
            value: Its value, 0 to 1.
            bits: 14, or 7 for devices that take only the upper byte of a value.
        """

    def nrpnn(self, *values: PatternLike) -> Pattern:
        """Number of the NRPN, as two bytes (0 to 127 each, such as 1:8).

        >>> note("c3 e3").nrpnn("1:8")
        """

    def nrpv(self, *values: PatternLike) -> Pattern:
        """Value of the NRPN (0 to 127).

        >>> note("c3 e3").nrpv("10 100")
        """

    def nudge(self, *values: PatternLike) -> Pattern:
        """Later, or earlier if negative (seconds).

        >>> note("c3 e3").nudge(".05 .2")
        """

    def o(self, *values: PatternLike) -> Pattern:
        """Same as orbit: group of effects (0, 1, 2, …).

        >>> note("c3 e3").o("0 1")
        """

    def oct(self, *values: PatternLike) -> Pattern:
        """Same as octave: octave (3 is the one of middle C).

        >>> note("c3 e3").oct("3 4")
        """

    def octave(self, *values: PatternLike) -> Pattern:
        """Octave (3 is the one of middle C).

        >>> note("c3 e3").octave("3 4")
        """

    def octave_r(self, *values: PatternLike) -> Pattern:
        """Octave of a degree, relative (whole number).

        >>> note("c3 e3").octave_r("0 1")
        """

    def octaves(self, *values: PatternLike) -> Pattern:
        """Octaves by which n moves when it has gone through the voicing (1 and more).

        >>> note("c3 e3").octaves("1 3")
        """

    def octer(self, *values: PatternLike) -> Pattern:
        """How much is heard an octave higher (0 to 1).

        >>> note("c3 e3").octer(".2 .8")
        """

    def octersub(self, *values: PatternLike) -> Pattern:
        """How much is heard an octave lower (0 to 1).

        >>> note("c3 e3").octersub(".2 .8")
        """

    def octersubsub(self, *values: PatternLike) -> Pattern:
        """How much is heard two octaves lower (0 to 1).

        >>> note("c3 e3").octersubsub(".2 .8")
        """

    def of_keys(self, default: str = '', *, latch: bool = False, played: bool = False, channel: int | None = None, port: str | None = None) -> Pattern:
        """Read numbers as keys of the chord that is held: an arpeggiator. With no key held nothing sounds.

        >>> [hap.value["note"] for hap in n("0 1 2 3").of_keys("c3 g3").haps(0, 1)]
        [48, 55, 60, 67]

        Args:
            default: The keys that count until any is struck, as "c3 eb3 g3".
            latch: Keep the chord when it is let go, until the next is struck.
            played: Count the keys in the order in which they were struck.
            channel: 1 to 16; any, unless given.
            port: A part of the port's name; any, unless given.
        """

    def off(self, cycles: PatternLike, change: Change) -> Pattern:
        """Play a changed copy later, together with the original.

        >>> [hap.value for hap in mini("0 1").off(1/4, add(7)).haps(0, 1) if hap.has_onset]
        [0, 7, 1, 8]

        Args:
            cycles: How much later, in cycles.
            change: The function.
        """

    def offadd(self, cycles: PatternLike, amount: PatternLike) -> Pattern:
        """Play a copy later and higher, together with the original: `off` with `add`.

        >>> [hap.value for hap in mini("0 1").offadd(1/4, 7).haps(0, 1) if hap.has_onset]
        [0, 7, 1, 8]

        Args:
            cycles: How much later, in cycles.
            amount: What is added.
        """

    def offset(self, *values: PatternLike) -> Pattern:
        """How many positions further up the voicing lies (whole number).

        >>> note("c3 e3").offset("0 1")
        """

    def often(self, change: Change) -> Pattern:
        """Apply a function to three of four events, by chance.

        >>> 8 <= len(mini("a*8").often(ply(2)).haps(0, 1)) <= 16
        True
        """

    def on_key(self, key: int | str | None = None, *, cycles: float = 1, quantum: float = 0, channel: int | None = None, port: str | None = None) -> Pattern:
        """Play some cycles of a pattern, from its beginning, at each stroke of a key.

        >>> s("cp cp*2").on_key("d2", quantum=1/4).haps(0, 1)
        []

        Args:
            key: Which key, as "c2" or 36; any, unless given.
            cycles: How much of it, above 0 and at most 4.
            quantum: Cycles: it begins at the next multiple of it; 0 is at once.
            channel: 1 to 16; any, unless given.
            port: A part of the port's name; any, unless given.
        """

    def orbit(self, *values: PatternLike) -> Pattern:
        """Group of effects (0, 1, 2, …).

        >>> note("c3 e3").orbit("0 1")
        """

    def oschost(self, *values: PatternLike) -> Pattern:
        """Host that OSC goes to.

        >>> note("c3 e3").oschost("localhost")
        """

    def oscport(self, *values: PatternLike) -> Pattern:
        """Port that OSC goes to (1 to 65535).

        >>> note("c3 e3").oscport(57120)
        """

    def out(self, *others: PatternLike) -> Pattern:
        """Put other values and controls in; the rhythm is theirs, as `set.out`.

        >>> len(s("bd").out(n("0 1 2")).haps(0, 1))
        3
        """

    def outside(self, factor: PatternLike, change: Change) -> Pattern:
        """Apply a function as if the pattern were faster by a factor.

        >>> [hap.value for hap in mini("<0 1 2 3>").outside(4, rev).haps(0, 4)]
        [3, 2, 1, 0]

        Args:
            factor: How many times as fast the function sees it.
            change: The function.
        """

    def overgain(self, *values: PatternLike) -> Pattern:
        """Loudness added to gain in SuperDirt (0 and more).

        >>> note("c3 e3").overgain(".5 1")
        """

    def overlay(self, *patterns: PatternLike) -> Pattern:
        """Play patterns at once, as `stack`.

        >>> len(overlay("a b", "c").haps(0, 1))
        3
        """

    def overshape(self, *values: PatternLike) -> Pattern:
        """Distortion added to shape in SuperDirt (0 up to but not 1).

        >>> note("c3 e3").overshape(".2 .6")
        """

    def pace(self, steps: PatternLike) -> Pattern:
        """Play so many steps of the pattern in a cycle.

        >>> [hap.value for hap in mini("a b c").pace(4).haps(0, 1)]
        ['a', 'b', 'c', 'a']

        Args:
            steps: Steps in a cycle; a pattern whose steps are not known then counts as so many.
        """

    def palindrome(self) -> Pattern:
        """Play every other cycle backwards.

        >>> [hap.value for hap in mini("a b").palindrome().haps(0, 2)]
        ['a', 'b', 'b', 'a']
        """

    def pan(self, *values: PatternLike) -> Pattern:
        """Place between left and right (0 to 1, .5 is the middle).

        >>> s("hh*4").pan(sine)
        """

    def panchor(self, *values: PatternLike) -> Pattern:
        """Middle around which the channels are spread (0 to 1).

        >>> note("c3 e3").panchor(".2 .8")
        """

    def panorient(self, *values: PatternLike) -> Pattern:
        """Where the circle of channels begins (-1 to 1).

        >>> note("c3 e3").panorient("-.5 .5")
        """

    def panspan(self, *values: PatternLike) -> Pattern:
        """How far the channels are spread, among several (-inf to inf, 1 is the whole circle).

        >>> note("c3 e3").panspan(1)
        """

    def pansplay(self, *values: PatternLike) -> Pattern:
        """How far the channels spread from one another (-1 to 1).

        >>> note("c3 e3").pansplay("-.5 .5")
        """

    def panwidth(self, *values: PatternLike) -> Pattern:
        """How many channels share a sound (1 and more).

        >>> note("c3 e3").panwidth("1 3")
        """

    def param(self, name: str, value: PatternLike) -> Pattern:
        """Move a parameter of the instrument, effect or plugin that plays: 0 is its lowest, 1 its highest.

        >>> param("cutoff", "0 .5").haps(0, 1)[1].value
        {'param.cutoff': 0.5}

        Args:
            name: Of the parameter, as in the instrument's own brackets; an effect's with the effect before it,
                as in "reverb.room_size".
            value: Where it stands, 0 to 1: frequencies and times by octaves, the others evenly. A signal alone
                is followed between the onsets too; with a note it holds for that note.
        """

    def partials(self, *values: PatternLike) -> Pattern:
        """Loudness of the partials, joined by colons (0 to 1 each).

        >>> note("c3 e3").partials("1:0.5:0.25")
        """

    def patt(self, *values: PatternLike) -> Pattern:
        """Same as pattack: attack of the pitch envelope (seconds).

        >>> note("c3 e3").patt(".05 .2")
        """

    def pattack(self, *values: PatternLike) -> Pattern:
        """Attack of the pitch envelope (seconds).

        >>> note("c3 e3").pattack(".05 .2")
        """

    def pcurve(self, *values: PatternLike) -> Pattern:
        """Curve of the pitch envelope (0 straight, 1 exponential).

        >>> note("c3 e3").pcurve("0 1")
        """

    def pdec(self, *values: PatternLike) -> Pattern:
        """Same as pdecay: decay of the pitch envelope (seconds).

        >>> note("c3 e3").pdec(".05 .2")
        """

    def pdecay(self, *values: PatternLike) -> Pattern:
        """Decay of the pitch envelope (seconds).

        >>> note("c3 e3").pdecay(".05 .2")
        """

    def penv(self, *values: PatternLike) -> Pattern:
        """Depth of the pitch envelope (semitones).

        >>> note("c3 e3").penv("0 7")
        """

    def ph(self, *values: PatternLike) -> Pattern:
        """Same as phaser: speed of the phaser (Hz).

        >>> note("c3 e3").ph("400 1200")
        """

    def phasdp(self, *values: PatternLike) -> Pattern:
        """Same as phaserdepth: depth of the phaser (0 to 1).

        >>> note("c3 e3").phasdp(".2 .8")
        """

    def phaser(self, *values: PatternLike) -> Pattern:
        """Speed of the phaser (Hz).

        >>> note("c3 e3").phaser("400 1200")
        """

    def phasercenter(self, *values: PatternLike) -> Pattern:
        """Middle of the phaser (Hz).

        >>> note("c3 e3").phasercenter("400 1200")
        """

    def phaserdepth(self, *values: PatternLike) -> Pattern:
        """Depth of the phaser (0 to 1).

        >>> note("c3 e3").phaserdepth(".2 .8")
        """

    def phaserrate(self, *values: PatternLike) -> Pattern:
        """Same as phaser: speed of the phaser (Hz).

        >>> note("c3 e3").phaserrate("400 1200")
        """

    def phasersweep(self, *values: PatternLike) -> Pattern:
        """How far the phaser sweeps (Hz).

        >>> note("c3 e3").phasersweep("400 1200")
        """

    def phases(self, *values: PatternLike) -> Pattern:
        """Phases of the partials, joined by colons (0 to 1 each).

        >>> note("c3 e3").phases("1:0.5:0.25")
        """

    def phc(self, *values: PatternLike) -> Pattern:
        """Same as phasercenter: middle of the phaser (Hz).

        >>> note("c3 e3").phc("400 1200")
        """

    def phd(self, *values: PatternLike) -> Pattern:
        """Same as phaserdepth: depth of the phaser (0 to 1).

        >>> note("c3 e3").phd(".2 .8")
        """

    def phs(self, *values: PatternLike) -> Pattern:
        """Same as phasersweep: how far the phaser sweeps (Hz).

        >>> note("c3 e3").phs("400 1200")
        """

    def pick(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """Choose patterns from a list by number, or from a dict by name; too large a number is the last.

        >>> [hap.value for hap in mini("<0 1>").pick(["a b", "c"]).haps(0, 2)]
        ['a', 'b', 'c']

        Args:
            lookup: A list or a dict of patterns.
        """

    def pick_f(self, numbers: PatternLike, changes: Sequence[Change] | Mapping[Any, Change]) -> Pattern:
        """Apply the function that a pattern of numbers or names chooses from a list or dict.

        >>> [hap.value for hap in mini("a b").pick_f("<0 1>", [rev, fast(2)]).haps(0, 2)]
        ['b', 'a', 'a', 'b', 'a', 'b']

        Args:
            numbers: Which function when, from 0; too large a number is the last.
            changes: A list or a dict of functions.
        """

    def pick_out(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick`; the rhythm is that of the numbers.

        >>> [hap.value for hap in mini("0 <1 ~>").pick_out(["a", "b*2"]).haps(0, 2)]
        ['a', 'b', 'a']

        Args:
            lookup: A list or a dict of patterns.
        """

    def pick_reset(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick`; each choice begins with the begin of a cycle.

        >>> [hap.value for hap in mini("<0 1>/2").pick_reset(["a b", "c d"]).haps(0, 2)]
        ['a', 'b', 'a', 'b']

        Args:
            lookup: A list or a dict of patterns.
        """

    def pick_restart(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick`; each choice begins with its first cycle.

        >>> [hap.value for hap in mini("<0 1>").pick_restart(["a", "<c d>"]).haps(0, 2)]
        ['a', 'c']

        Args:
            lookup: A list or a dict of patterns.
        """

    def pick_squeeze(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick`; a cycle of each choice is squeezed into its event, as `inhabit`.

        >>> [hap.value for hap in mini("<0 [0 1]>").pick_squeeze(["a b", "c"]).haps(0, 2)]
        ['a', 'b', 'a', 'b', 'c']

        Args:
            lookup: A list or a dict of patterns.
        """

    def pickmod(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick`; numbers past the last begin anew.

        >>> [hap.value for hap in mini("<0 2>").pickmod(["a", "b"]).haps(0, 2)]
        ['a', 'a']

        Args:
            lookup: A list or a dict of patterns.
        """

    def pickmod_f(self, numbers: PatternLike, changes: Sequence[Change] | Mapping[Any, Change]) -> Pattern:
        """As `pick_f`; numbers past the last begin anew.

        >>> [hap.value for hap in mini("a b").pickmod_f("2", [rev, fast(2)]).haps(0, 1)]
        ['b', 'a']

        Args:
            numbers: Which function when, from 0.
            changes: A list or a dict of functions.
        """

    def pickmod_out(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick_out`; numbers past the last begin anew.

        >>> [hap.value for hap in mini("<1 2>").pickmod_out(["a", "b"]).haps(0, 2)]
        ['b', 'a']

        Args:
            lookup: A list or a dict of patterns.
        """

    def pickmod_reset(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick_reset`; numbers past the last begin anew.

        >>> [hap.value for hap in mini("<0 3>").pickmod_reset(["a b", "c d"]).haps(0, 2)]
        ['a', 'b', 'c', 'd']

        Args:
            lookup: A list or a dict of patterns.
        """

    def pickmod_restart(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick_restart`; numbers past the last begin anew.

        >>> [hap.value for hap in mini("<0 3>").pickmod_restart(["a", "<c d>"]).haps(0, 2)]
        ['a', 'c']

        Args:
            lookup: A list or a dict of patterns.
        """

    def pickmod_squeeze(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick_squeeze`; numbers past the last begin anew.

        >>> [hap.value for hap in mini("<0 [0 3]>").pickmod_squeeze(["a b", "c"]).haps(0, 2)]
        ['a', 'b', 'a', 'b', 'c']

        Args:
            lookup: A list or a dict of patterns.
        """

    def pitch_jump(self, *values: PatternLike) -> Pattern:
        """How far the pitch jumps while it sounds (Hz).

        >>> note("c3 e3").pitch_jump("400 1200")
        """

    def pitch_jump_time(self, *values: PatternLike) -> Pattern:
        """When the pitch jumps (seconds).

        >>> note("c3 e3").pitch_jump_time(".05 .2")
        """

    def ply(self, times: PatternLike) -> Pattern:
        """Repeat each event within its own time.

        >>> [hap.value for hap in mini("a b").ply(2).haps(0, 1)]
        ['a', 'a', 'b', 'b']

        Args:
            times: How often; 0 and less is silence.
        """

    def ply_for_each(self, times: PatternLike, change: Callable[[Pattern, int], Any]) -> Pattern:
        """Repeat each event within its time, each time changed by a function of the event and its number.

        >>> [hap.value for hap in mini("10").ply_for_each(3, lambda p, i: p.add(i)).haps(0, 1)]
        [10, 11, 12]

        Args:
            times: How often, 1 to 64.
            change: The function of a pattern and a number: 1 for the second event; the first stays as it is.
        """

    def ply_with(self, times: PatternLike, change: Change) -> Pattern:
        """Repeat each event within its time, each time with the function applied once more.

        >>> [hap.value for hap in mini("1").ply_with(3, mul(2)).haps(0, 1)]
        [1, 2, 4]

        Args:
            times: How often, 1 to 64.
            change: The function.
        """

    def poly(self, *others: PatternLike) -> Pattern:
        """Put other values and controls in step by step, as `set.poly`.

        >>> [hap.value["n"] for hap in s("bd sd").poly(n("0 1 2")).haps(0, 2)]
        [0, 1, 2, 0]
        """

    def poly_touch(self, *values: PatternLike) -> Pattern:
        """Pressure of the note's key, or of another as key:value (0 to 1).

        >>> note("c3 e3").poly_touch(".2 .8")
        """

    def postgain(self, *values: PatternLike) -> Pattern:
        """Loudness after the effects (0 and more).

        >>> note("c3 e3").postgain(".5 1")
        """

    @property
    def pow(self) -> Operation:
        """Raise numbers to a power.

        >>> mini("1 2 3").pow(2)
        """

    def prel(self, *values: PatternLike) -> Pattern:
        """Same as prelease: release of the pitch envelope (seconds).

        >>> note("c3 e3").prel(".05 .2")
        """

    def prelease(self, *values: PatternLike) -> Pattern:
        """Release of the pitch envelope (seconds).

        >>> note("c3 e3").prelease(".05 .2")
        """

    def press(self) -> Pattern:
        """Begin each event halfway through its own time: everything off the beat.

        >>> [str(hap.whole.begin) for hap in mini("a b").press().haps(0, 1)]
        ['1/4', '3/4']
        """

    def press_by(self, amount: PatternLike) -> Pattern:
        """Begin each event later within its own time.

        >>> [str(hap.whole.begin) for hap in mini("a b").press_by(1/2).haps(0, 1)]
        ['1/4', '3/4']

        Args:
            amount: How much of the event is left out, 0 up to but not 1.
        """

    def prog(self, *values: PatternLike) -> Pattern:
        """MIDI program (0 to 127).

        >>> note("c3 e3").prog("10 100")
        """

    def prog_num(self, *values: PatternLike) -> Pattern:
        """Same as prog: midi program (0 to 127).

        >>> note("c3 e3").prog_num("10 100")
        """

    def psus(self, *values: PatternLike) -> Pattern:
        """Same as psustain: level held by the pitch envelope (0 to 1).

        >>> note("c3 e3").psus(".2 .8")
        """

    def psustain(self, *values: PatternLike) -> Pattern:
        """Level held by the pitch envelope (0 to 1).

        >>> note("c3 e3").psustain(".2 .8")
        """

    def pw(self, *values: PatternLike) -> Pattern:
        """Width of the pulse (0 to 1).

        >>> note("c3 e3").pw(".2 .8")
        """

    def pwrate(self, *values: PatternLike) -> Pattern:
        """Speed at which the width of the pulse swings (Hz).

        >>> note("c3 e3").pwrate("400 1200")
        """

    def pwsweep(self, *values: PatternLike) -> Pattern:
        """How far the width of the pulse swings (0 to 1).

        >>> note("c3 e3").pwsweep(".2 .8")
        """

    def quad(self, cycles: PatternLike) -> Pattern:
        """Play each event 4 times, later each time: `stutter(4, …)`.

        >>> len([hap for hap in mini('a ~').quad(1/8).haps(0, 1) if hap.has_onset])
        4
        """

    def quantise(self, parts: PatternLike) -> Pattern:
        """Round numbers to the nearest of so many parts of one.

        >>> [hap.value for hap in mini("1.3 2.6 3.2 4.7").quantise(5).haps(0, 1)]
        [1.2, 2.6, 3.2, 4.8]

        Args:
            parts: How many parts a whole one has; .5 rounds to even numbers.
        """

    def range(self, low: PatternLike, high: PatternLike) -> Pattern:
        """Stretch numbers from 0…1 to low…high.

        >>> [hap.value for hap in saw.range(0, 4).segment(4).haps(0, 1)]
        [0.0, 1.0, 2.0, 3.0]
        >>> [hap.value for hap in note("0 .5").range(40, 60).haps(0, 1)]
        [{'note': 40}, {'note': 50.0}]

        Args:
            low: What 0 becomes.
            high: What 1 becomes.
        """

    def range2(self, low: PatternLike, high: PatternLike) -> Pattern:
        """Stretch numbers from -1…1 to low…high.

        >>> mini("0").range2(20, 40).haps(0, 1)[0].value
        30.0

        Args:
            low: What -1 becomes.
            high: What 1 becomes.
        """

    def rangex(self, low: PatternLike, high: PatternLike) -> Pattern:
        """Stretch numbers from 0…1 to low…high in equal ratios, as suits frequencies.

        >>> round(mini("0.5").rangex(20, 2000).haps(0, 1)[0].value)
        200

        Args:
            low: What 0 becomes, above 0.
            high: What 1 becomes, above 0.
        """

    def rarely(self, change: Change) -> Pattern:
        """Apply a function to one of four events, by chance.

        >>> 8 <= len(mini("a*8").rarely(ply(2)).haps(0, 1)) <= 16
        True
        """

    def ratio(self) -> Pattern:
        """Read lists such as 3:2 as ratios.

        >>> mini("3:2").ratio().haps(0, 1)[0].value
        1.5
        """

    def rdim(self, *values: PatternLike) -> Pattern:
        """Same as roomdim: low-pass filter of the reverb at its end (Hz).

        >>> note("c3 e3").rdim("400 1200")
        """

    def real(self, *values: PatternLike) -> Pattern:
        """How the spectrum is conserved, its real part (0 to 1).

        >>> note("c3 e3").real(".2 .8")
        """

    def rel(self, *values: PatternLike) -> Pattern:
        """Same as release: time to silence after the end (seconds).

        >>> note("c3 e3").rel(".05 .2")
        """

    def release(self, *values: PatternLike) -> Pattern:
        """Time to silence after the end (seconds).

        >>> note("c3 e3").release(".05 .2")
        """

    def release_velocity(self, *values: PatternLike) -> Pattern:
        """How fast the key is left (0 to 1).

        >>> note("c3 e3").release_velocity(".2 .8")
        """

    def relvel(self, *values: PatternLike) -> Pattern:
        """Same as release_velocity: how fast the key is left (0 to 1).

        >>> note("c3 e3").relvel(".2 .8")
        """

    def repeat_cycles(self, times: PatternLike) -> Pattern:
        """Play each cycle several times.

        >>> [hap.value for hap in mini("<a b>").repeat_cycles(2).haps(0, 4)]
        ['a', 'a', 'b', 'b']

        Args:
            times: How often, 1 to 4096.
        """

    def replicate(self, times: PatternLike) -> Pattern:
        """Play each cycle several times, as many times as fast, with as many times the steps.

        >>> [hap.value for hap in mini("<a b>").replicate(2).haps(0, 2)]
        ['a', 'a', 'b', 'b']

        Args:
            times: How often, 1 to 4096.
        """

    def reset(self, *triggers: PatternLike) -> Pattern:
        """Start the cycle anew at each event of another pattern.

        >>> [hap.value for hap in mini("a b c d").reset("1 1").haps(0, 1)]
        ['a', 'b', 'a', 'b']
        """

    def reset_all(self, *triggers: PatternLike) -> Pattern:
        """Start the cycle anew at each event of another pattern, true or false.

        >>> [hap.value for hap in mini("a b").reset_all("0 0").haps(0, 1)]
        ['a', 'a']
        """

    def resonance(self, *values: PatternLike) -> Pattern:
        """Resonance of the low-pass filter (0 to 1, or Q).

        >>> note("c3 e3").resonance(".2 .8")
        """

    def restart(self, *triggers: PatternLike) -> Pattern:
        """Start the pattern anew, from its cycle 0, at each event of another pattern.

        >>> [hap.value for hap in mini("<a b>").restart("<1 1>").haps(0, 2)]
        ['a', 'a']
        """

    def restart_all(self, *triggers: PatternLike) -> Pattern:
        """Start from the first cycle at each event of another pattern, true or false.

        >>> [hap.value for hap in mini("<a b>").restart_all("0").haps(0, 2)]
        ['a', 'a']
        """

    def rev(self) -> Pattern:
        """Play each cycle backwards.

        >>> [hap.value for hap in mini("a b c").rev().haps(0, 1)]
        ['c', 'b', 'a']
        """

    def revv(self) -> Pattern:
        """Play all of time backwards, not each cycle for itself.

        >>> [hap.value for hap in mini("<a b>").revv().haps(0, 2)]
        ['b', 'a']
        """

    def rfade(self, *values: PatternLike) -> Pattern:
        """Same as roomfade: time that the reverb takes to fade (seconds).

        >>> note("c3 e3").rfade(".05 .2")
        """

    def rib(self, begin: PatternLike, length: PatternLike) -> Pattern:
        """Loop a stretch of the pattern, as `ribbon`.

        >>> [hap.value for hap in mini("<a b c>").rib(1, 1).haps(0, 2)]
        ['b', 'b']
        """

    def ribbon(self, begin: PatternLike, length: PatternLike) -> Pattern:
        """Loop a stretch of the pattern, chance and all.

        >>> [hap.value for hap in mini("<a b c>").ribbon(1, 2).haps(0, 4)]
        ['b', 'c', 'b', 'c']

        Args:
            begin: Where the stretch begins, in cycles.
            length: How long it is, in cycles, more than 0.
        """

    def ring(self, *values: PatternLike) -> Pattern:
        """How much ring modulation is heard (0 to 1).

        >>> note("c3 e3").ring(".2 .8")
        """

    def ringdf(self, *values: PatternLike) -> Pattern:
        """How far the ring modulator's frequency slides (Hz).

        >>> note("c3 e3").ringdf("400 1200")
        """

    def ringf(self, *values: PatternLike) -> Pattern:
        """Frequency of the ring modulator (Hz).

        >>> note("c3 e3").ringf("400 1200")
        """

    def rlp(self, *values: PatternLike) -> Pattern:
        """Same as roomlp: low-pass filter of the reverb at its beginning (Hz).

        >>> note("c3 e3").rlp("400 1200")
        """

    def rolled(self) -> Pattern:
        """Strum chords within the first quarter of each event.

        >>> [str(hap.whole.begin) for hap in note("[c,e]").rolled().haps(0, 1)]
        ['0', '1/8']
        """

    def rolled_by(self, share: PatternLike) -> Pattern:
        """Strum chords: each note begins a little later than the one before, and all end together.

        >>> [str(hap.whole.begin) for hap in note("[c,e,g,b]").rolled_by(1/2).haps(0, 1)]
        ['0', '1/8', '1/4', '3/8']

        Args:
            share: Part of the event that the strum takes, -1 to 1; negative begins with the last note.
        """

    def room(self, *values: PatternLike) -> Pattern:
        """How much goes to the reverb (0 to 1).

        >>> s("cp").room(.4)
        """

    def roomdim(self, *values: PatternLike) -> Pattern:
        """Low-pass filter of the reverb at its end (Hz).

        >>> note("c3 e3").roomdim("400 1200")
        """

    def roomfade(self, *values: PatternLike) -> Pattern:
        """Time that the reverb takes to fade (seconds).

        >>> note("c3 e3").roomfade(".05 .2")
        """

    def roomlp(self, *values: PatternLike) -> Pattern:
        """Low-pass filter of the reverb at its beginning (Hz).

        >>> note("c3 e3").roomlp("400 1200")
        """

    def roomsize(self, *values: PatternLike) -> Pattern:
        """Same as size: size of the room (0 to 1, or seconds).

        >>> note("c3 e3").roomsize(".2 .8")
        """

    def root_notes(self, octave: PatternLike = 2) -> Pattern:
        """Turn the names of chords into their roots; other controls come after it.

        >>> mini("<C^7 Dm7>").root_notes(2).haps(1, 2)[0].value
        38

        Args:
            octave: Octave of the roots, 3 is the one of middle C.
        """

    def rot(self, steps: PatternLike) -> Pattern:
        """Move the values of each cycle to the left, from event to event; the rhythm stays.

        >>> [hap.value for hap in mini("a ~ b c").rot(1).haps(0, 1)]
        ['b', 'c', 'a']

        Args:
            steps: By how many events; negative is to the right.
        """

    def round(self) -> Pattern:
        """Round numbers.

        >>> mini("1.6").round().haps(0, 1)[0].value
        2
        """

    def rpn(self, number: int, value: PatternLike) -> Pattern:
        """Set a registered parameter of MIDI: 0 is the range of bends, 1 the fine tuning.

        >>> rpn(1, ".5").haps(0, 1)[0].value
        {'rpn1': 0.5}

        Args:
            number: Number of the parameter, 0 to 16383.
            value: Its value in 14 bits, 0 to 1.
        """

    def rsize(self, *values: PatternLike) -> Pattern:
        """Same as size: size of the room (0 to 1, or seconds).

        >>> note("c3 e3").rsize(".2 .8")
        """

    def s(self, *values: PatternLike) -> Pattern:
        """Sound: a sample, drum or synth.

        >>> s("bd sd:3")
        """

    def scale(self, name: PatternLike) -> Pattern:
        """Read numbers as degrees of a scale; move notes to the nearest note of it.

        >>> n("0 2 4").scale("C:minor").haps(0, 1)[1].value
        {'note': 51}

        Args:
            name: Tonic and scale, `C:minor`, `D4:dorian`, `A:minor:pentatonic`.
        """

    def scale_trans(self, degrees: PatternLike) -> Pattern:
        """Move notes by degrees of the scale that they come from, as `scale_transpose`.

        >>> n("0 2").scale("C:major").scale_trans(1).haps(0, 1)[0].value
        {'note': 50}

        Args:
            degrees: How far up; negative is down.
        """

    def scale_transpose(self, degrees: PatternLike) -> Pattern:
        """Move notes by degrees of the scale that they come from.

        >>> n("0 2").scale("C:major").scale_transpose(1).haps(0, 1)[0].value
        {'note': 50}

        Args:
            degrees: How far up; negative is down.
        """

    def scram(self, *values: PatternLike) -> Pattern:
        """How far the bands of the spectrum are mixed up (0 to 1).

        >>> note("c3 e3").scram(".2 .8")
        """

    def scramble(self, parts: PatternLike) -> Pattern:
        """Play parts of each cycle at random; some may come twice, some not at all.

        >>> len(mini("0 1 2 3").scramble(4).haps(0, 1))
        4

        Args:
            parts: Number of parts, up to 1024; 0 is silence.
        """

    def scrub(self, places: PatternLike) -> Pattern:
        """Play samples from places of your own, in their rhythm; a second number is the speed.

        >>> [hap.value["begin"] for hap in s("break").scrub("0 .5 .25:-1").haps(0, 1)]
        [0, 0.5, 0.25]

        Args:
            places: Where in the sample, 0 to 1; `.25:2` is at twice the speed.
        """

    def seconds(self, *values: PatternLike) -> Pattern:
        """Second of MIDI time code (0 to 59).

        >>> note("c3 e3").seconds(30)
        """

    def seed(self, stream: PatternLike) -> Pattern:
        """Give a pattern a stream of chance of its own.

        >>> a, b = rand.segment(1).seed(1).haps(0, 1), rand.segment(1).seed(2).haps(0, 1)
        >>> a[0].value == b[0].value
        False

        Args:
            stream: Number of the stream; 0 is the one that all patterns share.
        """

    def seg(self, parts: PatternLike) -> Pattern:
        """Sample a pattern so many times in a cycle, as `segment`.

        >>> [hap.value for hap in saw.seg(2).haps(0, 1)]
        [0.0, 0.5]

        Args:
            parts: Samples in a cycle.
        """

    def segment(self, parts: PatternLike) -> Pattern:
        """Sample a pattern so many times in a cycle: turns a signal into events.

        >>> [hap.value for hap in saw.segment(4).haps(0, 1)]
        [0.0, 0.25, 0.5, 0.75]

        Args:
            parts: Samples in a cycle.
        """

    def semitone(self, *values: PatternLike) -> Pattern:
        """Transposition by semitones (semitones).

        >>> note("c3 e3").semitone("0 7")
        """

    def seq(self, *patterns: PatternLike) -> Pattern:
        """Play patterns one after the other within a cycle, as `fastcat`.

        >>> [hap.value for hap in seq(1, 2).haps(0, 1)]
        [1, 2]
        """

    def sequence(self, *patterns: PatternLike) -> Pattern:
        """Play patterns one after the other within a cycle, as `fastcat`.

        >>> [hap.value for hap in sequence("a", "b c").haps(0, 1)]
        ['a', 'b', 'c']
        """

    @property
    def set(self) -> Operation:
        """Put the right value in the left one's place.

        >>> s("bd sd").set(n(2))
        """

    def shape(self, *values: PatternLike) -> Pattern:
        """Soft distortion (0 up to but not 1).

        >>> note("c3 e3").shape(".2 .6")
        """

    def shrink(self, by: PatternLike) -> Pattern:
        """Play the pattern again and again, each time without some more of its steps.

        >>> [hap.value for hap in mini("a b").shrink(1).haps(0, 1)]
        ['a', 'b', 'b']

        Args:
            by: Steps that go each time; from the end if negative.
        """

    def shrinklist(self, by: PatternLike) -> list[Pattern]:
        """List the parts that `shrink` plays one after the other, for functions of several patterns.

        >>> [hap.value for hap in stepcat(*mini("a b").shrinklist(1)).haps(0, 1)]
        ['a', 'b', 'b']

        Args:
            by: Steps that go each time, a plain number; from the end if negative.
        """

    def shuffle(self, parts: PatternLike) -> Pattern:
        """Play the parts of each cycle in random order, each once.

        >>> sorted(hap.value for hap in mini("0 1 2 3").shuffle(4).haps(0, 1))
        [0, 1, 2, 3]

        Args:
            parts: Number of parts, up to 1024; 0 is silence.
        """

    def sinefold(self, *values: PatternLike) -> Pattern:
        """Distortion that folds back along a sine (0 and more).

        >>> note("c3 e3").sinefold(".5 1")
        """

    def size(self, *values: PatternLike) -> Pattern:
        """Size of the room (0 to 1, or seconds).

        >>> note("c3 e3").size(".2 .8")
        """

    def slice(self, parts: PatternLike, indices: PatternLike) -> Pattern:
        """Cut samples in parts and play them in the order and rhythm of a pattern of numbers.

        >>> [hap.value["begin"] for hap in s("break").slice(4, "2 0").haps(0, 1)]
        [0.5, 0.0]

        Args:
            parts: Number of parts, or a list of where they begin, 0 to 1.
            indices: Which part when, from 0; what the sample says of its `begin` and `end` itself stays.
        """

    def slide(self, *values: PatternLike) -> Pattern:
        """How far the pitch slides while it sounds (factor, 0 is none).

        >>> note("c3 e3").slide("1 2")
        """

    def slow(self, factor: PatternLike) -> Pattern:
        """Play a pattern slower.

        >>> [hap.value for hap in mini("a b").slow(2).haps(0, 1)]
        ['a']

        Args:
            factor: How many times as slow; 0 and less is silence.
        """

    def slow_chunk(self, parts: PatternLike, change: Change) -> Pattern:
        """Apply a function to one part of the cycle, the next part in the next cycle, as `chunk`.

        >>> [hap.value for hap in mini("0 1").slow_chunk(2, add(10)).haps(0, 2)]
        [10, 1, 0, 11]

        Args:
            parts: Number of parts, 1 to 1024.
            change: The function.
        """

    def slowcat(self, *patterns: PatternLike) -> Pattern:
        """Play one pattern a cycle, each going on where it left off.

        >>> [hap.value for hap in slowcat("a b", "c").haps(0, 2)]
        ['a', 'b', 'c']
        """

    def slowspread(self, change: Callable[..., Any], values: PatternLike) -> Pattern:
        """Apply a function with the next of some values in each cycle.

        >>> [len(mini("a b").slowspread(fast, [1, 2]).haps(c, c + 1)) for c in range(3)]
        [2, 4, 2]

        Args:
            change: A function that takes one of the values first, such as `fast`.
            values: The list of values.
        """

    def smash(self, parts: PatternLike, factors: PatternLike) -> Pattern:
        """Cut samples as `striate`, and play them slower by the next of some factors in each cycle.

        >>> len(s("ho hc").smash(2, [1, 2]).haps(0, 1)), len(s("ho hc").smash(2, [1, 2]).haps(1, 2))
        (4, 2)

        Args:
            parts: Number of parts, 1 to 4096.
            factors: A list of factors.
        """

    def smash_chop(self, parts: PatternLike, factors: PatternLike) -> Pattern:
        """Cut samples as `chop`, and play them slower by the next of some factors in each cycle.

        >>> len(s("ho hc").smash_chop(2, [1, 2]).haps(1, 2))
        2

        Args:
            parts: Number of parts, 1 to 4096.
            factors: A list of factors.
        """

    def smear(self, *values: PatternLike) -> Pattern:
        """How long the spectrum smears (0 to 1).

        >>> note("c3 e3").smear(".2 .8")
        """

    def smooth(self) -> Pattern:
        """Glide in straight lines from the value of each event to the next one's: a signal.

        >>> [hap.value for hap in mini("0 8").smooth().segment(4).haps(0, 1)]
        [0.0, 4.0, 8.0, 4.0]
        """

    def snowball(self, depth: PatternLike, join: Callable[[Pattern, Pattern], Any], change: Change) -> Pattern:
        """Combine the pattern with a changed version of itself once more in each cycle.

        >>> [hap.value for hap in mini("1").snowball(3, lambda a, b: a.add(b), mul(2)).haps(0, 3)]
        [1, 3, 7]

        Args:
            depth: Cycles until it begins anew, 1 to 16.
            join: A function that combines two patterns.
            change: The function, applied once more each time to what is combined.
        """

    def soak(self, depth: PatternLike, change: Change) -> Pattern:
        """Apply a function once more in each cycle, and begin anew after so many.

        >>> [hap.value for hap in mini("0").soak(3, add(1)).haps(0, 4)]
        [0, 1, 2, 0]

        Args:
            depth: Cycles until it begins anew, 1 to 64.
            change: The function.
        """

    def soft(self, *values: PatternLike) -> Pattern:
        """Distortion that rounds (0 and more).

        >>> note("c3 e3").soft(".5 1")
        """

    def some_cycles(self, change: Change) -> Pattern:
        """Apply a function to half of the cycles, by chance.

        >>> len(mini("a b").some_cycles(rev).haps(0, 4))
        8
        """

    def some_cycles_by(self, chance: PatternLike, change: Change) -> Pattern:
        """Apply a function to random cycles.

        >>> sorted({hap.value for hap in mini("0").some_cycles_by(.5, add(1)).haps(0, 32)})
        [0, 1]

        Args:
            chance: Probability for each cycle, 0 to 1.
            change: The function.
        """

    def sometimes(self, change: Change) -> Pattern:
        """Apply a function to half of the events, by chance.

        >>> 8 <= len(mini("a*8").sometimes(ply(2)).haps(0, 1)) <= 16
        True
        """

    def sometimes_by(self, chance: PatternLike, change: Change) -> Pattern:
        """Apply a function to random events.

        >>> sorted({hap.value for hap in mini("0*8").sometimes_by(.5, add(7)).haps(0, 4)})
        [0, 7]

        Args:
            chance: Probability for each event, 0 to 1.
            change: The function.
        """

    def sometimes_by_first(self, chance: PatternLike, change: Change) -> Pattern:
        """As `sometimes_by`, with the function applied to all before chance chooses the events.

        >>> len(mini("0*8").sometimes_by_first(.5, add(1)).haps(0, 1))
        8

        Args:
            chance: Probability for each event, 0 to 1.
            change: The function.
        """

    def song_ptr(self, *values: PatternLike) -> Pattern:
        """Place in the song (sixteenths).

        >>> note("c3 e3").song_ptr(16)
        """

    def sound(self, *values: PatternLike) -> Pattern:
        """Same as s: sound: a sample, drum or synth.

        >>> sound("bd sd:3")
        """

    def source(self, *values: PatternLike) -> Pattern:
        """Name of a source of sound, for instruments that have several.

        >>> note("c3 e3").source("saw")
        """

    def space_out(self, lengths: PatternLike) -> Pattern:
        """Play a cycle of the pattern at each of some lengths, one after the other.

        >>> [str(hap.whole.begin) for hap in mini("a b").space_out([1, .5]).haps(0, 1.5)]
        ['0', '1/2', '1', '5/4']

        Args:
            lengths: A list of lengths in cycles.
        """

    def sparsity(self, factor: PatternLike) -> Pattern:
        """Play a pattern slower, as `slow`.

        >>> [hap.value for hap in mini("a b").sparsity(2).haps(0, 1)]
        ['a']

        Args:
            factor: How many times as slow; 0 and less is silence.
        """

    def speed(self, *values: PatternLike) -> Pattern:
        """Speed of the sample (1 is its own, -1 backwards).

        >>> s("bd").speed("1 -1")
        """

    def spin(self, copies: PatternLike) -> Pattern:
        """Play copies at once, each a part of the cycle earlier and further to the right.

        >>> [(hap.value["s"], hap.value["pan"]) for hap in s("a b").spin(2).haps(0, 1/2)]
        [('a', 0.0), ('b', 0.5)]

        Args:
            copies: How many, 1 to 64.
        """

    def splice(self, parts: PatternLike, indices: PatternLike) -> Pattern:
        """As `slice`, at the speed at which each part fills its time, unless another speed was said.

        >>> s("break").splice(4, "0 1").haps(0, 1, cps=1)[0].value["speed"]
        0.5

        Args:
            parts: Number of parts, or a list of where they begin, 0 to 1.
            indices: Which part when, from 0.
        """

    def spread(self, *values: PatternLike) -> Pattern:
        """How far the voices of the sound are apart, left to right (0 to 1).

        >>> note("c3 e3").spread(".2 .8")
        """

    def spread_choose(self, change: Callable[..., Any], values: PatternLike) -> Pattern:
        """Apply a function with one of some values in each cycle, by chance.

        >>> {len(mini("a").spread_choose(fast, [1, 2]).haps(c, c + 1)) for c in range(16)} == {1, 2}
        True

        Args:
            change: A function that takes one of the values first, such as `fast`.
            values: The list of values.
        """

    def squeeze(self, *others: PatternLike) -> Pattern:
        """Squeeze a cycle of another pattern into each event, as `set.squeeze`.

        >>> [hap.value for hap in mini("0 1").squeeze("a b").haps(0, 1)]
        ['a', 'b', 'a', 'b']

        As in Strudel, the function picks: `squeeze("0 3", ["a b", "c"])`.

        Args:
            others: The pattern whose values replace those of the events; several values are a sequence.
        """

    def squeezeout(self, *others: PatternLike) -> Pattern:
        """Fit a cycle of the pattern into each event of another, whose values count, as `set.squeezeout`.

        >>> [hap.value["n"] for hap in s("bd sd").squeezeout(n("0 1")).haps(0, 1)]
        [0, 0, 1, 1]
        """

    def squiz(self, *values: PatternLike) -> Pattern:
        """Raise by squeezing (1 and more).

        >>> note("c3 e3").squiz("1 3")
        """

    def src(self, *values: PatternLike) -> Pattern:
        """Same as source: name of a source of sound, for instruments that have several.

        >>> note("c3 e3").src("saw")
        """

    def stack(self, *patterns: PatternLike) -> Pattern:
        """Play patterns at once.

        >>> len(stack("a b", "c").haps(0, 1))
        3
        """

    def steps_per_octave(self, *values: PatternLike) -> Pattern:
        """Steps that an octave is divided in (1 and more, 12 is usual).

        >>> note("c3 e3").steps_per_octave(19)
        """

    def strans(self, degrees: PatternLike) -> Pattern:
        """Move notes by degrees of the scale that they come from, as `scale_transpose`.

        >>> n("0 2").scale("C:major").strans(1).haps(0, 1)[0].value
        {'note': 50}

        Args:
            degrees: How far up; negative is down.
        """

    def stretch(self, *values: PatternLike) -> Pattern:
        """Stretch without changing the pitch (factor).

        >>> note("c3 e3").stretch("1 2")
        """

    def stretch_out(self) -> Pattern:
        """Leave out the silence at the begin and end of each cycle: what sounds fills the cycle.

        >>> [str(hap.whole.begin) for hap in mini("~ a b ~").stretch_out().haps(0, 1)]
        ['0', '1/2']
        """

    def striate(self, parts: PatternLike) -> Pattern:
        """Cut samples in parts and play the first parts of all, then the second parts, and so on.

        >>> [(hap.value["s"], hap.value["begin"]) for hap in s("a b").striate(2).haps(0, 1)]
        [('a', 0.0), ('b', 0.0), ('a', 0.5), ('b', 0.5)]

        Args:
            parts: Number of parts, up to 4096; 0 is silence.
        """

    def striate_by(self, parts: PatternLike, share: PatternLike) -> Pattern:
        """Cut samples in parts as `striate`, each of the same given length, so that they may overlap.

        >>> [hap.value["begin"] for hap in s("break").striate_by(3, .5).haps(0, 1)]
        [0.0, 0.25, 0.5]

        Args:
            parts: Number of parts, 1 to 4096.
            share: Length of each part, 0 to 1 of the sample.
        """

    def struct(self, *rhythm: PatternLike) -> Pattern:
        """Take the rhythm from a pattern of true and false: `1 0`, `t f`, `x ~`.

        >>> [str(hap.whole.begin) for hap in mini("a").struct("1 0 1 1").haps(0, 1)]
        ['0', '1/2', '3/4']

        Args:
            rhythm: Where it is true there is an event.
        """

    def struct_all(self, *rhythm: PatternLike) -> Pattern:
        """Take the rhythm of another pattern, its events true or false.

        >>> len(mini("a").struct_all("0 1 0").haps(0, 1))
        3
        """

    def stut(self, times: PatternLike, feedback: PatternLike, cycles: PatternLike) -> Pattern:
        """Repeat each event, as `echo`, with the arguments in Tidal's order.

        >>> len(s("bd").stut(3, .5, 1/8).haps(0, 1))
        5
        """

    def stut_with(self, times: PatternLike, cycles: PatternLike, change: Callable[[Pattern, int], Any]) -> Pattern:
        """Play copies one after the other, each changed by a function, as `echo_with`.

        >>> [hap.value for hap in mini("0").stut_with(2, 1/4, lambda p, i: p.add(i)).haps(0, 1) if hap.has_onset]
        [0, 1]

        Args:
            times: Number of copies, the original included, 0 to 64.
            cycles: Time between them, in cycles.
            change: The function of a pattern and a number.
        """

    def stutter(self, times: PatternLike, cycles: PatternLike) -> Pattern:
        """Repeat each event, later each time, without growing quieter.

        >>> [str(hap.whole.begin) for hap in mini("a ~").stutter(3, 1/8).haps(0, 1) if hap.has_onset]
        ['0', '1/8', '1/4']

        Args:
            times: Number of events, the first included, 1 to 64.
            cycles: Time between them, in cycles.
        """

    @property
    def sub(self) -> Operation:
        """Subtract numbers; notes move down.

        >>> note("c5").sub(12)
        """

    def substruct(self, rhythm: PatternLike) -> Pattern:
        """Squeeze a whole cycle of the pattern into each event of a rhythm.

        >>> [str(hap.whole.begin) for hap in mini("a b").substruct("1 0 1 0").haps(0, 1)]
        ['0', '1/8', '1/2', '5/8']

        Args:
            rhythm: Where it is true there is a cycle of the pattern.
        """

    def superimpose(self, *changes: Change) -> Pattern:
        """Play changed copies together with the original.

        >>> [hap.value for hap in mini("0").superimpose(add(7)).haps(0, 1)]
        [0, 7]
        """

    def sus(self, *values: PatternLike) -> Pattern:
        """Same as sustain: length, or level held by the envelope (seconds, or 0 to 1).

        >>> note("c3 e3").sus(".05 .2")
        """

    def sustain(self, *values: PatternLike) -> Pattern:
        """Length, or level held by the envelope (seconds, or 0 to 1).

        >>> note("c3 e3").sustain(".05 .2")
        """

    def sustainpedal(self, *values: PatternLike) -> Pattern:
        """Pedal that holds the notes (0 or 1).

        >>> note("c3 e3").sustainpedal("0 1")
        """

    def svg(self, cycles: int = 1, *, begin: int = 0, seed: int = 0, title: str = '') -> str:
        """Draw a picture for a page, as the text of an SVG file; the same pattern always gives the same text.

        >>> s("bd sd").svg().startswith("<svg")
        True

        Args:
            cycles: Number of cycles, 1 to 16.
            begin: The first cycle.
            seed: Seed of the layer.
            title: What stands above it, such as the pattern's code.
        """

    def swing(self, parts: PatternLike) -> Pattern:
        """Delay the second half of each part of the cycle by a third.

        >>> str(mini("a*2").swing(1).haps(0, 1)[1].whole.begin)
        '1/6'

        Args:
            parts: Number of parts in a cycle.
        """

    def swing_by(self, amount: PatternLike, parts: PatternLike) -> Pattern:
        """Delay the second half of each part of the cycle.

        >>> [str(hap.whole.begin) for hap in mini("a*4").swing_by(1/3, 2).haps(0, 1) if hap.has_onset]
        ['0', '1/3', '1/2', '5/6']

        Args:
            amount: How much later, in halves of a part: 1/3 is the usual swing.
            parts: Number of parts in a cycle.
        """

    def sysex(self, *values: PatternLike) -> Pattern:
        """Maker and data of a system message, joined by a colon (bytes).

        >>> note("c3 e3").sysex("1")
        """

    def sysexdata(self, *values: PatternLike) -> Pattern:
        """Data of a system message, joined by colons (0 to 127 each).

        >>> note("c3 e3").sysexdata("1:8")
        """

    def sysexid(self, *values: PatternLike) -> Pattern:
        """Maker of a system message (0 to 127, or three bytes).

        >>> note("c3 e3").sysexid("0:32:51")
        """

    def sysexraw(self, *values: PatternLike) -> Pattern:
        """System message in hexadecimal.

        >>> sysexraw(pure("f0 7d 01 f7"))
        """

    def sz(self, *values: PatternLike) -> Pattern:
        """Same as size: size of the room (0 to 1, or seconds).

        >>> note("c3 e3").sz(".2 .8")
        """

    def tag(self, word: str) -> Pattern:
        """Mark events with a word; it stays with them, whatever is done to them.

        >>> [hap.value for hap in stack(mini("a b").tag("low"), "c").fast(2).tagged("low").haps(0, 1/2)]
        ['a', 'b']

        Args:
            word: The mark, taken as it is.
        """

    def tagged(self, word: str) -> Pattern:
        """Keep the events that are marked with a word.

        >>> [hap.value for hap in mini("a b").tag("low").stack("c").tagged("low").haps(0, 1)]
        ['a', 'b']

        Args:
            word: The mark that `tag` gave.
        """

    def take(self, steps: PatternLike) -> Pattern:
        """Keep the first steps; negative for the last ones.

        >>> [hap.value for hap in mini("a b c d").take(2).haps(0, 1)]
        ['a', 'b']
        """

    def timbre(self, *values: PatternLike) -> Pattern:
        """MIDI controller 74, in MPE of one note (0 to 1).

        >>> note("c3 e3").timbre(".2 .8")
        """

    def time_loop(self, cycles: PatternLike) -> Pattern:
        """Play the first cycles again and again.

        >>> [hap.value for hap in mini("<a b c>").time_loop(2).haps(0, 4)]
        ['a', 'b', 'a', 'b']

        Args:
            cycles: How many cycles, more than 0.
        """

    def to_bipolar(self) -> Pattern:
        """Turn 0…1 into -1…1.

        >>> mini("0").to_bipolar().haps(0, 1)[0].value
        -1
        """

    def to_scale(self, steps: PatternLike, octave: PatternLike = 12) -> Pattern:
        """Read numbers as degrees of a scale that is given as a list.

        >>> [hap.value for hap in mini("0 1 2 3 -1").to_scale([0, 2, 7]).haps(0, 1)]
        [0, 2, 7, 12, -5]

        Args:
            steps: The scale: a list of semitones above its first note.
            octave: Semitones after which it begins anew.
        """

    def touch(self, *values: PatternLike) -> Pattern:
        """Channel pressure (0 to 1).

        >>> note("c3 e3").touch(".2 .8")
        """

    def tour(self, *others: PatternLike) -> Pattern:
        """Lead the pattern through a row of others, from the last place to the first.

        >>> [hap.value for hap in mini("x").tour("a", "b").haps(0, 1)]
        ['a', 'b', 'x', 'a', 'x', 'b', 'x', 'a', 'b']

        Args:
            others: The row, up to 63 patterns.
        """

    def trans(self, interval: PatternLike) -> Pattern:
        """Move notes by semitones or by a named interval, as `transpose`.

        >>> note("60").trans(2).haps(0, 1)[0].value
        {'note': 62}

        Args:
            interval: Semitones, or a name such as `3M`, `5P`, `-2m`.
        """

    def transient(self, *values: PatternLike) -> Pattern:
        """Loudness of the beginning of the sound (-1 to 1).

        >>> note("c3 e3").transient("-.5 .5")
        """

    def transpose(self, interval: PatternLike) -> Pattern:
        """Move notes by semitones or by a named interval.

        >>> [hap.value["note"] for hap in note("f3").transpose("<3M 4>").haps(0, 2)]
        ['A3', 57]

        A name moved by a named interval stays a name, spelled as the interval says. A name without an octave
        stays without one: it is heard in octave 3, as all such names are.

        Args:
            interval: Semitones, or a name such as `3M`, `5P`, `-2m`.
        """

    def trem(self, *values: PatternLike) -> Pattern:
        """Same as tremolo: speed of the tremolo (Hz).

        >>> note("c3 e3").trem("400 1200")
        """

    def tremdepth(self, *values: PatternLike) -> Pattern:
        """Same as tremolodepth: depth of the tremolo (0 to 1).

        >>> note("c3 e3").tremdepth(".2 .8")
        """

    def tremolo(self, *values: PatternLike) -> Pattern:
        """Speed of the tremolo (Hz).

        >>> note("c3 e3").tremolo("400 1200")
        """

    def tremolodepth(self, *values: PatternLike) -> Pattern:
        """Depth of the tremolo (0 to 1).

        >>> note("c3 e3").tremolodepth(".2 .8")
        """

    def tremolophase(self, *values: PatternLike) -> Pattern:
        """Where in its turn the tremolo begins (0 to 1).

        >>> note("c3 e3").tremolophase(".2 .8")
        """

    def tremoloshape(self, *values: PatternLike) -> Pattern:
        """Shape of the tremolo: tri, sine, square, saw or ramp.

        >>> note("c3 e3").tremoloshape("square")
        """

    def tremoloskew(self, *values: PatternLike) -> Pattern:
        """How uneven the tremolo is (0 to 1, .5 is even).

        >>> note("c3 e3").tremoloskew(".2 .8")
        """

    def tremolosync(self, *values: PatternLike) -> Pattern:
        """Speed of the tremolo (times a cycle).

        >>> note("c3 e3").tremolosync("4 8")
        """

    def tremphase(self, *values: PatternLike) -> Pattern:
        """Same as tremolophase: where in its turn the tremolo begins (0 to 1).

        >>> note("c3 e3").tremphase(".2 .8")
        """

    def tremshape(self, *values: PatternLike) -> Pattern:
        """Same as tremoloshape: shape of the tremolo: tri, sine, square, saw or ramp.

        >>> note("c3 e3").tremshape("square")
        """

    def tremskew(self, *values: PatternLike) -> Pattern:
        """Same as tremoloskew: how uneven the tremolo is (0 to 1, .5 is even).

        >>> note("c3 e3").tremskew(".2 .8")
        """

    def tremsync(self, *values: PatternLike) -> Pattern:
        """Same as tremolosync: speed of the tremolo (times a cycle).

        >>> note("c3 e3").tremsync("4 8")
        """

    def triode(self, *values: PatternLike) -> Pattern:
        """Distortion as of a tube (0 and more).

        >>> note("c3 e3").triode(".5 1")
        """

    def triple(self, cycles: PatternLike) -> Pattern:
        """Play each event 3 times, later each time: `stutter(3, …)`.

        >>> len([hap for hap in mini('a ~').triple(1/8).haps(0, 1) if hap.has_onset])
        3
        """

    def trunc(self, share: PatternLike) -> Pattern:
        """Play the first part of each cycle and fall silent.

        >>> [hap.value for hap in mini("a b c d").trunc(.5).haps(0, 1)]
        ['a', 'b']

        Args:
            share: How much of the cycle is heard, 0 to 1; events are cut there.
        """

    def tsdelay(self, *values: PatternLike) -> Pattern:
        """Time of the tape's delay (seconds).

        >>> note("c3 e3").tsdelay(".05 .2")
        """

    def uid(self, *values: PatternLike) -> Pattern:
        """Number or name that a device knows the sound by.

        >>> note("c3 e3").uid("kick")
        """

    def undegrade(self) -> Pattern:
        """Keep what `degrade` drops.

        >>> len(mini("a*8").undegrade().haps(0, 4)) + len(mini("a*8").degrade().haps(0, 4))
        32
        """

    def undegrade_by(self, chance: PatternLike) -> Pattern:
        """Keep what `degrade_by` with one minus that probability drops.

        >>> one, other = mini("a*8").degrade_by(.25), mini("a*8").undegrade_by(.75)
        >>> len(one.haps(0, 4)) + len(other.haps(0, 4))
        32

        Args:
            chance: Probability of dropping each, 0 to 1.
        """

    def unfix(self, change: Change, controls: PatternLike) -> Pattern:
        """Apply a function to the events whose controls do not match.

        >>> [hap.value for hap in s("bd sn").unfix(lambda p: p.speed(2), s("sn")).haps(0, 1)]
        [{'s': 'bd', 'speed': 2}, {'s': 'sn'}]

        Args:
            change: The function.
            controls: What to look for.
        """

    def unison(self, *values: PatternLike) -> Pattern:
        """How many voices sound as one (1 and more).

        >>> note("c3 e3").unison("1 3")
        """

    def unit(self, *values: PatternLike) -> Pattern:
        """Unit of speed: r for rate, c for cycles, s for seconds.

        >>> note("c3 e3").unit("c")
        """

    def v(self, *values: PatternLike) -> Pattern:
        """Same as vib: speed of the vibrato (Hz).

        >>> note("c3 e3").v("400 1200")
        """

    def val(self, *values: PatternLike) -> Pattern:
        """A value for a device of your own.

        >>> note("c3 e3").val("1")
        """

    def vel(self, *values: PatternLike) -> Pattern:
        """Same as velocity: how hard the note is struck (0 to 1).

        >>> note("c").vel(.5)
        """

    def velocity(self, *values: PatternLike) -> Pattern:
        """How hard the note is struck (0 to 1).

        >>> note("c").velocity(.5)
        """

    def vib(self, *values: PatternLike) -> Pattern:
        """Speed of the vibrato (Hz).

        >>> note("c3 e3").vib("400 1200")
        """

    def vibmod(self, *values: PatternLike) -> Pattern:
        """Depth of the vibrato (semitones).

        >>> note("c3 e3").vibmod("0 7")
        """

    def vibrato(self, *values: PatternLike) -> Pattern:
        """Same as vib: speed of the vibrato (Hz).

        >>> note("c3 e3").vibrato("400 1200")
        """

    def vmod(self, *values: PatternLike) -> Pattern:
        """Same as vibmod: depth of the vibrato (semitones).

        >>> note("c3 e3").vmod("0 7")
        """

    def voice(self, *values: PatternLike) -> Pattern:
        """Which voice of a synth, or its character (0 to 1).

        >>> note("c3 e3").voice(".2 .8")
        """

    def voicing(self, dictionary: Mapping[str, Any] | None = None) -> Pattern:
        """Turn the names of chords into notes near an anchor.

        >>> [hap.value["note"] for hap in chord("C").voicing().haps(0, 1)]
        [52, 60, 64, 67, 72]

        The controls `anchor` (c5 if not given) and `mode` (below) say where, `dictionary` which voicings
        there are: ireal (a bass under a close chord; the one that is used), close, open, triads,
        guidetones, lefthand, legacy; `offset` moves up by so many of them. With `n` only that note of the
        chord sounds, counted from its lowest and on into the next octaves, or by `octaves` of them.

        Args:
            dictionary: A table of your own, from qualities to lists of voicings in semitones above the
                root, such as `{"m7": ["0 3 7 10", "7 10 12 15"]}`.
        """

    def voicings(self, dictionary: PatternLike = 'default') -> Pattern:
        """Turn the names of chords into notes, with a dictionary of voicings.

        >>> [hap.value["note"] for hap in mini("C^7").voicings("lefthand").haps(0, 1)]
        [59, 62, 64, 67]

        Args:
            dictionary: Name of a dictionary: ireal, close, open, triads, guidetones, lefthand, legacy.
        """

    def vowel(self, *values: PatternLike) -> Pattern:
        """Vowel of the formant filter: a e i o u.

        >>> s("saw").vowel("<a e i>")
        """

    def wait(self, new: PatternLike, at: PatternLike, cycles: PatternLike) -> Pattern:
        """Be silent for some cycles, then begin the new pattern with a cycle.

        >>> [(hap.value, str(hap.whole.begin)) for hap in wait("a", "b", 1, 2).haps(0, 4)]
        [('a', '0'), ('b', '3')]
        """

    def wait_t(self, new: PatternLike, at: PatternLike, crossing: Callable[..., Any], cycles: PatternLike) -> Pattern:
        """Be silent for some cycles, then go through another transition.

        >>> [hap.value for hap in wait_t("a", "b", 1, clutch_in(cycles=0), 2).haps(0, 5)]
        ['a', 'b', 'b']

        Args:
            old: The pattern before.
            new: The pattern after.
            at: The cycle at which the silence begins.
            crossing: The transition, such as `clutch` or `xfade_in(cycles=4)`.
            cycles: Cycles of silence.
        """

    def warp(self, *values: PatternLike) -> Pattern:
        """How far the wavetable is bent (0 to 1).

        >>> note("c3 e3").warp(".2 .8")
        """

    def warpatt(self, *values: PatternLike) -> Pattern:
        """Same as warpattack: attack of the wavetable's bend (seconds).

        >>> note("c3 e3").warpatt(".05 .2")
        """

    def warpattack(self, *values: PatternLike) -> Pattern:
        """Attack of the wavetable's bend (seconds).

        >>> note("c3 e3").warpattack(".05 .2")
        """

    def warpdc(self, *values: PatternLike) -> Pattern:
        """Middle around which the wavetable's bend swings (-1 to 1).

        >>> note("c3 e3").warpdc("-.5 .5")
        """

    def warpdec(self, *values: PatternLike) -> Pattern:
        """Same as warpdecay: decay of the wavetable's bend (seconds).

        >>> note("c3 e3").warpdec(".05 .2")
        """

    def warpdecay(self, *values: PatternLike) -> Pattern:
        """Decay of the wavetable's bend (seconds).

        >>> note("c3 e3").warpdecay(".05 .2")
        """

    def warpdepth(self, *values: PatternLike) -> Pattern:
        """How far the wavetable's bend swings (0 and more).

        >>> note("c3 e3").warpdepth(".5 1")
        """

    def warpenv(self, *values: PatternLike) -> Pattern:
        """Depth of the envelope of the wavetable's bend (-1 to 1).

        >>> note("c3 e3").warpenv("-.5 .5")
        """

    def warpmode(self, *values: PatternLike) -> Pattern:
        """How the wavetable is bent: asym, mirror, bendp and others.

        >>> note("c3 e3").warpmode("mirror")
        """

    def warprate(self, *values: PatternLike) -> Pattern:
        """Speed at which the wavetable's bend swings (Hz).

        >>> note("c3 e3").warprate("400 1200")
        """

    def warprel(self, *values: PatternLike) -> Pattern:
        """Same as warprelease: release of the wavetable's bend (seconds).

        >>> note("c3 e3").warprel(".05 .2")
        """

    def warprelease(self, *values: PatternLike) -> Pattern:
        """Release of the wavetable's bend (seconds).

        >>> note("c3 e3").warprelease(".05 .2")
        """

    def warpshape(self, *values: PatternLike) -> Pattern:
        """Shape in which the wavetable's bend swings (0 and more: tri, sine, ramp, saw, square).

        >>> note("c3 e3").warpshape("0 3")
        """

    def warpskew(self, *values: PatternLike) -> Pattern:
        """How uneven the wavetable's bend swings (0 to 1, .5 is even).

        >>> note("c3 e3").warpskew(".2 .8")
        """

    def warpsus(self, *values: PatternLike) -> Pattern:
        """Same as warpsustain: level held by the wavetable's bend (0 to 1).

        >>> note("c3 e3").warpsus(".2 .8")
        """

    def warpsustain(self, *values: PatternLike) -> Pattern:
        """Level held by the wavetable's bend (0 to 1).

        >>> note("c3 e3").warpsustain(".2 .8")
        """

    def warpsync(self, *values: PatternLike) -> Pattern:
        """Speed at which the wavetable's bend swings (times a cycle).

        >>> note("c3 e3").warpsync("4 8")
        """

    def wash(self, new: PatternLike, at: PatternLike, change_old: Change, change_new: Change, delay: PatternLike, out_cycles: PatternLike, in_cycles: PatternLike) -> Pattern:
        """Play the old pattern through one function for some cycles, then the new one through another.

        >>> washed = wash("0", "5", 1, add(10), add(20), 1, 1, 1)
        >>> [hap.value for hap in washed.haps(0, 6)]
        [0, 0, 10, 25, 5, 5]

        Args:
            old: The pattern before.
            new: The pattern after.
            at: The cycle at which the change begins.
            change_old: The function for the old pattern.
            change_new: The function for the new pattern.
            delay: Cycles for which the old pattern goes on as it is.
            out_cycles: Cycles of the changed old pattern.
            in_cycles: Cycles of the changed new pattern.
        """

    def wash_in(self, new: PatternLike, at: PatternLike, change: Change, cycles: PatternLike) -> Pattern:
        """Play the old pattern through a function for some cycles, then the new one.

        >>> [hap.value for hap in wash_in("0", "5", 1, add(10), 2).haps(0, 4)]
        [0, 10, 10, 5]

        Args:
            old: The pattern before.
            new: The pattern after.
            at: The cycle at which the change begins.
            change: The function for the old pattern.
            cycles: Cycles of the changed old pattern.
        """

    def waveloss(self, *values: PatternLike) -> Pattern:
        """How many of a hundred waves are left out (0 to 100).

        >>> note("c3 e3").waveloss("5 50")
        """

    def wavetable_phase_rand(self, *values: PatternLike) -> Pattern:
        """Same as wtphaserand: how much the phase of each voice is left to chance (0 to 1).

        >>> note("c3 e3").wavetable_phase_rand(".2 .8")
        """

    def wavetable_position(self, *values: PatternLike) -> Pattern:
        """Same as wt: place in the wavetable (0 to 1).

        >>> note("c3 e3").wavetable_position(".2 .8")
        """

    def wavetable_warp(self, *values: PatternLike) -> Pattern:
        """Same as warp: how far the wavetable is bent (0 to 1).

        >>> note("c3 e3").wavetable_warp(".2 .8")
        """

    def wavetable_warp_mode(self, *values: PatternLike) -> Pattern:
        """Same as warpmode: how the wavetable is bent: asym, mirror, bendp and others.

        >>> note("c3 e3").wavetable_warp_mode("mirror")
        """

    def wedge(self, part: PatternLike, other: PatternLike) -> Pattern:
        """Squeeze the pattern into the first part of the cycle and another into the rest.

        >>> [str(hap.whole.begin) for hap in mini("a b").wedge(1/4, "c").haps(0, 1)]
        ['0', '1/8', '1/4']

        Args:
            part: Where the other begins, 0 to 1.
            other: The other pattern.
        """

    def when(self, condition: PatternLike | Callable[[Any], Any], change: Change) -> Pattern:
        """Apply a function while a pattern is true.

        >>> [hap.value for hap in mini("a b").when("<1 0>", rev).haps(0, 2)]
        ['b', 'a', 'a', 'b']

        Args:
            condition: A pattern of true and false, or a function of the cycle's number.
            change: The function.
        """

    def when_t(self, test: Callable[[Fraction], Any], change: Change) -> Pattern:
        """Apply a function to the events whose begin passes a test.

        >>> [hap.value for hap in mini("0 1").when_t(lambda t: t % 1 < 1/2, add(10)).haps(0, 1)]
        [10, 1]

        Args:
            test: A function of the begin in cycles, an exact fraction.
            change: The function.
        """

    def whenmod(self, count: PatternLike, first: PatternLike, change: Change) -> Pattern:
        """Apply a function to the last cycles of every so many: those from the given one.

        >>> [hap.value for hap in mini("a b").whenmod(3, 2, rev).haps(0, 3)]
        ['a', 'b', 'a', 'b', 'b', 'a']

        Args:
            count: Cycles in a turn, 1 to 4096.
            first: The first of them, counted from 0, that is changed.
            change: The function.
        """

    def while_(self, condition: PatternLike, change: Change) -> Pattern:
        """Apply a function while a pattern is true.

        >>> [hap.value for hap in mini("0*4").while_("1 0", add(1)).haps(0, 1)]
        [1, 1, 0, 0]

        Args:
            condition: A pattern of true and false; nothing sounds while it rests.
            change: The function.
        """

    def with_value(self, change: Callable[[Any], Any]) -> Pattern:
        """Change each value by a function of it.

        >>> mini("1 2").with_value(lambda v: v * 10).haps(0, 1)[1].value
        20
        """

    def within(self, begin: PatternLike, end: PatternLike | Change, change: Change | None = None) -> Pattern:
        """Apply a function to a part of each cycle.

        >>> [hap.value for hap in mini("0 1 2 3").within(0, 0.5, add(10)).haps(0, 1)]
        [10, 11, 12, 3]
        >>> [hap.value for hap in mini("0 1 2 3").within((0, 0.5), add(10)).haps(0, 1)]
        [10, 11, 12, 3]

        Args:
            begin: Where the part begins, 0 to 1; or a pair (begin, end), with the function after it.
            end: Where it ends, 0 to 1; an event that begins there is still in it, as in Strudel.
            change: The function.
        """

    def within_zoom(self, begin: PatternLike, end: PatternLike, change: Change) -> Pattern:
        """Apply a function to a part of each cycle as if the part were a whole cycle.

        >>> [hap.value for hap in mini("0 1 2 3").within_zoom(0, .5, fast(2)).haps(0, 1)]
        [0, 1, 0, 1, 2, 3]

        Args:
            begin: Where the part begins, 0 to 1.
            end: Where it ends, 0 to 1.
            change: The function.
        """

    def wt(self, *values: PatternLike) -> Pattern:
        """Place in the wavetable (0 to 1).

        >>> note("c3 e3").wt(".2 .8")
        """

    def wtatt(self, *values: PatternLike) -> Pattern:
        """Same as wtattack: attack of the wavetable's place (seconds).

        >>> note("c3 e3").wtatt(".05 .2")
        """

    def wtattack(self, *values: PatternLike) -> Pattern:
        """Attack of the wavetable's place (seconds).

        >>> note("c3 e3").wtattack(".05 .2")
        """

    def wtdc(self, *values: PatternLike) -> Pattern:
        """Middle around which the wavetable's place swings (-1 to 1).

        >>> note("c3 e3").wtdc("-.5 .5")
        """

    def wtdec(self, *values: PatternLike) -> Pattern:
        """Same as wtdecay: decay of the wavetable's place (seconds).

        >>> note("c3 e3").wtdec(".05 .2")
        """

    def wtdecay(self, *values: PatternLike) -> Pattern:
        """Decay of the wavetable's place (seconds).

        >>> note("c3 e3").wtdecay(".05 .2")
        """

    def wtdepth(self, *values: PatternLike) -> Pattern:
        """How far the wavetable's place swings (0 and more).

        >>> note("c3 e3").wtdepth(".5 1")
        """

    def wtenv(self, *values: PatternLike) -> Pattern:
        """Depth of the envelope of the wavetable's place (-1 to 1).

        >>> note("c3 e3").wtenv("-.5 .5")
        """

    def wtphaserand(self, *values: PatternLike) -> Pattern:
        """How much the phase of each voice is left to chance (0 to 1).

        >>> note("c3 e3").wtphaserand(".2 .8")
        """

    def wtrate(self, *values: PatternLike) -> Pattern:
        """Speed at which the wavetable's place swings (Hz).

        >>> note("c3 e3").wtrate("400 1200")
        """

    def wtrel(self, *values: PatternLike) -> Pattern:
        """Same as wtrelease: release of the wavetable's place (seconds).

        >>> note("c3 e3").wtrel(".05 .2")
        """

    def wtrelease(self, *values: PatternLike) -> Pattern:
        """Release of the wavetable's place (seconds).

        >>> note("c3 e3").wtrelease(".05 .2")
        """

    def wtshape(self, *values: PatternLike) -> Pattern:
        """Shape in which the wavetable's place swings (0 and more: tri, sine, ramp, saw, square).

        >>> note("c3 e3").wtshape("0 3")
        """

    def wtskew(self, *values: PatternLike) -> Pattern:
        """How uneven the wavetable's place swings (0 to 1, .5 is even).

        >>> note("c3 e3").wtskew(".2 .8")
        """

    def wtsus(self, *values: PatternLike) -> Pattern:
        """Same as wtsustain: level held by the wavetable's place (0 to 1).

        >>> note("c3 e3").wtsus(".2 .8")
        """

    def wtsustain(self, *values: PatternLike) -> Pattern:
        """Level held by the wavetable's place (0 to 1).

        >>> note("c3 e3").wtsustain(".2 .8")
        """

    def wtsync(self, *values: PatternLike) -> Pattern:
        """Speed at which the wavetable's place swings (times a cycle).

        >>> note("c3 e3").wtsync("4 8")
        """

    def x(self, *values: PatternLike) -> Pattern:
        """How far to the right it is (-100 to 100, 1 as the loudspeakers).

        >>> note("c3 e3").x(1)
        """

    def xfade(self, new: PatternLike, other: PatternLike | None = None, *, at: PatternLike | None = None, cycles: PatternLike = 4) -> Pattern:
        """Fade from one pattern to another by their gain: over some cycles, or to a place in between.

        >>> [round(hap.value["gain"], 3) for hap in xfade(s("a"), s("b"), at=4, cycles=2).haps(5, 6)]
        [0.841, 0.841]
        >>> [hap.value["gain"] for hap in xfade(s("a"), .25, s("b")).haps(0, 1)]
        [1.0, 0.5]

        Args:
            old: The pattern before.
            new: The pattern after; or, without `at`, the place from 0 (only the one) to 1 (only the other).
            other: The other pattern, without `at`.
            at: The cycle at which the fade begins.
            cycles: How many cycles it lasts.
        """

    def xfade_in(self, new: PatternLike, at: PatternLike, cycles: PatternLike) -> Pattern:
        """Fade from one pattern to another by their gain, with equal power.

        >>> [hap.value for hap in xfade_in(s("a"), s("b"), 1, 2).haps(3, 4)]
        [{'s': 'b'}]

        Args:
            old: The pattern before.
            new: The pattern after.
            at: The cycle at which the fade begins.
            cycles: How many cycles it lasts.
        """

    def xsdelay(self, *values: PatternLike) -> Pattern:
        """Delay of the spectrum's bands (0 to 1).

        >>> note("c3 e3").xsdelay(".2 .8")
        """

    def y(self, *values: PatternLike) -> Pattern:
        """How far in front it is, behind if negative (-100 to 100).

        >>> note("c3 e3").y(1)
        """

    def z(self, *values: PatternLike) -> Pattern:
        """How far above the ears it is (-100 to 100).

        >>> note("c3 e3").z(1)
        """

    def zcrush(self, *values: PatternLike) -> Pattern:
        """Bits that a tiny synth loses (0 and more).

        >>> note("c3 e3").zcrush(".5 1")
        """

    def zdelay(self, *values: PatternLike) -> Pattern:
        """Time of a tiny synth's delay (seconds).

        >>> note("c3 e3").zdelay(".05 .2")
        """

    def zip(self, *others: PatternLike) -> Pattern:
        """Interleave patterns step by step.

        >>> [hap.value for hap in mini("a b").zip("c d").haps(0, 2)]
        ['a', 'c', 'b', 'd']
        """

    def zmod(self, *values: PatternLike) -> Pattern:
        """Speed at which a tiny synth's pitch swings (Hz).

        >>> note("c3 e3").zmod("400 1200")
        """

    def znoise(self, *values: PatternLike) -> Pattern:
        """Noise in a tiny synth (0 and more).

        >>> note("c3 e3").znoise(".5 1")
        """

    def zoom(self, begin: PatternLike, end: PatternLike) -> Pattern:
        """Stretch a part of each cycle to the whole cycle.

        >>> [hap.value for hap in mini("a b c d").zoom(1/4, 3/4).haps(0, 1)]
        ['b', 'c']

        Args:
            begin: Where the part begins, in cycles.
            end: Where it ends, in cycles.
        """

    def zrand(self, *values: PatternLike) -> Pattern:
        """Chance in a tiny synth's pitch (0 to 1).

        >>> note("c3 e3").zrand(".2 .8")
        """

    def zzfx(self, *values: PatternLike) -> Pattern:
        """The twenty numbers of a tiny synth, joined by colons (numbers).

        >>> note("c3 e3").zzfx("1:0.05:440")
        """
