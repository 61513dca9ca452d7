"""What partners' CRMs tell us: each calls at the hook of its connection, signs, and has its answer at once.

What it told is kept, sealed, and taken up after that in each record's order (`worker`, `taking`): held against the
person as they are and against what both sides last agreed on (`merging`), and written through members' own rules
(`people`). So what comes from a CRM goes back to it only where ours is another, and an echo is found to be one.
"""
