# It grows: lindenmayer; three rules and a letter, and in a few generations there is a melody.
# a becomes abc, b becomes ca, c becomes b, again and again: as in a plant, the whole looks like its parts.
tempo(bpm=84)
plant = lindenmayer(5, "a:abc,b:ca,c:b", "a").slow(8)       # 48 letters in eight cycles
cells = {"a": n("0 4"), "b": n(2), "c": n("5 3")}           # what a letter sounds like

stem  = play(plant.pick_squeeze(cells).scale("F4:lydian").velocity("{.7 .5 .6}%6").legato(1.5),
             on=instrument("pluck", decay=2, room=.35))
leaf  = play(plant.late(1/12).pick_squeeze(cells).scale("F5:lydian").scale_transpose("<0 2 4 1>")
             .velocity(.3).pan(.7), on=instrument("bells", gain=.8))
root  = play(plant.slow(4).pick_out({"a": n(0), "b": n(3), "c": n(4)}).scale("F2:lydian")
             .velocity(.5).legato(1), on=instrument("strings", players=30))
# The same letters as drums: what is a melody there is a rhythm here.
drum  = play(plant.pick_out({"a": s("rs"), "b": s("lt"), "c": s("sh")}).velocity(.4))
pulse = play(s("bd ~ ~ ~ bd ~ ~ ~").velocity(.5))
# Try: "a:ab,b:a" (Fibonacci's rabbits); fewer generations; other cells.
