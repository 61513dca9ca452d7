"""The measures service's schema, step by step."""
