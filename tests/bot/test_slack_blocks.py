"""An answer as blocks: everything is there, in order, within every limit, and nothing acts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from slack_support import answered, question, suggestion

from bot.answer import Answer, Citation, Finding, Gap, Kind, Quote, Role, Severity
from bot.journal.restoring import restore
from bot.sandbox.validator import message_problems, too_long
from bot.slack.answering import RESPONSE_MESSAGES, within_uses
from bot.slack.blocks import SHARE_ACTION, plain_message, render

if TYPE_CHECKING:
    from bot.slack.packing import Message


def words(messages: tuple[Message, ...]) -> str:
    """Every text of every block, in reading order."""

    def of(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["text"]] if isinstance(value.get("text"), str) else []
            return own + [t for key, item in value.items() if key != "text" or not own
                          for t in of(item)]  # fmt: skip
        if isinstance(value, list | tuple):
            return [text for item in value for text in of(item)]
        return []

    return "\n".join(text for message in messages for text in of(list(message.blocks)))


def check(messages: tuple[Message, ...]) -> None:
    for message in messages:
        payload = {"text": message.text, "blocks": list(message.blocks)}
        assert message_problems(payload) == []
        assert not too_long(payload)
        assert message.text


def test_an_answer_reads_in_the_order_a_coder_works() -> None:
    (message,) = render(answered(question()))
    check((message,))
    text = words((message,))
    marks = [
        "Two codes describe this",
        "*E11.22*  Type 2 diabetes mellitus with diabetic chronic kidney disease",
        "lead to this combination code",
        "> “type 2 diabetes with diabetic CKD”",
        "⚠️ *Warning:* The Tabular asks for a further code for the stage of CKD. → Add N18.31. [1]",
        "First-listed · ✓ Valid on 2026-11-21 · Source [1]",
        "*N18.31*  Chronic kidney disease, stage 3a",
        "Secondary · ✓ Valid on 2026-11-21",
        "❓ *Not documented: use of insulin*",
        "• `Z79.4` insulin",
        "*Caution:* Long-term insulin is not mentioned.",
        "*Codes:* `E11.22, N18.31`",
        "*Sources* from ICD-10-CM Tabular List · text of FY2026-04",
        "[1] *E11.22* Type 2 diabetes mellitus with diabetic chronic kidney disease",
        "1 alternative considered",
        "ICD-10-CM FY2027 · date of service 2026-11-21 · outpatient · exchange ",
    ]
    positions = [text.index(mark) for mark in marks]
    assert positions == sorted(positions)


def test_the_fallback_alone_is_an_answer() -> None:
    (message,) = render(answered(question()))
    for part in ("Two codes", "E11.22: Type 2", "First-listed", "N18.31", "insulin", "FY2027"):
        assert part in message.text


@pytest.mark.parametrize(
    ("kind", "valid", "line"),
    [
        (Kind.SUGGESTION, True, True),
        (Kind.SUGGESTION, False, False),
        (Kind.LOOKUP, True, False),
        (Kind.CHECK, True, False),
    ],
)
def test_the_copy_line_holds_valid_suggested_codes_only(
    kind: Kind, valid: bool, line: bool
) -> None:
    answer = answered(question(), kind=kind, suggestions=(suggestion(valid=valid),))
    text = words(render(answer))
    assert ("*Codes:*" in text) is line
    assert ("✗ Not valid on 2026-11-21" in text) is not valid


@pytest.mark.parametrize(
    ("severity", "sign"),
    [
        (Severity.ERROR, "⛔ *Error:* m"),
        (Severity.WARNING, "⚠️ *Warning:* m"),
        (Severity.INFORMATION, "ℹ️ *Note:* m"),
    ],
)
def test_a_finding_has_an_icon_and_a_word(severity: Severity, sign: str) -> None:
    finding = Finding("excludes1", severity, ("E11.22",), "m", "I.A.12.a")
    answer = answered(question(), suggestions=(suggestion(findings=(finding,)),))
    assert f"{sign} (I.A.12.a)" in words(render(answer))


@pytest.mark.parametrize(
    ("kind", "caution", "shown"),
    [
        (Kind.CHECK, "Warning: I10 and I50.9: hyper", "⚠️ *Warning:* I10 and I50.9: hyper"),
        (Kind.CHECK, "Error: E11.9 and E10.9", "⛔ *Error:* E11.9 and E10.9"),
        (Kind.CHECK, "Code: unknown", "⚠️ *Caution:* Code: unknown"),
        (Kind.SUGGESTION, "Warning: said by a note", "⚠️ *Caution:* Warning: said by a note"),
    ],
)
def test_a_finding_of_a_check_leads_with_its_weight(kind: Kind, caution: str, shown: str) -> None:
    answer = answered(question(), kind=kind, suggestions=(), cautions=(caution,))
    assert shown in words(render(answer))


@pytest.mark.parametrize(
    ("cited", "shown"),
    [
        ("icd10cm:FY2027:E11:excludes1-3", "(note at E11)"),
        ("icd10cm:FY2026-04:E11.22:title", "(title of E11.22)"),
        ("NCCI PTP practitioner 2026-01", "(NCCI PTP practitioner 2026-01)"),
    ],
)
def test_a_finding_cites_what_a_coder_can_read(cited: str, shown: str) -> None:
    finding = Finding("excludes1", Severity.ERROR, ("E11.22",), "m", cited)
    answer = answered(question(), suggestions=(suggestion(findings=(finding,)),), citations=())
    assert shown in words(render(answer))
    assert cited == shown.strip("()") or cited not in words(render(answer))


def test_a_lookup_shows_its_entries_in_full_size_and_in_the_fallback() -> None:
    entries = tuple(
        Citation(f"icd10cm:FY2026-04:E11:excludes1-{n}", "Tabular", "FY2026-04", "E11, Excludes1",
                 f"note {n}") for n in range(40)
    )  # fmt: skip
    answer = answered(question(), kind=Kind.LOOKUP, suggestions=(), gaps=(), cautions=(),
                      citations=entries)  # fmt: skip
    messages = render(answer)
    check(messages)
    texts = [b["text"]["text"] for m in messages for b in m.blocks if b["type"] == "section"]
    assert any("[40] *E11, Excludes1* note 39" in text for text in texts)
    assert "note 39" in messages[-1].text


def test_releases_are_named_line_by_line_when_they_differ() -> None:
    sources = tuple(
        Citation(f"icd10cm:{release}:A00:title", "Tabular", release, "A00", "Cholera")
        for release in ("FY2026-04", "FY2027")
    )
    text = words(render(answered(question(), citations=sources)))
    assert "[1] *A00* Cholera (FY2026-04)" in text
    assert "[2] *A00* Cholera (FY2027)" in text
    assert "text of" not in text


def test_a_gap_of_a_lookup_is_a_choice() -> None:
    gap = Gap("which code instead of M54.5", ("Low back pain, unspecified",), ("M54.50",))
    lookup = answered(question(), kind=Kind.LOOKUP, suggestions=(), gaps=(gap,))
    assert "❓ *Which code instead of M54.5*\n• `M54.50` Low back" in words(render(lookup))


def test_choices_without_a_code_each_are_listed_beside_the_codes() -> None:
    gap = Gap("laterality", ("left", "right"), ("M17.11", "M17.12", "M17.9"))
    text = words(render(answered(question(), gaps=(gap,))))
    assert "left; right\nCodes to choose from: `M17.11`, `M17.12`, `M17.9`" in text


@pytest.mark.parametrize(
    ("abstained", "shown"),
    [("unknown-code", False), ("The text names no condition.", True), (None, False)],
)
def test_a_reason_is_shown_when_it_is_a_sentence(abstained: str | None, shown: bool) -> None:
    answer = answered(question(), suggestions=(), abstained=abstained)
    assert ("*Why no code:*" in words(render(answer))) is shown


@pytest.mark.parametrize(("count", "said"), [(0, ""), (1, "1 identifier "), (3, "3 identifiers ")])
def test_the_footer_says_how_many_identifiers_went(count: int, said: str) -> None:
    text = words(render(answered(question(), redactions=count)))
    assert (said + "removed" in text) if said else ("removed" not in text)


HOSTILE = "<!channel> <@U0DANA> <https://x.test|click> & &lt;"
SAFE = "&lt;!channel&gt; &lt;@U0DANA&gt; &lt;https://x.test|click&gt; &amp; &amp;lt;"


def test_nothing_that_is_not_ours_takes_effect() -> None:
    made = suggestion(
        title=HOSTILE,
        rationale=HOSTILE,
        evidence=(Quote(HOSTILE, 0, 9),),
        findings=(Finding("r", Severity.ERROR, (), HOSTILE, HOSTILE, HOSTILE),),
    )
    answer = answered(
        question(),
        headline=HOSTILE,
        suggestions=(made,),
        gaps=(Gap(HOSTILE, (HOSTILE,), ()),),
        cautions=(HOSTILE,),
        citations=(Citation("c", HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        abstained=HOSTILE + " again",
    )
    messages = render(answer, shareable=True)
    check(messages)
    # Slack gives a menu's plain text no meaning; everything else could act.
    parsed = [
        [{k: v for k, v in b.items() if k != "accessory"} for b in m.blocks] for m in messages
    ]
    everything = json.dumps([[m.text for m in messages], parsed], ensure_ascii=False)
    assert "<" not in everything.replace("<!--", "")
    assert everything.count(SAFE) >= 10
    for block in (b for m in messages for b in m.blocks if b["type"] == "section"):
        assert block["text"]["verbatim"] is True


def test_line_breaks_in_a_quote_stay_inside_the_quote() -> None:
    answer = answered(
        question(), suggestions=(suggestion(evidence=(Quote("left\nknee\r\n pain", 0, 16),)),)
    )
    assert "> “left knee pain”" in words(render(answer))


def long_answers() -> dict[str, Answer]:
    base = question()
    many = tuple(suggestion(f"S{n}.0", rationale="why " * 50) for n in range(10, 50))
    gap = Gap("type", tuple(f"option {n} " + "o" * 40 for n in range(300)), ("A00",))
    source = Citation("icd10cm:FY2026-04:E11.22:title", "Tabular", "FY2026-04", "E11.22", "t" * 60)
    return {
        "forty codes": answered(base, suggestions=many),
        "one code with a long why": answered(
            base, suggestions=(suggestion(rationale="why & " * 3_000),)
        ),
        "no spaces at all": answered(base, headline="&" * 20_000),
        "many quotes": answered(
            base,
            suggestions=(
                suggestion(evidence=tuple(Quote(f"w{n} " * 30, n, n) for n in range(200))),
            ),
        ),
        "a gap with hundreds of options": answered(base, gaps=(gap,)),
        "hundreds of sources": answered(base, citations=(source,) * 400),
        "hundreds of codes": answered(
            base, suggestions=tuple(suggestion(f"T{n:03}.1XXA", rationale="") for n in range(600))
        ),
    }


@pytest.mark.parametrize("name", long_answers())
def test_a_long_answer_is_split_and_never_cut(name: str) -> None:
    answer = long_answers()[name]
    messages = render(answer)
    check(messages)
    assert len(messages) > 1
    shown = re.sub(r"\s", "", words(messages).replace("&amp;", "&"))
    for item in answer.suggestions:
        assert shown.count(f"*{item.code}*") >= 1
    assert sum(message.cards for message in messages) == len(answer.suggestions)
    whole = "".join(
        [answer.headline]
        + [s.rationale for s in answer.suggestions]
        + [q.quote for s in answer.suggestions for q in s.evidence]
        + [o for gap in answer.gaps for o in gap.options]
    )
    letters = {letter: whole.count(letter) for letter in set(whole) if not letter.isspace()}
    assert all(shown.count(letter) >= count for letter, count in letters.items())


def test_a_card_is_not_torn_between_messages() -> None:
    answer = answered(
        question(),
        suggestions=tuple(suggestion(f"S{n}.0", rationale="why " * 100) for n in range(10, 60)),
    )
    messages = render(answer)
    assert len(messages) > 2
    for message in messages[1:]:
        assert message.blocks[0]["type"] in ("divider", "section", "context")
        opening = message.blocks[0]
        if opening["type"] == "context":
            assert "Valid on" not in opening["elements"][0]["text"]


def test_the_button_carries_the_exchange_and_nothing_else() -> None:
    answer = answered(question())
    (message,) = render(answer, shareable=True)
    buttons = [e for b in message.blocks if b["type"] == "actions" for e in b["elements"]]
    assert [(b["action_id"], b["value"]) for b in buttons] == [(SHARE_ACTION, answer.exchange_id)]
    assert render(answer)[-1].blocks[-1]["type"] == "context"


@pytest.mark.parametrize("count", [1, 12, 60, 400])
def test_a_response_url_is_never_asked_for_more_than_it_takes(count: int) -> None:
    codes = tuple(suggestion(f"T{n:03}.1", rationale="why " * 60) for n in range(count))
    answer = answered(question(), suggestions=codes)
    messages = within_uses(answer, shareable=True)
    check(messages)
    assert 1 <= len(messages) <= RESPONSE_MESSAGES
    assert messages[-1].blocks[-1]["type"] == "actions"
    left_out = count - sum(message.cards for message in messages)
    assert left_out == 0 or f"{left_out} more codes do not fit" in messages[-1].text


def test_roles_are_named_for_what_they_are() -> None:
    text = words(render(answered(question(), suggestions=(suggestion(role=Role.PRINCIPAL),))))
    assert "Principal · ✓ Valid" in text


def test_a_sentence_of_the_bots_own_is_one_message() -> None:
    message = plain_message("One sentence.")
    check((message,))
    assert message.text == words((message,)) == "One sentence."


def test_an_answer_survives_the_journal() -> None:
    answer = answered(question(), timings_ms={"total": 1.5})
    assert restore(json.loads(json.dumps(answer.to_json()))) == answer
