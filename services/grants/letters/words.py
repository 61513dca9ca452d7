"""The words of the letters that groups receive: plain English, what it means for them first, and whom to ask last."""

from collections.abc import Iterator

from services.grants.agreements.domain import Signed
from services.grants.agreements.models import Way
from services.grants.awards.facts import Facts, day_in_words, in_words
from services.grants.letters.pdf import Block, Tag
from services.grants.payees.models import Account
from services.grants.payments.models import Payment
from shared.money import Money

_WAYS = {
    Way.CLICK: "on the page that we sent",
    Way.SIGNATURE: "with a signature on paper",
    Way.CALL: "in a call that we recorded",
}


def offer_letter(facts: Facts, answer_by: str) -> list[Block]:
    """What a group is offered, what to do now, and what happens then."""
    until = f" Please tell us by {answer_by}, or the money goes to another group." if answer_by else ""
    return [
        Block(Tag.TITLE, f"We would like to give you {facts.amount}"),
        Block(Tag.PARAGRAPH, f"To {facts.group}"),
        Block(
            Tag.PARAGRAPH,
            f"Thank you for applying to {facts.round}. We are glad to offer you {facts.amount} from {facts.fund}. "
            f"The money is {facts.grant_maker}'s to give.",
        ),
        Block(Tag.HEADING, "What it is for"),
        Block(Tag.PARAGRAPH, facts.purpose),
        Block(Tag.HEADING, "When"),
        Block(Tag.PARAGRAPH, f"You begin {facts.starts}, and have done with it {facts.ends}."),
        Block(Tag.HEADING, "What to do now"),
        Block(
            Tag.PARAGRAPH,
            f"Read the one-page agreement that comes with this letter. Say yes to it with a click, a signature or in a "
            f"call with us.{until}",
        ),
        Block(Tag.HEADING, "What happens then"),
        Block(
            Tag.PARAGRAPH,
            "We check a few things about the group and its account, once a year. Then we pay you. When you have done "
            "with it we ask you three questions, or for a photograph. That is all.",
        ),
        Block(Tag.HEADING, "If you need help"),
        Block(Tag.PARAGRAPH, "Call whoever has been in touch with you. You do not have to do any of this in writing."),
    ]


def agreement(facts: Facts, signed: Signed) -> list[Block]:
    """The page that a group agrees to, in its very words, and how it was accepted."""
    page, name = signed
    blocks = [Block(Tag.TITLE, f"Agreement about {facts.amount}"), *_parts_of(page.words)]
    if page.accepted_at is not None and page.way is not None:
        by = f" by {name}" if name else ""
        said = f"Accepted{by} on {day_in_words(page.accepted_at.date())}, {_WAYS[Way(page.way)]}."
    else:
        said = "Not accepted yet. Name, signature and date: ______________________________"
    return [*blocks, Block(Tag.HEADING, "Accepted"), Block(Tag.PARAGRAPH, f"{said}\nKnown by {page.digest}")]


def remittance(facts: Facts, payment: Payment, payee: str, account: Account | None) -> list[Block]:
    """What was paid to a group, and how to find it on the statement."""
    amount = in_words(Money.of(payment.amount, payment.currency))
    into = "" if account is None else f", into the account that ends in {account.last_four}"
    return [
        Block(Tag.TITLE, f"We have paid you {amount}"),
        Block(Tag.PARAGRAPH, f"To {facts.group}"),
        Block(
            Tag.PARAGRAPH,
            f"We paid {amount} to {payee}{into}. Our bank sent it on {day_in_words(payment.settled_on)}.",
        ),
        Block(Tag.HEADING, "How to find it"),
        Block(Tag.PARAGRAPH, f"It stands on the statement with the reference {payment.reference}."),
        Block(Tag.HEADING, "What it is for"),
        Block(Tag.PARAGRAPH, facts.purpose),
        Block(Tag.HEADING, "If it has not come"),
        Block(
            Tag.PARAGRAPH,
            "Call whoever has been in touch with you. We never ask you for your bank details by e-mail, nor to pay "
            "money to an account that we name on the telephone.",
        ),
    ]


def _parts_of(words: str) -> Iterator[Block]:
    """The paragraphs of an agreement; a short first line that ends without a full stop heads what follows it."""
    for paragraph in words.strip().split("\n\n"):
        first, _, rest = paragraph.partition("\n")
        if rest and len(first) < _HEADS and first[-1:].isalpha():
            yield Block(Tag.HEADING, first)
            yield Block(Tag.PARAGRAPH, rest)
        else:
            yield Block(Tag.PARAGRAPH, paragraph)


_HEADS = 60
