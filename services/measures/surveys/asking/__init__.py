"""What a survey asks: its questions and words, its waves, and who does what in it."""
