"""How long records are kept, by their kind: the rules, a preview of what they would do, and the runs that do it.

Nothing is done by a rule that nobody looked at: one is applied by hand at the version that was previewed, and by itself
once the movement has settled it and says so. What is held back stays, and each run leaves a receipt.
"""
