# Night ferry: an ambient crossing that is never the same twice. The shores differ by a minor third,
# the loops in length (3, 5, 7, 11 cycles), and much is left to chance. reseed(...) is another night.
tempo(bpm=72)
reseed(1969)

sea    = "<D3:major:pentatonic!8 F3:major:pentatonic!8>"      # where we are: D, then F and back
swell  = perlin.slow(3)                                       # wanders between 0 and 1, never jumps

water  = instrument("pad", attack=1.8, release=4, cutoff=5200, motion=1, gain=.7) | fx.chorus(.2, .4)
glass  = instrument("keys", tine=.9, decay=2, release=2, gain=.7, room=.4, delay=.45) | fx.highshelf(1500, 11)
horns  = instrument("lead", wave="triangle", attack=.25, release=1.5, vibrato=.3, voices=2, room=.6, delay=.3)
keel   = instrument("bass", cutoff=130, env=2.2, decay=1.6, release=1.5, drive=.3, duck=0)
deck   = instrument("drums", gain=1.5, room=.3)

# Stacked fifths of a pentatonic scale are consonant wherever the stack drifts to.
tower  = n(swell.range(-2, 4).segment(1).round()).slow(2).add(n("[0,3,6,9]")).scale(sea)
pads   = play(tower.legato(1.1).velocity(sine.range(.2, .8).slow(7)).pan("[.3,.7]"), on=water)
depth  = play(n("<~ 0@2 ~ -1@2 ~ 1@3 ~>").sub(n(5)).scale(sea).legato(.9).velocity(.62), on=keel)

# Buoys: nine bells told eight to the cycle, so each time round they fall elsewhere; some are missed.
bells  = n("{0 7 4 ~ 9 5 ~ 2 ~}%8").scale(sea).add(note(12)).degrade_by(sine.range(.1, .7).slow(11))
buoys  = play(bells.velocity(rand.range(.3, .8)).nudge(rand.range(0, .04)).pan(perlin)
              .sometimes_by(.2, add(note(12))).off(3/8, mul(velocity(.4))).legato(3), on=glass)

# Two ships call over five cycles; the nearer asks, the farther answers lower and from the other side.
asks   = n("<[~ 5@3 8@4] ~ ~ [9@2 8 6@5] ~>").scale(sea).velocity(.6).pan(.3)
far    = n("<~ [~ 6@2 3@5] ~ ~ [5@3 4@5]>").scale(sea).velocity(.4).pan(.75).room(.9)
ships  = play(stack(asks, far), on=horns)

# The engine turns in threes against fives; waves of shaker run up the shore and back.
engine = play(s("[lt(3,8), lt(5,16,3)?]").velocity(perlin.range(.1, .3)).mask("<0!4 1!8 0!3>"), on=deck)
shore  = play(s("sh:1*16").velocity(sine.range(.05, .7).slow(3)).gain(rand.range(.5, 1))
              .pan(saw.slow(3)), on=deck)
