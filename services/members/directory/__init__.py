"""Who is in the movement: people, how they joined, and what is known of them."""
