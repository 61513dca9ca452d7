"""The settings of awards: how long an offer stands, when a report is due, and when a fund is to be spent."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Awarding(BaseSettings):
    """Part of :class:`shared.settings.Settings`. No law sets these: each is the grant-makers' own promise."""

    offer_days: int = Field(
        28,
        ge=1,
        le=365,
        alias="BACKBONE_OFFER_DAYS",
        description="days until an offer of an award lapses that the group does not answer, where it does not say",
    )
    financial_year_ends: str = Field(
        "03-31",
        pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        alias="BACKBONE_FINANCIAL_YEAR_ENDS",
        description="month and day on which financial years end, of movements that have not said so (an organisation "
        "sets its own: Companies Act 2006, section 391; this is the one of British public bodies)",
    )
    unsuccessful_applications_kept_days: int = Field(
        365,
        ge=1,
        le=3660,
        alias="BACKBONE_UNSUCCESSFUL_APPLICATIONS_KEPT_DAYS",
        description="days after its round ended until who applied in vain is forgotten (UK GDPR, article 5(1)(e); our "
        "choice: long enough for the next round; what was asked for, where, how much and why not stays)",
    )
    grant_records_kept_years: int = Field(
        6,
        ge=1,
        le=100,
        alias="BACKBONE_GRANT_RECORDS_KEPT_YEARS",
        description="years after the end of the financial year in which an award ended until whom to reach, who signed "
        "for it, bank details and what was written are taken out of its records (six: Companies Act 2006, section 388; "
        "Charities Act 2011, section 131); award, amounts and ledger stay",
    )
    report_due_days: int = Field(
        28,
        ge=0,
        le=3650,
        alias="BACKBONE_REPORT_DUE_DAYS",
        description="days after the end of what was awarded for until the group's report is due",
    )
    report_due_after_payment_days: int = Field(
        182,
        ge=1,
        le=3650,
        alias="BACKBONE_REPORT_DUE_AFTER_PAYMENT_DAYS",
        description="days after the first payment until it is due, where no end is known",
    )
    report_photo_bytes: int = Field(
        8 * 1024 * 1024,
        ge=1024,
        alias="BACKBONE_REPORT_PHOTO_BYTES",
        description="largest photograph of a report, in bytes",
    )
    spend_by_days: int = Field(
        90,
        ge=0,
        alias="BACKBONE_SPEND_BY_DAYS",
        description="days before a fund is to be spent from which on what is not paid of it is shown as at risk",
    )
