"""The console in a real browser: by keyboard, at phone width, and held against axe's rules."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from console_support import Served, console, make_web
from journal_samples import exchange
from playwright.sync_api import Page, expect, sync_playwright
from review_support import ANA, LEE, accepted, coded, wrong

from bot.journal import Journal
from bot.review.policies import PolicyTerms
from bot.review.records import Access, Feedback

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed on this machine"),
]
ONE, TWO, THREE = (exchange(number).exchange_id for number in (1, 2, 3))
PAGES = ("/", f"/exchange/{ONE}", f"/exchange/{TWO}", "/policies", "/policies/1", "/people",
         "/reports?from=2026-11-01&to=2026-11-30", "/signin", "/nope")  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One waiting exchange, one corrected, one accepted; a policy; a person."""
    folder = tmp_path_factory.mktemp("console")
    with Journal(folder / "journal.sqlite") as journal:
        for number in range(1, 6):
            journal.append(coded(number, "E11.9", "I10", person="U1"))
        web = make_web(journal)
        desk = web.desk
        desk.feedback("U1", ONE, Feedback.REJECTED, note="not this")
        desk.decide(ANA, TWO, (*wrong("E11.9", "E11.22"), *accepted("I10")))
        desk.decide(ANA, THREE, accepted("E11.9", "I10"))
        desk.people.grant(LEE, "UANA", Access.REVIEWER, "Coding")
        day = exchange(1).day
        desk.policies.propose(LEE, PolicyTerms("AKI", ("N17.9",), "as agreed", day))
        with console(web) as running:
            yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Any, served: Served) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.goto(served.link())
    expect(opened.get_by_role("heading", name="Queue")).to_be_visible()
    yield opened
    context.close()
    assert problems == []


def test_every_page_is_accessible_and_fits(page: Page, served: Served) -> None:
    for where in PAGES:
        page.goto(served.url + where)
        if where.startswith("/reports"):
            expect(page.locator("img.plot").first).to_be_visible(timeout=60_000)
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], where
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(overflow) == 0, where


def test_dark_colours_have_contrast_too(page: Page, served: Served) -> None:
    page.emulate_media(color_scheme="dark")
    for where in PAGES[:5]:
        page.goto(served.url + where)
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], where


def test_an_exchange_is_judged_by_keyboard_alone(browser: Any, served: Served) -> None:
    number = exchange(4).exchange_id
    page = browser.new_page()
    page.goto(served.link())
    for key in ("j", "j"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.getAttribute('href')") == f"/exchange/{number}"
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/exchange/{number}", wait_until="load")
    page.keyboard.press("c")
    expect(page.get_by_text("Claimed by this-machine")).to_be_visible()
    page.wait_for_load_state("load")
    page.locator("select[name=verdict-0]").focus()
    page.keyboard.type("wrong code")
    page.keyboard.press("Tab")
    page.keyboard.type("e11.65")
    assert page.get_by_label("Right code").first.input_value() == "e11.65"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Decisions")).to_be_visible()
    (decision,) = served.web.desk.decisions(number)
    assert decision.codes == ("E11.65", "I10")
    page.wait_for_load_state("load")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    page.close()


def test_pages_work_without_scripts(browser: Any, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.link())
    page.get_by_role("link", name="AKI, patient number 5").click()
    page.get_by_role("button", name="Record the verdict").click()
    expect(page.get_by_role("heading", name="Decisions")).to_be_visible()
    assert served.web.desk.decisions(exchange(5).exchange_id)[0].accepted
    context.close()
