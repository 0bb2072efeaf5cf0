# One step further: fold; each note comes from the last one.
# fold gives each value from the one before: here a walk by small steps that turns round at its bounds.
tempo(bpm=100)
reseed(12)


def step(last, dice):
    """A step or two up or down; now and then it stays; never beyond the keyboard's middle."""
    return max(-3, min(10, last + dice.weighted({1: 4, -1: 4, 2: 2, -2: 2, 0: 1})))


walk  = fold(step, 0, per_cycle=8, name="walk")
scale_ = "<E:minor!6 G:major!2>"
lead  = play(n(walk).scale(scale_).add(note(12)).degrade_by(.2).velocity(rand.range(.45, .75)).legato(1.2),
             on=instrument("pluck", decay=1.2, delay=.25))
# The same walk, slower and lower, is the bass; half as often again, the chords.
below = fold(step, 0, per_cycle=1, name="below")
bass  = play(n(below).scale(scale_).sub(note(24)).struct("1 ~ ~ 1 ~ 1 ~ ~").legato(.8),
             on=instrument("bass", cutoff=320))
pad   = play(n(below).add(n("[0,2,4,6]")).scale(scale_).legato(1).velocity(.4), on=instrument("strings"))
drums = play(s("bd ~ ~ <~ bd> ~ bd ~ ~, ~ ~ rs ~, sh*8").velocity(.5))
# Try: change a number in step and save: the walk goes on from where it is. Then reseed(13).
