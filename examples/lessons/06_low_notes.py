# Low notes: legato and glide; a bass line is half notes and half silence.
# legato says how much of its step a note fills; where two overlap, this bass glides from one to the other.
tempo(bpm=118)
deep = instrument("bass", wave="square", cutoff=420, env=3, decay=.2, glide=.07, resonance=.4)

bass = play(note("<[e1 ~ e2 e1 ~ ~ g1 a1] [e1 ~ e2 d2 ~ b1 ~ d2]>").legato("<[.5 1 .3 1.3 1 1 .9 1.2]>"),
            on=deep)
drums = play(s("bd*4, ~ cp ~ cp, [~ hh]*4").gain(.75))
shake = play(s("sh*16").velocity("[.5 .2 .35 .2]*4").gain(.5))

# What sits above leaves the low end alone, and speaks where the bass is silent.
stab = play(note("~ [~ [e4,g4,b4]] ~ <~ [[d4,f#4,b4] ~]>").velocity(.6).legato(.4),
            on=instrument("keys", delay=.35))
# Try: legato(.2); legato(1.2); a silence more in the bass.
