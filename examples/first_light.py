# First light: melodic house, a sunrise in 32 bars. Change a number, save, and hear it from the next bar on.
tempo(bpm=112)
reseed(5)

kit   = instrument("drums", room=.07)
deep  = instrument("bass", cutoff=700, env=3.6, drive=.5, glide=.05)
keys  = instrument("keys", tine=.7, brightness=.8, delay=.28) | fx.chorus(mix=.3) | fx.highshelf(1800, 7)
sky   = instrument("pad", release=1.2) | fx.phaser(rate_hz=.12, mix=.3)
pluck = instrument("lead", cutoff=1900, env=2.6, release=.2, delay=.4, gain=.65)

# Drums. mask says for how many bars a layer rests (0) or plays (1): the form of the piece is in the masks.
kick  = play(s("bd:3*4").velocity(.55).mask("<1!15 0!5 1!12>"), on=kit)
claps = play(s("[~ cp]*2").velocity(.6).nudge(.008).mask("<0!4 1!12 0!4 1!12>"), on=kit)
hats  = play(s("hh:2*16").velocity("[.5 .3 .75 .35]*4").mul(velocity(rand.range(.7, 1))).degrade_by(.12)
             .swing_by(1/6, 8).pan(sine.range(.35, .65).slow(4)).mask("<1!16 0!3 1!13>"), on=kit)
lift  = play(s("[~ oh]*4").velocity(.7).mask("<0!8 1!7 0!5 1!12>"), on=kit)
perc  = play(s("cg:1(5,16,2), sh(9,16)?0.2").velocity(rand.range(.3, .7)).jux_by(.6, rev)
             .mask("<0!2 1!14 0!4 1!12>"), on=kit)
roll  = play(s("sd*<8 16>").velocity(saw.range(.05, .5)).mask("<0!18 1!2 0!12>"), on=kit)

# Harmony. Each chord lies over another root: D minor 7 over B flat is heard as a B flat ninth.
bass  = play(note("<bb1 c2 d2 f1>").struct("1 ~ ~ 1 ~ ~ 1 ~ ~ 1 ~ 1 ~ ~ 1 ~").legato(.85)
             .every(4, add("0 0 0 12")).mask("<0!2 1!14 0!4 1!12>"), on=deep)
over  = chord("<Dm7 Am7 F^7 Am7>").anchor("e4").dictionary("close").voicing()
stabs = play(over.struct("<[~ 1 ~ 1 ~ 1 1 ~]!3 [~ 1 1 ~ 1 ~ 1 1]>").legato(.6).velocity(rand.range(.5, .75))
             .mask("<1!16 0!4 1!12>"), on=keys)
haze  = play(over.add(note(12)).legato(1.05).velocity(.6)
             .cutoff(knob("sun", 500, 9000, default=4000)), on=sky)  # at the prompt: turn("sun", .8)

# The tune, in steps of F major pentatonic: four bars call, four bars answer.
tune  = n("<[2@3 3@3 4@10] [3@3 2@3 1@10] [2@3 3@3 5@4 4@6] [3@6 2@10]"
          " [2@3 3@3 4@4 5@6] [6@6 3@4 4@6] [5@3 4@3 3@4 2@6] [1@6 2@10]>").scale("F4:major:pentatonic")
voice = play(tune.velocity(.8).when("<0!16 1!4 0!4 1!8>", off(3/16, transpose(12)))
             .mask("<1!8 0!4 1!20>"), on=keys)
spark = play(over.arp("0 2 1 3 2 1 3 2").fast(2).add(note(24)).velocity(perlin.range(.35, .75))
             .off(1/8, mul(velocity(.5))).mask("<0!8 1!24>"), on=pluck)
