# House: four on the floor, off-beat hats, minor ninths and a bass that answers the kick.
# turn("energy", .8): more players, busier hats and a higher bass.
# turn("mood", .9): from a dark minor over dorian to bright mixolydian.
TEMPO = (118, 128)
OSTINATO = ("kick", "claps")
RANGES = {"density": (42, 74), "entropy": (2.7, 2.81), "pitch": (56, 61), "drums": (.2, .45),
          "beats": (.26, .4), "sixteenths": (.85, .99), "repetition": (.82, .96)}

tempo(bpm=124)
reseed(124)
band = 124                                                    # who shares a seed hears the same harmony
energy, mood = knob("energy", default=.5), knob("mood", default=.5)

kit  = instrument("drums", kit="machine", gain=.75, drive=.25, room=.06)
tops = instrument("drums", kit="machine", gain=1.5, drive=.2, room=.1) | fx.highshelf(5000, 4)
deep = instrument("bass", cutoff=420, env=2.6, decay=.2, drive=.3, sub=.3, duck=.5, gain=.65)
keys = instrument("keys", tine=.5, brightness=.8, decay=.5, room=.25, delay=.2, gain=.8) | fx.chorus(mix=.3)
sky  = instrument("pad", cutoff=3200, attack=.6, release=1.2, duck=.7, gain=.5)
vox  = instrument("lead", wave="square", cutoff=2200, env=1.4, release=.2, delay=.45, room=.3, gain=.45)

# The night has no end: after each room chance opens a door to another.
song = form(section("intro", 8, energy=[.1, .4]), section("groove", 16, energy=[.5, .7]),
            section("break", 8, energy=[.15, .5]), section("peak", 16, energy=[.8, 1]),
            paths={"intro": "groove", "groove": "groove break peak peak", "break": "peak peak groove",
                   "peak": "break groove intro"}, blend=2, seed=1)
heat = song.energy.mul(.5).add(energy.mul(.5))

# Roots as degrees of the mode, a bar each; the mode is the mood.
root = markov({0: {3: 3, 5: 3, 6: 2}, 3: {4: 2, 0: 2, 6: 2}, 4: {0: 3, 5: 1}, 5: {3: 2, 6: 3, 4: 1},
               6: {0: 3, 3: 1, 5: 1}}, per_cycle=1)
def mode(pattern):
    return pattern.scale(pick(mood.range(0, 2.99).floor(), ["C3:minor", "C3:dorian", "C3:mixolydian"]))

kick  = play(s("bd*4").velocity(.85).mask(song.section("break").inv()), on=kit)
claps = play(s("[~ cp]*2").velocity(.55).mask(heat.gt(.35)), on=tops)
hats  = play(s("[~ oh]*4").velocity(.5).degrade_by(heat.range(.5, 0)), on=tops)
ticks = play(s("hh*16").velocity("[.5 .25 .6 .3]*4").mul(velocity(rand.range(.7, 1)))
             .degrade_by(heat.range(.85, .1)).swing_by(1/6, 8).pan(.58), on=tops)
perc  = play(s("cg*16").n(urn([0, 1])).struct("1 0 0 1 0 0 1 0 0 1 0 1 0 0 1 0")
             .degrade_by(heat.range(.8, .3)).velocity(rand.range(.25, .5)).pan(.35), on=tops)
fills = play(s("sd*16").degrade_by(.45).velocity(saw.range(.15, .5)).mask(song.ends()), on=kit)

# The bass keeps off the beat, where the kick is not, and leaps an octave when it is glad.
bass  = play(mode(n(root).struct("~ 1 1 ~ ~ 1 ~ 1 ~ 1 1 ~ ~ 1 1?0.5 1?0.3")).sub(note(12))
             .sometimes_by(heat.range(.05, .4), add(note(12))).legato(.7).velocity(rand.range(.65, .85))
             .mask(heat.gt(.15)), on=deep, seed=band)
stabs = play(mode(n("[0,2,4,6,8]").add(n(root))
             .struct("<[~ 1 ~ ~ 1 ~ ~ 1 ~ ~ 1? ~ 1 ~ ~ 1?] [1 ~ ~ 1 ~ ~ 1 ~ ~ 1 ~ 1? ~ ~ 1? ~]>"))
             .legato(.8).velocity(rand.range(.4, .65)), on=keys, seed=band)
haze  = play(mode(n("[4,6,8,9]").add(n(root))).legato(1).velocity(.45)
             .cutoff(mood.range(900, 5000)), on=sky, seed=band)
riff  = play(mode(n(wander(7, 14, 2, per_cycle=16)).struct("1? ~ 1 ~ ~ 1? ~ 1 ~ ~ 1 ~ 1? ~ ~ 1?"))
             .degrade_by(heat.range(.9, .25)).velocity(rand.range(.35, .6)).legato(.6), on=vox)
