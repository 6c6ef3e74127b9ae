"""What only the Slack door says; sentences that every door says are in `bot.messages`."""

from __future__ import annotations

STATUS = "is looking it up…"
GREETING = "Ask about a code or a condition, or paste a note excerpt."
SUGGESTED_PROMPTS = (
    ("A phrase", "type 2 diabetes with diabetic CKD stage 3a, on long-term insulin"),
    ("One code", "M54.5"),
    ("A code's notes", "what does E11.9 exclude?"),
    (
        "An injury",
        "closed fracture of distal left radius, initial encounter",
    ),
)
COMMAND_USAGE = "Type what to code after the command, for example `/code left knee osteoarthritis`."
FILES_NOT_READ = (
    "I read typed text only, not attached files. Please paste the part of the note to code."
)
SHARED_ALREADY = "This answer has already been shared."
NOT_YOURS_TO_SHARE = "Only the person who asked can share this answer."
NO_SUCH_EXCHANGE = "I no longer have this answer. Please ask again, then share the new one."
SHARE_BUTTON = "Share to channel"
HOME_TITLE = "Codecite"
HOME_HOW = (
    "*In a channel*: mention me with a question; I answer in its thread.\n"
    "*Here*: write to me under Messages.\n"
    "*Anywhere*: `/code TEXT` answers you alone, and you choose whether to share it."
)
HOME_PROMISE = (
    "Every code I suggest exists, is valid on the date of service, quotes the words that support "
    "it and names its source. When the text does not support a code, I say what is missing."
)


def shared_by(person: str) -> str:
    """The line above a shared answer; ``person`` is a Slack user id."""
    return f"<@{person}> shared this answer:"


def rest_left_out(codes: int) -> str:
    """Said in the last ephemeral message when Slack allows no further one."""
    noun = "code does" if codes == 1 else "codes do"
    return (
        f"{codes} more {noun} not fit in replies to a command. "
        "Send me the same text as a direct message to see all of them."
    )
