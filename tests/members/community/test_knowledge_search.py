"""Finding knowledge: the same answers on both databases, by beginnings of folded words, the best first."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from services.members.community.knowledge import words
from shared.testing.caller import Json
from tests.members.caller import Caller
from tests.members.community.test_knowledge import TODAY, acted, drafted, edited, published
from tests.plugins.parts import scale


async def found(members: Caller, q: str, **other: str) -> list[Json]:
    rows: list[Json] = (await members.get("/v1/knowledge/search", q=q, **other))["data"]
    return rows


async def titles(members: Caller, q: str, **other: str) -> list[str]:
    return [row["title"] for row in await found(members, q, **other)]


async def test_every_word_is_found_by_its_beginning_whatever_its_accents_and_case(members: Caller) -> None:
    await published(members, title="École on the move", body="Children walked to O’Neill’s café.")
    await published(members, title="ਸੈਰ ਕਰਨਾ", body="हिन्दी में चलना", language="pa")
    for asked in ("ecole", "ÉCOLE", "e\u0301cole", "walk cafe", "oneill", "O'Neill's", "children ecol"):
        assert await titles(members, asked) == ["École on the move"], asked
    for asked in ("ਸੈਰ", "हिन्दी", "चल"):
        assert await titles(members, asked) == ["ਸੈਰ ਕਰਨਾ"], asked
    for asked in ("walks", "cafe swim", "lked", "!!", "—"):
        assert await titles(members, asked) == [], asked


async def test_the_best_comes_first_title_before_body_short_before_long_and_whole_before_part(members: Caller) -> None:
    filler = "Some more that has nothing to do with it. " * 40
    for title, body in (
        ("Long", f"A campfire. {filler}"),
        ("Part", "We had campfires."),
        ("Short", "We had a campfire."),
        ("Campfire", "How to sit together."),
        ("Other", "How to swim."),
    ):
        await published(members, title=title, body=body)
    assert await titles(members, "campfire") == ["Campfire", "Short", "Long", "Part"]


async def test_a_rare_word_weighs_more_than_one_that_all_have(members: Caller) -> None:
    for number in range(4):
        await published(members, title=f"Walking {number}", body="walk")
    await published(members, title="Walk", body="lanterns")
    await published(members, title="Lanterns", body="walk")
    assert await titles(members, "walk lantern") == ["Lanterns", "Walk"]


async def test_the_snippet_shows_where_the_words_are(members: Caller) -> None:
    body = f"{'Nothing of note here. ' * 30}Then we lit a Campfire and sang. {'And so on. ' * 30}"
    await published(members, title="A story", body=body)
    (one,) = await found(members, "campf sang")
    snippet = one["snippet"]
    assert [snippet["text"][start:end] for start, end in snippet["found"]] == ["Campfire", "sang"]
    assert snippet["text"].startswith("… ")
    assert snippet["text"].endswith(" …")


async def test_results_come_in_pages_without_a_repeat_or_a_gap(members: Caller) -> None:
    made = [(await published(members, title=f"Walk {n % 3}", body="walk " * (n % 4 + 1)))["id"] for n in range(7)]
    at_once = [row["id"] for row in await found(members, "walk")]
    by_page = [row["id"] for row in await members.every("/v1/knowledge/search", q="walk", limit=2)]
    assert by_page == at_once
    assert sorted(by_page) == sorted(made)


async def test_only_what_is_published_is_found_unless_asked_for(members: Caller) -> None:
    draft = await drafted(members, title="A draft about lanterns")
    assert await titles(members, "lanterns") == []
    assert await titles(members, "lanterns", state="draft") == ["A draft about lanterns"]
    out = await acted(members, draft, "publish")
    waiting = await edited(members, out, {"title": "About torches"})
    assert await titles(members, "lanterns") == ["A draft about lanterns"]
    assert await titles(members, "torches") == []
    now = await acted(members, waiting, "publish")
    assert await titles(members, "torches", tag="walking", language="en") == ["About torches"]
    assert await titles(members, "lanterns") == await titles(members, "torches", tag="swimming") == []
    await acted(members, now, "archive")
    assert await titles(members, "torches") == []


async def test_words_that_must_go_are_gone_from_every_text_every_use_and_the_search(members: Caller) -> None:
    out = await published(members, title="A story of Zebediah", body="zebediah Finch walked.")
    now = await acted(members, await edited(members, out, {"body": "Zebediah Finch ran."}), "publish")
    uses = f"/v1/knowledge/{out['id']}/uses"
    await members.post(uses, {"did": "Read it to ZEBEDIAH.", "used_on": TODAY.isoformat()})
    for passage in ("Zebediah Finch", "zebediah"):
        await members.post(f"/v1/knowledge/{out['id']}/redactions", {"passage": passage}, status=200)
    shown = await members.get(f"/v1/knowledge/{out['id']}")
    assert (shown["text"]["title"], shown["text"]["body"]) == ("A story of […]", "[…] ran.")
    assert shown["version"] > now["version"]
    texts = (await members.client.get(f"/v1/knowledge/{out['id']}/texts")).text
    told = (await members.client.get("/v1/knowledge/uses")).text
    assert "zebediah" not in (texts + told).lower()
    assert await titles(members, "zebediah") == await titles(members, "finch") == []
    assert await titles(members, "ran") == ["A story of […]"]


@settings(max_examples=scale(30))
@given(st.text(alphabet=f"{string.ascii_letters}éß'’ -.,\u0301ि", max_size=60), st.integers(1, 12))
def test_a_text_is_found_by_any_beginning_of_any_of_its_words(text: str, length: int) -> None:
    weighed = words.weights("", text)
    assert all(weight > 0 for weight in weighed.values())
    for word in words.asked(text, 99):
        assert any(known.startswith(word[:length]) for known in weighed)
        piece = words.snippet(text, [word])
        assert all(words.folded(piece.text[start:end]).startswith(word) for start, end in piece.found)
        assert piece.found
