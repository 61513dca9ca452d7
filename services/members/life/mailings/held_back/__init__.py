"""Who is held back from mailings whatever they allow: addresses that came back, and people who asked for quiet."""
