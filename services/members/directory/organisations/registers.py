"""The public registers that name organisations, and the form that each one's numbers have.

Schemes and their codes are those of the org-id.guide list, which 360Giving and the charity sector use. What the numbers
of a register look like: the Charity Commission for England and Wales has six or seven digits; OSCR in Scotland SC and
six; the Charity Commission for Northern Ireland six, from 100000; Companies House eight characters, of which the first
two may be letters; the Department for Education a URN of six digits; UKPRNs have eight and begin with 1. The numbers of
other schemes are kept as they are given.
"""

import re

_FORMS = {
    "GB-CHC": re.compile(r"[1-9]\d{5,6}"),
    "GB-SC": re.compile(r"SC\d{6}"),
    "GB-NIC": re.compile(r"1\d{5}"),
    "GB-COH": re.compile(r"\d{8}|[A-Z]{2}\d{6}|[A-Z]{2}\d{5}[A-Z]"),
    "GB-EDU": re.compile(r"[1-9]\d{5}"),
    "GB-UKPRN": re.compile(r"1\d{7}"),
}


def has_form(scheme: str, number: str) -> bool:
    """Whether a number is one that the register could have given. It says nothing about whether it did."""
    form = _FORMS.get(scheme)
    return form is None or form.fullmatch(number) is not None
