"""Returns: one reporter's figures of one version and period, submitted, accepted, locked and reopened; period locks."""
