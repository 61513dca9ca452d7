"""Safety in proportion: who leads, a page about the risks, whom to call, what went wrong, and who may be pictured."""
