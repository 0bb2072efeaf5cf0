# Lo-fi: a tired swing, ninths on a tape that wavers, a few notes of a tune, crackle.
# turn("energy", .9): fuller drums, more of the tune.
# turn("mood", .9): from a rainy minor over dorian to a sunny major.
TEMPO = (70, 90)
OSTINATO = ("crackle",)
RANGES = {"density": (22, 38), "entropy": (2.75, 2.81), "pitch": (60, 67), "drums": (.45, .65),
          "beats": (.14, .25), "sixteenths": (.3, .46), "repetition": (.85, .97)}

tempo(bpm=78)
reseed(78)
band = 78
energy, mood = knob("energy", default=.5), knob("mood", default=.5)

kit   = instrument("drums", drive=.35, decay=.6, tune=-2, gain=1.1, room=.08) | fx.lowpass(5200)
tape  = instrument("keys", tine=.25, brightness=.35, decay=1.3, tremolo=.5, rate=3, gain=.9) \
        | fx.chorus(.7, .35) | fx.lowpass(3200)
nylon = instrument("pluck", brightness=.4, stiffness=.05, decay=1.2, room=.3, delay=.25, gain=.8) \
        | fx.lowpass(4200)
sofa  = instrument("bass", wave="triangle", cutoff=260, env=1.4, decay=.5, release=.15, duck=.2, gain=.75)
dust  = instrument("noise", width=1, attack=.001, release=.01, gain=.25)

song = form(section("verse", 16, energy=[.4, .55]), section("tune", 8, energy=[.7, .8]),
            section("alone", 4, energy=.1), section("late", 8, energy=[.6, .3]),
            paths={"verse": "tune tune alone", "tune": "verse late", "alone": "verse tune",
                   "late": "alone verse"}, seed=5)
heat = song.energy.mul(.5).add(energy.mul(.5))

# Seventh and ninth chords over roots that like to fall by fifths.
root = markov({0: {3: 3, 5: 3, 1: 1}, 3: {6: 3, 4: 2, 1: 1}, 6: {2: 3, 0: 1}, 2: {5: 4}, 5: {1: 4, 3: 1},
               1: {4: 4}, 4: {0: 4, 2: 1}}, per_cycle=1)
def mode(pattern):
    return pattern.scale(pick(mood.range(0, 2.99).floor(), ["F2:minor", "F2:dorian", "F2:major"]))

kicks = play(s("bd ~ ~ ~ ~ ~ ~ bd?0.5 ~ bd?0.7 bd ~ ~ ~ ~ bd?0.3").degrade_by(heat.range(.4, 0))
             .velocity(rand.range(.65, .8)).swing_by(1/4, 8), on=kit)
snare = play(s("~ sd ~ sd").velocity(rand.range(.45, .55)).late(1/96).mask(heat.gt(.2)), on=kit)
hats  = play(s("hh*16").velocity("[.4 .15 .3 .2]*4").mul(velocity(rand.range(.6, 1)))
             .degrade_by(heat.range(.95, .25)).swing_by(1/3, 8).mask(heat.gt(.12)), on=kit)
crackle = play(note("c8").struct(poisson(5)).velocity(rand.range(.02, .25)).pan(rand), on=dust)

chords = play(mode(n("[0,2,4,6,8]").add(n(root)).struct("<[1@7 1@9] [1@16] [1@10 1@6] [1@3 1@13]>"))
              .add(note(12)).rolled_by(1/12).legato(.95).velocity(rand.range(.35, .55)), on=tape, seed=band)
bass  = play(mode(n("0").add(n(root)).struct("1 ~ ~ ~ ~ ~ ~ 1?0.4 ~ ~ 1 ~ ~ 1?0.7 ~ ~")
             .sometimes_by(.25, add(n(4)))).legato(1.6).velocity(rand.range(.6, .75)), on=sofa, seed=band)
tune  = play(mode(n(wander(14, 22, 2, per_cycle=16)).struct("1?0.4 ~ 1? 1? ~ ~ 1? ~ ~ 1? 1? ~ 1?0.4 ~ ~ ~"))
             .degrade_by(heat.range(.95, .15)).add(note(12)).swing_by(1/4, 8).velocity(rand.range(.35, .6))
             .legato(1.8), on=nylon)
