"""The demo, run as a command against a suite in a process of its own, and judged through the public API."""

import os
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.demo.grants import AWARDS, BUDGET, groups
from shared.testing.eventually import eventually
from tests.cli.process import Running, begun, run, running

PEOPLE = 60
LOOPBACK = {"BACKBONE_WEBHOOKS_TO_LOOPBACK": "true"}


class Suite:
    """A running suite and what its API says, by its platform key."""

    def __init__(self, suite: Running, data: Path) -> None:
        self.data = data
        self.api = suite.api
        self.key = suite.said(r"Platform key +(\S+)")
        self.password = suite.said(r"Password +(\S+)")

    def demo(self, *arguments: str, people: int = PEOPLE, **environment: str) -> subprocess.CompletedProcess[str]:
        """The command, to its end."""
        return run(*self.asked(*arguments, people=people), data=self.data, **environment)

    def asked(self, *arguments: str, people: int = PEOPLE) -> list[str]:
        """The command's arguments."""
        return ["demo", "--url", self.api, "--people", str(people), *arguments]

    def get(self, path: str) -> Any:
        """What a path answers."""
        answer = httpx.get(f"{self.api}{path}", headers={"authorization": f"Bearer {self.key}"}, timeout=30)
        return answer.raise_for_status().json()

    def every(self, path: str) -> list[dict[str, Any]]:
        """All pages of a list."""
        items, cursor = [], ""
        while True:
            page = self.get(f"{path}{'&' if '?' in path else '?'}limit=200{cursor}")
            items += page["data"]
            if page["next_cursor"] is None:
                return items
            cursor = f"&cursor={page['next_cursor']}"

    def counts(self) -> dict[str, int]:
        """How much of everything there is."""
        lists = ("people", "pledges", "activities", "places", "measures", "observations", "funds", "rounds")
        granted = ("applications", "awards", "payments", "payment-batches", "grant-reports", "delegations")
        return {name: len(self.every(f"/v1/{name}")) for name in (*lists, *granted)}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    data = tmp_path_factory.mktemp("demo") / "data"
    with running(data, **LOOPBACK) as process:
        yield Suite(process, data)


@pytest.fixture(scope="module")
def filled(suite: Suite) -> str:
    """What the first run told; nobody gave it a key."""
    done = suite.demo()
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_everybody_signs_up_with_a_pledge_and_some_are_brought_by_others(suite: Suite, filled: str) -> None:
    people = suite.every("/v1/people")
    assert len(people) == len({pledge["person"] for pledge in suite.every("/v1/pledges")}) == PEOPLE
    brought = {person["membership"]["brought_by"] for person in people} - {None}
    assert brought
    assert brought <= {person["id"] for person in people}


def test_people_stand_on_several_rungs(suite: Suite, filled: str) -> None:
    rungs = {step["rung"]: step for step in suite.get("/v1/ladder")["rungs"]}
    assert rungs["follower"]["people"] > 0
    assert rungs["active_participant"]["people"] > 0
    assert rungs["champion"]["awaiting_confirmation"] > 0


def test_the_forest_of_dean_has_its_published_figures(suite: Suite, filled: str) -> None:
    (measure,) = suite.every("/v1/measures?key=inactive_adults")
    (version,) = suite.every(f"/v1/measures/{measure['id']}/versions")
    assert version["boundaries"] == "back_cast"
    points = suite.get(f"/v1/measures/{measure['id']}/series?place=E07000080")["points"]
    by_year = {point["period"]: point["value"] for point in points}
    assert (by_year["2015/16"], by_year["2023/24"]) == (21.2, 19.3)
    assert "    2015/16  21.2 %\n    2023/24  19.3 %\n" in filled


