# Four-part chorale in C major: a chord on each beat, phrases of eight bars that end on the tonic.
# choir = rules("chorale.py");  sopranos = play(composed(choir, "soprano"));  and so for alto, tenor and bass.

# Where each chord may go, and how gladly.
GOES = {
    "C":    {"F": 3, "G": 3, "Am": 3, "Dm": 2, "C/E": 1, "G/B": 2},
    "C/E":  {"F": 4, "Dm": 2, "G": 1},
    "Dm":   {"G": 4, "G7": 2, "G/B": 1, "Dm/F": 1},
    "Dm/F": {"G": 4, "G7": 2},
    "F":    {"G": 3, "C": 2, "Dm": 2, "G7": 1},
    "G":    {"C": 4, "Am": 2, "C/E": 2, "G7": 1},
    "G/B":  {"C": 5},
    "G7":   {"C": 4, "Am": 1},
    "Am":   {"F": 3, "Dm": 3, "G": 1, "C/E": 1},
}

def chords(phrase, dice):
    bars, at = [], "C"
    for bar in range(8):
        row = []
        for beat in range(4):
            row.append(at)
            at = dice.weighted(GOES[at])
        bars.append(row)
    bars[3] = ["C", "F", "Dm/F", "G"]         # a half close in the middle
    bars[4:] = [["C", "F", "C/E", "F"], ["G", "Am", "F", "G"], ["C", "Am", "Dm/F", "G"]]
    bars += [["C/E", "F", "G7", "C"]]         # and a full one at the end
    return bars

UP = ("bass", "tenor", "alto", "soprano")

@rule(each="moment", weight=2)
def the_close_is_whole(moment):
    return not moment.place.ends or moment["soprano"].pitch % 12 == moment.place.tonic

choir = ruleset(
    [part("bass", "e2", "b3", notes="chord", onsets=4),
     part("soprano", "c4", "g5", notes="chord", onsets=4),
     part("tenor", "c3", "g4", notes="chord", onsets=4),
     part("alto", "g3", "d5", notes="chord", onsets=4)],
    [rule.in_chord(),
     rule.lowest("bass"),
     rule.no_crossing(*UP),
     rule.spacing(12, *UP[1:]),
     rule.leaps(7, of="soprano alto tenor"),
     rule.leaps(12, of="bass"),
     rule.no_interval(6, 10, 11),
     rule.parallels(),
     rule.hidden("bass", "soprano"),
     rule.leading_tone(),
     rule.sevenths_fall(),
     rule.complete(),
     rule.no_overlap(*UP, weight=1),
     rule.doubling(),
     rule.smooth(weight=.4, of="soprano alto tenor"),
     rule.repeats(2, weight=1, of="soprano"),
     rule.contrary("bass", "soprano"),
     rule.recovered(weight=1),
     the_close_is_whole],
    scale="C:major", chords=chords, name="chorale",
)
