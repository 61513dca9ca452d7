"""Addresses as mailing tools tell them apart, and what stands for one where it is not to be kept."""

import hmac

from shared.secrets import Secrets


def folded(address: str) -> str:
    """An address as it is compared: tools take letters of either case for the same."""
    return address.strip().lower()


def digest(secrets: Secrets, movement: str, address: str) -> bytes:
    """What stands for an address that came back: the same for the same one, and leading to none without our key."""
    return hmac.digest(secrets.pepper, f"mail came back in {movement}: {folded(address)}".encode(), "sha256")
