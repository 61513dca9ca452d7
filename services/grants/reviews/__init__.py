"""Reviews: who reads which application, with what interest in it, and how they score it by the round's rubric."""
