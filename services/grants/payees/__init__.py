"""Payees: into whose account an award is paid, with the bank details apart and sealed."""
