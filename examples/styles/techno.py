# Techno: a kick and its rumble, machines in circles of unequal length, one chord and its filter.
# turn("energy", .9): denser machines.
# turn("mood", .9): from phrygian dark to open dorian; filters open.
TEMPO = (126, 140)
OSTINATO = ("kick", "rumble")
RANGES = {"density": (28, 62), "entropy": (1, 2.2), "pitch": (34, 40), "drums": (.35, .6),
          "beats": (.18, .3), "sixteenths": (.99, 1), "repetition": (.9, 1)}

tempo(bpm=132)
reseed(132)
energy, mood = knob("energy", default=.5), knob("mood", default=.5)

drum   = instrument("drums", kit="machine", drive=.5, gain=.65, tune=-1)
click  = instrument("drums", kit="machine", drive=.3, decay=.5, gain=1.6, room=.12, delay=.12) \
         | fx.highshelf(5000, 5)
under  = instrument("bass", wave="sine", cutoff=180, env=1, decay=.12, drive=.5, duck=.9, gain=.4)
acid   = instrument("bass", wave="square", cutoff=380, resonance=.7, env=3.6, decay=.14, drive=.5,
                    delay=.25, gain=.8)
dub    = instrument("lead", cutoff=1300, env=1.6, detune=14, release=.3, delay=.6, room=.4, gain=.85)
fog    = instrument("texture", brightness=.35, attack=2, release=4, duck=.6, gain=.5)

# Long stretches without a landmark, then the kick goes and comes.
song = form(section("drive", 32, energy=[.4, .7]), section("strip", 8, energy=[.25, .1]),
            section("swell", 16, energy=[.3, 1]), section("full", 32, energy=[1, .8]),
            paths={"drive": "swell strip drive", "strip": "drive swell", "swell": "full",
                   "full": "strip drive"}, blend=4, seed=2)
heat = song.energy.mul(.5).add(energy.mul(.5))
def mode(pattern):
    return pattern.scale(pick(mood.range(0, 2.99).floor(), ["F2:phrygian", "F2:minor", "F2:dorian"]))

kick   = play(s("bd*4").velocity(.9).mask(song.section("strip").inv()), on=drum)
rumble = play(note("f1").struct("[~ 1 1 1]*4").velocity("[0 .5 .4 .6]*4").legato(.9)
              .mask(song.section("strip").inv()), on=under)
hats   = play(s("[~ oh]*4").velocity(.4).mask(heat.gt(.3)), on=click)
shake  = play(s("hh*16").velocity("[.3 .2 .45 .2]*4").mul(velocity(rand.range(.6, 1)))
              .degrade_by(heat.range(.9, .05)), on=click)

# Circles: five and seven hits among sixteen, turned anew in each bar, some left out by chance.
turned = irand(16).segment(1)
rims   = play(s("rs").euclid_rot(5, 16, turned).degrade_by(heat.range(.6, .1))
              .velocity(rand.range(.25, .5)).pan(.3), on=click)
tom    = play(s("<lt mt>").euclid_rot(7, 16, turned).degrade_by(heat.range(.95, .35))
              .velocity(rand.range(.2, .45)).pan(.7), on=click)
fills  = play(s("cp*16").degrade_by(.7).velocity(saw.range(.1, .4)).mask(song.ends(2)), on=click)

# One line of a few notes that never sits still, its filter with the mood; and one chord.
few    = markov({0: {0: 4, 1: 1, 3: 1, 7: 1}, 1: {0: 3, 2: 1}, 2: {1: 2, 0: 2}, 3: {0: 3, 4: 1},
                 4: {3: 2, 0: 1}, 7: {0: 3, 6: 1}, 6: {7: 1, 0: 1}}, per_cycle=16)
line   = play(mode(n(few)).degrade_by(heat.range(.92, .3)).legato(.6)
              .velocity(rand.range(.35, .7)).cutoff(mood.add(perlin.slow(7)).mul(.5).rangex(180, 1800)),
              on=acid)
stab   = play(mode(n("[0,2,4]").add(n(choose(0, 0, 1, 3)))
              .struct("<[~@3 1?0.3 ~@12] [~@6 1?0.4 ~@3 1?0.7 ~@5]>")).add(note(12)).legato(.7)
              .velocity(rand.range(.4, .6)).cutoff(mood.rangex(500, 3000)), on=dub)
drone  = play(mode(n("[0,5]").add(n("<0 0 1 0>/4"))).slow(2).velocity(.4).legato(1.1), on=fog)
