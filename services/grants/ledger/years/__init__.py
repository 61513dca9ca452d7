"""Financial years: when a movement's end, and the closing of one, after which nothing is dated into it."""
