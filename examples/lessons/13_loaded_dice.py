# Loaded dice: chance and its seed; the same dice fall the same each time.
# The dice are made of the time, the layer's name and the seed: what you liked comes again, in a render too.
tempo(bpm=110)
reseed(4)                    # another number is another piece
glass = instrument("bells", brightness=.4, decay=.8, delay=.3)

notes = wchoose((0, 4), (2, 3), (4, 3), (5, 1), (7, 2), (9, 1))      # zero four times as often as five
bells = play(n(notes.segment(8)).scale("E5:minor:pentatonic").degrade_by(.4)
             .velocity(rand.range(.3, .75)).pan(rand), on=glass)
drums = play(s("bd ~ <bd ~> ~, ~ ~ sd ~, hh*8?0.3").velocity(rand.range(.55, .8)))   # ? drops half, ?0.3 less
fills = play(choose_cycles(s("~"), s("~"), s("~ ~ ~ [rs rs*2]"), s("~ [~ cb] ~ ~")).gain(.5))
bass  = play(note(choose("e1", "e1", "g1", "a1", "b1").segment(4)).degrade_by(.25).legato(.8),
             on=instrument("bass"))
haze  = play(note("<[e3,b3,g4] [c3,g3,e4]>/2").velocity(.4).legato(1), on=instrument("pad"))
# Try: reseed(5), reseed(6), until you stay. Then degrade_by(.8) for the bells.
