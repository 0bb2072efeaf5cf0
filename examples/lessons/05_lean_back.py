# Lean back: swing_by and nudge; the same notes, a little late, are another music.
# swing_by delays every second eighth, nudge moves strokes by seconds; between them lies the feel.
tempo(bpm=80)
reseed(3)
kit  = instrument("drums", drive=.35, room=.1)
keys = instrument("keys", tine=.2, brightness=.35, tremolo=.4, room=.3)

drums = play(s("bd ~ [~ bd] ~ bd ~ ~ <~ bd>").velocity(.8).swing_by(1/5, 4), on=kit)
snare = play(s("~ sd ~ sd").velocity(.75).nudge(.022), on=kit)                     # late: heavy
hats  = play(s("hh*8").velocity("[.6 .35]*4").nudge(rand.range(-.004, .012)).swing_by(1/5, 4), on=kit)
bass  = play(note("<[g1 ~ ~ g1 ~ ~ d2 f2] [c2 ~ ~ c2 ~ ~ bb1 a1]>").nudge(.012).swing_by(1/5, 4).legato(.9),
             on=instrument("bass", cutoff=350, glide=.06))
chords = play(note("<[~ [f3,bb3,d4,a4] ~ ~] [~ [e3,bb3,d4,g4] ~ [~ [eb3,a3,db4,gb4]]]>").velocity(.5)
              .nudge(.03).legato(.9), on=keys)
# Try: swing_by(0, 4) everywhere; then 1/3; then nudge(-.02) for the snare.
