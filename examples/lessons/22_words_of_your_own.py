# Words of your own: functions; what you do often gets a name.
# A piece is Python: a function that takes a pattern and gives another one is as good as every, rev or off.
tempo(bpm=102)
reseed(9)


def human(p):
    """As a hand plays it: no stroke like the other, none quite in time."""
    return p.mul(velocity(rand.range(.7, 1))).nudge(rand.range(0, .012))


def answered(p, later=1/2, by=-2):
    """A question, and its answer on the other side."""
    return p.pan(.3).off(later, lambda copy: copy.scale_transpose(by).pan(.7).mul(velocity(.7)))


nylon = instrument("pluck", stiffness=.1, brightness=.45, decay=1.3, room=.3)
drums = play(human(s("bd ~ [~ bd] ~, ~ rs ~ [rs ~], sh*8").velocity(.6)))
tune  = play(human(answered(n("<[0 2 ~ 4] [~ 5 4 2] [0 2 ~ 7] [6@2 4 ~]>").scale("C4:dorian").velocity(.75))),
             on=nylon)
bass  = play(human(note("<c2 c2 f2 g1>").struct("1 ~ ~ 1 ~ 1 ~ ~").velocity(.8)).legato(.8),
             on=instrument("bass"))
# Loops make layers, too; each has its name.
for number, degree in enumerate([0, 4, 7]):
    play(n(degree).scale("C5:dorian").struct(f"1({number + 2},16,{number * 3})")
         .velocity(.35).pan(number / 2), on=instrument("bells", decay=.5), name=f"drop {number + 1}")
# Try: answered(..., later=3/4, by=2); human around the drops.
