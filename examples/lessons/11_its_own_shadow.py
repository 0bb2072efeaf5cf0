# Its own shadow: off, one line and its copies; that is a canon.
# off(1/4, f) plays a copy a quarter of a cycle later, changed by f. Copies may have copies.
tempo(bpm=96)
flute = instrument("lead", wave="triangle", attack=.04, vibrato=.2, voices=4, delay=.1, room=.35)
bells = instrument("bells", material="bowl", gain=.7)

line  = n("<[0 ~ 2 4] [3@3 2] [4 5 7 ~] [6@2 4 2]>").scale("G4:major")
canon = play(line.velocity(.65).legato(.95).off(2, lambda p: p.scale_transpose(-4).velocity(.5).pan(.25))
             .off(4, lambda p: p.scale_transpose(4).velocity(.35).pan(.75)), on=flute)
spark = play(line.add(note(12)).ply(2).velocity(.3).off(3/16, mul(velocity(.6))).off(3/8, mul(velocity(.5))),
             on=bells)
floor = play(n("[0,4]/4").scale("G2:major").legato(1).velocity(.5), on=instrument("strings", players=30))
steps = play(s("sh(5,8), rs(3,16,4)?").velocity(.35))
# Try: 1 and 3 instead of 2 and 4; scale_transpose(2); rev for the second copy.
