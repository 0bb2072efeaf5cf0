# Minimalism: a cell of twelve notes, one of which changes in a bar; a second piano some notes behind.
# turn("energy", .9): marimbas fill the gaps.
# turn("mood", .9): from dorian to lydian, and the marimbas two octaves up.
TEMPO = (132, 176)
OSTINATO = ("pulse",)
RANGES = {"density": (20, 48), "entropy": (2, 2.8), "pitch": (60, 72), "drums": (0, 0),
          "beats": (.45, .6), "sixteenths": (.99, 1), "repetition": (.87, 1)}

tempo(bpm=144, beats_per_cycle=6)                             # twelve eighths in a bar
reseed(144)
band = 144                                                    # another number is another process
energy, mood = knob("energy", default=.5), knob("mood", default=.5)

wood  = instrument("keys", tine=.5, brightness=.95, decay=.7, tremolo=0, delay=0, room=.25) \
        | fx.highshelf(1800, 7)
bars  = instrument("bells", material="bar", brightness=.75, decay=.5, room=.25, gain=1)
reeds = instrument("strings", brightness=.4, attack=.6, release=1.2, gain=.65)
floor = instrument("bass", wave="triangle", cutoff=300, env=1, decay=.6, release=.3, duck=0, gain=.32)

song = form(section("weave", 24, energy=[.4, .6]), section("bright", 16, energy=[.7, 1]),
            section("thin", 12, energy=[.2, .1]), section("long", 20, energy=[.5, .8, .6]),
            paths={"weave": "bright long thin", "bright": "thin weave", "thin": "weave long",
                   "long": "bright weave"}, blend=4, seed=6)
heat = song.energy.mul(.5).add(energy.mul(.5))
def mode(pattern):
    return pattern.scale(pick(mood.range(0, 2.99).floor(), ["D4:dorian", "D4:mixolydian", "D4:lydian"]))

# The process: where it stands, and the cell. After its twelfth note one place gets another note.
def onward(last, dice):
    place, cell = (last[0] + 1) % 12, last[1]
    if place == 0:
        which = dice.whole(12)
        other = [degree for degree in (0, 1, 2, 4, 5, 7, 8) if degree != cell[which]]
        cell = (*cell[:which], dice.choose(other), *cell[which + 1:])
    return place, cell
begins = (0, 4, 7, 4, 1, 5, 0, 4, 8, 4, 2, 5)
cell = fold(onward, (-1, begins), per_cycle=12, name="cell", show=lambda last: last[1][last[0]])

first  = play(mode(n(cell)).velocity("[.6 .4 .45]*4").legato(.9).pan(.3), on=wood, seed=band)
second = play(mode(n(cell)).late(pick(song.visit.mod(4), [1/12, 5/12, 2/12, 7/12])).velocity("[.45 .4]*6")
              .legato(.9).degrade_by(heat.range(.35, 0)).pan(.7), on=wood, seed=band)
third  = play(mode(n(cell).add(n(pick(mood.mul(1.99).floor(), [-7, 7])))).degrade_by(heat.range(.98, .35))
              .velocity(rand.range(.3, .55)).legato(.5), on=bars, seed=band)
pulse  = play(note("d5*12").velocity("[.3 .18]*6").mul(velocity(rand.range(.8, 1))).legato(.5)
              .mask(heat.gt(.3)), on=bars)

# Below it breath: chords for as long as a breath lasts, and a bass that says what the cell means.
ground = n(markov({0: {3: 2, 5: 2, 6: 1}, 3: {0: 2, 5: 1}, 5: {3: 2, 0: 1}, 6: {0: 2, 3: 1}},
                  per_cycle=1)).slow(4)
breath = play(mode(ground.add(n("[-7,-3,-1]"))).legato(.85).velocity(perlin.slow(3).range(.3, .55))
              .mask(heat.gt(.25)), on=reeds, seed=band)
depth  = play(mode(ground.add(n("<-14 [-14@2 -10]>")).struct("<[1@7 1@5] 1 [1@4 1@8] [1@9 1@3]>"))
              .legato(.9).velocity(.6), on=floor, seed=band)
