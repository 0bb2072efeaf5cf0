# Chorale: four voices by the rules of four-part writing, each phrase to its close.
# turn("energy", .9): echoes on the half beats, and the strings join.
# turn("mood", .9): from minor over major to major a tone higher.
TEMPO = (60, 84)
OSTINATO = ()
RANGES = {"density": (14, 26), "entropy": (2.6, 2.81), "pitch": (55, 72), "drums": (0, 0),
          "beats": (.85, 1), "sixteenths": (.99, 1), "repetition": (.92, 1)}

tempo(bpm=72)
reseed(72)
energy, mood = knob("energy", default=.5), knob("mood", default=.5)

pipes   = instrument("square", cutoff=2800, attack=.03, release=.18, room=.5, gain=.45) | fx.chorus(.3, .3)
principal = instrument("triangle", attack=.03, release=.2, room=.5, gain=.6)
pedal   = instrument("triangle", attack=.04, release=.25, room=.4, gain=.75)
gallery = instrument("strings", brightness=.35, attack=.3, release=.8, room=.6, gain=.5)

song = form(section("verse", 16, energy=[.4, .6]), section("soft", 8, energy=[.1, .2]),
            section("tutti", 16, energy=[.8, 1]),
            paths={"verse": "verse soft tutti", "soft": "verse tutti", "tutti": "verse soft"},
            blend=1, seed=8)
heat = song.energy.mul(.5).add(energy.mul(.5))

# The rules are those of the rule file; the four are written together, so each knows what the others sing.
choir = rules("chorale.py")

# Dark: e and a flat, as in minor with its leading note; in between as written; bright: a whole tone up.
def minor(event):
    return {**event, "note": event["note"] - (event["note"] % 12 in (4, 9))}
def tinted(pattern):
    return pattern.when(mood.lt(.34), lambda p: p.with_value(minor)).add(note(mood.gt(.67).mul(2)))

def sung(pattern):
    return tinted(pattern).velocity(heat.mul(.3).add(rand.range(.35, .45))).legato(.97)
soprano = play(sung(composed(choir, "soprano")).pan(.4), on=pipes)
alto    = play(sung(composed(choir, "alto")).pan(.6), on=principal)
tenor   = play(sung(composed(choir, "tenor")).pan(.45), on=principal)
bass    = play(sung(composed(choir, "bass")), on=pedal)

# With more energy the strings double the top an octave up, and the alto is echoed on the half beats.
strings = play(sung(composed(choir, "soprano").add(note(12))).mask(heat.gt(.6)), on=gallery)
turns   = play(sung(composed(choir, "alto")).late(1/8).add(note(12)).legato(.45)
               .degrade_by(heat.range(1, .3)).pan(.65), on=pipes)
