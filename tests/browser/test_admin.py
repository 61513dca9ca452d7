"""The admin frontend as a person uses it: signing in and out, the overview, what a wrong password says; accessible."""

import asyncio
import re
from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.suite.processes import Suite, embedded


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """The embedded suite, with one person in it."""
    suite = embedded(tmp_path_factory.mktemp("admin"))
    asyncio.run(_begin(suite))
    yield suite
    suite.kill()


async def _begin(suite: Suite) -> None:
    await suite.start()
    async with suite.client() as client:
        signed_up = await client.post("/v1/sign-ups", json={"person": {"given_name": "Ada"}})
        assert signed_up.status_code == 201


@pytest.fixture
async def page(browser: Browser, suite: Suite) -> Page:
    """A new visitor at the first page."""
    visitor = await browser.new_page(viewport={"width": 1100, "height": 800})
    await visitor.goto(_admin(suite))
    return visitor


async def test_whoever_is_not_signed_in_is_asked_to(page: Page) -> None:
    assert page.url.endswith("/sign-in")
    assert await page.title() == "Sign in · Backbone"


async def test_a_wrong_password_says_so_and_keeps_the_address(page: Page, suite: Suite) -> None:
    await _sign_in(page, "admin@example.org", "not the password")
    assert "wrong" in await page.inner_text("[role=alert]")
    assert await page.input_value("#email") == "admin@example.org"
    assert await page.input_value("#password") == ""


async def test_the_overview_shows_how_the_movement_stands_until_signing_out(page: Page, suite: Suite) -> None:
    await _sign_in(page, *_printed(suite))
    assert await page.inner_text("h1") == "My movement"
    assert re.search(r"people\s*1\b", await page.inner_text("section[aria-labelledby=totals]"))
    assert "Observer" in await page.inner_text("section[aria-labelledby=ladder]")
    cookie = (await page.context.cookies())[0]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    token = cookie["value"]
    await page.click("text=Sign out")
    await page.wait_for_url("**/sign-in")
    assert await page.context.cookies() == []
    async with httpx.AsyncClient(base_url=suite.url, headers={"authorization": f"Bearer {token}"}) as client:
        assert (await client.get("/v1/me")).status_code == 401


@pytest.mark.parametrize("width", [1100, 390])
async def test_the_pages_have_no_accessibility_fault_and_fit_the_screen(page: Page, suite: Suite, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 800})
    await _without_fault(page)
    await _sign_in(page, *_printed(suite))
    await _without_fault(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def test_an_address_that_leads_nowhere_is_told_on_a_page_with_a_way_back(page: Page, suite: Suite) -> None:
    answer = await page.goto(f"{_admin(suite)}/no-such-page")
    assert answer is not None
    assert answer.status == 404
    assert await page.inner_text("h1") == "There is no such thing here"
    await _without_fault(page)
    await page.click("text=Back to the overview")
    await page.wait_for_url("**/sign-in")


async def test_a_program_gets_the_problem_and_not_a_page(suite: Suite) -> None:
    async with httpx.AsyncClient(base_url=_admin(suite)) as client:
        assert (await client.get("/no-such-page")).json()["code"] == "not_found"


async def test_a_form_from_another_site_is_refused(suite: Suite) -> None:
    async with httpx.AsyncClient(base_url=_admin(suite)) as client:
        refused = await client.post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert refused.status_code == 403


async def test_a_page_may_load_nothing_but_our_own_files(suite: Suite) -> None:
    async with httpx.AsyncClient(base_url=_admin(suite)) as client:
        policy = (await client.get("/sign-in")).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")


async def _without_fault(page: Page) -> None:
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


async def _sign_in(page: Page, email: str, password: str) -> None:
    await page.fill("#email", email)
    await page.fill("#password", password)
    await page.click("button")
    await page.wait_for_load_state()


def _admin(suite: Suite) -> str:
    return f"http://127.0.0.1:{suite.processes['gateway'].environment['BACKBONE_ADMIN_PORT']}"


def _printed(suite: Suite) -> tuple[str, str]:
    """The sign-in that the first start printed."""
    printed = suite.processes["gateway"].log.read_text()
    email, password = (re.search(rf"{label}\s+(\S+)", printed) for label in ("Sign in as", "Password"))
    assert email, printed
    assert password, printed
    return email[1], password[1]
