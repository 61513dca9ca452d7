"""What people said, in their words: raised, taken up, answered and told back; what is unanswered ages visibly."""
