"""The grants service's schema, step by step."""
