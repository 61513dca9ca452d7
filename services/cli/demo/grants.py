"""Micro-grants: one fund of two funders, one round that is handed to an anchor organisation, 64 applications, and 47
awards that spend it to the penny: agreed, checked, paid, reported on.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from services.cli.demo import anchor, paying, reporting
from services.cli.demo.client import Api, together
from services.cli.demo.officers import Officers, OfficersOf
from services.cli.demo.progress import Bar
from services.cli.demo.tally import Tally
from shared.money import Money

AWARDS = 47
BUDGET = 60_000_00
"""Pence."""
UNSPENT = 100_00
"""What one group has left over, and pays back."""
_MINIMUM, _MAXIMUM = 500_00, 2_500_00
_HOSTED, _RETURNED, _UNDERSPENT = 5, 11, 17
"""Which of the awarded groups has no account, whose payment the bank sends back, and who spends less than it had."""

_FUND = "Changemaker Fund"
_ROUND = "Changemakers, first round"
_CONTRIBUTIONS = (("Alderbrook Trust", 45_000_50, 40_000_50), ("Three Wells Foundation", 30_000_00, 25_000_00))
"""Funder, promised and cleared, in pence. They are invented, like every group below."""
_HOST = {"has_account": False, "host": {"name": "The parish hall trust"}}
_NO = {"reason": "The money reaches for 47 groups.", "help": "Talk it over with Una: 01632 960047."}
"""What those are told whom the money does not reach, with a number that Ofcom keeps for drama."""

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
    state: str


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
    paid: str
    budget: str
    funders: Mapping[str, str]
    """What each funder has in it."""
    published: int


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


async def award(api: Api, officers: OfficersOf, bar: Bar) -> Awarded:
    """Have the fund, the round and its applications, and the awards as far as a round goes: to what came of them."""
    bar.expect(len(groups()) + 2 * AWARDS + 1)  # one is paid twice
    organisation = await anchor.organisation(api)
    fund = await _fund(api, organisation)
    round_ = await _open_round(api, fund)
    applications, applied = await _apply(api, round_.id, bar)
    await anchor.hand_over(api, fund, organisation, _money(BUDGET))
    new = 0
    if round_.state != "complete":
        measure = await reporting.measure(api)
        await anchor.publish(api, organisation, [funder for funder, _, _ in _CONTRIBUTIONS])
        async with officers(organisation) as two:
            new, awards = await _offer(two.first, round_.id, applications)
            await _run(two, fund, awards, measure, bar)
            await _finish(two.first, round_, applications)
    stands = await api.get(f"/v1/rounds/{round_.id}", _Round)
    shares = await reporting.funders(api, [one.id for one in await api.every("/v1/awards", _Award, round=round_.id)])
    in_words = {funder: in_pounds(pence) for funder, pence in sorted(shares.items())}
    paid = in_pounds(sum(shares.values()))
    published = await anchor.published(api)
    return Awarded(applied, Tally(new, AWARDS - new), paid, _written(stands.budget), in_words, published)


async def _fund(api: Api, holder: str) -> str:
    known = [fund.id for fund in await api.every("/v1/funds", _Named) if fund.name == _FUND]
    asked = {"name": _FUND, "grant_maker": anchor.MAKER, "purpose": "To move more, together.", "holder": holder}
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
    hosted = wanted[_HOSTED]

    async def submit(group: Group) -> tuple[str, str]:
        asked = {"round": round_, "group_name": group.name, "summary": group.summary, "place": group.place}
        held = _HOST if group is hosted else {}
        made = await api.post("/v1/applications", _Made, {**asked, **held, "amount": _money(group.pence)})
        bar.advance()
        return group.name, made.id

    made = await together(submit(group) for group in wanted if group.name not in known)
    return known | dict(made), Tally(len(made), len(wanted) - len(made))


async def _offer(anna: Api, round_: str, applications: Mapping[str, str]) -> tuple[int, Sequence[str]]:
    """Offer what is not offered; how many those are, and every award's id in the order of the groups."""
    awards = await anna.every("/v1/awards", _Award, round=round_)
    live = {one.application: one.id for one in awards if one.state not in ("lapsed", "refused", "cancelled")}

    wanted = groups()[:AWARDS]
    hosted = wanted[_HOSTED]

    async def offer(group: Group) -> str:
        application = applications[group.name]
        if application in live:
            return live[application]
        if group is hosted:
            await anna.write(f"/v1/applications/{application}/host", {"agrees": True})
        return (await anna.post("/v1/awards", _Award, {"application": application, "amount": _money(group.pence)})).id

    offered = await together(offer(group) for group in wanted)
    return AWARDS - len(set(offered) & set(live.values())), offered


async def _run(two: Officers, fund: str, awards: Sequence[str], measure: str, bar: Bar) -> None:
    """From the offers to what came of them."""
    wanted = groups()[:AWARDS]
    due = {award: group.pence for award, group in zip(awards, wanted, strict=True)}
    places = {award: group.place for award, group in zip(awards, wanted, strict=True)}
    await paying.make_ready(two, awards, measure, awards[_HOSTED])
    await paying.pay(two, fund, due, awards[_RETURNED], bar)
    await reporting.report(two, places, measure, bar)
    await reporting.close(two, due, awards[_UNDERSPENT], UNSPENT)


async def _finish(anna: Api, round_: _Round, applications: Mapping[str, str]) -> None:
    """Whoever the money does not reach is told so, and the round goes to its end."""
    waiting = await anna.every("/v1/applications", _Application, round=round_.id, state="submitted")
    await together(anna.write(f"/v1/applications/{one.id}/decline", _NO) for one in waiting)
    steps = {"open": "close", "closed": "assess", "assessing": "decide", "decided": "complete"}
    state = round_.state
    while state in steps:
        state = (await anna.post(f"/v1/rounds/{round_.id}/{steps[state]}", _Round)).state


def _adding_up(count: int, total: int, drawn: random.Random) -> list[int]:
    """So many amounts within the limits that add up to a total: pairs as far above the mean as below, and the rest."""
    mean = total // count
    apart = [drawn.randrange(mean - _MINIMUM) for _ in range(count // 2)]
    amounts = [mean + sign * pence for pence in apart for sign in (1, -1)]
    return [*amounts, total - sum(amounts)]


def _money(pence: int) -> dict[str, str]:
    return Money.of(pence, "GBP").model_dump()


def _written(amount: _Amount) -> str:
    return in_pounds(int(amount.amount.replace(".", "")))


def in_pounds(pence: int) -> str:
    """Pence as they are read: £1,234.56."""
    return f"£{pence // 100:,}.{pence % 100:02}"