def test_47_awards_spend_the_round_to_the_penny_but_for_what_one_group_gave_back(suite: Suite, filled: str) -> None:
    awards = suite.every("/v1/awards")
    assert [award["state"] for award in awards] == ["closed"] * 47
    assert sum(Decimal(award["amount"]["amount"]) for award in awards) == Decimal("60000.00")
    (round_,) = suite.every("/v1/rounds")
    assert (round_["minimum"]["amount"], round_["maximum"]["amount"]) == ("500.00", "2500.00")
    assert (round_["committed"]["amount"], round_["state"]) == ("59900.00", "complete")
    assert "47 paid and reported on: £59,900.00 of the round's £60,000.00" in filled
    assert "£39,900.50 of Alderbrook Trust and £19,999.50 of Three Wells Foundation" in filled
    assert suite.get("/v1/ledger/verification")["verified"]


def test_the_bank_sent_one_payment_back_and_two_batches_paid_all_of_them(suite: Suite, filled: str) -> None:
    payments = suite.every("/v1/payments")
    assert sorted(payment["state"] for payment in payments) == ["paid"] * 47 + ["returned"]
    assert [payment["state"] for payment in payments if payment["retries"]] == ["paid"]
    assert {payment["approved_by"] for payment in payments}.isdisjoint(payment["proposed_by"] for payment in payments)
    assert len(suite.every("/v1/payment-batches")) == 2
    assert [payee["kind"] for payee in suite.every("/v1/payees")].count("host") == 1


def test_what_the_groups_counted_arrived_in_measures_and_their_grants_stand_open(suite: Suite, filled: str) -> None:
    counted = [row for row in suite.every("/v1/observations") if row["activity"]]
    assert {row["activity"] for row in counted} == {award["id"] for award in suite.every("/v1/awards")}
    check = suite.get("/v1/open-data-settings/check")
    assert (check["published"], check["faults"]) == (47 + 3, [])
    assert "50 grants by the standard of 360Giving" in filled


def test_the_officers_accounts_are_closed_as_soon_as_they_are_done(suite: Suite, filled: str) -> None:
    officers = [user for user in suite.every("/v1/users") if user["email"].endswith("alderbrook.example")]
    assert len(officers) == 2
    assert all(user["ended_at"] for user in officers)


def test_the_receiver_got_what_the_feed_has_and_its_endpoint_is_gone(suite: Suite, filled: str) -> None:
    told = re.search(r"([\d,]+) events arrived, every signature verified; the feed has the same ([\d,]+)", filled)
    assert told is not None
    events, cursor = 0, ""
    while page := suite.get(f"/v1/events?limit=200{cursor}"):
        events += sum(event["type"] != "movement.created" for event in page["data"])  # long before the demo
        cursor = f"&cursor={page['next_cursor']}"
        if not page["has_more"]:
            break
    assert told[1] == told[2] == f"{events:,}"
    assert suite.every("/v1/webhook-endpoints") == []


def test_the_key_that_it_was_given_hands_out_no_access_and_ends_within_a_day(suite: Suite, filled: str) -> None:
    (key,) = [key for key in suite.every("/v1/api-keys") if key["name"] == "Demo"]
    assert not {"*", "keys:*", "users:*"} & set(key["scopes"])
    assert datetime.fromisoformat(key["expires_at"]) < datetime.now(UTC) + timedelta(days=1)


def test_a_second_run_adds_nothing_and_says_so(suite: Suite, filled: str) -> None:
    before = suite.counts()
    again = suite.demo(BACKBONE_KEY=suite.key)
    assert again.returncode == 0, again.stderr
    assert "nothing was added twice" in again.stdout
    assert suite.counts() == before


def test_somebody_who_signs_in_confirms_champions_and_co_owners(suite: Suite, filled: str) -> None:
    done = suite.demo("--sign-in", "admin@example.org", BACKBONE_PASSWORD=suite.password)
    assert done.returncode == 0, done.stderr
    rungs = {step["rung"]: step["people"] for step in suite.get("/v1/ladder")["rungs"]}
    assert rungs["champion"] > 0
    assert rungs["co_owner"] > 0
    again = suite.demo("--sign-in", "admin@example.org", BACKBONE_PASSWORD=suite.password)
    assert "nothing was added twice" in again.stdout


