# Four on the floor: steps share a cycle; a kick on every beat, and what fits around it.
# A cycle is four beats. The steps between the quotes share it evenly: four steps are four beats.
tempo(bpm=124)

kick  = play(s("bd bd bd bd"))           # the same, shorter: "bd*4"
claps = play(s("~ cp ~ cp"))             # ~ is a rest
open_ = play(s("[~ oh]*4").gain(.6))     # [] puts two steps into the place of one: off the beat
hats  = play(s("hh*16").gain(.35))       # * repeats: four to a beat
bass  = play(note("[~ a1]*3 [~ c2]"), on=instrument("bass"))  # notes are steps as well

# Try: "bd*4" for the kick; "~ cp ~ [cp cp]"; "[~ a1]*3 [e2 c2]". Save after each.
