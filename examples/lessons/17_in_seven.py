# In seven: beats_per_cycle, a limping bar that walks straight on.
# A cycle is as long as you say: 2+2+3 eighths are three and a half beats, and fourteen sixteenths fill it.
tempo(bpm=116, beats_per_cycle=3.5)
kit   = instrument("drums", room=.12)
reeds = instrument("lead", wave="square", cutoff=1800, env=1.5, vibrato=.15, room=.3)

# The groups are written as they are counted: long steps with @.
beat  = play(s("bd@2 rs@2 bd@3").velocity(.75), on=kit)
clap  = play(s("~@4 cp@2 <~ cp>").velocity(.5), on=kit)
shake = play(s("sh*14").velocity("[.6 .25]*7").gain(.8), on=kit)
bass  = play(note("<[e1@2 b1@2 e2@3] [e1@2 b1@2 d2@2 c2]>").legato(.7), on=instrument("bass"))
tune  = play(n("<[0 1 2 ~ 4 3 2] [4 ~ 5 4 2@3] [0 1 2 ~ 4 5 7] [6 5 4 2 1@3]>").scale("E4:phrygian:dominant")
             .velocity(.6).legato(.85), on=reeds)
chords = play(note("<[e3,b3,g#4]!2 [f3,c4,a4] [e3,b3,g#4]>").struct("1@2 1@2 1@3").legato(.4).velocity(.4),
              on=instrument("pluck", stiffness=.5))
# Try: 3+2+2: "bd@3 rs@2 bd@2", and the same everywhere; beats_per_cycle=4.5 with a group of three more.
