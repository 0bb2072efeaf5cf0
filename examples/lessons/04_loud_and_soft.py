# Loud and soft: velocity; a rhythm is made of accents more than of hits.
# velocity (0 to 1) is how hard a thing is struck, so it changes the colour as well; gain only how loud it is.
tempo(bpm=100)
kit = instrument("drums", room=.1)

# The same sixteen strokes, three times. What you hear as the beat is in the numbers.
snare = play(s("sd*16").velocity("[.15 .1 .25 .1] [.85 .1 .2 .3] [.1 .25 .1 .15] [.9 .1 .3 .2]"), on=kit)
hats  = play(s("hh*16").velocity("{.8 .25 .45}%16").gain(.7), on=kit)          # every third: it rolls
kick  = play(s("bd*8").velocity(".9 ~ .3 .7 ~ .5 .9 ~"),
             on=kit)               # ~ in the numbers: not struck at all

# One chord, swelling: each stroke has its number from a slow wave.
chords = play(note("[d4,f4,a4,e5]*8").velocity(sine.range(.15, .8).slow(2)).legato(.6), on=instrument("keys"))
bass = play(note("d2 ~ ~ d2 ~ [d2 c2] ~ a1").velocity(".9 .5 .7"), on=instrument("bass"))
# Try: velocity(".2!15 1") for the snare; sine.slow(3) for the chords.
