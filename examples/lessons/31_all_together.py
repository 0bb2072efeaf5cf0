# All together: rules for the bass, a model for the voices, chance for the rest, one room for all.
# The bass keeps what is declared, bar by bar. The voices have learnt hymns, and sing what suits it.
tempo(bpm=76)
reseed(31)
room   = bus("room") | fx.reverb(room_size=.7, wet_level=.25) | fx.highshelf(5000, -3)

# Rules: on 1 and 3 a tone of the chord, no wide leaps, no note twice, and not too few different ones.
@rule
def stands(note):
    return not note.place.strong or note.pitch in note.chord

ground = ruleset([part("ground", "e2", "d4", onsets=[1, 2, 3, 4])],
                 [stands, rule.leaps(7), rule.repeats(1), rule.measured("entropy", 2, 3, bars=2),
                  rule.recovered(5, weight=2)],
                 scale="A:minor", chords="Am | F | C | G | Am | Dm | Em | Am")
low    = composed(ground)
bass   = play(low.legato(.9).velocity("[.7 .5 .6 .5]"), on=instrument("bass", cutoff=500, duck=0) | room)

# A model: three voices above that bass. They keep a rule, too: none of them leaps by more than a fifth.
choir  = model().accompany(bass=low, key="A:minor", rules=[rule.leaps(7), rule.parallels()])
voices = play(choir.legato(1).velocity(perlin.range(.4, .65)),
              on=instrument("strings", attack=.15, release=.8) | room, seed=31)

# Chance: bells walk through the scale, the more of them the fewer notes the voices sang before.
# The two have one seed, so what is measured here is what they sing.
busy   = choir.measured("density", 2).div(16)
bells  = play(n(wander(7, 16, 2, per_cycle=8)).scale("A3:minor").degrade_by(busy.range(.1, .95))
              .velocity(rand.range(.3, .6)).pan(rand).legato(2),
              on=instrument("keys", tine=.9) | fx.delay(60/76 * 3/4, .35) | room, seed=31)
brush  = play(s("hh*8, ~ rs").degrade_by(.3).velocity(rand.range(.1, .3)).swing_by(1/4, 4),
              on=instrument("drums") | room)
# Try: rule.leaps(4) for the bass; heat=2 in accompany; chords="Am | Dm | G | C"; room_size=1.
