"""What was answered, by link, on paper or by telephone, and how it was keyed."""
