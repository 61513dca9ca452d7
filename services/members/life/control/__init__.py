"""Control moved: which budget, building, seat, strategy or service passed from whom to whom, and since when."""
