"""Community votes: who may vote, the ballots cast online, the boxes of paper and dots, and the record of all of it."""
