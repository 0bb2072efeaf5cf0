# A song in letters: pick_restart; parts have names, and a line of names is the form.
# pick_restart chooses among patterns by name; each part begins anew where its name begins.
tempo(bpm=98)
form = mini("<a!4 b!4 a!4 c!4>")

chords = form.pick_restart({
    "a": chord("<Dm7 G7 C^7 A7b9>"),
    "b": chord("<F^7 Em7 Dm7 G7>"),
    "c": chord("<Bb^7 A7 Bb^7 A7b9>"),
})
tune = form.pick_restart({
    "a": n("<[2 1 0 ~] [~ 3 4 5] [4@3 2] ~>"),
    "b": n("<[7 6 7 4] [6 5 4 ~] [5 4 5 2] [4@3 ~]>"),
    "c": n("<[6 ~ 6 7] [8@2 7 6] [6 ~ 6 9] [8@3 ~]>"),
}).scale("D4:dorian")
beats = form.pick_restart({
    "a": s("bd ~ [~ bd] ~, ~ sd, hh*8"),
    "b": s("bd*2, ~ sd, rd*4"),
    "c": s("[bd ~ ~ bd]*2, hh*16"),
})

keys  = play(chords.voicing().struct("~ 1 ~ 1").legato(.6).velocity(.5), on=instrument("keys"))
bass  = play(chords.root_notes(2).struct("1 ~ ~ 1 ~ 1 ~ 1").legato(.8), on=instrument("bass", cutoff=350))
voice = play(tune.velocity(.65).legato(.95), on=instrument("lead", wave="triangle", vibrato=.3))
drums = play(beats.velocity(.6).swing_by(1/6, 4), on=instrument("drums", room=.12))
# Try: "<a!4 c!4>" for the form; a fourth letter.
