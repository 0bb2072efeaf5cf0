# Three against four: [a b, c d e] and {a b c}%8, two ways of being different at once.
# [a b c, d e f g] divides a cycle twice; {a b c}%8 takes three steps at the pace of eight, and goes round.
tempo(bpm=90)
kit  = instrument("drums", room=.15)
wood = instrument("bells", material="bar", decay=.6, gain=.9)
harp = instrument("pluck", position=.3, decay=1.2)

cross = play(s("[lt lt lt, rs rs rs rs]").velocity(.6), on=kit)             # both meet at the cycle's begin
pulse = play(s("bd ~ ~ ~, sh*12").velocity(.45), on=kit)
three = play(note("a3 e4 c5").velocity(.55).pan(.3), on=harp)
four  = play(note("d4 g4 b4 f#4").velocity(.45).pan(.7), on=harp)
# Five and seven notes at the pace of eight: they meet again after 35 cycles.
five  = play(note("{a4 c5 e5 g5 d5}%8").velocity(.4).pan(.4), on=wood)
seven = play(note("{e4 ~ a4 b4 ~ g4 ~}%8").velocity(.35).pan(.6), on=wood)
bass  = play(note("<a1 a1 d1 e1>").legato(1), on=instrument("bass", cutoff=280, release=.3, gain=.6))
# Try: "[lt*3, rs*5]"; another number for %8 in one of the two.
