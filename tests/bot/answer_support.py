"""Questions as the tests put them."""

from datetime import date

from bot.answer import Answer, Question, Setting

TODAY = date(2026, 11, 21)


def question(text: str, setting: Setting = Setting.OUTPATIENT, day: date = TODAY) -> Question:
    """A question of today's, from no particular door."""
    return Question(text, day, setting, door="test")


def codes(answer: Answer) -> str:
    """The suggested codes in their order, with a space between."""
    return " ".join(suggestion.code for suggestion in answer.suggestions)
