"""Equality answers: voluntary, under a pseudonym that leads to nobody without its key, and used for nothing else."""

import ast
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from fastapi import FastAPI

import services.members
from services.members.directory.segments.schemas import NewSegment
from services.members.trust.equality import domain
from services.members.trust.equality.models import EqualityAnswer, EqualityStop
from shared import clock
from shared.db.session import Session
from shared.ids import new_id
from shared.secrets import Secrets, rotate_encryption
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE, Alone
from tests.members.caller import Caller

TODAY = clock.now().date()
QUESTIONS = "/v1/equality-answers/questions"


async def answers(members: Caller, person: str, **options: str) -> None:
    """Let somebody answer questions with these options."""
    said = [{"question": question, "option": option} for question, option in options.items()]
    await members.post_nothing("/v1/equality-answers", {"person": person, "answers": said})


async def own(members: Caller, person: str) -> dict[str, str]:
    """What is kept of somebody, by question."""
    found = await members.get(f"/v1/people/{person}/equality-answers")
    return {answer["question"]: answer["option"] for answer in found["answers"]}


async def stored(app: FastAPI, table: type[EqualityAnswer | EqualityStop]) -> list[str]:
    """Every row of a table as text."""

    def read(session: Session) -> list[str]:
        return [str(tuple(row)) for row in session.execute(sa.select(*table.__table__.columns))]

    return list(await app.state.parts.db.read(read))


async def test_who_answers_is_asked_nothing_else_and_may_prefer_not_to_say(members: Caller) -> None:
    ada = await members.person()
    assert await own(members, ada) == {}
    await answers(members, ada, sex="female", religion="prefer_not_to_say")
    assert await own(members, ada) == {"sex": "female", "religion": "prefer_not_to_say"}
    await answers(members, ada, sex="prefer_not_to_say")
    assert await own(members, ada) == {"sex": "prefer_not_to_say", "religion": "prefer_not_to_say"}
    (shown,) = (await members.get(f"/v1/people/{ada}/equality-answers"))["answers"][1:]
    assert (shown["wording"], shown["words"]) == ("What is your sex?", "Prefer not to say")
    answered = await members.client.delete(f"/v1/people/{ada}/equality-answers")
    assert (answered.status_code, await own(members, ada)) == (204, {})


async def test_the_tables_name_nobody_and_the_log_hears_nothing(app: FastAPI, members: Caller) -> None:
    ada = await members.person("Ada")
    before = await members.published()
    await answers(members, ada, sex="female")
    await members.post_nothing(f"/v1/people/{ada}/equality-answers/stop", {})
    await members.post_nothing(f"/v1/people/{ada}/equality-answers/resume")
    await answers(members, ada, sex="female")
    assert await members.published() == before
    rows = await stored(app, EqualityAnswer)
    assert len(rows) == 1
    assert not any(ada in row for row in rows)
    columns = {column.name for table in (EqualityAnswer, EqualityStop) for column in table.__table__.columns}
    assert columns == {"movement", "pseudonym", "question", "version", "option", "answered_on", "received_on",
                       "reference"}  # fmt: skip


async def test_written_notice_deletes_the_answers_and_keeps_any_from_coming(app: FastAPI, members: Caller) -> None:
    ada = await members.person()
    await answers(members, ada, sex="female")
    path = f"/v1/people/{ada}/equality-answers"
    status, problem = await members.refused(f"{path}/stop", {"received_on": (TODAY + timedelta(days=2)).isoformat()})
    assert (status, faults(problem)) == (422, {"/received_on": "in_the_future"})
    await members.post_nothing(f"{path}/stop", {"received_on": TODAY.isoformat(), "reference": "letter of 3 May"})
    assert await stored(app, EqualityAnswer) == []
    assert (await members.get(path))["stopped_on"] == TODAY.isoformat()
    body = {"person": ada, "answers": [{"question": "sex", "option": "female"}]}
    status, problem = await members.refused("/v1/equality-answers", body)
    assert (status, problem["code"]) == (409, "equality_answers_stopped")
    await members.post_nothing(f"{path}/resume")
    assert (await members.refused(f"{path}/resume"))[0] == 404
    await answers(members, ada, sex="female")


