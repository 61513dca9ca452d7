"""Who is calling: movements (the tenants), users, sessions, API keys, and how a credential becomes a principal."""
