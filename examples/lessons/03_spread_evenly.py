# Spread evenly: (3,8), three hits on eight steps, as evenly as they will go.
# Much of the world's dance music is such a pair of numbers. A third one turns it: (5,8,2) is two steps later.
tempo(bpm=112)
kit  = instrument("drums", room=.15)
wood = instrument("bells", material="bar", brightness=.6, decay=.5, gain=.8)

low   = play(s("bd(3,8), lt(2,8,6)").velocity(.7), on=kit)
bell  = play(s("cb(5,16,<0 2>)").gain(.35).pan(.35), on=kit)
conga = play(s("cg(5,8,2), cg:1(3,16,5)").velocity(.6).pan(.6), on=kit)
shake = play(s("sh*16").velocity("[.6 .3 .45 .3]*4").gain(.6), on=kit)
bass  = play(note("<a1 a1 d2 e2>(3,8)").legato(.7), on=instrument("bass", cutoff=400))

# Melodies, too: seven notes on sixteen steps, and the number of hits may take turns.
tune  = play(note("<[a4,c5] [g4,b4] [f4,a4] [g4,b4]>(<7 5 7 9>,16)").velocity(.55), on=wood)
# Try: (5,8) for the low drums, (7,16,3) for the bell.
