"""The seed of a round's lots: committed to when it opens, shown when it can change nothing any more."""
