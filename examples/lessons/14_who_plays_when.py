# Who plays when: mask; a form is who is silent.
# It says for how many cycles a layer plays (1) or rests (0). Read the masks as the score of the piece.
tempo(bpm=126)
kit   = instrument("drums", kit="machine", room=.06)
stab  = instrument("keys", tine=.3, brightness=.7, delay=.3)

kick  = play(s("bd*4").mask("<0!2 1!6 0!2 1!6>"), on=kit)
clap  = play(s("~ cp").mask("<0!4 1!4 0!2 1!6>"), on=kit)
hats  = play(s("[~ oh]*4, hh*16").gain(.45).mask("<1!8 0!2 1!6>"), on=kit)
roll  = play(s("sd*16").velocity(saw.range(.05, .6).slow(2)).mask("<0!8 1!2 0!6>"), on=kit)
bass  = play(note("<f1 f1 ab1 eb1>").struct("~ 1 1 ~ 1 ~ 1 1").legato(.6).mask("<0!4 1!4 0!2 1!6>"),
             on=instrument("bass"))
chords = play(chord("<Fm7 Fm7 Ab^7 Eb7>").voicing().struct("1 ~ ~ 1 ~ ~ 1 ~").velocity(.55).legato(.5),
              on=stab)
voice = play(n("<[4 ~ 3 ~] [2 0 ~ ~] [4 5 ~ 7] [6@3 ~]>").scale("F4:minor").velocity(.6)
             .mask("<0!6 1!2 1!2 0!2 1!4>"), on=instrument("lead", cutoff=2600))
# Try: <1!16> for one after the other: what does the piece lose? At the prompt: loop(8, 12).
