"""The demo's page in a real browser: a newcomer types, the real app answers, the page shows it."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from slack_support import CODES, DANA, Assistant, answered

from bot.config import Settings
from bot.journal import Journal
from bot.sandbox.demo import Demo

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed on this machine"),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("demo")
    with (
        Journal(home / "journal.sqlite") as journal,
        Demo(
            Settings(home=home, review_rate=1.0, review_second_rate=0.0),
            Assistant(journal),
            journal,
            codes=CODES,
        ) as running,
    ):
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    profile = tmp_path_factory.mktemp("profile")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            args=ARGUMENTS,
            viewport={"width": 1280, "height": 820},
        )
        yield context
        context.close()


@pytest.fixture
def page(browser: Any, demo: Demo) -> Iterator[Page]:
    opened = browser.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "console",
        lambda message: problems.append(message.text) if message.type == "error" else None,
    )
    opened.goto(demo.url)
    expect(opened.locator("#connection")).to_have_text("Codecite is connected")
    yield opened
    opened.close()
    assert problems == []


def test_a_newcomer_asks_in_the_direct_message(page: Page, demo: Demo) -> None:
    expect(page.locator("#prompts button")).to_have_count(4)
    page.locator("#text").fill("type 2 diabetes with diabetic CKD stage 3a")
    page.keyboard.press("Enter")

    answer = page.locator("#messages .message[data-by=bot]")
    expect(answer).to_contain_text("Type 2 diabetes mellitus with diabetic chronic kidney disease")
    expect(answer.locator("strong", has_text="E11.22").first).to_be_visible()
    expect(answer.locator("blockquote").first).to_contain_text("type 2 diabetes with diabetic CKD")
    expect(answer.locator("code").last).to_have_text("E11.22, N18.31")
    expect(page.locator("#prompts button")).to_have_count(0)


def test_a_mention_opens_its_thread_with_the_answer(page: Page) -> None:
    page.locator("[data-channel=C0CODING]").click()
    page.locator("#text").fill("@Codecite left knee osteoarthritis")
    page.get_by_role("button", name="Send").first.click()

    thread = page.locator("#thread")
    expect(thread.locator(".message[data-by=bot]")).to_contain_text("E11.22")
    expect(thread.locator(".mention").first).to_have_text("@Codecite")
    expect(page.locator("#messages .replies-link").last).to_have_text("1 reply")


def test_the_command_is_seen_by_one_and_shared_with_all(page: Page) -> None:
    page.locator("[data-channel=C0CODING]").click()
    page.locator("#text").fill("/code gout of the left foot")
    page.keyboard.press("Enter")
    private = page.locator(".message.ephemeral")
    expect(private).to_contain_text("Only visible to you")

    page.locator("#person").select_option(label="Morgan Lee, coding lead")
    page.locator("[data-channel=C0CODING]").click()
    expect(page.locator("#title")).to_have_text("# coding")
    expect(page.locator(".message.ephemeral")).to_have_count(0)

    page.locator("#person").select_option(label="Dana Okafor, coder")
    page.locator("[data-channel=C0CODING]").click()
    page.get_by_role("button", name=re.compile("Share this answer")).click()
    expect(page.locator("#messages")).to_contain_text("@Dana Okafor shared this answer")


def test_what_people_write_is_never_markup(page: Page, demo: Demo) -> None:
    hostile = '<img src=x onerror="window.hit=1"> <!channel> & *bold*'
    demo.sandbox.client.say(DANA, "C0CODING", hostile)
    page.locator("[data-channel=C0CODING]").click()
    last = page.locator("#messages .message[data-by=person]").last
    expect(last).to_contain_text('<img src=x onerror="window.hit=1"> <!channel> & bold')
    assert page.evaluate("window.hit") is None
    assert page.locator("#messages img").count() == 0


def test_the_home_tab_shows_the_published_view(page: Page) -> None:
    page.get_by_role("tab", name="Home").click()
    expect(page.locator("#home h3").first).to_have_text("Codecite")


def ask(page: Page, text: str) -> None:
    """Write to the bot and wait until its answer is on the page."""
    answers = page.locator("#messages .message[data-by=bot]")
    page.wait_for_timeout(100)
    count = answers.count()
    page.locator("#text").fill(text)
    page.keyboard.press("Enter")
    expect(answers).to_have_count(count + 1)


def test_a_decision_in_the_page_changes_the_answer(page: Page) -> None:
    ask(page, "a decision in the page")
    last = page.locator("#messages .message[data-by=bot]").last
    last.get_by_role("button", name=re.compile("Accept all")).click()
    expect(last).to_contain_text("Accepted by @Dana Okafor")
    expect(last.get_by_role("button", name="Change the decision")).to_be_visible()
    last.get_by_role("button", name="Change the decision").click()
    last.get_by_role("button", name=re.compile("Reject this answer")).click()
    form = page.get_by_role("dialog", name="Reject the answer")
    expect(form).to_be_visible()
    form.get_by_label("Not supported by the documentation").check()
    form.get_by_role("button", name="Reject").click()
    expect(form).to_be_hidden()
    expect(last).to_contain_text("Rejected by @Dana Okafor")


def test_a_wrong_code_is_said_in_the_form(page: Page) -> None:
    ask(page, "an edit in the page")
    page.get_by_role("button", name=re.compile("Edit the codes")).last.click()
    form = page.get_by_role("dialog", name="Edit the codes")
    form.get_by_label("Codes to add").fill("ZZ9")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_have_text("Not in any installed release: ZZ9.")
    form.get_by_role("button", name="Cancel").click()
    expect(form).to_be_hidden()


def test_a_note_is_coded_with_its_form(page: Page) -> None:
    page.get_by_role("button", name="Code a note").click()
    form = page.get_by_role("dialog", name="Code a note")
    answers = page.locator("#messages .message[data-by=bot]")
    count = answers.count()
    form.get_by_label("Inpatient").check()
    form.get_by_label(re.compile("Note or question")).fill("Acute kidney injury")
    form.get_by_role("button", name="Code it").click()
    expect(form).to_be_hidden()
    expect(answers).to_have_count(count + 1)
    last = answers.last
    expect(last).to_contain_text("From “Code a note”")
    expect(last).to_contain_text("inpatient")


def test_a_shortcut_an_edit_and_a_deletion_by_menu(page: Page, demo: Demo) -> None:
    posted, _ = demo.sandbox.client.say(DANA, "D0DANA", "the message with a menu")
    article = page.locator(f"article[data-ts='{posted.ts}']")
    article.hover()
    article.get_by_role("button", name="Suggest codes").click()
    expect(page.locator(".message.ephemeral").last).to_contain_text("E11.22")
    article.hover()
    article.get_by_role("button", name="Edit").click()
    box = page.get_by_label("Edit message")
    box.fill("the message, edited")
    box.press("Enter")
    expect(article).to_contain_text("(edited)")
    count = page.locator("#messages .message[data-by=bot]:not(.ephemeral)").count()
    article.hover()
    article.get_by_role("button", name="Delete").click()
    expect(article).to_have_count(0)
    expect(page.locator("#messages .message[data-by=bot]:not(.ephemeral)")).to_have_count(count - 1)


def test_a_lead_has_a_queue_at_home_and_a_coder_has_not(page: Page) -> None:
    page.get_by_role("tab", name="Home").click()
    expect(page.locator("#home")).to_contain_text("Your recent questions")
    expect(page.locator("#home")).not_to_contain_text("Review queue")
    page.locator("#person").select_option(label="Morgan Lee, coding lead")
    page.get_by_role("tab", name="Home").click()
    expect(page.locator("#home")).to_contain_text("Review queue")


def test_a_lead_reviews_code_by_code(page: Page, demo: Demo) -> None:
    answers = page.locator("#messages .message[data-by=bot]")
    count = answers.count()
    demo.sandbox.client.say(DANA, "D0DANA", "an answer to review")
    expect(answers).to_have_count(count + 1)
    page.locator("#person").select_option(label="Morgan Lee, coding lead")
    page.get_by_role("tab", name="Home").click()
    home = page.locator("#home")
    expect(home).to_contain_text("Review queue")
    home.get_by_role("button", name="Claim this answer").first.click()
    expect(home).to_contain_text("claimed by you")
    home.get_by_role("button", name="Review this answer").first.click()
    form = page.get_by_role("dialog", name="Review")
    form.locator("[data-block=verdict0] select").select_option("wrong-code")
    form.locator("[data-block=verdict1] select").select_option("accepted")
    form.get_by_role("button", name="Record").click()
    expect(form.get_by_role("alert")).to_have_text("This verdict needs the right code.")
    expect(form.locator("[data-block=verdict0] select")).to_have_value("wrong-code")
    form.get_by_label("Right code for E11.22").fill("z79.4")
    form.get_by_role("button", name="Record").click()
    expect(form).to_be_hidden()
    page.get_by_role("tab", name="Messages").click()
    expect(page.locator("#messages")).to_contain_text("Codes as they should be: Z79.4, N18.31.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_stand_out_in_both_themes(page: Page, theme: str) -> None:
    """Contrast of what is read, by the WCAG formula, 4.5 at least."""
    page.evaluate("t => { document.documentElement.dataset.theme = t }", theme)
    measured = page.evaluate(
        """() => {
          const light = (colour) => {
            const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
            const linear = (c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            const [r, g, b] = parts.map(linear);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const behind = (node) => {
            for (let at = node; at; at = at.parentElement) {
              const colour = getComputedStyle(at).backgroundColor;
              if (!/, 0\\)$|transparent/.test(colour)) return colour;
            }
            return "rgb(255, 255, 255)";
          };
          return [...document.querySelectorAll("p, button, code, h1, time, .role")]
            .filter((node) => node.offsetParent && node.textContent.trim())
            .map((node) => {
              const pair = [light(getComputedStyle(node).color), light(behind(node))];
              const [a, b] = pair.sort((x, y) => y - x);
              const what = `${node.tagName} ${node.className} ${node.textContent.slice(0, 20)}`;
              return [(a + 0.05) / (b + 0.05), what];
            });
        }"""
    )
    assert [what for ratio, what in measured if ratio < 4.5] == []
    assert len(measured) > 10


def test_the_status_shows_while_the_bot_works(page: Page, demo: Demo) -> None:
    workspace = demo.sandbox.workspace
    posted = workspace.post("D0DANA", DANA, "a question under way")
    workspace.set_status("D0DANA", posted.ts, "is looking it up…")
    expect(page.locator("#messages .status")).to_have_text("Codecite is looking it up…")
    workspace.set_status("D0DANA", posted.ts, "")
    expect(page.locator("#messages .status")).to_have_count(0)


def test_the_scripted_answer_has_every_part() -> None:
    """The page test is only worth something while the answer it draws is a full one."""
    from slack_support import question

    answer = answered(question())
    assert answer.gaps
    assert answer.cautions
    assert answer.suggestions[0].findings
    assert answer.suggestions[0].alternatives
