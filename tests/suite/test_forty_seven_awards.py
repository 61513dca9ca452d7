"""The 47 micro-grants through the gateway, as they stand at the end: to the penny, to each funder, in every service."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from beancount import loader
from pypdf import PdfReader

from services.grants.open_data.standard import rules
from shared.testing.eventually import eventually
from tests.grants.open_data.conftest import published  # noqa: F401 - where the standard's schema is
from tests.grants.open_data.schema import flattened_back, validators
from tests.suite import anchor
from tests.suite.anchor import ANCHOR, ARTS, GIVEN, HOSTED, MAKER, PENCE, UNDERSPENT, UNSPENT, Told
from tests.suite.asking import Json, every, get
from tests.suite.processes import Suite, embedded

PAID = {number: pence - (UNSPENT if number == UNDERSPENT else 0) for number, pence in enumerate(PENCE)}
"""What each group has in the end, in pence."""


class Round(NamedTuple):
    """The suite in which the round was lived through, and what it left behind."""

    suite: Suite
    told: Told

    def asks(self, question: Callable[[httpx.AsyncClient, Told], Awaitable[None]]) -> None:
        """Have something asked of the running suite with the movement's own key."""

        async def asking() -> None:
            async with self.suite.client() as client:
                await question(client, self.told)

        asyncio.run(asking())


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    """The round, lived through once for all that is asked about it: nothing here changes anything."""
    suite = embedded(tmp_path_factory.mktemp("round"))

    async def live() -> Told:
        await suite.start()
        return await anchor.tell(suite)

    try:
        yield Round(suite, asyncio.run(live()))
    finally:
        suite.kill()


def test_the_backbone_handed_it_on_and_decides_and_pays_nothing_of_it(lived: Round) -> None:
    assert lived.told.refusals == {
        "award": (403, "not_delegated"),
        "decide": (403, "not_delegated"),
        "pay by key": (403, "needs_a_user"),
    }

    async def question(client: httpx.AsyncClient, told: Told) -> None:
        seen = await get(client, f"/v1/funds/{told.fund}/oversight")
        assert {each["award"] for each in seen["data"]} <= set(told.awards)

    lived.asks(question)


def test_the_ledger_has_what_was_given_and_what_was_granted_to_the_penny(lived: Round) -> None:
    async def question(client: httpx.AsyncClient, told: Told) -> None:
        balance = (await get(client, "/v1/ledger/trial-balance", fund=told.fund))["currencies"][0]["accounts"]
        sums = {each["account"]: in_pence(each["debit"]) - in_pence(each["credit"]) for each in balance}
        given, granted = sum(GIVEN.values()), sum(PAID.values())
        assert sums == {"bank": given - granted, "contributions": -given, "grants": granted}
        shown = await get(client, f"/v1/rounds/{told.round}")
        assert (in_pence(shown["committed"]), shown["state"]) == (granted, "complete")
        awards = await every(client, "/v1/awards", round=told.round)
        assert {each["state"] for each in awards} == {"closed"}
        verified = await get(client, "/v1/ledger/verification")
        assert (verified["verified"], verified["differences"]) == (True, [])
        (link,) = await every(client, "/v1/delegations", fund=told.fund)
        assert in_pence(link["committed"]) == granted

    lived.asks(question)


def test_each_pound_is_traced_to_whoever_gave_it_from_either_end(lived: Round) -> None:
    async def question(client: httpx.AsyncClient, told: Told) -> None:
        by_funder = dict.fromkeys(GIVEN, 0)
        for number, award in enumerate(told.awards):
            funders = (await get(client, f"/v1/awards/{award}/funders"))["funders"]
            shares = {each["funder"]: in_pence(each["net"]) for each in funders}
            assert sum(shares.values()) == PAID[number]
            assert number in ARTS or "Arts lottery" not in shares, "arts money bought food"
            for funder, pence in shares.items():
                by_funder[funder] += pence
        assert sum(by_funder.values()) == sum(PAID.values())
        assert all(by_funder[funder] <= given for funder, given in GIVEN.items())
        for gift in (await get(client, f"/v1/funds/{told.fund}/contributions"))["data"]:
            uses = await every(client, f"/v1/contributions/{gift['id']}/uses")
            assert sum(in_pence(each["net"]) for each in uses) == by_funder[gift["funder"]]

    lived.asks(question)


