# Turns and brackets: < >, [ ], ! and @, short texts that take a long time to repeat.
# <> plays one of its steps a cycle, [] divides a step, a comma plays at once, ! repeats, @ holds longer.
tempo(bpm=92)
kit  = instrument("drums", room=.12)
keys = instrument("keys", tine=.6, delay=.25)

drums = play(s("bd [~ bd] ~ <~ bd [~ bd]>, ~ sd ~ <sd!3 [sd sd]>, hh*8").gain(.8), on=kit)
bass  = play(note("<[d2@3 a1] [d2@3 f2] [g1@3 a1]>"), on=instrument("bass", sub=.3))

# Three turns against four: it takes twelve cycles until they meet as they met at first.
tune = play(note("<[d4 f4 a4 c5] [e5 d5 a4 ~] [f4 ~ g4 a4]>"), on=keys)
top  = play(note("<~ [a5 g5]> <d5 e5 f5 c5>").velocity(.45), on=keys)
# Try: another note in the last <>; then a fifth one.
