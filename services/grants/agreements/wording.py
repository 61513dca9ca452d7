"""The words of an agreement: the usual text, what may be filled in, and how a page of them is made and told apart."""

import re
from hashlib import sha256

from services.grants.awards.facts import Facts

LONGEST = 3000
"""Characters of a text: with what is filled in, a page of A4 at a size that people can read."""

FILLED_IN = frozenset(Facts._fields)
NEEDED = frozenset({"group", "amount", "purpose"})
_PLACE = re.compile(r"\{([a-z_]*)\}")

USUAL = """This is an agreement between {group} and {grant_maker}.

What we give
We give you {amount} from {fund}. You do not pay it back as long as you keep to this page.

What it is for
{purpose}

When
You begin {starts}, and have done with it {ends}.

What we ask of you
1. Spend the money on what it is for. If your plans change, tell us before you spend it on something else.
2. Keep the receipts for six years, and show them to us if we ask.
3. Tell us in a few words, or with a photograph, what came of it. We will say when.
4. Keep people safe, above all children and adults who are at risk.
5. Tell us at once if something goes wrong. We would rather help than find out later.
6. Give back what you did not spend.

What you can expect of us
1. We pay you as soon as you have accepted this page and our checks are done.
2. Somebody walks beside you whom you can call.
3. We do not ask for more reports than this page says.

If it does not work out
If the money is spent on something else, or the group ends, we may ask for it back. We will talk with you first.
"""
"""What an award is agreed by where nobody has published another text. It is ours, and no legal advice."""


def strange(text: str) -> tuple[set[str], set[str]]:
    """What a text wants filled in that nobody can fill in, and what it lacks of what every agreement has to say."""
    wanted: set[str] = set(_PLACE.findall(text))
    return wanted - FILLED_IN, set(NEEDED) - wanted


def page(text: str, facts: Facts) -> str:
    """The text with the facts of an award in their places. What stands in the facts is left as it is."""
    return _PLACE.sub(lambda place: str(getattr(facts, place[1])), text)


def digest(words: str) -> str:
    """What a page is known by for ever: SHA-256 of its words in UTF-8, in hexadecimal digits."""
    return sha256(words.encode()).hexdigest()
