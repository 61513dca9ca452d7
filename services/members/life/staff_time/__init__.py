"""Staff time: how many hours a week organisations give to the work of the backbone, and to what of it."""
