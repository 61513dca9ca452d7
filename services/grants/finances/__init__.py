"""What the backbone itself lives on (income, and how long it lasts), and what it brought in for others."""
