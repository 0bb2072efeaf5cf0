# NAME: a first piece. Change a number, save, and hear it from the next cycle on.
from kit import air, bell, deep, keys, kit

tempo(bpm=104)
reseed(1)  # another number: other choices of chance, the same each time

# Drums: what stands between the quotes shares a cycle, four beats. ~ rests, * repeats, <> takes turns.
drums = play(s("bd ~ ~ bd, ~ sd, ~ ~ ~ <~ cp>").velocity(.75), on=kit)
hats  = play(s("hh*8").velocity("[.7 .4]*4").swing_by(1/6, 4).degrade_by(.15), on=kit)

# Harmony: four chords, one a cycle; the bass plays their roots.
chords = chord("<Cm9 Ab^7 Eb^7 Bb7>")
stabs  = play(chords.voicing().struct("~ 1 ~ [1 ~]").velocity(.55), on=keys)
haze   = play(chords.voicing().velocity(sine.range(.3, .6).slow(8)).legato(1), on=air)
bass   = play(chords.root_notes(2).struct("1 ~ ~ 1 ~ 1 ~ ~").legato(.9), on=deep)

# A tune in degrees of a scale. Every fourth cycle it runs backwards; a softer copy follows a beat and a half later.
tune = play(n("<[0 2 4 ~] [5 4 ~ 2] [4 ~ 6 7] ~>").scale("C5:minor").every(4, rev)
            .velocity(.6).off(3/8, mul(velocity(.5))), on=bell)
