"""What stands on the page of the language beside its tables: a tour, wishes, introductions."""

from __future__ import annotations

TOUR = """```python
drums = play(s("bd*4, ~ cp, hh*8"))  # sounds by name, in steps of a cycle
bass = play(note("c2 <eb2 g2> [~ bb1]"), on=instrument("bass"))  # <> one a cycle, [] divides a step
keys = play(chord("<Cm9 Ab^7 Fm7 G7>").voicing(), on=instrument("keys"))  # chords find their notes
lead = play(n("0 2 <4 6> 7").scale("C5:minor"), on=instrument("lead"))  # degrees of a scale
duet = play(n("0 4").off(1/8, add(n(2))).scale("C6:minor"), on=instrument("lead"))  # later, and higher
hats = play(s("oh(3,8,2)").gain(sine.range(.3, .8).slow(4)))  # hits spread evenly; a slow swell
fills = play(s("sd*8").mask("<0 0 0 1>").gain(saw))  # only where the other is true
bells = play(note("c6*8").degrade_by(.6).pan(rand).velocity(.4))  # chance, the same at each replay
pad = play(note("<[c4,eb4] [ab3,c4]>/2").every(2, rev).lpf(900), on=instrument("pad"))  # now and then
crash = play(s("cr").slow(8).late(1/8).room(.6))  # slower, later, in a room
```"""
"""Ten lines that sound; each shows one thing."""

WISHES: tuple[tuple[str, str, str], ...] = (
    ("write a rhythm", '`s("bd*4, ~ cp")`, `struct`, `euclid`, `beat`', "Rhythm"),
    ("write a melody", '`n("0 2 4").scale("C:minor")`, `note("c e g")`', "Notes and chords"),
    ("write chords", '`chord("<Am7 D9>").voicing()`, `arp`, `rolled`', "Notes and chords"),
    ("put one after the other", "`cat`, `seq`, `arrange`, `stepcat`", "Making patterns"),
    ("play several at once", "`stack`, `layer`, `superimpose`, `off`, `jux`", "Applying functions"),
    ("go faster, slower, later, backwards", "`fast`, `slow`, `late`, `rev`, `ply`, `swing`", "Time"),
    ("change something now and then", "`every`, `when`, `sometimes`, `some_cycles_by`", "Applying functions"),
    ("change a part of each cycle", "`within`, `chunk`, `linger`, `mask`", "Applying functions"),
    ("leave it to chance", "`degrade_by`, `choose`, `rand`, `shuffle`, `seed`", "Chance"),
    ("let something swell or wander", "`sine.range(200, 2000).slow(4)`, `perlin`", "Signals"),
    ("turn knobs of the sound", "`gain`, `pan`, `lpf`, `room`, `attack`", "Controls"),
    ("calculate with notes and values", "`add`, `mul`, `range`, `with_value`", "Combining values"),
    ("choose among patterns by a pattern", "`pick`, `squeeze`, `inhabit`", "Choosing patterns"),
    ("cut samples", "`chop`, `slice`, `splice`, `loop_at`", "Samples"),
    ("remember what was before", "`fold`, `accumulate`, `count`", "Memory"),
    ("let it go on by itself", "`wander`, `drift`, `levy`, `logistic`, `lorenz`, `urn`, `pink`", "Engines"),
    ("let it compose", "`markov`, `grammar`, `lsystem`, `life`, `row`, `gibbs`, `evolve`", "Engines"),
    ("compose by rules", "`ruleset`, `part`, `rule`, `composed`", "Rules"),
    ("turn a knob, play a key", '`knob("cutoff", 200, 2000)`, `on_key`', "Live input"),
    ("let a change come slowly", "`play(…, transition=xfade_in(cycles=4))`", "Transitions"),
    ("let a few notes grow", "`motif`, `phrases`, `progression`", "Motifs and phrases"),
    ("lay out a piece, and steer it", "`form`, `section`, `arc`, `measured`", "Form"),
    ("play less like a machine", "`groove`, `humanise`, `articulate`", "Rhythm"),
    ("see what a pattern does", "`.explain()`, `.draw()`, `.svg()`", "Looking at patterns"),
)
"""What one wants to do → the words for it, and their section."""

