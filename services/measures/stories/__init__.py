"""Stories: what changed for somebody, in words, kept and shown with the permission of everybody whom they tell of."""
