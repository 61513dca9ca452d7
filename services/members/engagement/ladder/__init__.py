"""The ladder of engagement: five rungs, the policy that says who stands on which, and why somebody does."""
