# Behind the kick: bus and fx.duck; sounds share effects, and make room for one another.
# A bus is a place where several instruments meet; fx.duck turns it down wherever the drums are heard.
tempo(bpm=124)
space = bus("space", gain=.9) | fx.duck(by="kick", amount=.85, release_ms=260) | fx.highshelf(5000, 2)
glue  = bus("glue") | fx.compressor(-20, 3, 8, 120)

kick  = play(s("bd*4").velocity(.8), on=instrument("drums", kit="machine") | glue)
clap  = play(s("~ cp, [~ oh]*4, sh*16").gain(.5), on=instrument("drums", room=.15) | glue)
bass  = play(note("<c2 c2 ab1 bb1>*4").legato(.9).velocity(.7),
             on=instrument("bass", duck=.6, cutoff=500) | glue)

# These breathe: hear how each kick opens a hole in them, and how they come back.
pad   = play(chord("<Cm9 Cm9 Ab^7 Bb6>").voicing().legato(1).velocity(.7),
             on=instrument("pad", duck=0, cutoff=6000) | space)
arp   = play(chord("<Cm9 Cm9 Ab^7 Bb6>").anchor("c6").voicing().arp("0 2 1 3 2 1 3 0").fast(2).velocity(.5),
             on=instrument("lead", duck=0, cutoff=3000, delay=.4) | space)
# Try: amount=0; release_ms=600; a fx.delay(60/124 * 3/4, .5) in the bus.
