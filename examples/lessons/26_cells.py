# Cells: a cellular automaton, sixteen lights in a ring that look at their neighbours.
# The lit ones sound. A light will be on if its left neighbour is, or else itself or its right one: not both.
tempo(bpm=112)
start = (0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0)


def step(state):
    """Sixteen steps a cycle read the row; behind the last one the next row begins."""
    row, place = state
    if place < 15:
        return row, place + 1
    return tuple(row[i - 1] ^ (row[i] | row[(i + 1) % 16]) for i in range(16)), 0


lights = fold(step, (start, 0), per_cycle=16, name="cells", show=lambda state: state[0][state[1]])
dark   = lights.inv()
turned = lights.rev()            # the ring, read the other way round

hats  = play(s("hh*16").mask(lights).velocity("[.6 .3 .4 .3]*4"))
wood  = play(s("rs*16").mask(turned).mask("[1 0]*8").velocity(.4).pan(.3))
kick  = play(s("bd*8").mask(dark).mask("1 0 1 1 0 1 1 0").velocity(.7))
bells = play(n("{0 2 4 7 5 9 4}%16").scale("D4:minor:pentatonic").mask(lights)
             .mask("<[1 0]*8 [0 1]*8>").velocity(.5), on=instrument("pluck", delay=.25))
bass  = play(note("d2*8").add(note("<0 0 -4 3>")).mask(lights).legato(.7), on=instrument("bass"))
pad   = play(note("<[d3,a3,f4] [d3,a3,f4] [bb2,f3,d4] [f3,c4,a4]>").legato(1).velocity(.4),
             on=instrument("pad"))
# Try: more lights in start; ^ (row[i] & ...) instead of |; another name than "cells" to begin anew.
