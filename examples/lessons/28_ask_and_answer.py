# Ask and answer: a system of two who listen to each other, for ever.
# One plays a phrase that nobody has written; the other repeats it a cycle later, turned upside down.
tempo(bpm=92)
reseed(31)


def thought(last, dice):
    """A note above or below the last; where it strays too far it turns home."""
    home = -1 if last > 5 else 1 if last < 2 else 0
    return last + (home * 2 or dice.weighted({1: 3, -1: 3, 2: 2, -3: 1, 4: 1}))


phrase = fold(thought, 4, per_cycle=8, name="thought")
rhythm = "<[1 0 1 1 0 1 0 0] - [1 1 0 1 0 0 1 0] - [1 0 0 1 0 1 1 0] - [0 1 1 0 1 0 0 0] ->"
asked  = phrase.struct(rhythm)
turned = asked.late(1).with_value(lambda degree: 8 - degree)       # what was up is down

one   = play(n(asked).scale("C4:dorian").velocity(rand.range(.5, .75)).legato(1.1).pan(.3),
             on=instrument("keys", tine=.7))
other = play(n(turned).scale("C4:dorian").velocity(.6).legato(1.3).pan(.7), on=instrument("pluck", decay=1.2))
# A third listens to both, and says only where they ended.
echo_ = play(n(stack(asked, turned)).scale("C5:dorian").mask("0 0 0 1").velocity(.35).late(1/4),
             on=instrument("bells"))
ground = play(note("<c2!2 f1!2 c2!2 bb1!2>").struct("1 ~ ~ 1 ~ ~ 1 ~").legato(.85),
              on=instrument("bass", cutoff=300))
drums = play(s("bd ~ ~ <~ bd>, ~ rs ~ rs, sh*8").velocity("[.6 .4]*4").swing_by(1/6, 4))
# Try: late(1/2); 6 - degree; a third voice that answers the answer.
