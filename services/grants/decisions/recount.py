"""Count a community vote, or draw its lots, again: from the record that was published of it, and from nothing else.

It needs Python 3.11 or later and no other package, and imports nothing of Backbone. What it reckons is written here a
second time on purpose: a recount by the code that counted would repeat its mistakes.

    python recount.py record.json                       the count again, and whether the record agrees with itself
    python recount.py record.json --digest 7f83b165…    and whether it is the record that was announced
    python recount.py record.json --receipt 5ZQ7…       and the ballot that one voter cast

It ends with 0 where everything agrees, with 1 where something does not (each fault is a line), with 2 where the file
cannot be read. What is checked: each ballot keeps the rules; the digests form one chain from the rules to the last
ballot, so that none was taken away, altered or added since; the seed is the one that was promised before; votes,
ties and the order are those that follow from them.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from typing import TypedDict


class Option(TypedDict):
    application: str
    place: str | None


class Rules(TypedDict):
    options: list[Option]
    dots: int
    most_on_one: int
    first_places: list[str]
    seed_digest: str


class Ballot(TypedDict):
    receipt: str
    dots: dict[str, int]
    digest: str


class Box(TypedDict):
    ballots: int
    dots: dict[str, int]


class Standing(TypedDict):
    application: str
    votes: int


class Record(TypedDict):
    rules: Rules
    paper: list[Box]
    voted_online: int
    ballots: list[Ballot]
    digest: str
    seed: str
    result: list[Standing]


def digest(text: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def written(value: object) -> str:
    """JSON in its one form: keys in order, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def lot(seed: str, option: str) -> str:
    """The lot of an option: the lowest comes first."""
    return digest(f"{seed}:{option}")


def seed_faults(record: Record) -> Iterator[str]:
    """The seed is shown now; its digest was published before."""
    if digest(record["seed"]) != record["rules"]["seed_digest"]:
        yield "the seed is not the one whose digest was published before"


def chain_faults(record: Record) -> Iterator[str]:
    """Each ballot is linked to the one before it, and the first one to the rules and the boxes."""
    link = digest(written({"rules": record["rules"], "paper": record["paper"], "voted_online": record["voted_online"]}))
    for number, ballot in enumerate(record["ballots"], 1):
        link = digest(link + written({"receipt": ballot["receipt"], "dots": ballot["dots"]}))
        if ballot["digest"] != link:
            yield f"ballot {number} does not follow from the one before it"
            break
    else:
        if record["digest"] != link:
            yield "the last ballot is not the one that the record ends with"
    if len(record["ballots"]) != record["voted_online"]:
        yield f"{len(record['ballots'])} ballots, and {record['voted_online']} people voted online"
    if len({ballot["receipt"] for ballot in record["ballots"]}) != len(record["ballots"]):
        yield "two ballots have the same receipt"


def ballot_faults(record: Record) -> Iterator[str]:
    """A ballot and a box hold no more dots than the rules allow, and none on what was not to be chosen."""
    rules = record["rules"]
    options = {option["application"] for option in rules["options"]}
    for number, ballot in enumerate(record["ballots"], 1):
        dots = ballot["dots"].values()
        if not set(ballot["dots"]) <= options:
            yield f"ballot {number} is for something else"
        if any(not 1 <= each <= rules["most_on_one"] for each in dots) or not 1 <= sum(dots) <= rules["dots"]:
            yield f"ballot {number} has too many dots, or none"
    for number, box in enumerate(record["paper"], 1):
        if not set(box["dots"]) <= options or any(each < 0 for each in box["dots"].values()):
            yield f"box {number} is for something else"
        if sum(box["dots"].values()) > box["ballots"] * rules["dots"]:
            yield f"box {number} has more dots than its ballots can hold"


def counted(record: Record) -> dict[str, int]:
    """The votes of each option, online and on paper."""
    votes = {option["application"]: 0 for option in record["rules"]["options"]}
    for cast in [ballot["dots"] for ballot in record["ballots"]] + [box["dots"] for box in record["paper"]]:
        for option, dots in cast.items():
            votes[option] = votes.get(option, 0) + dots
    return votes


def order(record: Record, votes: dict[str, int]) -> list[str]:
    """The options, best first: by votes, then by the places that the rules put first, then by lot."""
    places = record["rules"]["first_places"]

    def standing(option: Option) -> tuple[int, int, str]:
        turn = places.index(option["place"]) if option["place"] in places else len(places)
        return -votes[option["application"]], turn, lot(record["seed"], option["application"])

    return [option["application"] for option in sorted(record["rules"]["options"], key=standing)]


def faults_of(record: Record, announced: str | None = None) -> Iterator[str]:
    """Everything that does not agree, in words."""
    yield from seed_faults(record)
    yield from chain_faults(record)
    yield from ballot_faults(record)
    votes = counted(record)
    if {each["application"]: each["votes"] for each in record["result"]} != votes:
        yield "the votes that were announced are not those of the ballots"
    if [each["application"] for each in record["result"]] != order(record, votes):
        yield "the order that was announced does not follow from votes, places and lots"
    if announced is not None and announced != record["digest"]:
        yield "this is not the record whose digest was announced"


def report(record: Record, announced: str | None, receipt: str | None) -> int:
    """Print the count, the ballot of a receipt, and what does not agree; answers what the script ends with."""
    faults, votes = list(faults_of(record, announced)), counted(record)
    for rank, option in enumerate(order(record, votes), 1):
        print(f"{rank}. {option}  {votes[option]}")
    mine = [ballot["dots"] for ballot in record["ballots"] if ballot["receipt"] == receipt]
    if receipt is not None and not mine:
        faults.append("no ballot has this receipt")
    for dots in mine:
        print(f"receipt {receipt}: {written(dots)}")
    for fault in faults:
        print(f"FAULT: {fault}")
    print(f"digest {record['digest']}: {'does not agree' if faults else 'everything agrees'}")
    return 1 if faults else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The script."""
    parser = argparse.ArgumentParser(description="Count a published vote, or draw its lots, again.")
    parser.add_argument("record", help="the published record, a JSON file; - for standard input")
    parser.add_argument("--digest", help="the digest that was announced when voting closed")
    parser.add_argument("--receipt", help="show the ballot of this receipt")
    asked = parser.parse_args(arguments)
    try:
        with sys.stdin if asked.record == "-" else open(asked.record, encoding="utf-8") as file:
            return report(json.load(file), asked.digest, asked.receipt)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        print(f"this cannot be read as a record: {type(error).__name__}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
