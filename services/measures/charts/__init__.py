"""Charts: series, comparisons and scorecards as pictures for a board paper, each with a table that says the same."""
