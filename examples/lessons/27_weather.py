# Weather: a system; nobody conducts, but all of them feel the same wind.
# One slow, wandering number is in everything: how many drops fall, how bright it is, how hard, how far away.
tempo(bpm=66)
reseed(21)
wind  = perlin.slow(5)                       # 0 is a calm, 1 a storm; five cycles from one mood to the next
calm  = wind.range(1, 0)

drops = play(n(irand(10).segment(16)).scale("D5:minor:pentatonic").degrade_by(calm.range(.45, .97))
             .velocity(wind.range(.15, .8)).pan(rand).legato(2),
             on=instrument("bells", brightness=.35, delay=.4))
air   = play(note("<[d3,a3] [c3,g3] [bb2,f3] [d3,a3]>").legato(1).velocity(wind.range(.15, .85))
             .cutoff(wind.rangex(500, 6000)), on=instrument("pad", attack=1.2, release=3, motion=.8))
gusts = play(note("<a5 e5 d6 c5>").velocity(wind.range(.05, .5)).legato(.9).pan(perlin),
             on=instrument("noise", width=1.5, attack=.8, release=1.5, room=.5))
birds = play(n("{7 ~ 9 ~ ~ 11 [9 10] ~ ~}%8").scale("D5:minor:pentatonic").degrade_by(wind.range(.35, 1))
             .velocity(calm.range(.2, .5)),
             on=instrument("pluck", brightness=.8, decay=.5, room=.5, delay=.35))
thunder = play(s("lt(3,16), bd?0.6").mask(wind.gt(.55)).velocity(wind.range(.1, .7)).speed(.7).room(.5))
earth = play(note("<d2 d2 bb1 d2>").velocity(.5).legato(1),
             on=instrument("bass", cutoff=160, release=1, env=1, gain=.6))
# Try: wind = knob("wind", 0, 1, default=.3), and turn it at the prompt; slow(2) for a restless day.
