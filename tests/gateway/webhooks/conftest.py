from tests.gateway.npm import packages
from tests.gateway.outward import outward

__all__ = ["outward", "packages"]