@ON_ONE_DATABASE
async def test_a_question_has_versions_with_a_source_and_answers_keep_their_wording(members: Caller) -> None:
    first = {question["key"]: question for question in (await members.get(QUESTIONS))["data"]}
    assert {question["options"][-1]["key"] for question in first.values()} == {"prefer_not_to_say"}
    assert all(question["source"] for question in first.values())
    ada = await members.person()
    await answers(members, ada, ethnic_group="asian")
    options = [{"key": "scottish", "words": "Scottish"}, {"key": "prefer_not_to_say", "words": "Prefer not to say"}]
    said = {"key": "ethnic_group", "wording": "What is your ethnic group or background?", "options": options,
            "source": "Scotland's Census 2022"}  # fmt: skip
    assert (await members.post(QUESTIONS, said))["version"] == 1
    assert (await own(members, ada)) == {"ethnic_group": "asian"}
    status, problem = await members.refused(QUESTIONS, said | {"options": options[:1] * 2})
    assert (status, faults(problem)) == (422, {"/options": "repeated"})
    status, problem = await members.refused(QUESTIONS, said | {"options": [options[0], options[0] | {"key": "x"}]})
    assert (status, faults(problem)) == (422, {"/options": "must_be_voluntary"})
    given = [{"question": "ethnic_group", "option": "asian"}, {"question": "shoe_size", "option": "nine"},
             {"question": "sex", "version": 4, "option": "female"}]  # fmt: skip
    status, problem = await members.refused("/v1/equality-answers", {"person": new_id("person"), "answers": given})
    assert (status, faults(problem)) == (
        422,
        {
            "/person": "unknown_person",
            "/answers/0/option": "unknown_option",
            "/answers/1/question": "unknown_question",
            "/answers/2/question": "unknown_question",
        },
    )
    old = {"question": "ethnic_group", "version": 0, "option": "black"}
    await members.post_nothing("/v1/equality-answers", {"person": ada, "answers": [old]})
    assert (await own(members, ada)) == {"ethnic_group": "black"}


async def test_answers_follow_a_merge_and_part_again_with_it(members: Caller) -> None:
    ada, twice = await members.person("Ada"), await members.person("Ada")
    await answers(members, twice, sex="female")
    await members.post(f"/v1/people/{ada}/merge", {"merged": twice}, status=None)
    assert await own(members, ada) == await own(members, twice) == {"sex": "female"}
    await members.post(f"/v1/people/{twice}/unmerge", status=None)
    assert (await own(members, ada), await own(members, twice)) == ({}, {"sex": "female"})


async def test_whoever_is_forgotten_leaves_neither_answer_nor_notice(app: FastAPI, members: Caller) -> None:
    ada, eve = await members.person("Ada"), await members.person("Eve")
    for person in (ada, eve):
        await answers(members, person, sex="female", religion="none")
    await members.post_nothing(f"/v1/people/{eve}/equality-answers/stop", {})
    gone = await app.state.parts.db.write(domain.forget, members.movement, [ada, eve])
    assert (gone, await stored(app, EqualityAnswer), await stored(app, EqualityStop)) == (3, [], [])


@ON_ONE_DATABASE
async def test_answers_outlast_a_new_key_and_the_next_are_kept_under_it(
    service: Alone, service_url: str, tmp_path: Path, secrets_dir: Path, vouching: Secrets
) -> None:
    keys, movement = shutil.copytree(secrets_dir, tmp_path / "keys"), new_id("movement")
    async with service.running(service_url, tmp_path, keys) as app, Caller(app, vouching, movement) as members:
        ada = await members.person()
        await answers(members, ada, sex="female")
        (before,) = await stored(app, EqualityAnswer)
    rotate_encryption(keys, "members")
    async with service.running(service_url, tmp_path, keys) as app, Caller(app, vouching, movement) as members:
        assert await own(members, ada) == {"sex": "female"}
        await answers(members, ada, sex="female")
        (after,) = await stored(app, EqualityAnswer)
        assert (await own(members, ada), after == before) == ({"sex": "female"}, False)


def test_no_other_part_of_the_software_reads_them() -> None:
    """Not matching, segments, scores or decisions: what counts imports them, their keeping and the person's rights."""
    room = "services.members.trust"
    may = {f"{room}.{noun}" for noun in ("equality", "reach", "erasures", "requests", "archives", "retention", "api")}
    root = Path(services.members.__file__).parent
    for path in root.rglob("*.py"):
        if "equality" not in path.read_text(encoding="utf-8"):
            continue
        module = "services.members." + ".".join(path.relative_to(root).with_suffix("").parts)
        for imported in _imports(path):
            if imported.startswith(f"{room}.equality"):
                assert any(module.startswith(reader) for reader in may), module


@ON_ONE_DATABASE
async def test_they_are_no_condition_of_a_segment_and_no_rule_of_a_duplicate(members: Caller) -> None:
    assert not any("equality" in field or "sex" in field for field in str(NewSegment.model_json_schema()).split('"'))
    ada, eve = await members.person("Ada"), await members.person("Eve")
    shown = await members.get(f"/v1/people/{ada}")
    for person in (ada, eve):
        await answers(members, person, religion="sikh", sexual_orientation="bisexual")
    assert await members.get(f"/v1/people/{ada}") == shown
    assert (await members.get("/v1/people/duplicates"))["data"] == []


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
