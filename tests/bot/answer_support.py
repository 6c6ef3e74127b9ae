"""Questions as the tests put them."""

from datetime import date

from bot.answer import Question, Setting

TODAY = date(2026, 11, 21)


def question(text: str, setting: Setting = Setting.OUTPATIENT, day: date = TODAY) -> Question:
    """A question of today's, from no particular door."""
    return Question(text, day, setting, door="test")
