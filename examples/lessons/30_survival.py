# Survival: evolve, phrases that breed, and you say which of them live.
# What is good a function of a phrase says. The best of twenty-four is heard, every other bar a better one.
tempo(bpm=108)


def steps(phrase):
    """Neighbours are near one another, but not the same."""
    return sum(1 <= abs(a - b) <= 2 for a, b in zip(phrase, phrase[1:]))


def at_home(phrase):
    """It begins and ends on the tonic."""
    return (phrase[0] == 0) + (phrase[-1] == 0)


def an_arch(phrase):
    """Its highest note stands in the middle."""
    return phrase.index(max(phrase)) in (3, 4)


lead  = play(n(evolve([steps, (at_home, 2), (an_arch, 3)], range(8), population=24, generations="<1 0>",
               start=[7, 0, 6, 1, 7, 0, 6, 1], name="lead")).scale("G4:dorian").legato(.8),
             on=instrument("keys"))
bass  = play(n(gibbs(range(5), 4, name="bass", alone=[{0: 5, 3: 1}, {0: 1, 2: 1, 4: 1}],
               pair=lambda a, b: abs(a - b) < 3)).scale("G2:dorian").legato(.6), on=instrument("bass"))
drums = play(s(gibbs(["bd", "hh", "sd", "~"], 8, heat=.7, name="drums",
               alone=[{"bd": 5, "hh": 1}, {"hh": 3, "~": 1}, {"sd": 6, "hh": 1}, {"hh": 3, "bd": 1}])))
rain  = play(note("g6 d6 a6").struct(hawkes(1, calls=.6, within=1/12)).velocity(.25).pan(rand),
             on=instrument("pluck", delay=.3))
# Try: leave an_arch out, save, and listen to it die; mutation=.4; heat=.2 for the drums.
