# A grammar of drum grooves: a back beat that leans a little, bar answering bar, and a fill at the end of eight.
# kit = rules("groove.py");  drums = play(composed(kit))

@rule(each="moment")
def a_fill_at_the_end(moment):
    place = moment.place
    if not place.last_bar or place.beat < 3:
        return True
    so_far = sum(1 for value in moment.bar.values("snare")[8:] if value)
    return so_far + place.left >= 4

@rule(of="snare")
def ghosts_are_soft_and_off_the_beat(note):
    if note.pitch == 0 or (note.place.last_bar and note.place.count >= 3):
        return True
    return note.pitch == (1 if note.place.count in (2, 4) else .35)

@rule(each="moment")
def the_kick_is_no_roll(moment):
    kicks = moment.bar.values("kick")
    return not (len(kicks) > 2 and kicks[-1] and kicks[-2] and kicks[-3])

@rule(weight=2, of="hat")
def hats_on_the_eighths(note):
    on_eighth = note.place.count * 2 % 1 == 0
    return (note.pitch > 0) == on_eighth

groove = ruleset(
    [part("kick", sound="bd", notes=[0, 1], onsets=16),
     part("snare", sound="sd", notes=[0, .35, 1], onsets=16),
     part("hat", sound="hh", notes=[0, .5, .8], onsets=16)],
    [rule.on("kick", 1),
     rule.on("snare", 2, 4),
     rule.apart("kick", "snare"),
     rule.density("kick", 2, 5),
     rule.density("snare", 2, 10),
     rule.density("hat", 6, 11),
     rule.syncopation("kick", 3),
     the_kick_is_no_roll, ghosts_are_soft_and_off_the_beat, a_fill_at_the_end,
     rule.same_bar("kick", 2, weight=4),
     hats_on_the_eighths,
     rule.answers("kick", 2, weight=3),
     rule.density("snare", 2, 4, weight=1)],
    recall=3, variety=1.2, width=2, name="groove",
)
