# Two-part counterpoint, species 1 to 5, over three cantus of eight bars in C, which take turns.
# duo = rules("counterpoint.py", "third");  low = play(composed(duo, "cantus"));  high = play(composed(duo, "counter"))

CANTUS = [[60, 64, 65, 62, 67, 65, 62, 60],
          [60, 64, 62, 65, 67, 65, 62, 60],
          [60, 67, 65, 69, 67, 64, 62, 60]]
PERFECT, CONSONANT = {0, 7}, {0, 3, 4, 7, 8, 9}

def melody(place):
    return [CANTUS[place.phrase % 3][place.bar_of_phrase]]

def apart(note):
    return (note.pitch - note.against("cantus").pitch) % 12

def dissonant(note):
    return note.against("cantus") is not None and apart(note) not in CONSONANT

def tied(note):
    return note.place.beat - 1 + note.length > note.place.beats

@rule(of="counter")
def it_begins_perfect_and_ends_at_home(note):
    if note.place.bar_of_phrase == 0 and (note.before is None or note.before.place.bar != note.place.bar):
        return apart(note) in PERFECT
    if note.place.bar_of_phrase == 6 and note.place.beat + note.length == 5:
        return note.pitch % 12 == 11
    return not note.place.last_bar or note.pitch % 12 == 0

@rule(of="counter")
def no_unison_within(note):
    return note.place.ends or note.place.bar_of_phrase == 0 or note.pitch != note.against("cantus").pitch

@rule(of="counter")
def strong_beats_and_ties_are_consonant(note):
    return not dissonant(note) or (note.place.beat > 1 and not tied(note))

@rule(of="counter")
def dissonances_are_passed_by_step(note):
    before = note.before
    if dissonant(note) and (before is None or not 0 < abs(note.leap) <= 2):
        return False
    return before is None or not dissonant(before) or 0 < abs(note.leap) <= 2

@rule(of="counter")
def suspensions_fall(note):
    before, low = note.before, note.against("cantus")
    if before is None or low is None or not tied(before) or before.place.bar == note.place.bar:
        return True
    if (before.pitch - low.pitch) % 12 in CONSONANT:
        return True
    return note.leap in (-1, -2) and not dissonant(note)

@rule(each="moment")
def perfect_intervals_are_not_reached_together(moment):
    low, high = moment["cantus"], moment["counter"]
    if high is None or low.moment is not moment or high.moment is not moment:
        return True
    return low.leap * high.leap <= 0 or (high.pitch - low.pitch) % 12 not in PERFECT

@rule(each="note", weight=1.5, of="counter")
def suspensions_are_welcome(note):
    before, low = note.before, note.against("cantus")
    return before is None or not tied(before) or (before.pitch - low.pitch) % 12 not in CONSONANT

@rule(of="counter")
def leaps_up_to_a_sixth(note):                 # a new phrase may begin an octave away
    return abs(note.leap) <= (8 if note.place.bar_of_phrase else 12)

LAWS = [rule.no_crossing("cantus", "counter"), rule.spacing(16, "cantus", "counter"),
        it_begins_perfect_and_ends_at_home, no_unison_within,
        strong_beats_and_ties_are_consonant, dissonances_are_passed_by_step, suspensions_fall,
        rule.parallels(), perfect_intervals_are_not_reached_together,
        leaps_up_to_a_sixth, rule.no_interval(6, of="counter"),
        rule.smooth(weight=.3, of="counter"), rule.recovered(4, weight=1, of="counter"),
        rule.contrary("cantus", "counter", weight=.5), suspensions_are_welcome]

@rule(of="counter")
def nothing_is_struck_twice(note):
    return note.leap != 0 or note.before is None or note.place.bar_of_phrase == 0

def species(onsets, laws, name):
    parts = [part("cantus", "c4", "a4", notes=melody), part("counter", "c4", "e6", onsets=onsets)]
    return ruleset(parts, [*LAWS, *laws], scale="C:major", ahead=12, variety=1.5, name=name)

def to_the_end(count):
    return lambda place, dice: 1 if place.last_bar else count

def late(place, dice):
    return [1] if place.last_bar else [(3, 2)] if place.bar_of_phrase == 6 else [(3, 4)]

def florid(place, dice):
    number = place.bar_of_phrase
    if number in (0, 6, 7):
        return {0: [3, 4], 6: [(3, 2)], 7: [1]}[number]
    if number % 2:                             # these bars tie their last note into the next
        return dice.choose([[1, 2, (3, 4)], [(1, 2), (3, 4)], [1, 2, 2.5, (3, 4)]])
    return dice.choose([[3, 4], [3, 3.5, 4], [(3, 2)]])

first  = species(1, [rule.repeats(2, of="counter")], "first species")
second = species(to_the_end(2), [nothing_is_struck_twice], "second species")
third  = species(to_the_end(4), [nothing_is_struck_twice], "third species")
fourth = species(late, [nothing_is_struck_twice], "fourth species")
fifth  = species(florid, [nothing_is_struck_twice], "fifth species")
