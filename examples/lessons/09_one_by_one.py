# One by one: arp; a chord that is taken apart becomes a river.
# arp takes the notes of a chord by number, from below; numbers beyond the last go on an octave higher.
tempo(bpm=132)
song  = chord("<Am9 Am9 F^7 F^7 C^7 C^7 Em7 E7>").anchor("a4").voicing()
pluck = instrument("pluck", brightness=.7, stiffness=.4, delay=.3)

river = play(song.arp("0 1 2 3 4 3 2 1 0 2 1 3 2 4 3 5").legato(2).velocity(perlin.range(.4, .8)), on=pluck)
spray = play(song.add(note(12)).arp("<[0 ~ 2 ~ 1 ~ 3 ~] [~ 3 ~ 1 ~ 2 ~ 0]>").velocity(.35).pan(.7), on=pluck)
hold  = play(song.legato(1).velocity(.4), on=instrument("pad", attack=.8, cutoff=2400))
low   = play(chord("<Am9 Am9 F^7 F^7 C^7 C^7 Em7 E7>").root_notes(1).legato(1),
             on=instrument("bass", cutoff=260, env=1))
pulse = play(s("bd*4, [~ hh]*4").velocity(.5))
# Try: arp("0 4 1 3 2"); arp("[0,2] [1,3] [2,4] 5"); arp("0 .. 7").
