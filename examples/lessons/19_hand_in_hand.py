# Hand in hand: mask and inv, one melody divided among two who never play at once.
# mask keeps what falls on 1, and inv turns 1 into 0: what one leaves out the other has.
tempo(bpm=138)
reseed(8)
wood  = instrument("bells", material="bar", brightness=.7, decay=.5)
metal = instrument("bells", material="bell", brightness=.3, decay=.4, gain=.7)

line  = n("0 4 2 5 7 4 2 6 0 5 2 4 9 7 6 4").scale("A4:minor:pentatonic").velocity("[.7 .45]*8")
who   = mini("<[1 0 0 1 0 1 1 0] [1 1 0 1 0 0 1 0] [0 1 1 0 1 0 0 1]>").fast(2)
first = play(line.mask(who).pan(.25), on=wood)
other = play(line.mask(who.inv()).pan(.75), on=metal)

# Drums can do the same: bass drum and tom share one row of eighths.
row   = mini("1 0 0 1 0 0 1 0")
low   = play(s("bd*8").mask(row).velocity(.7))
high  = play(s("lt*8").mask(row.inv()).velocity("[.3 .5]*4"))
ground = play(note("<a1 a1 f1 g1>").struct(row).legato(.6), on=instrument("bass"))
# Try: solo("first") at the prompt, then solo("other"), then unsolo().
