"""Form: motifs and phrases, progressions of chords, sections and arcs, and how all of it is played."""
