"""The names of Tidal's language, and where ours or none stands for one: facts for the map and the hints."""

from __future__ import annotations

_SAME = """
silence sine cosine square tri saw isaw sine2 cosine2 square2 tri2 saw2 isaw2 envL envLR envEq envEqR rand
irand brand brandBy perlin randcat wrandcat randrun choose wchoose cat slowcat fastcat overlay stack run
scan timecat fromList listToPat fromMaybes pure fast slow rev iter palindrome inside outside ply plyWith
segment zoom compress fastGap hurry press pressBy linger swingBy range rangex quantise smooth deconstruct
rot repeatCycles loopFirst timeLoop fastSqueeze trunc every foldEvery when whenmod whenT ifp within always
never sometimes sometimesBy often rarely almostAlways almostNever someCycles someCyclesBy superimpose
layer off jux juxBy jux4 juxcut echo stut echoWith chunk fastspread slowspread fix unfix contrast
contrastBy sew stitch wedge brak euclid euclidInv euclidFull euclidOff euclidOffInv euclidOffFull
euclidBool euclidOffBool necklace distrib ascii binary binaryN mask struct substruct reset restart ur
select squeeze inhabit pick pickF spaceOut stutter triple quad double snowball soak fill ghost ghostWith
rolled rolledBy arp arpeggiate toScale scale markovPat lindenmayer lindenmayerI weave weaveWith interlace
shuffle scramble degrade degradeBy undegradeBy bite chew chop striate striateBy slice splice loopAt smash
spin seqP seqPLoop grp offadd fadeIn fadeOut fadeInFrom fadeOutFrom filter filterWhen xfade xfadeIn clutch
clutchIn jump jumpIn jumpMod wash washIn wait waitT anticipate anticipateIn interpolate interpolateIn
mortal mortalOverlay histpan s n note sound gain velocity pan legato sustain speed begin end cut cutoff
resonance hcutoff hresonance bandf bandq attack decay release hold accelerate vowel unit coarse crush
shape djf room size orbit channel nudge dry delay delaytime delayfeedback squiz octave detune vibrato vmod
overgain overshape krush kcutoff octer octersub octersubsub ring ringf ringdf distort freeze binshift
hbrick lbrick comb smear scram waveloss enhance tsdelay xsdelay real imag leslie lrate lsize phaserrate
phaserdepth tremolodepth amp lock freq cps loop midichan ccn ccv midicmd midibend miditouch progNum
sysexid sysexdata songPtr polyTouch uid val control voice dist triode fshift fshiftnote fshiftphase add
sub mul div mod pow lt gt lte gte eq ne lpf hpf bpf sz degree dur fadeInTime fadeOutTime fadeTime gate
harmonic hours minutes mtranspose ctranspose octaveR offset panorient panspan pansplay panwidth partials
phasdp seconds semitone slide stepsPerOctave sustainpedal expression chorus att bpq ctf delayfb dfb delayt
dt det gat hpq lpq oct rel sus normal perlin2 beat pace expand contract extend stepalt
"""

TIDAL: frozenset[str] = frozenset(_SAME.split())
"""Names of Tidal that a row of ours takes over in snake_case: `rolledBy` is `rolled_by`."""

