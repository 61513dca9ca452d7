"""What the grants service tells of the backbone's own income, and of what it brought in for others."""

from shared.events.base import Event


class IncomeNoted(Event, type="income.noted", service="grants", key="income"):
    """Funding of the backbone itself was noted. How much and from whom is asked for, and not told."""

    income: str


class IncomeChanged(Event, type="income.changed", service="grants", key="income"):
    """What is said of it is different."""

    income: str
    version: int


class IncomeDropped(Event, type="income.dropped", service="grants", key="income"):
    """It had been noted by mistake, and was taken out."""

    income: str


class InvestmentNoted(Event, type="investment.noted", service="grants", key="investment"):
    """What was brought in for others was noted."""

    investment: str


class InvestmentChanged(Event, type="investment.changed", service="grants", key="investment"):
    """What is said of it is different."""

    investment: str
    version: int


class InvestmentDropped(Event, type="investment.dropped", service="grants", key="investment"):
    """It had been noted by mistake, and was taken out."""

    investment: str
