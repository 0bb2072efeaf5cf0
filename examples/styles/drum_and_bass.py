# Drum and bass: a broken beat twice as fast as all else, a long bass, chords that float.
# turn("energy", .9): chopped breaks, rolls, a busier bass.
# turn("mood", .9): from harmonic minor to a soulful dorian; the reese opens.
TEMPO = (168, 178)
OSTINATO = ("beat",)
RANGES = {"density": (14, 30), "entropy": (2.65, 2.81), "pitch": (54, 62), "drums": (.48, .74),
          "beats": (.38, .6), "sixteenths": (.92, 1), "repetition": (.8, .98)}

tempo(bpm=174)
reseed(174)
band = 174
energy, mood = knob("energy", default=.5), knob("mood", default=.5)

kit   = instrument("drums", drive=.45, tune=2, gain=1.1) | fx.compressor(-20, 3, 1, 80)
ticks = instrument("drums", kit="machine", decay=.5, gain=.7, room=.1)
reese = instrument("bass", cutoff=300, resonance=.2, env=1, decay=.6, drive=.45, sub=.5, glide=.06,
                   duck=.6, gain=.8) | fx.phaser(rate_hz=.15, mix=.3)
float_ = instrument("pad", attack=.5, release=2, cutoff=3400, duck=.4, gain=.55)
rhodes = instrument("keys", tine=.5, decay=1.4, room=.4, delay=.4, gain=.7)

song = form(section("roll", 16, energy=[.5, .6]), section("float", 8, energy=[.1, .35]),
            section("drop", 32, energy=[.9, .8, 1]), section("half", 16, energy=[.4, .5]),
            paths={"roll": "drop float half", "float": "drop drop roll", "drop": "half float roll",
                   "half": "drop float"}, blend=1, seed=4)
heat = song.energy.mul(.5).add(energy.mul(.5))
root = markov({0: {5: 3, 3: 2, 6: 2}, 5: {3: 2, 6: 3}, 3: {0: 2, 4: 2}, 6: {0: 4, 5: 1}, 4: {0: 3, 5: 1}},
              per_cycle=1).slow(2)
def mode(pattern):
    modes = ["E2:harmonic:minor", "E2:minor", "E2:dorian"]
    return pattern.scale(pick(mood.range(0, 2.99).floor(), modes))

# The beat that all of it hangs on: kick on one and on the and of three, snare on two and four.
beat  = play(s("bd ~ ~ ~ sd ~ ~ ~ ~ ~ bd ~ sd ~ ~ ~").velocity(.8)
             .mask(song.section("float").inv()), on=kit)
# Around it the break: ghost notes, doubled kicks, and in each section's last bar a chop of all that.
ghosts = play(s("~ sd? sd?0.8 bd? ~ sd?0.7 ~ sd ~ sd? ~ bd?0.7 ~ sd?0.8 bd? sd?")
              .velocity(rand.range(.15, .4)).degrade_by(heat.range(.85, 0))
              .sometimes_by(heat.range(0, .3), ply(2)), on=kit)
rides = play(s("hh*8").velocity("[.6 .35]*4").mul(velocity(rand.range(.75, 1)))
             .degrade_by(heat.range(.7, .02)).sometimes_by(heat.range(0, .25), ply(2)).pan(.56), on=ticks)
chop  = play(s("sd*16").n(irand(2)).degrade_by(.4).velocity(rand.range(.2, .6)).mask(song.ends()), on=kit)
crash = play(s("cr").velocity(.45).mask(song.begins()), on=kit)

# The reese: root and fifth held long, with a push before the bar, more of it as the energy rises.
bass  = play(mode(n("0").add(n(root)).struct("<[1@6 1@4 1@6] [1@10 1@3 1@3]>")
             .degrade_by(heat.range(.35, 0)).sometimes_by(.2, add(n(4))))
             .sub(note(12)).legato(.95).velocity(rand.range(.7, .85)).cutoff(mood.rangex(160, 900)),
             on=reese, seed=band)
pads  = play(mode(n("[4,6,8,9]").add(n(root))).add(note(12)).legato(1).velocity(.45).mask(heat.lt(.97)),
             on=float_, seed=band)
keys  = play(mode(n(wander(7, 16, 2, per_cycle=16)).struct("1? ~ ~ 1? ~ ~ 1 ~ ~ 1? ~ ~ 1? ~ 1?0.7 ~"))
             .degrade_by(heat.range(.75, .3)).add(note(12)).velocity(rand.range(.3, .6)).legato(1.4),
             on=rhodes)
