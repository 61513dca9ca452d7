"""The page that people answer a survey on, in a browser: accessible, as wide as its screen, in its own style."""

import pytest
from axe_playwright_python.async_playwright import Axe
from fastapi import Response
from playwright.async_api import Browser, Page, Route

from services.measures.surveys.answering import page as pages
from services.measures.surveys.answering.form import Form
from services.measures.surveys.asking.models import Survey
from services.measures.surveys.asking.questionnaire import StoredAsk, StoredTexts
from services.measures.surveys.asking.words import PAGE
from shared.clock import now
from shared.errors import Fault

ASKS: list[StoredAsk] = [
    {"instrument": "ons4", "version": 1},
    {"instrument": "ons_loneliness", "version": 1},
    {"key": "groups", "kind": "several", "choices": ["choir", "walks"], "low": 0, "high": 0, "needed": False},
    {"key": "miles", "kind": "number", "choices": [], "low": 0, "high": 100, "needed": True},
    {"key": "words", "kind": "text", "choices": [], "low": 0, "high": 0, "needed": False},
]
ENGLISH: StoredTexts = {
    "title": "How are you?",
    "introduction": "We can move asks you.",
    "thanks": "Thank you.",
    "questions": {
        "groups": {"wording": "What do you go to?", "choices": {"choir": "The choir", "walks": "Walks"}},
        "miles": {"wording": "How many miles?", "choices": {}},
        "words": {"wording": "What else?", "choices": {}},
    },
    "page": {},
}
ARABIC: StoredTexts = {**ENGLISH, "title": "كيف حالك؟", "page": {**PAGE, "language_name": "العربية"}}
SURVEY = Survey(
    movement="movement_1", id="survey_1", version=1, name="Walks", state="open", asks=ASKS, paired=True, proxies=True,
    texts={"en": ENGLISH, "ar": ARABIC}, double_entry=False, created_at=now(), updated_at=now(),
)  # fmt: skip
MISSING = [Fault("/answers/miles", "has to be answered", "missing"), Fault("/age_band", "say how old", "age_needed")]


async def shown(browser: Browser, response: Response, width: int) -> Page:
    """What a visitor with a screen of that width is shown."""

    async def answer(route: Route) -> None:
        await route.fulfill(status=response.status_code, headers=dict(response.headers), body=bytes(response.body))

    page = await browser.new_page(viewport={"width": width, "height": 800})
    await page.route("**/*", answer)
    await page.goto("http://survey.test/")
    return page


@pytest.mark.parametrize(("width", "language"), [(1100, "en"), (390, "ar")])
async def test_the_page_has_no_accessibility_fault_and_fits_the_screen(
    browser: Browser, width: int, language: str
) -> None:
    page = await shown(browser, pages.asking(SURVEY, Form.empty(language), MISSING), width)
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert await page.evaluate("getComputedStyle(document.querySelector('main')).borderTopStyle") == "solid"


async def test_a_fault_leads_to_the_question_that_it_is_about(browser: Browser) -> None:
    page = await shown(browser, pages.asking(SURVEY, Form.empty("en"), MISSING), 390)
    await page.click("[role=alert] a >> text=How many miles?")
    assert await page.evaluate("document.activeElement.id") == "q.miles"
    assert await page.get_attribute("[id='q.miles']", "aria-invalid") == "true"
    described = await page.get_attribute("[id='q.miles']", "aria-describedby")
    assert described == "q.miles-fault q.miles-hint"
    assert (await page.title()).startswith(PAGE["faults"])
