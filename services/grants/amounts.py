"""What every amount of a request is checked for: the currency of its fund, and that it is money at all."""

from shared.errors import Fault
from shared.money import Money


def amount_faults(currency: str, **amounts: Money) -> list[Fault]:
    """A fault for each amount, named by its field, that is in another currency or is nothing."""
    faults = []
    for field, amount in amounts.items():
        if amount.currency != currency:
            faults.append(Fault(f"/{field}/currency", f"must be {currency}", "wrong_currency"))
        elif amount.pence <= 0:
            faults.append(Fault(f"/{field}/amount", "must be more than zero", "not_positive"))
    return faults
