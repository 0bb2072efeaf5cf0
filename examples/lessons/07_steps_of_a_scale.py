# Steps of a scale: n and scale, numbers instead of notes, and no wrong ones.
# n counts degrees from 0, scale says of what. Change the scale, and all that counts in it moves along.
tempo(bpm=104)
place = "<D:dorian!4 F:lydian!2 G:mixolydian!2>"     # a text of scales is a pattern like any other
harp  = instrument("pluck", decay=1.4, brightness=.6, room=.3)

line = play(n("0 2 4 7 6 4 2 [4 3]").scale(place).add(note(12)).velocity(.7), on=harp)
high = play(n("<7 [9 8] [11 ~ 9] ~>").scale(place).add(note(24)).velocity(.5).legato(1), on=harp)
drone = play(n("[0,4]").scale(place).velocity(.45).legato(1.05), on=instrument("strings", attack=.4))
bass = play(n("0 ~ ~ 0 ~ 4 ~ -3").scale(place).sub(note(12)).legato(.8), on=instrument("bass", cutoff=350))
beat = play(s("bd ~ [~ bd] ~, ~ rs ~ rs, sh*8").velocity(.5))
# Try: "C:minor:pentatonic" or "E:phrygian" for the place; other numbers for the line.
