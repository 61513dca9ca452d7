"""Micro-grants: one fund of two funders, one round, 64 applications, and 47 awards that spend it to the penny."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from services.cli.demo.client import Api, together
from services.cli.demo.progress import Bar
from services.cli.demo.tally import Tally
from shared.money import Money

AWARDS = 47
BUDGET = 60_000_00
"""Pence."""
_MINIMUM, _MAXIMUM = 500_00, 2_500_00

_FUND = "Changemaker Fund"
_ROUND = "Changemakers, first round"
_CONTRIBUTIONS = (("Alderbrook Trust", 45_000_50, 40_000_50), ("Three Wells Foundation", 30_000_00, 25_000_00))
"""Funder, promised and cleared, in pence. They are invented, like every group below."""

_WHERE = (
    "Alderbrook", "Fernhollow", "Hollowmead", "Larkfield", "Mill Green", "Old Station", "Quarry Lane", "Three Wells",
)  # fmt: skip
_WHAT = {
    "Walking Football": "Balls, bibs and a coach's expenses for walking football on Thursday evenings.",
    "Chair Yoga": "A teacher and the hall for chair yoga, with tea after.",
    "Community Garden": "Raised beds that can be worked standing up, and tools to share.",
    "Dance Circle": "A floor, a loudspeaker and somebody who calls the dances.",
    "Buggy Walkers": "Waterproofs and a leader's training for walks with prams.",
    "Wheelchair Basketball": "Two sports chairs and the transport to get them there.",
    "Sea Shanty Swimmers": "Pool hire and lessons for adults who never learnt to swim.",
    "Cook and Walk": "Ingredients and flasks: we walk, we cook, we eat together.",
}
_DISTRICTS = tuple(f"E070000{number}" for number in range(78, 84))


class _Named(msgspec.Struct):
    id: str
    name: str


class _Contribution(msgspec.Struct):
    funder: str


class _Amount(msgspec.Struct):
    amount: str
    currency: str


class _Round(msgspec.Struct):
    id: str
    title: str
    state: str
    budget: _Amount
    committed: _Amount


class _Application(msgspec.Struct):
    id: str
    group_name: str


class _Award(msgspec.Struct):
    id: str
    application: str
    state: str


class _Made(msgspec.Struct):
    id: str


@dataclass(frozen=True)
class Group:
    """A group that applies: what for, for how much (pence), and whether it is awarded it."""

    name: str
    summary: str
    place: str
    pence: int
    awarded: bool


@dataclass(frozen=True)
class Awarded:
    """What a run added, and how the round stands: money as it is read."""

    applications: Tally
    awards: Tally
    committed: str
    budget: str


def groups() -> Sequence[Group]:
    """The 64 groups. What the awarded ones ask for adds up to the budget."""
    drawn = random.Random("changemakers")
    names = [(f"{where} {what}", summary) for where in _WHERE for what, summary in _WHAT.items()]
    drawn.shuffle(names)
    amounts = _adding_up(AWARDS, BUDGET, drawn)
    amounts += [drawn.randrange(_MINIMUM, _MAXIMUM + 1, 5) for _ in names[AWARDS:]]
    return [
        Group(name, summary, drawn.choice(_DISTRICTS), amount, place < AWARDS)
        for place, ((name, summary), amount) in enumerate(zip(names, amounts, strict=True))
    ]


async def award(api: Api, bar: Bar) -> Awarded:
    """Have the fund, the round, its applications and its awards, each accepted."""
    bar.expect(len(groups()) + AWARDS)
    round_ = await _open_round(api, await _fund(api))
    applications, applied = await _apply(api, round_.id, bar)
    awards = await _offer_and_accept(api, round_.id, applications, bar)
    stands = await api.get(f"/v1/rounds/{round_.id}", _Round)
    return Awarded(applied, awards, _written(stands.committed), _written(stands.budget))


async def _fund(api: Api) -> str:
    known = [fund.id for fund in await api.every("/v1/funds", _Named) if fund.name == _FUND]
    asked = {"name": _FUND, "grant_maker": "Alderbrook Together", "purpose": "To move more, together."}
    fund = known[0] if known else (await api.post("/v1/funds", _Made, asked)).id
    contributions = f"/v1/funds/{fund}/contributions"
    funders = {contribution.funder for contribution in await api.every(contributions, _Contribution)}
    for funder, promised, cleared in _CONTRIBUTIONS:
        if funder not in funders:
            money = {"promised": _money(promised), "cleared": _money(cleared)}
            await api.post(contributions, _Made, {"funder": funder, **money})
    return fund


async def _open_round(api: Api, fund: str) -> _Round:
    known = [one for one in await api.every("/v1/rounds", _Round, fund=fund) if one.title == _ROUND]
    limits = {"minimum": _money(_MINIMUM), "maximum": _money(_MAXIMUM), "budget": _money(BUDGET)}
    found = known[0] if known else await api.post("/v1/rounds", _Round, {"fund": fund, "title": _ROUND, **limits})
    return await api.post(f"/v1/rounds/{found.id}/open", _Round) if found.state == "draft" else found


async def _apply(api: Api, round_: str, bar: Bar) -> tuple[Mapping[str, str], Tally]:
    """Submit what is missing; answers every application's id by the group's name."""
    known = {one.group_name: one.id for one in await api.every("/v1/applications", _Application, round=round_)}
    wanted = groups()

    async def submit(group: Group) -> tuple[str, str]:
        asked = {"round": round_, "group_name": group.name, "summary": group.summary, "place": group.place}
        made = await api.post("/v1/applications", _Made, {**asked, "amount": _money(group.pence)})
        bar.advance()
        return group.name, made.id

    made = await together(submit(group) for group in wanted if group.name not in known)
    return known | dict(made), Tally(len(made), len(wanted) - len(made))


async def _offer_and_accept(api: Api, round_: str, applications: Mapping[str, str], bar: Bar) -> Tally:
    """Offer what is not offered, and accept what is not accepted."""
    awards = await api.every("/v1/awards", _Award, round=round_)
    live = {one.application: one for one in awards if one.state in ("offered", "accepted")}

    async def settle(group: Group) -> bool:
        application = applications[group.name]
        asked = {"application": application, "amount": _money(group.pence)}
        offered = live[application] if application in live else await api.post("/v1/awards", _Award, asked)
        if offered.state == "offered":
            await api.post(f"/v1/awards/{offered.id}/accept", _Made)
        bar.advance()
        return offered.state == "offered"

    new = sum(await together(settle(group) for group in groups() if group.awarded))
    return Tally(new, AWARDS - new)


def _adding_up(count: int, total: int, drawn: random.Random) -> list[int]:
    """So many amounts within the limits that add up to a total: pairs as far above the mean as below, and the rest."""
    mean = total // count
    apart = [drawn.randrange(mean - _MINIMUM) for _ in range(count // 2)]
    amounts = [mean + sign * pence for pence in apart for sign in (1, -1)]
    return [*amounts, total - sum(amounts)]


def _money(pence: int) -> dict[str, str]:
    return Money.of(pence, "GBP").model_dump()


def _written(amount: _Amount) -> str:
    whole, _, pence = amount.amount.partition(".")
    return f"£{int(whole):,}.{pence}"
