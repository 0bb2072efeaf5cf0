# Slow waves: sine, tri, perlin; a number that moves is half an arrangement.
# sine, saw, tri, perlin have a value at every moment, 0 to 1. range stretches it, slow lengthens it.
tempo(bpm=122)
kit  = instrument("drums", kit="machine")
acid = instrument("bass", wave="saw", resonance=.6, env=2, decay=.15, drive=.4, gain=.8)

kick = play(s("bd*4"), on=kit)
clap = play(s("~ cp").gain(.7), on=kit)
hats = play(s("hh*16").gain(saw.range(.1, .5).fast(4)).pan(sine.slow(3)), on=kit)      # within each beat

# The same eight notes for ever: what changes is the light. The filter opens for 16 cycles, and closes for 16.
line = play(note("c2 c2 c3 c2 eb2 c2 bb1 c3").cutoff(tri.rangex(150, 3000).slow(32))
            .legato(tri.range(.3, 1).slow(12)), on=acid)
sky  = play(note("[c4,g4,d5]*2").velocity(sine.range(.05, .6).slow(8)).cutoff(sine.rangex(500, 9000).slow(5))
            .legato(1), on=instrument("pad"))
# Try: slow(4) instead of slow(32); perlin instead of tri; .param("cutoff", sine), which moves within a note.