SECTIONS: dict[str, str] = {
    "Making patterns": (
        "From values and texts to patterns, and from patterns to longer or thicker ones. Begin "
        "with `cat` (one a cycle), `seq` (all in one cycle) and `stack` (all at once)."
    ),
    "Time": (
        "The same events at other times. Begin with `fast`, `slow`, `late`, `rev` and `iter`; "
        "`zoom` and `ribbon` take a part and repeat it."
    ),
    "Rhythm": (
        "When something sounds, whatever it is. `struct` and `mask` take a pattern of true and "
        "false, `euclid` spreads hits evenly, `ply` and `segment` divide, `swing` leans."
    ),
    "Notes and chords": (
        'Scales, chords and how their notes lie. `n("0 2 4").scale("C:minor")` counts degrees, '
        '`chord("Am7").voicing()` finds notes near one another, `arp` plays them one by one.'
    ),
    "Values": (
        "What sounds, event by event: numbers are moved into a range, rounded, or given to a "
        "function of yours (`with_value`, `fmap`)."
    ),
    "Combining values": (
        "Two patterns make one: `add`, `mul`, `set` and their like. The left pattern's rhythm "
        "counts unless `.out`, `.mix`, `.squeeze`, `.reset`, `.restart` or `.poly` stands behind "
        "them."
    ),
    "Applying functions": (
        "A function of a pattern, applied now and then, to a part, or beside the pattern itself. "
        "Begin with `every`, `sometimes` (below, under chance), `off`, `jux` and `within`."
    ),
    "Chance": (
        "Dice that fall the same at each replay: they are made of the time and the layer's seed. "
        "`degrade_by` drops events, `choose` takes one of several, `sometimes` applies a function"
        " to some."
    ),
    "Signals": (
        "Patterns without events, with a value at every moment. An event that meets one takes the"
        " value of its beginning; `.range(low, high)` scales it, `.slow(4)` stretches it, "
        "`.segment(16)` makes events of it."
    ),
    "Choosing patterns": (
        "A pattern of numbers or names chooses among patterns. The ways differ in what of the "
        "chosen one is heard: the part that lies there, a whole cycle squeezed in, or its "
        "beginning."
    ),
    "Several patterns": "Patterns woven into one another, each by its own rule.",
    "Steps": (
        "Patterns that know how many steps they have can be counted, cut and joined by steps "
        "instead of cycles. `pace` says how many steps a cycle plays."
    ),
    "Memory": (
        "Values that come from the ones before them. [concepts.md](concepts.md) says how they survive a save."
    ),
    "Engines": (
        "Systems that go on by themselves: walks, chaos, urns, chains, grammars, cells, curves, rain, rows, "
        "bars and breeding; [chance.md](chance.md) teaches them. Their parameters may move, any cycle can be "
        "asked at any time, and with a name those that remember go on through a save."
    ),
    "Motifs and phrases": (
        "A few degrees that are turned, stretched and cut (`motif`), questions and answers that grow from "
        "them (`phrases`), chords by their functions (`progression`). [form.md](form.md) shows them."
    ),
    "Form": (
        "Sections with aims, and curves over hours: `form` puts what `section` describes in an order, or on "
        "ways by chance; its levels are signals for any layer, and `go` and `build` steer it while it plays. "
        "[form.md](form.md) shows it."
    ),
    "Rules": (
        "Music that is composed while it plays, bar by bar, so that it keeps the rules that you declare. "
        "`ruleset` puts `part`s and `rule`s together, `composed` plays them; [rules.md](rules.md) shows how."
    ),
    "Transitions": (
        "Ways from an old pattern to a new one, as functions of both: `play(…, "
        "transition=clutch)` uses one at each save. [transitions.md](transitions.md) describes "
        "them all."
    ),
    "Live input": (
        "Keys that are struck. Knobs, wheels and tablets are in [midi.md](midi.md) and "
        "[tablets.md](tablets.md)."
    ),
    "Samples": (
        "Recordings cut, repeated and fitted to the cycle; for folders of your own, see "
        "[settings.md](settings.md)."
    ),
    "Looking at patterns": "What a pattern does, without hearing it.",
    "Controls": (
        "What an event says to whatever plays it. As function and as method: `gain(.8)`, "
        '`.gain(.8)`, `s("bd") | gain(.8)`; other names of the same stand beside it. SuperDirt '
        "knows them all; what our own instruments and MIDI make of them is in "
        "[sinks.md](sinks.md)."
    ),
}
"""The sections, in the order in which one needs them, with what there is to say first."""

FAMILIES: dict[str, tuple[str, str]] = {
    "s": ("What sounds", "The sound and its pitch; and what a chord is told about its voicing."),
    "gain": ("Loudness, length and envelope", "How strong and how long. Times are in seconds."),
    "pan": ("Place and output", "Where in the room, and on which bus or channel."),
    "speed": ("Playing a sample", "Which part of it, how fast, how often."),
    "octave": ("Pitch and its movement", "Octaves, slides, vibrato, and an envelope of the pitch."),
    "cutoff": ("Filters", "Low-pass, high-pass and band-pass, each with an envelope and a slow wave."),
    "room": ("Effects", "Room, echo, distortion, tremolo, compression."),
    "freeze": ("Spectrum", "What SuperDirt does to the partials of a sound."),
    "fm": ("Synthesis", "Frequency modulation, wavetables and noise, for synthesizers that have them."),
    "ccn": ("Devices", "Controllers by number, programs, bends and raw messages; where they go."),
}
"""The first control of each family → its heading and a sentence."""
