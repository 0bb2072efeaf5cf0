# A walking bass over changes, one note a beat. Write your own changes: a bar between the lines, its chords in it.
# walk = rules("walking.py");  bass = play(composed(walk), on=instrument("bass"))

CHANGES = "Dm7 | G7 | C^7 | A7 | Dm7 | G7 | Em7 A7 | Dm7 G7"

def begins(note):
    before = note.before
    return before is None or before.place.chord is not note.place.chord or note.place.beat == 1

@rule
def roots_where_a_chord_begins(note):
    before = note.before
    if not begins(note):
        return True
    if before is not None and before.place.chord is not None and before.place.chord.name == note.chord.name:
        return note.pitch % 12 in (note.chord.root, note.chord.fifth)
    return note.pitch % 12 == note.chord.root

@rule
def chord_tones_on_strong_beats(note):
    return not note.place.strong or note.pitch in note.chord

@rule
def roots_are_approached(note):
    before = note.before
    if before is None or not begins(note):
        return True
    return abs(note.leap) in (1, 2, 5, 7)

@rule
def other_tones_are_passed_by_step(note):
    before = note.before
    if before is None or before.pitch in before.chord:
        return True
    return 0 < abs(note.leap) <= 2

@rule(weight=1)
def tones_of_the_scale(note):
    return note.pitch in note.chord or note.pitch % 12 in note.place.scale

@rule(weight=.6)
def it_goes_on_in_its_direction(note):
    return note.before is None or not note.before.leap or note.leap * note.before.leap > 0

walk = ruleset(
    [part("bass", "e1", "g2", notes="any", onsets=4)],
    [rule.leaps(9), rule.repeats(1), roots_where_a_chord_begins, chord_tones_on_strong_beats,
     roots_are_approached, other_tones_are_passed_by_step,
     rule.no_interval(6), rule.smooth(4, weight=.4), rule.recovered(5, weight=.5),
     tones_of_the_scale, it_goes_on_in_its_direction],
    chords=CHANGES, scale="C:major", ahead=4, name="walking",
)
