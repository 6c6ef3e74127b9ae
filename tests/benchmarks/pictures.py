"""Pictures of the demo, taken in a real browser: `python -m tests.benchmarks.pictures FOLDER`.

Uses the code sets and the index of `CODECITE_HOME` and a journal of its own.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from bot import config
from bot.runtime import Runtime, no_progress
from bot.sandbox.demo import Demo
from bot.slack.codes import code_desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from bot.answer import Answer, Question

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
NOTE = """Assessment and plan:
1. Type 2 diabetes with diabetic CKD stage 3a, on long-term insulin.
2. Essential hypertension, controlled.
3. Denies chest pain. Mother had breast cancer.
4. Possible pneumonia, awaiting chest film."""


def ask(page: Page, text: str) -> None:
    """Write to the bot and wait for its answer."""
    answers = page.locator("#messages .message[data-by=bot]")
    count = answers.count()
    page.locator("#text").fill(text)
    page.keyboard.press("Enter")
    answers.nth(count).wait_for()
    page.wait_for_timeout(400)


def tour(page: Page, folder: Path) -> None:
    """Everything the issue wants to be shown."""

    def shoot(name: str) -> None:
        page.wait_for_timeout(600)
        page.screenshot(path=str(folder / f"{name}.png"))

    ask(page, "type 2 diabetes with diabetic CKD stage 3a, on long-term insulin")
    shoot("answer")
    ask(page, "MS")
    shoot("ambiguous")
    ask(page, "closed fracture of distal right radius")
    ask(page, "what about the left one")
    shoot("refined")
    ask(page, NOTE)
    shoot("note")
    page.get_by_role("button", name="Ask a coding lead").last.click()
    page.locator("dialog textarea").fill("Is hypertensive kidney disease meant here?")
    page.locator("#modal-submit").click()
    answer = page.locator("#messages .message[data-by=bot]").nth(-2)
    answer.get_by_role("button", name="Reject this answer").click()
    page.locator("dialog input[type=radio]").nth(1).check()
    shoot("reject")
    page.locator("#modal-submit").click()
    page.locator("#shortcut").click()
    shoot("modal")
    page.locator("#modal-cancel").click()
    page.get_by_role("tab", name="Home").click()
    shoot("home-coder")
    page.locator("#person").select_option(index=1)
    page.wait_for_timeout(600)
    shoot("lead-message")
    page.get_by_role("tab", name="Home").click()
    shoot("home-lead")
    page.locator("#theme").click()
    shoot("home-lead-dark")


def main(folder: Path) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        settings = config.load(database_url=f"sqlite:///{scratch}/journal.sqlite")
        runtime = Runtime(settings, no_progress)
        runtime.warm()

        def answer(question: Question) -> Answer:
            if question.text == "show me an error":
                raise RuntimeError
            return runtime.assistant.answer(question)

        with (
            Demo(settings, answer, runtime.journal, codes=code_desk(runtime.store)) as demo,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch_persistent_context(
                Path(scratch) / "profile",
                executable_path=shutil.which("chromium"),
                args=ARGUMENTS,
                viewport={"width": 1280, "height": 1000},
            )
            page = browser.new_page()
            page.goto(demo.url)
            page.wait_for_timeout(800)
            ask(page, "show me an error")
            page.screenshot(path=str(folder / "error.png"))
            tour(page, folder)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
