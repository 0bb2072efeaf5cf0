# Crooked mile: a perpetuum mobile in seven eights (2+2+3) over a breakbeat; cells of 14, 5 and 3 sixteenths
# walk in and out of step. The first piano goes to the MIDI port "Sempre" too, for a DAW; it need not listen.
beat = 60 / 126
tempo(bpm=126, beats_per_cycle=3.5)
reseed(7)

kit    = instrument("drums", drive=.4, room=.08) | fx.compressor(-24, 3, .3, 80) | fx.gain(5)
wood   = instrument("keys", tine=.6, brightness=.9, decay=.5, tremolo=0, delay=0) | fx.highshelf(1200, 8)
ground = instrument("bass", wave="square", cutoff=600, env=3, decay=.18, drive=.4)
choir  = instrument("pad", gain=1.3, attack=.8, release=1.5, cutoff=2600) | fx.chorus(mix=.4)
wire   = instrument("lead", wave="square", cutoff=2600, delay=0, room=.35) | fx.delay(beat * 3/4, .4, .3)

# The break: a bar of fourteen sixteenths. Each eighth bar stumbles; every so often a hit comes double.
drums  = play(s("bd ~ ~ bd sd ~ ~ sd:1?0.6 bd ~ bd ~ sd sd:1?0.7").velocity(rand.range(.5, .75))
              .last_of(8, ply("1 1 2 1 1 1 2")).rarely(ply(2)).mask("<0!2 1!18 0!6 1!14>"), on=kit)
hats   = play(s("{hh:2 hh hh:1}%14").velocity("{.75 .3 .5}%14").mul(velocity(rand.range(.7, 1)))
              .nudge(rand.range(0, .008)).mask("<1!20 0!4 1!16>"), on=kit)
clave  = play(s("rs(5,14,<0 0 0 3>)").velocity(.45).pan(.65).mask("<0!12 1!8 0!4 1!16>"), on=kit)
crash  = play(s("<cr ~!11 cr ~!13 cr ~!13>").velocity(.5).gain(.8), on=kit)

# Two pianos: the left keeps the bar, the right has only five notes and so comes round every five bars.
accent = velocity(".9 .4 .5 .4 .8 .4 .5 .4 .85 .4 .6 .4 .5 .4").mul(velocity(rand.range(.85, 1)))
cell   = n("0 4 2 4  0 4 3 4  0 4 2 5 4 2").every(4, rev).scale("E4:minor").legato(.9) | accent
left   = play(cell.pan(.3), on=wood)
right  = play(n("{7 4 6 9 8}%14").scale("E4:minor").velocity(sine.range(.3, .6).slow(5)).pan(.72)
              .degrade_by("<.8!4 .5!4 .1!32>").off(3/14, scale_transpose(-2)), on=wood)
score  = play(cell, on=midi(channel=1))

# What the same notes mean is up to the bass: E minor, C, A minor, G and B minor.
bass   = play(note("<e1!4 c2!4 a1!4 g1!2 b1!2>").struct("1 ~ ~ 1 ~ ~ 1 ~ 1 ~ ~ 1 ~ 1?").legato(.8)
              .sometimes_by(.15, transpose(12)).velocity(.8).mask("<0!4 1!16 0!4 1!16>"), on=ground)
chords = play(note("<[e3,b3,f#4,g4] [e3,g3,b3,d4] [g3,b3,c4,e4] [a3,b3,d4,f#4]>").slow(4).velocity(.5)
              .mask("<0!8 1!32>"), on=choir)
song   = play(n("<[2@6 3@4 4@4] 2 [1@6 0@8] [-1@4 0@10]>").slow(2).scale("E5:minor").velocity(.45)
              .mask("<0!16 1!4 0!8 1!12>"), on=wire)
