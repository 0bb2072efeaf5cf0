# A minimalist process: eight notes that change by one a bar, and a second piano that has them a bar later.
# pianos = rules("process.py");  left = play(composed(pianos, "first"));  right = play(composed(pianos, "second"))

TONES = [62, 64, 66, 69, 71, 74]               # D major pentatonic

def changed(bar, before):
    return [new != old for new, old in zip(bar.values("first"), before.values("first"))]

@rule(each="moment")
def one_note_changes_in_a_bar(moment):
    before = moment.bar.before
    if moment.place.bar_of_phrase == 0 or before is None:
        return True                            # here another process begins
    changes = sum(changed(moment.bar, before))
    return changes <= 1 and (moment.place.left > 0 or changes == 1)

@rule(each="moment")
def never_the_same_place_twice(moment):
    bar, before, earlier = moment.bar, moment.bar.before, moment.bar.back(2)
    if moment.place.bar_of_phrase < 2 or before is None or earlier is None:
        return True
    places = zip(changed(bar, before), changed(before, earlier))
    return not any(now and then for now, then in places)

@rule(each="moment")
def the_second_piano_is_a_bar_behind(moment):
    bar, before = moment.bar, moment.bar.before
    if moment.place.bar_of_phrase == 0 or before is None:
        return moment["second"].pitch == moment["first"].pitch - 12
    return moment["second"].pitch == before.values("first")[len(bar.moments) - 1] - 12

@rule(of="first", weight=1)
def not_too_many_of_one(note):
    return note.moment.bar.values("first").count(note.pitch) <= 2

pianos = ruleset(
    [part("first", "d4", "d5", notes=TONES, onsets=8),
     part("second", "d3", "d4", notes=[tone - 12 for tone in TONES], onsets=8)],
    [rule.repeats(2, of="first"), one_note_changes_in_a_bar, never_the_same_place_twice,
     the_second_piano_is_a_bar_behind, not_too_many_of_one, rule.smooth(7, weight=.3, of="first")],
    phrase=16, recall=3, scale="D:major", width=2, name="process",
)
