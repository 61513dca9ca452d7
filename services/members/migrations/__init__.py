"""The members service's schema, step by step."""
