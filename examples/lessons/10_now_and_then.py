# Now and then: every, last_of and sometimes_by; something happens, and then it is as it was.
# every(4, f) changes the first of each four cycles, last_of the last, sometimes_by a share of the events.
tempo(bpm=120)
reseed(11)
kit = instrument("drums", kit="machine", room=.08)

drums = play(s("bd ~ ~ bd, ~ sd ~ sd").last_of(4, lambda p: p.stack(s("~ ~ ~ [lt mt]"))).last_of(8, fast(2)),
             on=kit)
hats  = play(s("hh*8").gain(.6).sometimes_by(.2, ply(2)).every(3, rev), on=kit)
bass  = play(note("a1 a1 ~ a2 ~ g1 a1 ~").every(4, transpose(3)).last_of(8, rev), on=instrument("bass"))
riff  = play(n("0 3 ~ 4 7 ~ 4 3").scale("A3:minor:pentatonic").some_cycles_by(.3, scale_transpose(2))
             .every(2, add(note("0 0 0 12"))).velocity(.65),
             on=instrument("lead", wave="square", cutoff=1600, env=2))
# Try: every(2, fast(2)) on the riff; last_of(4, ...) where every(4, ...) stands.