RENAMED: dict[str, str] = {
    "#": "|",
    "|>": "set",
    "|<": "keep",
    "|+": "add",
    "|-": "sub",
    "|*": "mul",
    "|/": "div",
    "|%": "mod",
    "|**": "pow",
    "+|": "add.out",
    "|+|": "add.mix",
    "||+": "add.squeeze",
    "<~": "early",
    "~>": "late",
    "rotL": "early",
    "rotR": "late",
    "<>": "stack",
    "$": "(…)",
    ".": "(…)",
    "<$>": "with_value",
    "density": "fast",
    "sparsity": "slow",
    "fastCat": "fastcat",
    "slowCat": "slowcat",
    "append": "cat",
    "slowAppend": "cat",
    "slowappend": "cat",
    "fastAppend": "fastcat",
    "fastappend": "fastcat",
    "timeCat": "timecat",
    "fastFromList": "list_to_pat",
    "atom": "pure",
    "nothing": "silence",
    "discretise": "segment",
    "compressArc": "compress",
    "zoomArc": "zoom",
    "zoompat": "zoom",
    "trigJoin": "reset",
    "trigZeroJoin": "restart",
    "filterJust": "filter",
    "iter'": "iter_back",
    "chunk'": "chunk_back",
    "linger'": "linger",
    "every'": "every_offset",
    "within'": "within_zoom",
    "while": "while_",
    "sometimesBy'": "sometimes_by_first",
    "somecycles": "some_cycles",
    "somecyclesBy": "some_cycles_by",
    "someCyclesBy'": "some_cycles_by",
    "unDegradeBy": "undegrade_by",
    "cycleChoose": "choose_cycles",
    "chooseBy": "choose_with",
    "euclidOffFull'": "euclid_off_full",
    "spread": "slowspread",
    "spread'": "slowspread",
    "spreadf": "slowspread",
    "spreadChoose": "spread_choose",
    "spreadr": "spread_choose",
    "stutWith": "echo_with",
    "stut'": "echo_with",
    "ghost'": "ghost_with",
    "ghost''": "ghost_with",
    "rolledBy'": "rolled_by",
    "toScale'": "to_scale",
    "arpg": "arpeggiate",
    "arpeggiateBy": "arpeggiate",
    "smash'": "smash_chop",
    "striate'": "striate_by",
    "striateL": "striate_by",
    "juxcut'": "juxcut",
    "weave'": "weave_with",
    "fit": "fit_list",
    "stretch": "stretch_out",
    "randpat": "rand",
    "ncat": "arrange",
    "step": "lindenmayer",
    "step'": "lindenmayer",
    "runMarkov": "markov_pat",
    "pickSqueeze": "squeeze",
    "jumpIn'": "jump_in_at",
    "jumpMod'": "jump_mod",
    "d1": "play",
    "d2": "play",
    "d3": "play",
    "d4": "play",
    "p": "play",
    "once": "once",
    "asap": "once",
    "hush": "hush()",
    "panic": "panic()",
    "mute": "mute",
    "unmute": "unmute",
    "solo": "solo",
    "unsolo": "unsolo",
    "setcps": "tempo",
    "setbpm": "tempo",
    "getcps": "tempo",
    "midiscale": "scale",
    "number": "note",
    "sig": "signal",
    "steptake": "take",
    "stepdrop": "drop",
    "squeezeJoin": "inhabit",
    "collect": "arp_with",
    "up": "note",
    "midinote": "note",
    "nrpn": "nrpnn",
    "tremolorate": "tremolo",
    "breakUp": "arpeggiate",
    "playWhen": "filter_when",
    "fixRange": "contrast_by",
    "contrastRange": "contrast_by",
    "cF": "knob",
    "cI": "knob",
    "cN": "knob",
    "cP": "knob",
    "cR": "knob",
    "cS": "knob",
    "cT": "knob",
    "cX": "knob",
    "chordList": "chord",
    "chordTable": "chord",
    "scaleList": "scale",
    "getScale": "scale",
    "perlinWith": "perlin",
}
"""Tidal's name or operator → what to write here."""

_REASONS: dict[str, str] = {
    "time jumps only with the transport here, so that a replay gives the same piece": (
        "resetCycles setCycle trigger qtrigger qt ctrigger mtrigger rtrigger sec msec nudgeAll"
    ),
    "what a pattern remembers is a fold here, kept over reloads and replays": (
        "nTake noteTake gainTake panTake nCount nCountTo noteCount setI setF setS setB setR"
    ),
    "a part of Tidal's engine; here patterns.joining does that": "stepJoin",
    "starting and sending belong to the session here": (
        "streamReplace streamHush transition startTidal startStream"
    ),
    "not taken over; degrade_by, struct(brand) and mask(brand) come near": (
        "randArcs randStruct degradeOverBy substruct' stripe stripeS wchooseBy perlin2With"
    ),
    "not taken over; bite, shuffle and pick come near": "permstep tabby",
    "write seq_p((begin, end, pattern))": "playFor",
    "Link and MIDI are chosen in sempre.toml": "cEnableLink",
    "write stack(*values)": "flatpat",
    "write .with_value(table.get)": "swap",
    "write .chop(n).mask('[1 0]*n')": "gap",
    "write .cut(1), or legato_to_next": "mono",
    "write .fit().hurry(…), or chew": "squeezeJoinUp",
    "write a dict of Python": "sequenceA mF mI mS mN pF pI pN pS pB pR pX array",
    "Haskell's own; Python has its": "let where map fromIntegral toRational",
}

ABSENT: dict[str, str] = {name: reason for reason, names in _REASONS.items() for name in names.split()}
"""Tidal's names that have nothing here → why, and what to do."""
