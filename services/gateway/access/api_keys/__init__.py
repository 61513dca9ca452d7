"""API keys: how partner apps and CRMs call; scoped, shown once, hashed at rest, revocable."""
