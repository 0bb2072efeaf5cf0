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
        """Change of pitch while it sounds (octaves a cycle)."""

    @property
    def add(self) -> Operation:
        """Add numbers; notes move up.

        >>> note("c e").add(12)
        """

    def almost_always(self, change: Change) -> Pattern:
        """Apply a function to nine of ten events, by chance.

        >>> len(mini('a*8').almost_always(rev).haps(0, 1))
        8
        """

    def almost_never(self, change: Change) -> Pattern:
        """Apply a function to one of ten events, by chance.

        >>> len(mini('a*8').almost_never(rev).haps(0, 1))
        8
        """

    def always(self, change: Change) -> Pattern:
        """Apply a function, always.

        >>> mini("a b").always(rev).haps(0, 1)[0].value
        'b'
        """

    def anchor(self, *values: PatternLike) -> Pattern:
        """Note that the voicing keeps near.

        >>> chord("C").anchor("c5").voicing()
        """

    def apply(self, change: Change) -> Pattern:
        """Apply a function to the whole pattern.

        >>> mini("a b").apply(rev).haps(0, 1)[0].value
        'b'
        """

    def apply_n(self, times: int, change: Change) -> Pattern:
        """Apply a function several times.

        >>> mini("1").apply_n(3, mul(2)).haps(0, 1)[0].value
        8

        Args:
            times: How often, 0 to 64.
            change: The function.
        """

    def arp(self, indices: PatternLike) -> Pattern:
        """Play the notes of a chord one after the other.

        >>> [hap.value["note"] for hap in note("[c,e,g]").arp("0 1 2 1").haps(0, 1)]
        ['c', 'e', 'g', 'e']

        Args:
            indices: Which note when, from 0; or a word: up, down, updown, downup, converge, diverge.
        """

    def att(self, *values: PatternLike) -> Pattern:
        """Same as attack: time to full loudness (seconds)."""

    def attack(self, *values: PatternLike) -> Pattern:
        """Time to full loudness (seconds).

        >>> note("c").attack(.1)
        """

    def bandf(self, *values: PatternLike) -> Pattern:
        """Same as bpf: frequency of the band-pass filter (Hz)."""

    def bandq(self, *values: PatternLike) -> Pattern:
        """Resonance of the band-pass filter (Q)."""

    def bank(self, *values: PatternLike) -> Pattern:
        """Bank of samples.

        >>> s("bd").bank("tr909")
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
        """Where the sample begins (0 to 1)."""

    def bend(self, *values: PatternLike) -> Pattern:
        """Pitch bend (-1 to 1)."""

    def bite(self, parts: PatternLike, indices: PatternLike) -> Pattern:
        """Cut the cycle in parts and play them in the order of a pattern of numbers.

        >>> [hap.value for hap in mini("a b c d").bite(4, "3 0").haps(0, 1)]
        ['d', 'a']

        Args:
            parts: Number of parts.
            indices: Which part when, from 0.
        """

    @property
    def both(self) -> Operation:
        """Test whether both are true.

        >>> mini("1 0").both("1 1")
        """

    def bp(self, *values: PatternLike) -> Pattern:
        """Same as bpf: frequency of the band-pass filter (Hz)."""

    def bpf(self, *values: PatternLike) -> Pattern:
        """Frequency of the band-pass filter (Hz)."""

    def bpq(self, *values: PatternLike) -> Pattern:
        """Same as bandq: resonance of the band-pass filter (Q)."""

    def brak(self) -> Pattern:
        """Squeeze every other cycle into its middle half.

        >>> [str(hap.whole.begin) for hap in mini("a b").brak().haps(1, 2)]
        ['5/4', '3/2']
        """

    def ccn(self, *values: PatternLike) -> Pattern:
        """Number of the MIDI controller (0 to 127).

        >>> ccn(74).ccv(sine.segment(16))
        """

    def ccv(self, *values: PatternLike) -> Pattern:
        """Value of the MIDI controller (0 to 1)."""

    def ceil(self) -> Pattern:
        """Round numbers up.

        >>> mini("1.2").ceil().haps(0, 1)[0].value
        2
        """

    def channel(self, *values: PatternLike) -> Pattern:
        """MIDI channel (1 to 16)."""

    def chop(self, parts: PatternLike) -> Pattern:
        """Cut each sample in parts, played one after the other.

        >>> [hap.value["begin"] for hap in s("break").chop(2).haps(0, 1)]
        [0.0, 0.5]

        Args:
            parts: Number of parts, 1 to 4096.
        """

    def chord(self, *values: PatternLike) -> Pattern:
        """Chord by name, for voicing.

        >>> chord("<C Am7>").voicing()
        """

    def chorus(self, *values: PatternLike) -> Pattern:
        """Depth of the chorus (0 to 1)."""

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
        """

    def clip(self, *values: PatternLike) -> Pattern:
        """Same as legato: length as a part of the event's (0 and more)."""

    def coarse(self, *values: PatternLike) -> Pattern:
        """Samples held, for a lower sample rate (1 and more)."""

    def compress(self, begin: PatternLike, end: PatternLike) -> Pattern:
        """Squeeze each cycle between two points of it and leave the rest silent.

        >>> [str(hap.whole.begin) for hap in mini("a b").compress(1/4, 3/4).haps(0, 1)]
        ['1/4', '1/2']

        Args:
            begin: Where the cycle begins, 0 to 1.
            end: Where it ends, 0 to 1.
        """

    def compressor(self, *values: PatternLike) -> Pattern:
        """Threshold of the compressor (dB)."""

    def contract(self, factor: PatternLike) -> Pattern:
        """Make the steps of a pattern shorter beside others.

        >>> [str(hap.whole.begin) for hap in stepcat(mini("a b").contract(2), "c").haps(0, 1)]
        ['0', '1/4', '1/2']
        """

    def crush(self, *values: PatternLike) -> Pattern:
        """Number of bits (1 to 16, 16 is clean)."""

    def ctf(self, *values: PatternLike) -> Pattern:
        """Same as cutoff: frequency of the low-pass filter (Hz)."""

    def cut(self, *values: PatternLike) -> Pattern:
        """Group in which each sound ends the one before (0, 1, 2, …)."""

    def cutoff(self, *values: PatternLike) -> Pattern:
        """Frequency of the low-pass filter (Hz).

        >>> s("saw").cutoff(sine.range(200, 4000))
        """

    def dec(self, *values: PatternLike) -> Pattern:
        """Same as decay: time to the held level (seconds)."""

    def decay(self, *values: PatternLike) -> Pattern:
        """Time to the held level (seconds)."""

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

    def delay(self, *values: PatternLike) -> Pattern:
        """How much goes to the delay (0 to 1)."""

    def delayfb(self, *values: PatternLike) -> Pattern:
        """Same as delayfeedback: how much the delay repeats (0 up to but not 1)."""

    def delayfeedback(self, *values: PatternLike) -> Pattern:
        """How much the delay repeats (0 up to but not 1)."""

    def delayt(self, *values: PatternLike) -> Pattern:
        """Same as delaytime: time of the delay (seconds)."""

    def delaytime(self, *values: PatternLike) -> Pattern:
        """Time of the delay (seconds)."""

    def det(self, *values: PatternLike) -> Pattern:
        """Same as detune: out of tune (semitones)."""

    def detune(self, *values: PatternLike) -> Pattern:
        """Out of tune (semitones)."""

    def dfb(self, *values: PatternLike) -> Pattern:
        """Same as delayfeedback: how much the delay repeats (0 up to but not 1)."""

    def dict(self, *values: PatternLike) -> Pattern:
        """Same as dictionary: dictionary of voicings."""

    def dictionary(self, *values: PatternLike) -> Pattern:
        """Dictionary of voicings."""

    def dist(self, *values: PatternLike) -> Pattern:
        """Same as distort: distortion (0 and more)."""

    def distort(self, *values: PatternLike) -> Pattern:
        """Distortion (0 and more)."""

    @property
    def div(self) -> Operation:
        """Divide numbers.

        >>> mini("10 5").div(2)
        """

    def djf(self, *values: PatternLike) -> Pattern:
        """One knob for low-pass (below .5) and high-pass (above) (0 to 1)."""

    def drop(self, steps: PatternLike) -> Pattern:
        """Leave out the first steps; negative for the last ones.

        >>> [hap.value for hap in mini("a b c").drop(-1).haps(0, 1)]
        ['a', 'b']
        """

    def dry(self, *values: PatternLike) -> Pattern:
        """How much stays dry (0 to 1)."""

    def dt(self, *values: PatternLike) -> Pattern:
        """Same as delaytime: time of the delay (seconds)."""

    def duck(self, *values: PatternLike) -> Pattern:
        """Orbit that this one pushes down (0, 1, 2, …)."""

    def duckorbit(self, *values: PatternLike) -> Pattern:
        """Same as duck: orbit that this one pushes down (0, 1, 2, …)."""

    def dur(self, *values: PatternLike) -> Pattern:
        """Same as duration: length (cycles)."""

    def duration(self, *values: PatternLike) -> Pattern:
        """Length (cycles)."""

    def early(self, cycles: PatternLike) -> Pattern:
        """Play a pattern earlier by a part of a cycle.

        >>> str(mini("a b").early(1/4).haps(0, 1)[1].whole.begin)
        '1/4'

        Args:
            cycles: How much earlier, in cycles.
        """

    def echo(self, times: PatternLike, cycles: PatternLike, feedback: PatternLike) -> Pattern:
        """Repeat each event, later and quieter each time.

        >>> [hap.value["gain"] for hap in s("bd").echo(3, 1/8, .5).haps(0, 1) if hap.has_onset]
        [1.0, 0.5, 0.25]

        Args:
            times: Number of events, the first included, 1 to 64.
            cycles: Time between them, in cycles.
            feedback: Loudness of each, as a part of the one before.
        """

    def echo_with(self, times: PatternLike, cycles: PatternLike, change: Callable[[Pattern, int], Any]) -> Pattern:
        """Play copies one after the other, each changed by a function of the pattern and its number.

        >>> [hap.value for hap in mini("0").echo_with(2, 1/4, lambda p, i: p.add(i)).haps(0, 1) if hap.has_onset]
        [0, 1]

        Args:
            times: Number of copies, the original included, 1 to 64.
            cycles: Time between them, in cycles.
            change: The function.
        """

    @property
    def either(self) -> Operation:
        """Test whether one is true.

        >>> mini("1 0").either("0 0")
        """

    def end(self, *values: PatternLike) -> Pattern:
        """Where the sample ends (0 to 1)."""

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

    def euclid_rot(self, hits: PatternLike, steps: PatternLike, rotation: PatternLike) -> Pattern:
        """As `euclid`, with all hits some steps later.

        >>> [str(hap.whole.begin) for hap in mini("a").euclid_rot(3, 8, 2).haps(0, 1)]
        ['0', '1/4', '5/8']

        Args:
            hits: Number of hits; negative for the steps between them.
            steps: Number of steps, up to 4096.
            rotation: Steps by which the hits come later.
        """

    def every(self, count: PatternLike, change: Change) -> Pattern:
        """Apply a function to the first of every so many cycles.

        >>> [hap.value for hap in mini("a b").every(2, rev).haps(0, 2)]
        ['b', 'a', 'a', 'b']

        Args:
            count: Number of cycles, 1 to 4096.
            change: The function.
        """

    def expand(self, factor: PatternLike) -> Pattern:
        """Make the steps of a pattern longer beside others.

        >>> [str(hap.whole.begin) for hap in stepcat(mini("a b").expand(2), "c").haps(0, 1)]
        ['0', '2/5', '4/5']
        """

    def extend(self, factor: PatternLike) -> Pattern:
        """Repeat a pattern so many times in as many times its steps.

        >>> [hap.value for hap in stepcat(mini("a b").extend(2), "c").haps(0, 1)]
        ['a', 'b', 'a', 'b', 'c']
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
        """

    def fast_gap(self, factor: PatternLike) -> Pattern:
        """Play each cycle faster and leave the rest of it silent.

        >>> [str(hap.whole.begin) for hap in mini("a b").fast_gap(2).haps(0, 1)]
        ['0', '1/4']

        Args:
            factor: How many times as fast, 1 and more; 0 and less is silence.
        """

    def filter(self, test: Callable[[Any], Any]) -> Pattern:
        """Keep the events whose value passes a test.

        >>> [hap.value for hap in mini("1 2 3").filter(lambda v: v > 1).haps(0, 1)]
        [2, 3]
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

    def floor(self) -> Pattern:
        """Round numbers down.

        >>> mini("1.6").floor().haps(0, 1)[0].value
        1
        """

    def fm(self, *values: PatternLike) -> Pattern:
        """Depth of the frequency modulation (index)."""

    def fmh(self, *values: PatternLike) -> Pattern:
        """Ratio of the modulator (factor)."""

    def fmi(self, *values: PatternLike) -> Pattern:
        """Same as fm: depth of the frequency modulation (index)."""

    def focus(self, begin: PatternLike, end: PatternLike) -> Pattern:
        """Fit a cycle between two points and go on at that pace, without gaps.

        >>> [hap.value for hap in mini("a b").focus(0, 1/2).haps(0, 1)]
        ['a', 'b', 'a', 'b']

        Args:
            begin: Where a cycle begins, in cycles.
            end: Where it ends, in cycles.
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

    def gain(self, *values: PatternLike) -> Pattern:
        """Loudness (0 and more, 1 is unchanged).

        >>> s("hh*4").gain("1 .5")
        """

    def glide(self, *values: PatternLike) -> Pattern:
        """Time to slide from the note before (seconds)."""

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

    def hcutoff(self, *values: PatternLike) -> Pattern:
        """Same as hpf: frequency of the high-pass filter (Hz)."""

    def hold(self, *values: PatternLike) -> Pattern:
        """Time held before the decay (seconds)."""

    def hp(self, *values: PatternLike) -> Pattern:
        """Same as hpf: frequency of the high-pass filter (Hz)."""

    def hpf(self, *values: PatternLike) -> Pattern:
        """Frequency of the high-pass filter (Hz)."""

    def hpq(self, *values: PatternLike) -> Pattern:
        """Same as hresonance: resonance of the high-pass filter (0 to 1, or Q)."""

    def hresonance(self, *values: PatternLike) -> Pattern:
        """Resonance of the high-pass filter (0 to 1, or Q)."""

    def hurry(self, factor: PatternLike) -> Pattern:
        """Play a pattern faster, and its samples as well.

        >>> s("bd").hurry(2).haps(0, 1)[1].value["speed"]
        2

        Args:
            factor: How many times as fast.
        """

    def inhabit(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick`; a cycle of each choice is squeezed into the event that chose it.

        >>> [hap.value for hap in mini("0 1").inhabit(["a b", "c"]).haps(0, 1)]
        ['a', 'b', 'c']
        """

    def inside(self, factor: PatternLike, change: Change) -> Pattern:
        """Apply a function as if the pattern were slower by a factor.

        >>> [hap.value for hap in mini("0 1 2 3").inside(2, rev).haps(0, 1)]
        [1, 0, 3, 2]

        Args:
            factor: How many times as slow the function sees it.
            change: The function.
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

    def jux(self, change: Change) -> Pattern:
        """Play the pattern on the left and a changed copy on the right, fully apart.

        >>> [hap.value["pan"] for hap in s("bd").jux(rev).haps(0, 1)]
        [0.0, 1.0]

        Args:
            change: The function for the right side.
        """

    def jux_by(self, width: PatternLike, change: Change) -> Pattern:
        """Play the pattern on the left and a changed copy on the right.

        >>> [hap.value["pan"] for hap in s("bd").jux_by(.5, rev).haps(0, 1)]
        [0.25, 0.75]

        Args:
            width: How far apart, 0 to 1.
            change: The function for the right side.
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

    def legato(self, *values: PatternLike) -> Pattern:
        """Length as a part of the event's (0 and more).

        >>> note("c e").legato(.5)
        """

    def legato_to_next(self) -> Pattern:
        """Hold each event until the next one of its cycle begins.

        >>> [str(hap.whole.end) for hap in mini("a ~ b ~").legato_to_next().haps(0, 1)]
        ['1/2', '1']
        """

    def linger(self, part: PatternLike) -> Pattern:
        """Repeat the first part of each cycle until the cycle is full; negative for the last part.

        >>> [hap.value for hap in mini("a b c d").linger(1/4).haps(0, 1)]
        ['a', 'a', 'a', 'a']

        Args:
            part: How much of the cycle, -1 to 1.
        """

    def loop(self, *values: PatternLike) -> Pattern:
        """Whether the sample loops (0 or 1)."""

    def loop_at(self, cycles: PatternLike) -> Pattern:
        """Change the speed of samples so that they last so many cycles.

        >>> s("break").loop_at(2).haps(0, 2, cps=1)[0].value["speed"]
        0.5

        Args:
            cycles: How many cycles.
        """

    def loop_begin(self, *values: PatternLike) -> Pattern:
        """Where the loop begins (0 to 1)."""

    def loop_end(self, *values: PatternLike) -> Pattern:
        """Where the loop ends (0 to 1)."""

    def loopb(self, *values: PatternLike) -> Pattern:
        """Same as loop_begin: where the loop begins (0 to 1)."""

    def loope(self, *values: PatternLike) -> Pattern:
        """Same as loop_end: where the loop ends (0 to 1)."""

    def lp(self, *values: PatternLike) -> Pattern:
        """Same as cutoff: frequency of the low-pass filter (Hz)."""

    def lpa(self, *values: PatternLike) -> Pattern:
        """Same as lpattack: attack of the low-pass envelope (seconds)."""

    def lpattack(self, *values: PatternLike) -> Pattern:
        """Attack of the low-pass envelope (seconds)."""

    def lpd(self, *values: PatternLike) -> Pattern:
        """Same as lpdecay: decay of the low-pass envelope (seconds)."""

    def lpdecay(self, *values: PatternLike) -> Pattern:
        """Decay of the low-pass envelope (seconds)."""

    def lpenv(self, *values: PatternLike) -> Pattern:
        """Depth of the low-pass envelope (octaves)."""

    def lpf(self, *values: PatternLike) -> Pattern:
        """Same as cutoff: frequency of the low-pass filter (Hz)."""

    def lpq(self, *values: PatternLike) -> Pattern:
        """Same as resonance: resonance of the low-pass filter (0 to 1, or Q)."""

    def lpr(self, *values: PatternLike) -> Pattern:
        """Same as lprelease: release of the low-pass envelope (seconds)."""

    def lprelease(self, *values: PatternLike) -> Pattern:
        """Release of the low-pass envelope (seconds)."""

    def lps(self, *values: PatternLike) -> Pattern:
        """Same as lpsustain: level held by the low-pass envelope (0 to 1)."""

    def lpsustain(self, *values: PatternLike) -> Pattern:
        """Level held by the low-pass envelope (0 to 1)."""

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

    def midibend(self, *values: PatternLike) -> Pattern:
        """Same as bend: pitch bend (-1 to 1)."""

    def miditouch(self, *values: PatternLike) -> Pattern:
        """Same as touch: channel pressure (0 to 1)."""

    @property
    def mod(self) -> Operation:
        """Take the rest of a division.

        >>> mini("5 6 7").mod(4)
        """

    def mode(self, *values: PatternLike) -> Pattern:
        """How the voicing meets its anchor: below, duck, above or root."""

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
        """How much noise is mixed in (0 to 1)."""

    def note(self, *values: PatternLike) -> Pattern:
        """Note: a name or a number.

        >>> note("c3 eb3 60")
        """

    def nudge(self, *values: PatternLike) -> Pattern:
        """Later, or earlier if negative (seconds)."""

    def o(self, *values: PatternLike) -> Pattern:
        """Same as orbit: group of effects (0, 1, 2, …)."""

    def oct(self, *values: PatternLike) -> Pattern:
        """Same as octave: octave (3 is the one of middle C)."""

    def octave(self, *values: PatternLike) -> Pattern:
        """Octave (3 is the one of middle C)."""

    def off(self, cycles: PatternLike, change: Change) -> Pattern:
        """Play a changed copy later, together with the original.

        >>> [hap.value for hap in mini("0 1").off(1/4, add(7)).haps(0, 1) if hap.has_onset]
        [0, 7, 1, 8]

        Args:
            cycles: How much later, in cycles.
            change: The function.
        """

    def often(self, change: Change) -> Pattern:
        """Apply a function to three of four events, by chance.

        >>> len(mini('a*8').often(rev).haps(0, 1))
        8
        """

    def orbit(self, *values: PatternLike) -> Pattern:
        """Group of effects (0, 1, 2, …)."""

    def outside(self, factor: PatternLike, change: Change) -> Pattern:
        """Apply a function as if the pattern were faster by a factor.

        >>> [hap.value for hap in mini("<0 1 2 3>").outside(4, rev).haps(0, 4)]
        [3, 2, 1, 0]

        Args:
            factor: How many times as fast the function sees it.
            change: The function.
        """

    def pace(self, steps: PatternLike) -> Pattern:
        """Play so many steps of the pattern in a cycle.

        >>> [hap.value for hap in mini("a b c").pace(4).haps(0, 1)]
        ['a', 'b', 'c', 'a']

        Args:
            steps: Steps in a cycle.
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

    def penv(self, *values: PatternLike) -> Pattern:
        """Depth of the pitch envelope (semitones)."""

    def ph(self, *values: PatternLike) -> Pattern:
        """Same as phaser: speed of the phaser (Hz)."""

    def phaser(self, *values: PatternLike) -> Pattern:
        """Speed of the phaser (Hz)."""

    def phaserdepth(self, *values: PatternLike) -> Pattern:
        """Depth of the phaser (0 to 1)."""

    def phd(self, *values: PatternLike) -> Pattern:
        """Same as phaserdepth: depth of the phaser (0 to 1)."""

    def pick(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """Choose patterns from a list by number, or from a dict by name; too large a number is the last.

        >>> [hap.value for hap in mini("<0 1>").pick(["a b", "c"]).haps(0, 2)]
        ['a', 'b', 'c']

        Args:
            lookup: A list or a dict of patterns.
        """

    def pick_out(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick`; the rhythm is that of the numbers.

        >>> len(mini("0 1").pick_out(["a", "b"]).haps(0, 1))
        2
        """

    def pick_reset(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick`; each choice begins with the begin of a cycle.

        >>> [hap.value for hap in mini("0 1").pick_reset(["a b", "c d"]).haps(0, 1)]
        ['a', 'c']
        """

    def pick_restart(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick`; each choice begins with its first cycle.

        >>> [hap.value for hap in mini("<0 1>").pick_restart(["a", "<c d>"]).haps(0, 2)]
        ['a', 'c']
        """

    def pickmod(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `pick`; numbers past the last begin anew.

        >>> mini("2").pickmod(["a", "b"]).haps(0, 1)[0].value
        'a'
        """

    def ply(self, times: PatternLike) -> Pattern:
        """Repeat each event within its own time.

        >>> [hap.value for hap in mini("a b").ply(2).haps(0, 1)]
        ['a', 'a', 'b', 'b']

        Args:
            times: How often; 0 and less is silence.
        """

    def ply_with(self, times: PatternLike, change: Change) -> Pattern:
        """Repeat each event within its time, each time with the function applied once more.

        >>> [hap.value for hap in mini("1").ply_with(3, mul(2)).haps(0, 1)]
        [1, 2, 4]

        Args:
            times: How often, 1 to 64.
            change: The function.
        """

    def postgain(self, *values: PatternLike) -> Pattern:
        """Loudness after the effects (0 and more)."""

    @property
    def pow(self) -> Operation:
        """Raise numbers to a power.

        >>> mini("1 2 3").pow(2)
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
        """MIDI program (0 to 127)."""

    def prog_num(self, *values: PatternLike) -> Pattern:
        """Same as prog: midi program (0 to 127)."""

    def range(self, low: PatternLike, high: PatternLike) -> Pattern:
        """Stretch numbers from 0…1 to low…high.

        >>> [hap.value for hap in saw.range(0, 4).segment(4).haps(0, 1)]
        [0.0, 1.0, 2.0, 3.0]

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

        >>> len(mini('a*8').rarely(rev).haps(0, 1))
        8
        """

    def ratio(self) -> Pattern:
        """Read lists such as 3:2 as ratios.

        >>> mini("3:2").ratio().haps(0, 1)[0].value
        1.5
        """

    def rel(self, *values: PatternLike) -> Pattern:
        """Same as release: time to silence after the end (seconds)."""

    def release(self, *values: PatternLike) -> Pattern:
        """Time to silence after the end (seconds)."""

    def repeat_cycles(self, times: PatternLike) -> Pattern:
        """Play each cycle several times.

        >>> [hap.value for hap in mini("<a b>").repeat_cycles(2).haps(0, 4)]
        ['a', 'a', 'b', 'b']

        Args:
            times: How often, 1 to 4096.
        """

    def reset(self, *triggers: PatternLike) -> Pattern:
        """Start the cycle anew at each event of another pattern.

        >>> [hap.value for hap in mini("a b c d").reset("1 1").haps(0, 1)]
        ['a', 'b', 'a', 'b']
        """

    def resonance(self, *values: PatternLike) -> Pattern:
        """Resonance of the low-pass filter (0 to 1, or Q)."""

    def restart(self, *triggers: PatternLike) -> Pattern:
        """Start the pattern anew, from its cycle 0, at each event of another pattern.

        >>> [hap.value for hap in mini("<a b>").restart("<1 1>").haps(0, 2)]
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

    def room(self, *values: PatternLike) -> Pattern:
        """How much goes to the reverb (0 to 1).

        >>> s("cp").room(.4)
        """

    def roomsize(self, *values: PatternLike) -> Pattern:
        """Same as size: size of the room (0 to 1)."""

    def root_notes(self, octave: PatternLike = 2) -> Pattern:
        """Turn the names of chords into their roots.

        >>> mini("<C^7 Dm7>").root_notes(2).haps(1, 2)[0].value
        38

        Args:
            octave: Octave of the roots, 3 is the one of middle C.
        """

    def round(self) -> Pattern:
        """Round numbers.

        >>> mini("1.6").round().haps(0, 1)[0].value
        2
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

    def scale_transpose(self, degrees: PatternLike) -> Pattern:
        """Move notes by degrees of the scale that they come from.

        >>> n("0 2").scale("C:major").scale_transpose(1).haps(0, 1)[0].value
        {'note': 50}

        Args:
            degrees: How far up; negative is down.
        """

    def scramble(self, parts: PatternLike) -> Pattern:
        """Play parts of each cycle at random; some may come twice, some not at all.

        >>> len(mini("0 1 2 3").scramble(4).haps(0, 1))
        4

        Args:
            parts: Number of parts, 1 to 1024.
        """

    def seed(self, stream: PatternLike) -> Pattern:
        """Give a pattern a stream of chance of its own.

        >>> a, b = rand.segment(1).seed(1).haps(0, 1), rand.segment(1).seed(2).haps(0, 1)
        >>> a[0].value == b[0].value
        False

        Args:
            stream: Number of the stream; 0 is the one that all patterns share.
        """

    def segment(self, parts: PatternLike) -> Pattern:
        """Sample a pattern so many times in a cycle: turns a signal into events.

        >>> [hap.value for hap in saw.segment(4).haps(0, 1)]
        [0.0, 0.25, 0.5, 0.75]

        Args:
            parts: Samples in a cycle.
        """

    @property
    def set(self) -> Operation:
        """Put the right value in the left one's place.

        >>> s("bd sd").set(n(2))
        """

    def shape(self, *values: PatternLike) -> Pattern:
        """Soft distortion (0 up to but not 1)."""

    def shrink(self, by: PatternLike) -> Pattern:
        """Play the pattern again and again, each time without some more of its steps.

        >>> [hap.value for hap in mini("a b").shrink(1).haps(0, 1)]
        ['a', 'b', 'b']

        Args:
            by: Steps that go each time; from the end if negative.
        """

    def shuffle(self, parts: PatternLike) -> Pattern:
        """Play the parts of each cycle in random order, each once.

        >>> sorted(hap.value for hap in mini("0 1 2 3").shuffle(4).haps(0, 1))
        [0, 1, 2, 3]

        Args:
            parts: Number of parts, 1 to 1024.
        """

    def size(self, *values: PatternLike) -> Pattern:
        """Size of the room (0 to 1)."""

    def slice(self, parts: PatternLike, indices: PatternLike) -> Pattern:
        """Cut samples in parts and play them in the order and rhythm of a pattern of numbers.

        >>> [hap.value["begin"] for hap in s("break").slice(4, "2 0").haps(0, 1)]
        [0.5, 0.0]

        Args:
            parts: Number of parts.
            indices: Which part when, from 0.
        """

    def slow(self, factor: PatternLike) -> Pattern:
        """Play a pattern slower.

        >>> [hap.value for hap in mini("a b").slow(2).haps(0, 1)]
        ['a']

        Args:
            factor: How many times as slow; 0 and less is silence.
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

        >>> len(mini('a*8').sometimes(rev).haps(0, 1))
        8
        """

    def sometimes_by(self, chance: PatternLike, change: Change) -> Pattern:
        """Apply a function to random events.

        >>> len(mini("a*8").sometimes_by(.5, add("b")).answer(0, 10).problems) <= 1
        True

        Args:
            chance: Probability for each event, 0 to 1.
            change: The function.
        """

    def sound(self, *values: PatternLike) -> Pattern:
        """Same as s: sound: a sample, drum or synth."""

    def speed(self, *values: PatternLike) -> Pattern:
        """Speed of the sample (1 is its own, -1 backwards).

        >>> s("bd").speed("1 -1")
        """

    def splice(self, parts: PatternLike, indices: PatternLike) -> Pattern:
        """As `slice`, with the speed changed so that each part fills its time.

        >>> s("break").splice(4, "0 1").haps(0, 1, cps=1)[0].value["speed"]
        0.5

        Args:
            parts: Number of parts.
            indices: Which part when, from 0.
        """

    def squeeze(self, lookup: Sequence[Any] | Mapping[Any, Any]) -> Pattern:
        """As `inhabit`; numbers past the last begin anew.

        >>> [hap.value for hap in mini("0 3").squeeze(["a b", "c"]).haps(0, 1)]
        ['a', 'b', 'c']
        """

    def squiz(self, *values: PatternLike) -> Pattern:
        """Raise by squeezing (1 and more)."""

    def stretch(self, *values: PatternLike) -> Pattern:
        """Stretch without changing the pitch (factor)."""

    def striate(self, parts: PatternLike) -> Pattern:
        """Cut samples in parts and play the first parts of all, then the second parts, and so on.

        >>> [(hap.value["s"], hap.value["begin"]) for hap in s("a b").striate(2).haps(0, 1)]
        [('a', 0.0), ('b', 0.0), ('a', 0.5), ('b', 0.5)]

        Args:
            parts: Number of parts, 1 to 4096.
        """

    def struct(self, *rhythm: PatternLike) -> Pattern:
        """Take the rhythm from a pattern of true and false: `1 0`, `t f`, `x ~`.

        >>> [str(hap.whole.begin) for hap in mini("a").struct("1 0 1 1").haps(0, 1)]
        ['0', '1/2', '3/4']

        Args:
            rhythm: Where it is true there is an event.
        """

    def stut(self, times: PatternLike, feedback: PatternLike, cycles: PatternLike) -> Pattern:
        """Repeat each event, as `echo`, with the arguments in Tidal's order.

        >>> len(s("bd").stut(3, .5, 1/8).haps(0, 1))
        5
        """

    @property
    def sub(self) -> Operation:
        """Subtract numbers; notes move down.

        >>> note("c5").sub(12)
        """

    def superimpose(self, *changes: Change) -> Pattern:
        """Play changed copies together with the original.

        >>> [hap.value for hap in mini("0").superimpose(add(7)).haps(0, 1)]
        [0, 7]
        """

    def sus(self, *values: PatternLike) -> Pattern:
        """Same as sustain: length, or level held by the envelope (seconds, or 0 to 1)."""

    def sustain(self, *values: PatternLike) -> Pattern:
        """Length, or level held by the envelope (seconds, or 0 to 1)."""

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

    def sz(self, *values: PatternLike) -> Pattern:
        """Same as size: size of the room (0 to 1)."""

    def take(self, steps: PatternLike) -> Pattern:
        """Keep the first steps; negative for the last ones.

        >>> [hap.value for hap in mini("a b c d").take(2).haps(0, 1)]
        ['a', 'b']
        """

    def to_bipolar(self) -> Pattern:
        """Turn 0…1 into -1…1.

        >>> mini("0").to_bipolar().haps(0, 1)[0].value
        -1
        """

    def touch(self, *values: PatternLike) -> Pattern:
        """Channel pressure (0 to 1)."""

    def tour(self, *others: PatternLike) -> Pattern:
        """Lead the pattern through a row of others, from the last place to the first.

        >>> [hap.value for hap in mini("x").tour("a", "b").haps(0, 1)]
        ['a', 'b', 'x', 'a', 'x', 'b', 'x', 'a', 'b']
        """

    def transpose(self, interval: PatternLike) -> Pattern:
        """Move notes by semitones or by a named interval.

        >>> note("c3").transpose("3M").haps(0, 1)[0].value
        {'note': 52}

        Args:
            interval: Semitones, or a name such as `3M`, `5P`, `-2m`.
        """

    def trem(self, *values: PatternLike) -> Pattern:
        """Same as tremolo: speed of the tremolo (Hz)."""

    def tremdepth(self, *values: PatternLike) -> Pattern:
        """Same as tremolodepth: depth of the tremolo (0 to 1)."""

    def tremolo(self, *values: PatternLike) -> Pattern:
        """Speed of the tremolo (Hz)."""

    def tremolodepth(self, *values: PatternLike) -> Pattern:
        """Depth of the tremolo (0 to 1)."""

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

    def unit(self, *values: PatternLike) -> Pattern:
        """Unit of speed: r for rate, c for cycles, s for seconds."""

    def vel(self, *values: PatternLike) -> Pattern:
        """Same as velocity: how hard the note is struck (0 to 1)."""

    def velocity(self, *values: PatternLike) -> Pattern:
        """How hard the note is struck (0 to 1).

        >>> note("c").velocity(.5)
        """

    def vib(self, *values: PatternLike) -> Pattern:
        """Speed of the vibrato (Hz)."""

    def vibmod(self, *values: PatternLike) -> Pattern:
        """Depth of the vibrato (semitones)."""

    def vibrato(self, *values: PatternLike) -> Pattern:
        """Same as vib: speed of the vibrato (Hz)."""

    def vmod(self, *values: PatternLike) -> Pattern:
        """Same as vibmod: depth of the vibrato (semitones)."""

    def voicing(self) -> Pattern:
        """Turn the names of chords into notes near an anchor.

        >>> [hap.value["note"] for hap in chord("C").voicing().haps(0, 1)]
        [64, 67, 72]

        The controls `anchor` (c5 if not given) and `mode` (below) say where; with `n` only that note of
        the chord sounds, counted from its lowest and on into the next octaves.
        """

    def vowel(self, *values: PatternLike) -> Pattern:
        """Vowel of the formant filter: a e i o u.

        >>> s("saw").vowel("<a e i>")
        """

    def when(self, condition: PatternLike | Callable[[Any], Any], change: Change) -> Pattern:
        """Apply a function while a pattern is true.

        >>> [hap.value for hap in mini("a b").when("<1 0>", rev).haps(0, 2)]
        ['b', 'a', 'a', 'b']

        Args:
            condition: A pattern of true and false, or a function of the cycle's number.
            change: The function.
        """

    def with_value(self, change: Change) -> Pattern:
        """Change each value by a function of it.

        >>> mini("1 2").with_value(lambda v: v * 10).haps(0, 1)[1].value
        20
        """

    def within(self, begin: PatternLike, end: PatternLike, change: Change) -> Pattern:
        """Apply a function to a part of each cycle.

        >>> [hap.value for hap in mini("0 1 2 3").within(0, 0.5, add(10)).haps(0, 1)]
        [10, 11, 2, 3]

        Args:
            begin: Where the part begins, 0 to 1.
            end: Where it ends, 0 to 1.
            change: The function.
        """

    def zip(self, *others: PatternLike) -> Pattern:
        """Interleave patterns step by step.

        >>> [hap.value for hap in mini("a b").zip("c d").haps(0, 1)]
        ['a', 'c', 'b', 'd']
        """

    def zoom(self, begin: PatternLike, end: PatternLike) -> Pattern:
        """Stretch a part of each cycle to the whole cycle.

        >>> [hap.value for hap in mini("a b c d").zoom(1/4, 3/4).haps(0, 1)]
        ['b', 'c']

        Args:
            begin: Where the part begins, in cycles.
            end: Where it ends, in cycles.
        """
