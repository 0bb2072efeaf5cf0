# Jazz trio: piano, walking bass and drums over changes that never come round the same way.
# turn("energy", .9): the solo runs, comping and kicks get busy.
# turn("mood", .9): from the minor key and its tensions to a warm major.
TEMPO = (120, 220)
OSTINATO = ("ride", "foot")
RANGES = {"density": (16, 35), "entropy": (3, 3.58), "pitch": (49, 64), "drums": (.35, .53),
          "beats": (.42, .62), "sixteenths": (.42, .62), "repetition": (.7, .92)}

tempo(bpm=152)
reseed(152)
band = 152                                                    # all three hear the same changes
energy, mood = knob("energy", default=.5), knob("mood", default=.5)

piano   = instrument("keys", tine=.15, brightness=.65, decay=1.6, tremolo=0, release=.25,
                     room=.22, delay=0, gain=1.1)
upright = instrument("bass", wave="triangle", cutoff=420, env=2, decay=.45, release=.1,
                     glide=0, duck=0, gain=.5)
kit     = instrument("drums", drive=.05, room=.18, gain=1)

# Head, choruses, a chorus for the bass, fours: nobody counts how many of each.
song = form(section("head", 16, energy=[.3, .5]), section("solo", 32, energy=[.5, .9, .7]),
            section("bass", 16, energy=[.2, .3]), section("fours", 8, energy=[.8, 1]),
            paths={"head": "solo", "solo": "solo bass fours head", "bass": "fours head solo",
                   "fours": "head solo"}, blend=2, seed=7)
heat = song.energy.mul(.5).add(energy.mul(.5))

# Phrases of eight bars with cadences, secondary dominants and tritone substitutes; the mood is the key.
changes = pick(mood.mul(1.99).floor(), [
    progression("C:minor", 8, modulate=.5, substitute=.35),
    progression("Eb:major", 8, modulate=.5, substitute=.25)])

# Walking: the root, two other notes of the chord, and from a semitone beside it into the next root.
roots = chord(changes).root_notes(2)
goes  = chord(changes.early(1/4)).root_notes(2).add(note(choose(-1, 1, 1, -2, 7).segment(4)))
tones = n(urn([0, 1, 2, 3], per_cycle=4)).chord(changes).anchor("g2").voicing()
walk  = play(stack(roots.struct("1 ~ ~ ~"), tones.struct("~ 1 1 ~"), goes.struct("~ ~ ~ 1"))
             .velocity(rand.range(.6, .8)).legato(.95), on=upright, seed=band)

# The left hand without roots, short and between the beats; the right hand from chord notes, with slips.
comp  = play(chord(changes).dictionary("lefthand").anchor("g4").voicing()
             .struct("[~ ~ 1?0.6 ~ ~ 1 ~ ~ 1?0.6 ~ ~ 1?0.4]").degrade_by(heat.range(.4, .05))
             .legato("<.7 1.2 .5>").velocity(rand.range(.3, .5)), on=piano, seed=band)
right = play(n(wander(1, 11, 2, per_cycle=8)).chord(changes).anchor("c5").voicing()
             .degrade_by(heat.range(.75, .1)).sometimes_by(.18, sub(note(1))).swing_by(1/3, 4)
             .mask(song.section("bass").inv()).mask(rand.segment(1).lt(heat.range(.6, .95)))
             .velocity(rand.range(.45, .75)).legato(.9), on=piano, seed=band)
low   = play(n(wander(2, 9, 2, per_cycle=8)).chord(changes).anchor("c3").voicing()
             .degrade_by(heat.range(.6, .2)).swing_by(1/3, 4).mask(song.section("bass"))
             .velocity(rand.range(.6, .8)).legato(.8), on=upright, seed=band)

# Ride and foot keep the time; the snare talks, the kick feathers, and the fours answer.
ride  = play(s("rd [rd ~ rd] rd [rd ~ rd]").velocity("[.5 .62 .5 .62]")
             .mul(velocity(rand.range(.8, 1))), on=kit)
foot  = play(s("~ hh ~ hh").velocity(.3), on=kit)
snare = play(s("[sd ~ sd]*4").degrade_by(heat.range(.97, .55)).velocity(rand.range(.12, .4)), on=kit)
kick  = play(s("[bd ~ bd]*4").degrade_by(heat.range(.98, .8)).velocity(rand.range(.25, .5)), on=kit)
fours = play(s("[sd lt mt]*4").degrade_by(.3).velocity(rand.range(.2, .6)).mask(song.section("fours"))
             .mask("<0!4 1!4>"), on=kit)