def test_given_the_whole_published_file_it_imports_all_of_england(suite: Suite, filled: str) -> None:
    data = os.environ.get("BACKBONE_TEST_DATA")
    if data is None:
        pytest.skip("BACKBONE_TEST_DATA does not say where the published figures are")
    done = suite.demo("--figures", f"{data}/active-lives/inactive_adults.csv")
    assert done.returncode == 0, done.stderr
    assert len([row for row in suite.every("/v1/observations") if not row["activity"]]) == 3089
    assert suite.get("/v1/places/E06000058")["name"] == "Bournemouth, Christchurch and Poole"
    assert re.search(r"Figures +3,029 +60$", done.stdout, re.MULTILINE)


async def test_a_run_that_was_killed_is_completed_by_the_next(tmp_path: Path) -> None:
    with running(tmp_path / "data", **LOOPBACK) as process:
        suite = Suite(process, tmp_path / "data")
        killed = begun(*suite.asked(people=20), data=suite.data)
        await eventually(lambda: any(one["batch"] for one in suite.every("/v1/payments")), within=60)
        killed.kill()
        killed.wait()
        assert any(award["state"] != "closed" for award in suite.every("/v1/awards"))
        done = suite.demo(people=20, BACKBONE_KEY=suite.key)
        assert done.returncode == 0, done.stderr
        counts = suite.counts()
        assert (counts["people"], counts["applications"], counts["payments"], counts["payment-batches"]) == (
            20,
            64,
            48,
            2,
        )
        assert {award["state"] for award in suite.every("/v1/awards")} == {"closed"}
        users = [user["ended_at"] for user in suite.every("/v1/users") if user["email"].endswith("alderbrook.example")]
        assert len(users) == 4
        assert all(users), "the accounts of the killed run are open still"
        assert suite.every("/v1/webhook-endpoints") == []


def test_a_wrong_key_is_told_in_one_line(suite: Suite) -> None:
    refused = suite.demo("--key", "bb_live_nobodys")
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith("backbone: GET /v1/webhook-endpoints was answered 401: ")
    assert "Traceback" not in refused.stderr


def test_where_no_suite_runs_on_the_data_it_says_how_to_give_a_key(suite: Suite, tmp_path: Path) -> None:
    refused = run(*suite.asked(), data=tmp_path / "elsewhere")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "BACKBONE_KEY" in refused.stderr


def test_where_nothing_listens_it_says_how_to_start(tmp_path: Path) -> None:
    refused = run("demo", "--url", "http://127.0.0.1:1", data=tmp_path / "data")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "make run" in refused.stderr


def test_a_file_that_is_none_of_figures_is_refused_before_anything_is_sent(suite: Suite, tmp_path: Path) -> None:
    (tmp_path / "shopping.csv").write_text("item,price\nflour,1.20\n")
    refused = suite.demo("--figures", str(tmp_path / "shopping.csv"))
    assert refused.returncode == 2
    assert "area_code, area_name, area_type, period, value" in refused.stderr


def test_a_suite_that_sends_nothing_to_loopback_says_so_before_anything_is_filled(tmp_path: Path) -> None:
    with running(tmp_path / "data") as process:
        suite = Suite(process, tmp_path / "data")
        refused = suite.demo(people=5)
        assert refused.returncode == 1
        assert "BACKBONE_WEBHOOKS_TO_LOOPBACK=true" in refused.stderr.splitlines()[-1]
        assert suite.counts()["people"] == 0


def test_it_runs_without_a_receiver(suite: Suite, filled: str) -> None:
    done = suite.demo("--no-webhooks")
    assert done.returncode == 0, done.stderr
    assert "Webhooks" not in done.stdout


def test_what_the_awarded_groups_ask_for_is_the_budget_and_each_is_within_the_rounds_limits() -> None:
    applications = groups()
    assert len({group.name for group in applications}) == len(applications) > 60
    awarded = [group.pence for group in applications if group.awarded]
    assert (len(awarded), sum(awarded)) == (AWARDS, BUDGET)
    assert all(500_00 <= group.pence <= 2_500_00 for group in applications)
