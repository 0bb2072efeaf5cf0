# Ambient: slow stacks of fourths that drift, bells as they fall, a low note under all; no beat.
# turn("energy", .9): more bells, more answers, waves.
# turn("mood", .9): from phrygian dusk to a lydian morning, brighter and higher.
TEMPO = (54, 72)
OSTINATO = ()
RANGES = {"density": (6, 16), "entropy": (2.6, 2.81), "pitch": (60, 74), "drums": (0, .08),
          "beats": (.35, .7), "sixteenths": (.38, .72), "repetition": (.7, .92)}

tempo(bpm=60)
reseed(60)
energy, mood = knob("energy", default=.5), knob("mood", default=.5)

mist  = instrument("pad", attack=2, release=4, cutoff=2600, motion=.9, gain=.75) | fx.chorus(.2, .4)
bowl  = instrument("bells", material="bowl", decay=2.5, room=.5, delay=.3, gain=.7)
glass = instrument("keys", tine=.9, decay=2.5, release=2, room=.5, delay=.45, gain=.7)
air   = instrument("texture", brightness=.5, attack=2.5, release=5, room=.6, gain=.6)
keel  = instrument("bass", wave="triangle", cutoff=170, env=1.5, decay=2, release=2, duck=0, gain=.42)
sea   = instrument("noise", width=3, attack=1.8, release=2.5, room=.3, gain=.3)

# Three places, each as long as it likes; levels come and go over six bars.
song = form(section("shore", 16, energy=[.3, .5]), section("open", 24, energy=[.5, .9, .6]),
            section("deep", 16, energy=[.2, .05, .2]),
            paths={"shore": "open open deep", "open": "shore deep", "deep": "shore open"}, blend=6, seed=3)
heat = song.energy.mul(.5).add(energy.mul(.5))
def mode(pattern):
    return pattern.scale(pick(mood.range(0, 2.99).floor(), ["D3:phrygian", "D3:dorian", "D3:lydian"]))

# A stack of fourths has no root to go home to: it walks by a step or two every other bar.
tower = n(wander(-3, 3, 2, per_cycle=1)).slow(2)
pads  = play(mode(tower.add(n("[0,3,6,9]"))).legato(1.15).velocity(perlin.slow(3).range(.35, .6))
             .cutoff(mood.rangex(700, 4800)).pan("[.3,.7]"), on=mist)
veil  = play(mode(n(wander(4, 11, 3, per_cycle=1)).slow(2)).late(1).legato(1).velocity(.45)
             .mask(heat.gt(.2)), on=air)
deeps = markov({0: {0: 2, -3: 2, 3: 1}, -3: {0: 3, -2: 1}, -2: {-3: 1, 0: 1}, 3: {0: 2, -3: 1}}, per_cycle=1)
under = play(mode(n(deeps).slow(4)).sub(note(12)).legato(.95).velocity(.6), on=keel)

# Bells fall like rain: no grid, more of them as it brightens, each near the one before.
rain  = play(mode(n(wander(7, 18, 3, per_cycle=16)).degrade_by(heat.range(.97, .65)))
             .late(rand.range(0, 1/16)).velocity(rand.range(.25, .6)).pan(rand).legato(4), on=bowl)
calls = play(mode(n(wander(5, 13, 2, per_cycle=4)).degrade_by(heat.range(.9, .45)))
             .late(rand.range(0, 1/16)).off(3/8, lambda p: p.add(note(12)).mul(velocity(.5)))
             .velocity(perlin.slow(5).range(.3, .6)).add(note(mood.gt(.7).mul(12))).legato(2), on=glass)
waves = play(note(choose("c6", "e6", "g6")).segment(1/2).velocity(heat.range(.1, .45)).degrade_by(.3), on=sea)
