"""Files of a million figures, in a job: nothing that is in memory grows with the file, and a killed process loses none.

The rows are *checked* in pieces, each piece's good ones sorted to a run on disk; the runs are *merged*; what stands
twice is *settled*; what is known is *compared* where that is asked for; then the figures are *staged* unseen, revealed
by one update, and *released*: their events follow. Until the reveal everything can be undone, after it only finished.
"""
