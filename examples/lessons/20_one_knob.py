# One knob: knob, a single number that everything obeys.
# Turn it at the prompt: turn("energy", .9). ?cc_in says how a controller does it. Until then it is .45.
tempo(bpm=120)
reseed(6)
energy = knob("energy", 0, 1, default=.45)
kit    = instrument("drums", kit="machine", room=.08)

kick  = play(s("bd*4").velocity(energy.range(.45, .85)), on=kit)
hats  = play(s("hh*16").degrade_by(energy.range(.75, 0)).velocity(.4),
             on=kit)      # more energy, more of them
snare = play(s("~ sd ~ sd").velocity(energy.range(.2, .8)), on=kit)
bass  = play(note("g1 ~ g1 bb1 ~ g2 ~ f1").cutoff(energy.rangex(120, 2200)),
             on=instrument("bass", resonance=.4))
chords = play(chord("<Gm9 Eb^7>").voicing().struct("~ 1 ~ [1 ~]").velocity(energy.range(.3, .65)),
              on=instrument("keys"))
arp   = play(n("0 2 4 7 4 9 7 2 4 7 0 4 2 9 7 4").scale("G4:minor:pentatonic")
             .degrade_by(energy.range(1, .05)).velocity(.4), on=instrument("pluck", delay=.3))
# Try: turn("energy", 0), wait, turn("energy", 1).
