import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.shared.trial import Trial, running_trial, settings_for

OTHER = "movement_01j5x3m0e8f7v9q2k4t6w8y0zz"
NAMES = [f"thing-{letter}" for letter in "abcdefg"]


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    async with running_trial(settings_for(tmp_path)) as running:
        for name in reversed(NAMES):
            body = {"name": name, "price": {"amount": "1.00", "currency": "GBP"}}
            assert (await running.client.post("/v1/things", json=body, headers=running.as_caller())).status_code == 201
        yield running


async def cursor_of(trial: Trial) -> str:
    page = (await trial.client.get("/v1/things?limit=2", headers=trial.as_caller())).json()
    cursor: str = page["next_cursor"]
    return cursor


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 200])
async def test_the_pages_together_are_the_list_in_order(trial: Trial, limit: int) -> None:
    names: list[str] = []
    query = f"limit={limit}"
    for _ in range(20):
        page = (await trial.client.get(f"/v1/things?{query}", headers=trial.as_caller())).json()
        names += [thing["name"] for thing in page["data"]]
        assert 0 < len(page["data"]) <= limit
        if page["next_cursor"] is None:
            break
        query = f"limit={limit}&cursor={page['next_cursor']}"
    assert names == NAMES


async def test_an_empty_list_is_one_page_without_a_next(trial: Trial) -> None:
    answered = await trial.client.get("/v1/things", headers=trial.as_caller(movement=OTHER))
    assert answered.json() == {"data": [], "next_cursor": None}


async def test_a_row_that_comes_before_the_cursor_does_not_shift_the_pages(trial: Trial) -> None:
    cursor = await cursor_of(trial)
    body = {"name": "a-new-first", "price": {"amount": "1.00", "currency": "GBP"}}
    await trial.client.post("/v1/things", json=body, headers=trial.as_caller())
    page = (await trial.client.get(f"/v1/things?limit=2&cursor={cursor}", headers=trial.as_caller())).json()
    assert [thing["name"] for thing in page["data"]] == NAMES[2:4]


@pytest.mark.parametrize("cursor", ["", "nonsense", "====", "%00", "é", "WyJ0aGluZy1iIl0"])
async def test_a_cursor_that_is_not_ours_is_refused(trial: Trial, cursor: str) -> None:
    answered = await trial.client.get("/v1/things", params={"cursor": cursor}, headers=trial.as_caller())
    assert (answered.status_code, answered.json()["code"]) == (400, "invalid_cursor")


async def test_a_cursor_that_was_altered_anywhere_is_refused(trial: Trial) -> None:
    cursor = await cursor_of(trial)
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    for index in range(len(raw)):
        altered = raw[:index] + bytes([raw[index] ^ 1]) + raw[index + 1 :]
        text = base64.urlsafe_b64encode(altered).decode()
        answered = await trial.client.get(f"/v1/things?cursor={text}", headers=trial.as_caller())
        assert answered.status_code == 400, index


async def test_a_cursor_belongs_to_its_movement(trial: Trial) -> None:
    cursor = await cursor_of(trial)
    answered = await trial.client.get(f"/v1/things?cursor={cursor}", headers=trial.as_caller(movement=OTHER))
    assert (answered.status_code, answered.json()["code"]) == (400, "invalid_cursor")


async def test_a_cursor_belongs_to_its_list(trial: Trial) -> None:
    cursor = await cursor_of(trial)
    answered = await trial.client.get(f"/v1/other-things?cursor={cursor}", headers=trial.as_caller())
    assert (answered.status_code, answered.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("limit", ["0", "-1", "201", "many", ""])
async def test_a_limit_out_of_bounds_is_a_fault_of_the_query(trial: Trial, limit: str) -> None:
    answered = await trial.client.get(f"/v1/things?limit={limit}", headers=trial.as_caller())
    assert (answered.status_code, answered.json()["errors"][0]["pointer"]) == (422, "?limit")
