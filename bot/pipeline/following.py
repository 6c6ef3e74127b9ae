"""A follow-up that no rule could read, worded by a chat model as a question that stands alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.assisting import with_uses
from bot.instructions import covered

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.drafting.case import ModelUse
    from bot.drafting.writing import Writer
    from bot.pipeline.work import Work


def follow(work: Work, writer: Writer | None) -> ModelUse | None:
    """Put the wording of a follow-up into ``work``; what it took, None where nothing was asked.

    The model sees redacted text only, without what addresses an assistant in it.
    """
    question = work.question
    if writer is None or not question.leans or not question.context:
        return None
    thread = tuple(covered(text)[0] for text in question.context)
    message, barred = covered(work.text)
    if barred:
        return None  # it is answered as it stands, with the caution that belongs to it
    said, use = writer.follow_up(thread, message)
    if said != message:
        work.text = said
        work.question = replace(question, text=said)
    work.step("follow")
    return use


def noted(answer: Answer, use: ModelUse | None) -> Answer:
    """``answer`` with what wording its question took."""
    return answer if use is None else with_uses(answer, (use,))


def is_reworded(answer: Answer) -> bool:
    """Whether what is answered is a model's wording of the message, which a reader must see."""
    uses = (answer.model or {}).get("assists", ())
    return any(u["prompt"].startswith("follow_up ") and u["outcome"] == "worded" for u in uses)
