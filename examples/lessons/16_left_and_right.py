# Left and right: pan and jux; room between the ears is room for more music.
# pan is 0 on the left and 1 on the right; jux plays the line left and a changed copy right.
tempo(bpm=108)
reseed(2)
pluck = instrument("pluck", brightness=.65, decay=.8)

middle = play(s("bd ~ ~ bd ~ ~ bd ~, ~ sd ~ sd").velocity(.65))          # what carries stays there
bass   = play(note("d2 ~ d2 ~ [~ f2] ~ c2 ~").legato(.7), on=instrument("bass"))
hats   = play(s("hh*16").velocity(rand.range(.2, .5)).pan("{.2 .8 .35 .65 .5}%16"))
mirror = play(n("0 2 4 6 7 ~ 4 2").scale("D4:dorian").velocity(.6).jux_by(.8, rev), on=pluck)
circle = play(n("<9 [8 7] 4 [5 ~ 2]>").scale("D5:dorian").velocity(.45).pan(sine.slow(2))
              .off(1/4, lambda p: p.pan(cosine.slow(2))), on=instrument("bells", decay=.5))
wings  = play(note("[d3,a3] [f4,c5]").pan("[.1,.9]").velocity(.35).legato(1),
              on=instrument("pad", cutoff=2500))
# Try: jux(fast(2)); pan(rand) for the hats; listen with headphones, then in mono.
