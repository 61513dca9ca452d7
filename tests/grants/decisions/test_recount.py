"""The script that counts again finds every ballot that was taken away, altered or added, and every other tampering."""

import copy
import json
from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.grants.decisions import recount
from services.grants.decisions.ranking import digest_of
from services.grants.decisions.voting.chain import Box, Rules, beginning, linked
from tests.plugins.parts import scale

SEED = "5eed"
OPTIONS = ["app_1", "app_2", "app_3"]
BALLOT = st.dictionaries(st.sampled_from(OPTIONS), st.integers(1, 2), min_size=1, max_size=2)


def record_of(ballots: list[Mapping[str, int]], boxes: list[Box]) -> dict[str, Any]:
    """A record as it is published: the chain is the service's own, the count is made here."""
    rules = Rules([(option, None) for option in OPTIONS], 4, 2, [], digest_of(SEED))
    link, published = beginning(rules, boxes, len(ballots)), []
    for number, dots in enumerate(ballots):
        link = linked(link, f"{number:032x}", dots)
        published.append({"receipt": f"{number:032x}", "dots": dict(dots), "digest": link})
    votes = {
        option: sum(cast.get(option, 0) for cast in [*ballots, *(box.dots for box in boxes)]) for option in OPTIONS
    }
    ranking = sorted(OPTIONS, key=lambda option: (-votes[option], digest_of(f"{SEED}:{option}")))
    return {
        "rules": rules.told(), "paper": [box.told() for box in boxes], "voted_online": len(ballots),
        "ballots": published, "digest": link, "seed": SEED,
        "result": [{"application": option, "votes": votes[option]} for option in ranking],
    }  # fmt: skip


CAST: list[Mapping[str, int]] = [{"app_1": 2}, {"app_2": 1, "app_1": 1}, {"app_3": 2}]
WHOLE = record_of(CAST, [Box(3, {"app_2": 2})])


def faults(record: Any, announced: str | None = WHOLE["digest"]) -> list[str]:
    return list(recount.faults_of(record, announced))


@settings(max_examples=scale(30))
@given(st.lists(BALLOT, max_size=8), st.lists(st.builds(Box, st.just(4), BALLOT), max_size=2))
def test_a_record_agrees_with_itself(ballots: list[Mapping[str, int]], boxes: list[Box]) -> None:
    assert faults(record_of(ballots, boxes), None) == []


@settings(max_examples=scale(30))
@given(st.lists(BALLOT, min_size=1, max_size=6), st.data())
def test_a_ballot_taken_away_altered_or_added_is_found(ballots: list[Mapping[str, int]], data: st.DataObject) -> None:
    whole = record_of(ballots, [])
    record = copy.deepcopy(whole)
    at = data.draw(st.integers(0, len(ballots) - 1))
    match data.draw(st.sampled_from(["remove", "change", "add"])):
        case "remove":
            del record["ballots"][at]
        case "change":
            changed = data.draw(BALLOT.filter(lambda dots: dots != dict(ballots[at])))
            record["ballots"][at]["dots"] = changed
        case "add":
            record["ballots"].insert(at, {"receipt": "f" * 32, "dots": {"app_1": 1}, "digest": "0" * 64})
    assert faults(record, whole["digest"])


@settings(max_examples=scale(20))
@given(st.lists(BALLOT, min_size=1, max_size=6))
def test_a_record_that_was_made_anew_without_a_ballot_is_not_the_one_that_was_announced(
    ballots: list[Mapping[str, int]],
) -> None:
    forged = record_of(ballots[1:], [])
    assert faults(forged, None) == []
    announced = record_of(ballots, [])["digest"]
    assert faults(forged, announced) == ["this is not the record whose digest was announced"]


def _set(path: str, value: object) -> Callable[[Any], None]:
    def change(record: Any) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        for step in way:
            record = record[step]
        record[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (_set("seed", "other"), "the seed is not the one whose digest was published before"),
        (_set("result/0/votes", 9), "the votes that were announced are not those of the ballots"),
        (lambda record: record["result"].reverse(), "the order that was announced does not follow"),
        (_set("voted_online", 4), "3 ballots, and 4 people voted online"),
        (_set("paper/0/dots", {"app_2": 3}), "ballot 1 does not follow from the one before it"),
        (_set("rules/first_places", ["E07000080"]), "ballot 1 does not follow from the one before it"),
        (_set("digest", "0" * 64), "the last ballot is not the one that the record ends with"),
        (_set("ballots/1/receipt", f"{0:032x}"), "two ballots have the same receipt"),
        (_set("ballots/1/dots", {"app_9": 1}), "ballot 2 is for something else"),
        (_set("ballots/1/dots", {"app_1": 3}), "ballot 2 has too many dots, or none"),
        (_set("ballots/1/dots", {}), "ballot 2 has too many dots, or none"),
        (_set("paper/0/dots", {"app_9": 1}), "box 1 is for something else"),
        (_set("paper/0/dots", {"app_2": 13}), "box 1 has more dots than its ballots can hold"),
    ],
)
def test_each_tampering_is_said(change: Callable[[Any], None], found: str) -> None:
    record = copy.deepcopy(WHOLE)
    change(record)
    assert any(each.startswith(found) for each in faults(record)), faults(record)


def test_the_script_ends_with_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad, no_record = tmp_path / "good.json", tmp_path / "bad.json", tmp_path / "no.json"
    good.write_text(json.dumps(WHOLE))
    bad.write_text(json.dumps(WHOLE | {"seed": "other"}))
    no_record.write_text("[]")
    assert recount.main([str(good), "--digest", WHOLE["digest"]]) == 0
    assert "everything agrees" in capsys.readouterr().out
    assert recount.main([str(bad)]) == 1
    assert "FAULT: the seed" in capsys.readouterr().out
    assert recount.main([str(good), "--receipt", "nobody's"]) == 1
    assert "no ballot has this receipt" in capsys.readouterr().out
    assert [recount.main([str(each)]) for each in (no_record, tmp_path / "none.json")] == [2, 2]
    monkeypatch.setattr("sys.stdin", StringIO(json.dumps(WHOLE)))
    assert recount.main(["-"]) == 0
