# In the manner of: markov, a tune that goes on for ever because it has learnt itself.
# It asks what came after the last few notes. One note back it wanders, three back it quotes.
tempo(bpm=100)
tune = "0 2 4 [5 4] 2 4 7 ~ 9 7 5 4 2 [4 2] 0 ~"

song   = play(n(markov(tune, order="<3 3 1 2>", name="song")).scale("F5:lydian")
              .velocity(tendency(.35, sine.range(.5, .8).slow(8))).legato(.9), on=instrument("keys"))
answer = play(n(markov(tune, order=2, per_cycle="<~ x(3,8)>", name="answer")).scale("F6:lydian")
              .velocity(.35).pan(.7), on=instrument("pluck", delay=.3))
low    = play(n(markov({0: {3: 2, 4: 1}, 3: {4: 2, 1: 1}, 4: {0: 3, 5: 1}, 5: {3: 1}, 1: {4: 1}},
                       per_cycle=1, name="low")).scale("F2:lydian").legato(1), on=instrument("bass"))
kit    = play(s(markov("bd hh rs hh bd bd rs hh", "bd hh rs rs", order=3, heat="<1 1 1 4>"))
              .velocity("[.6 .35 .5 .35]*2"))
dust   = play(s("hh").struct(poisson(sine.range(1, 7).slow(8), apart=1/16)).velocity(.2).pan(rand))
# Try: order="1" and order="6"; escape=.5; another tune, while it plays: it goes on from its last notes.
