"""The network: what the ties of a day say of a movement, as far as the caller may see, and its exports."""
