"""Rendering of the answering page: how each question looks and what is wrong with it, in the reader's language."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.measures.instruments.questions import Question, QuestionKind
from services.measures.surveys.answering.form import QUESTION, Form
from services.measures.surveys.asking.models import NotAsking, Survey
from services.measures.surveys.asking.questionnaire import StoredTexts, labelled
from services.measures.surveys.asking.words import ENGLISH, PAGE, RIGHT_TO_LEFT
from services.measures.surveys.responses.models import AgeBand, Who
from shared.errors import Fault

_FOLDER = Path(__file__).parent / "templates"
_NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a question: what is sent for it, how it is called, whether it is the one chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A question as the page shows it; ``low`` and ``high`` are what the ends of a scale are called."""

    name: str
    kind: str
    wording: str
    needed: bool
    choices: Sequence[Choice]
    fault: str | None = None
    hint: str = ""
    text: str = ""
    low: str = ""
    high: str = ""


def asking(survey: Survey, form: Form, faults: Sequence[Fault] = ()) -> Response:
    """The questionnaire: empty, or as it was filled in, with what is to be mended."""
    language, texts, words = _in_language(survey, form.language)
    wrong = {fault.pointer: _fault(words, fault) for fault in faults}
    return _page(
        survey, language, "asking.html", 422 if faults else 200, form=form, introduction=texts["introduction"],
        fields=[
            *_about(survey, form, words, wrong),
            *(_question(survey, each, form, language, wrong) for each in survey.questionnaire.questions.values()),
        ],
    )  # fmt: skip


def thanks(survey: Survey, language: str) -> Response:
    """What is said to somebody who answered."""
    language, texts, _ = _in_language(survey, language)
    return _page(survey, language, "said.html", 200, said=texts["thanks"])


def over(survey: Survey, language: str, error: NotAsking) -> Response:
    """What is said where nothing is asked any more, or not yet."""
    language, _, words = _in_language(survey, language)
    return _page(
        survey, language, "said.html", 410, said=words[_NOT_YET if error.extra["state"] == _NOT_YET else "closed"]
    )


def unknown() -> Response:
    """What is said to somebody whose address leads nowhere."""
    content = {"title": "Not found", "said": "This address leads to no questionnaire.", "languages": [], "words": PAGE}
    return _html("said.html", 404, language=ENGLISH, direction="ltr", **content)


def _about(survey: Survey, form: Form, words: Mapping[str, str], wrong: Mapping[str | None, str]) -> list[Field]:
    """What is asked about whoever answers, before the questions."""
    found: list[Field] = []
    if survey.proxies:
        found.append(_one_of("answered_for", "who", list(Who), form.one("answered_for") or Who.SELF, words, wrong))
    if survey.questionnaire.asks_age:
        found.append(_one_of("age_band", "age", list(AgeBand), form.one("age_band"), words, wrong))
    if survey.paired:
        code, fault = form.one("code"), wrong.get("/code")
        found.append(Field("code", "line", words["code"], False, (), fault, words["code_hint"], code))
    return found


def _one_of(
    name: str, asked: str, values: Sequence[str], chosen: str, words: Mapping[str, str], wrong: Mapping[str | None, str]
) -> Field:
    choices = [Choice(value, words[f"{asked}_{value}"], value == chosen) for value in values]
    return Field(name, QuestionKind.CHOICE, words[asked], True, choices, wrong.get(f"/{name}"))


def _question(survey: Survey, question: Question, form: Form, language: str, wrong: Mapping[str | None, str]) -> Field:
    name, labels = QUESTION + question.key, labels_of(survey, question, language)
    said, words = form.several(name), _words(survey, language)
    steps = (
        [str(step) for step in range(question.low, question.high + 1)] if question.kind is QuestionKind.SCALE else []
    )
    choices = [Choice(value, labels.get(value, value), value in said) for value in (*question.choices, *steps)]
    single = question.kind in (QuestionKind.CHOICE, QuestionKind.SCALE)
    if single and not question.needed:  # without a script, what was chosen cannot be taken back in any other way
        choices.append(Choice("", words["clear"], False))
    between = words["between"].format(low=question.low, high=question.high)
    return Field(
        name, question.kind, wording_of(survey, question.key, language), question.needed, choices,
        wrong.get(f"/answers/{question.key}"), between if question.kind is QuestionKind.NUMBER else "",
        form.one(name), labels.get("low", ""), labels.get("high", ""),
    )  # fmt: skip


def wording_of(survey: Survey, key: str, language: str) -> str:
    """A question in a language: in the survey's words, or in those that its instrument brings."""
    given = survey.texts[language]["questions"].get(key)
    ours = survey.questionnaire.wording(key)
    return given["wording"] if given is not None and given["wording"] else ours.question if ours else ""


def labels_of(survey: Survey, question: Question, language: str) -> Mapping[str, str]:
    """What its choices are called in a language, or the ends of its scale."""
    given, ours = survey.texts[language]["questions"].get(question.key), survey.questionnaire.wording(question.key)
    named = {**(ours.choices if ours else {}), **(given["choices"] if given else {})}
    return {label: named[label] for label in labelled(question) if label in named}


def _fault(words: Mapping[str, str], fault: Fault) -> str:
    if fault.code == "wrong_age":
        return words["wrong_age"]
    return words["missing" if fault.code in ("missing", "age_needed") else "wrong"]


def _in_language(survey: Survey, wanted: str) -> tuple[str, StoredTexts, Mapping[str, str]]:
    language = wanted if wanted in survey.texts else next(iter(survey.texts))
    return language, survey.texts[language], _words(survey, language)


def _words(survey: Survey, language: str) -> Mapping[str, str]:
    return {**PAGE, **survey.texts[language]["page"]}


def _page(survey: Survey, language: str, template: str, status: int, **content: object) -> Response:
    languages = [(each, _words(survey, each)["language_name"]) for each in survey.texts]
    return _html(
        template, status, title=survey.texts[language]["title"], language=language, words=_words(survey, language),
        direction="rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr", languages=languages, **content,
    )  # fmt: skip


def _html(template: str, status: int, **content: object) -> Response:
    templates, style, policy = _rendering()
    return HTMLResponse(
        templates.get_template(template).render(style=style, **content),
        status,
        {"content-security-policy": policy, "referrer-policy": "no-referrer", "cache-control": "no-store",
         "x-robots-tag": "noindex"},
    )  # fmt: skip


@cache
def _rendering() -> tuple[Environment, str, str]:
    """The templates, the style, and the policy by which the page may use that style, send itself, and nothing else."""
    templates = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (_FOLDER / "answering.css").read_text(encoding="utf-8")
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return templates, style, policy
