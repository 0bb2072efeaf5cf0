# Long memory: harmony that chooses its way, a tune that fills its own leaps, a hat that counts to eleven.
# Change anything and save, as often as you like: what has a name goes on from where it was.
tempo(bpm=94)
reseed(404)

piano   = instrument("keys", tine=.5, decay=1.6, release=1.2, gain=1.25, room=.35, delay=.2)
rhodes  = instrument("pad", attack=.3, release=1.8, cutoff=2600, motion=.5, gain=.6) | fx.chorus(.3, .4)
upright = instrument("bass", cutoff=420, env=2, decay=.8, release=.2, drive=.25)
kit     = instrument("drums", gain=1.5, room=.15)
minor   = "A3:minor"

# Where a root may go, and how gladly: each two bars the dice take one of the ways from the last.
ways   = {0: {3: 3, 5: 3, 4: 2}, 3: {4: 3, 0: 2, 1: 2}, 4: {0: 4, 5: 2}, 5: {3: 3, 1: 3}, 1: {4: 1}}
root   = fold(lambda last, dice: dice.weighted(ways[last]), 0, name="harmony").slow(2)

# A leap, and the place: after a leap a step or two back, as singers do; else steps, now and then a leap.
tune   = fold(lambda last, dice: (
    leap := dice.weighted({1: 4, -1: 4, 2: 2, -2: 2, 4: 1, -5: 1}) if abs(last[0]) < 3
    else dice.choose([1, 2]) * (-1 if last[0] > 0 else 1),
    last[1] + leap if 0 <= last[1] + leap <= 11 else last[1] - leap,
), (0, 7), per_cycle=8, name="tune", show=lambda last: last[1])
breath = "<[1 0 1 1 0 1 1 0] [1 0 0 1 0 0 1 0] [1 1 0 1 1 0 1 1] [1 0 0 0 0 0 0 0]>"
lead   = play(n(tune.struct(breath)).scale(minor).legato(1.4).velocity(rand.range(.45, .8))
              .pan(perlin.range(.35, .65)).mask("<0!2 1!8 0!2 1!8 0!2>"), on=piano)
chords = play(n("[0,2,4,6]").add(n(root)).scale(minor).legato(1).velocity(perlin.range(.4, .7)), on=rhodes)
walk   = play(n("0 ~ 0 <4 2> ~ <0 4> ~ <6 1>").add(n(root)).sub(n(14)).scale(minor).legato(.85)
              .velocity("[.8 .6 .7 .6]*2").mask("<1!6 0!2 1!16>"), on=upright)

# Eight hats a bar, counted on and on: every eleventh is open, so the accent walks round the bar.
hats   = s("hh*8").count("hats").with_value(lambda k: "oh" if k % 11 == 10 else "hh")
top    = play(s(hats).velocity(rand.range(.25, .5)).swing_by(1/4, 4).mask("<0!4 1!20>"), on=kit)
beat   = play(s("bd ~ [~ bd] ~, ~ rs ~ <rs [rs rs?]>").velocity(rand.range(.6, .75)), on=kit)
