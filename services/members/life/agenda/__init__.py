"""The common agenda: vision, outcomes, values and the meaning of its words, in versions, and who shaped each."""
