from tests.gateway.outward import outward

__all__ = ["outward"]
