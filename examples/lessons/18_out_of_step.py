# Out of step: fast(49/48); two players, one line, and one of them is a little faster.
# 49 times in 48 cycles: after four cycles the second is one note ahead, after 48 they meet again.
tempo(bpm=72)
left_  = instrument("keys", tine=.5, brightness=.75, decay=.6, tremolo=0, delay=0, pan=.25, gain=1.6)
right_ = instrument("keys", tine=.5, brightness=.75, decay=.6, tremolo=0, delay=0, pan=.75, gain=1.6)

cell  = note("e4 g4 b4 d5 a4 f#5 b4 g4 d5 a4 e5 b4").velocity("{.75 .5 .6}%12")
one   = play(cell, on=left_)
two   = play(cell.fast(49/48), on=right_)

# A third player picks out tunes that arise between the two; the ground tells what they mean.
three = play(note("<~ ~ [b5@2 d6] ~ ~ [a5 ~ f#5] ~ e5>").velocity(.4).legato(1.5),
             on=instrument("bells", gain=.7))
floor = play(note("<[e2,b2] [e2,b2] [c2,g2] [a1,e2]>/2").velocity(.4).legato(1), on=instrument("strings"))
# Try: fast(25/24); another cell of eight notes; one player more with fast(47/48).
