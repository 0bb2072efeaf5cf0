# Four chords: chord and voicing; names are enough, the notes find themselves.
# voicing() lays all of them around one place, so that the voices move little; that is what makes them sing.
tempo(bpm=88)
song = chord("<Fm9 Bbm7 Db^7 [C7sus C7b9]>")

pad   = play(song.voicing().legato(1).velocity(.5), on=instrument("strings", attack=.3, brightness=.6))
keys  = play(song.voicing().struct("<[1 ~ ~ 1 ~ ~ 1 ~] [~ 1 ~ 1 ~ ~ 1 ~]>").legato(.8).velocity(.6),
             on=instrument("keys", tine=.5) | fx.chorus(mix=.25))
bass  = play(song.root_notes(1).struct("1 ~ ~ 1 ~ ~ 1 1").legato(.8), on=instrument("bass", sub=.3))

# The highest notes of the same chords, one after the other: harmony and tune are one thing.
tune  = play(song.anchor("c6").voicing().arp("<[3 ~ 2 3] [~ 3 1 ~] [2 3 ~ 1] [3 2 1 0]>")
             .velocity(.5).legato(1.2), on=instrument("bells", decay=.7, gain=.7))
drums = play(s("bd ~ ~ bd ~ ~ bd ~, ~ rs ~ rs, hh*8").velocity(.5))
# Try: anchor("c4") before voicing() in the pad; "<Fm9 Db^7 Ab^7 Eb6>" for the song.
