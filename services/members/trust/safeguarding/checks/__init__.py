"""Checks: what a role may lawfully ask of whoever takes it on, and that it was seen. Never a certificate."""
