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
ACCEPT = "Accept"
EDIT = "Edit…"
REJECT = "Reject…"
REOPEN = "Change decision"
ASK_LEAD = "Ask a lead"
DRAFT_QUERY = "Draft provider query"
SHOW_MORE = "Show more"
SHOW_ANSWER = "Show the answer"
OPEN_SOURCE = "Open a source…"
HELPFUL = "Good answer"
NOT_HELPFUL = "Bad answer"
REASONS = {
    "wrong-code": "Wrong code",
    "not-supported": "Not supported by the documentation",
    "missing-code": "A code is missing",
    "specificity": "Not specific enough",
    "sequence": "Wrong sequence",
    "guideline": "Against a guideline",
    "other": "Another reason",
}
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


FILE_NOT_TEXT = (
    "I read text files and snippets only; the other file was not read. Please paste its text."
)
FILE_TOO_LARGE = "I read text files up to 1 MB; the larger one was not read."
FILE_NOT_READ = "One file could not be read. Please paste its text, or attach it again."
TOO_MANY_FILES = "I read the first {limit} files of a message; the others were not read."

EARLIER = "_To your earlier question, while I work on the newer one:_"
READ_AS = "_Read together with your question before, as:_ “{text}”"
SETTINGS_KEPT = "Noted for this conversation: {settings}. What shall I code?"
LOST = (
    "I was restarted while I worked on this, and did not answer. Nothing was lost; please ask "
    "again."
)
LOST_PRIVATELY = (
    "I was restarted while I worked on what you asked with a command or a form, and did not "
    "answer. Please ask again."
)
MAYBE_SHOWN = (
    "I was restarted while I posted the answer to this. If you do not see it above, press the "
    "button."
)
WITHDRAWN_SHOWN = "This question was deleted, and its answer with it."
WORKING = "Working on the answer"
WHILE_WORKING = (
    "removing identifiers…",
    "reading the question…",
    "searching the code sets…",
    "settling on the most specific codes…",
    "checking every code against the rules…",
)
REFUSALS = {
    "team": "This workspace is not on the list of those I work for. An administrator can add it.",
    "channel": "I am not set up to answer in this channel. Ask me in a direct message instead.",
    "shared-channel": (
        "I do not answer in channels shared with other organisations. Ask me in a direct message."
    ),
    "group": "You are not in a group that I work for. Your administrator can add you.",
    "guest": "I do not answer guests of this workspace.",
    "stranger": "I answer members of this workspace only.",
    "deactivated": "This account is deactivated, so I do not answer it.",
    "role": "Your role here does not allow this. A coder or a lead can do it.",
    "rate": "That is a lot of questions in a minute. Give me a moment, then ask again.",
}
NOTHING_MORE = "There is nothing more to show: the answer says it all."
EDIT_KEEP = "Codes to keep"
EDIT_KEEP_FURTHER = "Further codes to keep"
EDIT_ADD = "Codes to add"
EDIT_ADD_HINT = "Separated by commas. Each is checked against the release of the date of service."
EDIT_WHY = "Why"
EDIT_UNKNOWN = "Not in any installed release: {codes}."
EDIT_INVALID = "Not valid on {day}: {codes}."
EDIT_NONE = "Keep or add at least one code, or reject the answer instead."
REJECT_MORE = "Anything to add?"
ASK_LEAD_HOW = (
    "A coding lead gets your question with a link to this answer, and it joins their queue."
)
ASK_LEAD_WHAT = "What shall they look at?"
NO_IDENTIFIERS = "Without names, dates or numbers of the patient; what looks like one is removed."
NOTE_HINT = "For a longer note attach it as a text file to a direct message."
LEAD_ASKED = "A lead has been asked. You will see the decision on the answer."
NO_LEADS = "No lead is set up here. Your administrator can name some with CODECITE_SLACK_LEADS."
LEAD_MESSAGE = "<@{person}> asks a lead to look at an answer: {codes}"
NOTHING_TO_ASK = (
    "This answer leaves nothing open that a provider could clarify, so there is no query to draft."
)
QUERY_TITLE = "*Provider query*, ready to copy. Nothing has been sent to anybody."
QUERY_POSTED = "*Provider query* drafted for <@{person}>:"
POST_QUERY = "Post in the conversation"
REVIEW_WHY_NOT_HERE = (
    "Question and quotes are shown in messages only, where Slack lets health data be."
)
REVIEW_BLINDED = (
    "This is a second review: the first one's verdicts are kept from you until yours is in."
)
REVIEW_MISSING = "Missing codes"
REVIEW_ORDER = "Right order"
REVIEW_ORDER_HINT = "Only for a wrong sequence: all codes as they should be, the first one first."
REVIEW_COMMENT = "Comment"
REVIEW_NEEDS_RIGHT = "This verdict needs the right code."
REVIEW_KEEPS = "This verdict keeps the code; name no other."
REVIEW_SAME_CODE = "That is the code that was given."
REVIEW_NAME_MISSING = "The answer suggested no code: name the ones it should have had."
REVIEW_EVERY_CODE = "Every code needs a verdict."
REVIEW_HELD = "Somebody else has claimed this answer."
REVIEW_DONE = "This answer is decided; a second review opens it again."
REVIEW_YOURS = "You have judged this answer: somebody else reviews it now."
REVIEW_LEADS = "Two reviewers disagree on this answer: a lead decides it."
REVIEW_TOO_MANY = "This answer has more codes than a form holds: review it in the web console."
NOT_HERE_ANY_MORE = "I no longer have this answer."
THANKS = "Thank you. That is on record."
HOME_WHY_NOT_HERE = (
    "The question and its quotes are shown in messages only, where Slack lets health data be."
)
SENT_TO_MESSAGES = "Sent to your messages with me."
FROM_FORM = "_From “Code a note”_"
