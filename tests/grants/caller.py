"""A caller of the grants service in one movement, and the steps that most tests begin with."""

import httpx

from shared.testing import caller
from shared.testing.caller import Json

DETAILS = {"name_on_account": "Knit and Natter Club", "sort_code": "08-99-99", "account_number": "66374958"}
"""An account that the banks' published example says may be one."""


class Caller(caller.Caller):
    """Calls the service over ASGI; the steps assert that they succeed and answer the JSON."""

    service = "grants"

    async def fund(self, cleared: str = "20000.00", currency: str = "GBP") -> str:
        """A fund with so much cleared; its id."""
        purpose = {"name": "Movement fund", "grant_maker": "Action Together", "purpose": "Being active"}
        made = await self.post("/v1/funds", {**purpose, "currency": currency})
        amount = gbp(cleared) | {"currency": currency}
        contribution = {"funder": "Sport England", "promised": amount, "cleared": amount}
        await self.post(f"/v1/funds/{made['id']}/contributions", contribution)
        return str(made["id"])

    async def draft(self, fund: str, budget: str = "20000.00", **rules: object) -> str:
        """A drafted round of the fund; its id."""
        made = await self.post("/v1/rounds", {"fund": fund, "title": "Seeds", "budget": gbp(budget), **rules})
        return str(made["id"])

    async def open_round(self, budget: str = "20000.00", **rules: object) -> str:
        """An open round of a fund that has just its budget; its id."""
        drafted = await self.draft(await self.fund(cleared=budget), budget, **rules)
        await self.post(f"/v1/rounds/{drafted}/open")
        return drafted

    async def complete(self, round_id: str) -> Json:
        """Take an open round through the rest of its life."""
        for step in ("close", "assess"):
            await self.post(f"/v1/rounds/{round_id}/{step}")
        for waiting in await self.every("/v1/applications", round=round_id, state="submitted"):
            await self.post(f"/v1/applications/{waiting['id']}/decline", NO)
        await self.post(f"/v1/rounds/{round_id}/decide")
        return await self.post(f"/v1/rounds/{round_id}/complete")

    async def application(self, round_id: str, amount: str = "500.00") -> str:
        """An application to the round; its id."""
        return str((await self.post("/v1/applications", asking(round_id, amount)))["id"])

    async def question(self, round_id: str) -> str:
        """A question about an application to the round that is being weighed; its id."""
        path = f"/v1/applications/{await self.application(round_id)}"
        await self.post(f"{path}/screen", {"eligible": True, "despite": "Known to us"})
        await self.post(f"{path}/assess")
        return str((await self.post(f"{path}/questions", {"question": "Who would come?"}))["id"])

    async def document(self, application: str) -> str:
        """A file that was sent with the application; its id."""
        path = f"/v1/applications/{application}/documents"
        answered = await self.client.post(path, params={"name": "constitution.pdf"}, content=b"%PDF-1.7")
        assert answered.status_code == 201, answered.text
        return str(answered.json()["id"])

    async def award(self, application: str, amount: str = "500.00") -> str:
        """An award offered to the application; its id."""
        return str((await self.post("/v1/awards", {"application": application, "amount": gbp(amount)}))["id"])

    async def ready_to_pay(self, amount: str = "500.00") -> str:
        """An accepted award, checked and agreed, of a round of its own; its id."""
        award = await self.award(await self.application(await self.open_round(), amount), amount)
        await self.agree(award)
        await self.check(award)
        return award

    async def agree(self, award: str) -> None:
        """The agreement of an award is accepted, and with it the award where it is on offer."""
        made = await self.post("/v1/award-agreements", {"award": award})
        said = {"way": "call", "name": "Knit and natter's treasurer", "evidence": "Recording 12"}
        await self.post(f"/v1/award-agreements/{made['id']}/accept", said)

    async def check(self, award: str) -> None:
        """Every check that an award needs is done."""
        for needed in (await self.get(f"/v1/awards/{award}/checks"))["checks"]:
            await self.post("/v1/checks-of-groups", {"award": award, "kind": needed["kind"]})

    async def payee(self, award: str) -> Json:
        """The payee of an award, with its account; as the API shows it."""
        return await self.post("/v1/payees", {"award": award, "name": "Knit and natter", "account": DETAILS})

    async def payable(self, amount: str = "500.00") -> str:
        """An award of which money may go out, with a payee; its id."""
        award = await self.ready_to_pay(amount)
        await self.payee(award)
        return award

    async def payment(self, award: str, amount: str = "500.00") -> Json:
        """A proposed payment of an award that has a payee; as the API shows it."""
        return await self.post("/v1/payments", {"award": award, "amount": gbp(amount)})

    async def edit(self, method: str, path: str, body: object = None, tag: str = "*") -> Json:
        """An edit that must be taken."""
        return caller.json_of(await self._sent(method, path, body, tag), 200)

    async def refused_edit(self, method: str, path: str, body: object = None, tag: str = "*") -> tuple[int, str]:
        """The status and code of an edit that must be refused."""
        answered = await self._sent(method, path, body, tag)
        return answered.status_code, answered.json()["code"]

    async def _sent(self, method: str, path: str, body: object, tag: str) -> httpx.Response:
        return await self.client.request(method, path, json=body, headers={"if-match": tag})


NO = {"reason": "The round was asked for twice what it has.", "help": "Talk it over with Ada: 01452 555010."}
"""The body of a declining."""


BECAUSE = {"reason": "Something is not right"}
"""The body of a step that the group is told why."""


def gbp(amount: str) -> Json:
    """So much in pounds, as the API writes it."""
    return {"amount": amount, "currency": "GBP"}


def asking(round_id: str, amount: str = "500.00", **other: object) -> Json:
    """The body of an application."""
    answer = {"group_name": "Knit and natter", "summary": "Wool and a warm room", "amount": gbp(amount)}
    return {"round": round_id, **answer, **other}