def test_one_payment_came_back_and_was_made_again_and_the_host_was_paid_for_its_group(lived: Round) -> None:
    async def question(client: httpx.AsyncClient, told: Told) -> None:
        payments = await every(client, "/v1/payments")
        states = sorted(each["state"] for each in payments)
        assert states == ["paid"] * 47 + ["returned"]
        (again,) = [each for each in payments if each["retries"] == told.returned]
        assert (again["award"], again["state"]) == (told.awards[anchor.RETURNED], "paid")
        sizes = Counter(each["batch"] for each in payments)
        assert sorted(sizes.values()) == [24, 24]
        assert sizes[again["batch"]] == 24
        (payee,) = await every(client, "/v1/payees", award=told.awards[HOSTED])
        assert (payee["kind"], payee["name"]) == ("host", "The parish hub")
        (paid,) = [each for each in payments if each["award"] == told.awards[HOSTED]]
        letter = await client.get(f"/v1/payments/{paid['id']}/remittance.pdf")
        words = PdfReader(BytesIO(letter.content)).pages[0].extract_text()
        assert "We paid £716.05 to The parish hub, into the account that ends in 4958" in words

    lived.asks(question)


def test_figures_of_the_reports_are_observations_and_their_stories_drafts(lived: Round) -> None:
    async def question(client: httpx.AsyncClient, told: Told) -> None:
        rows = await eventually(lambda: _counted(client, 47), within=30)
        assert rows is not None
        by_award = {row["activity"]: row["value"] for row in rows}
        assert by_award == {award: anchor.came_of(number) for number, award in enumerate(told.awards)}
        stories = await eventually(lambda: _stories(client, 47), within=30)
        assert stories is not None
        assert {(each["state"], each["origin"]) for each in stories} == {("draft", "grant_report")}
        assert {each["words"] for each in stories} == {anchor.words_of(number) for number in range(47)}

    lived.asks(question)


def test_the_world_reads_what_was_granted_on_and_by_whom(lived: Round) -> None:
    async def question(client: httpx.AsyncClient, told: Told) -> None:
        async with httpx.AsyncClient(base_url=lived.suite.url, timeout=20) as world:
            root = f"/open/{told.slug}/360giving"
            files = {each["identifier"]: await get(world, f"{root}/{each['identifier']}/grants.json")
                     for each in (await get(world, root))["data"]}  # fmt: skip
        assert [fault for file in files.values() for grant in file["grants"] for fault in rules.faults(grant)] == []
        grants = {grant["id"].removeprefix("360G-smallsparks-"): grant for grant in files[ANCHOR]["grants"]}
        assert grants.keys() == set(told.awards)
        amounts = [round(grants[award]["amountAwarded"] * 100) for award in told.awards]
        assert amounts == PENCE
        assert [round(grants[award]["amountDisbursed"] * 100) for award in told.awards] == PENCE
        (handed,) = [grant for grant in files[MAKER]["grants"] if grant["recipientOrganization"][0]["id"] == ANCHOR]
        assert handed["regrantType"]
        assert all(grant["relatedActivity"] == [handed["id"]] for grant in grants.values())
        hosted = grants[told.awards[HOSTED]]["recipientOrganization"][0]
        assert (hosted["name"], hosted["department"]) == ("The parish hub", f"Group {HOSTED}")

    lived.asks(question)


def test_what_the_world_reads_is_valid_by_the_standards_own_schema_and_comes_back_from_its_csv(
    lived: Round, published: Path, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    grant, package = validators(published)

    async def question(_: httpx.AsyncClient, told: Told) -> None:
        async with httpx.AsyncClient(base_url=lived.suite.url, timeout=20) as world:
            root = f"/open/{told.slug}/360giving"
            for each in (await get(world, root))["data"]:
                file = await get(world, f"{root}/{each['identifier']}/grants.json")
                assert [error.message for error in package.iter_errors(file)] == []
                assert [error.message for one in file["grants"] for error in grant.iter_errors(one)] == []
            csv = (await world.get(f"{root}/{ANCHOR}/grants.csv")).content
            ours = (await get(world, f"{root}/{ANCHOR}/grants.json"))["grants"]
        back = flattened_back(published, csv, tmp_path)
        assert sorted(back, key=_by_id) == sorted(ours, key=_by_id)

    lived.asks(question)


def test_bean_check_finds_nothing_in_the_books_and_a_penny_that_was_moved(lived: Round) -> None:
    async def question(client: httpx.AsyncClient, told: Told) -> None:
        exported = (await client.get("/v1/ledger/export.beancount")).text
        assert loader.load_string(exported)[1] == []
        assert loader.load_string(exported.replace("2500.00 GBP", "2500.01 GBP", 1))[1] != []

    lived.asks(question)


def in_pence(amount: Json | None) -> int:
    """Pence of an amount as the API writes it."""
    return 0 if amount is None else int(amount["amount"].replace(".", ""))


def _by_id(grant: Json) -> str:
    return str(grant["id"])


async def _counted(client: httpx.AsyncClient, count: int) -> list[Json] | None:
    rows = [row for row in await every(client, "/v1/observations") if row["activity"]]
    return rows if len(rows) == count else None


async def _stories(client: httpx.AsyncClient, count: int) -> list[Json] | None:
    rows = await every(client, "/v1/stories")
    return rows if len(rows) == count else None
