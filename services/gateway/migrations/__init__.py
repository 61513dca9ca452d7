"""The gateway's migrations."""
