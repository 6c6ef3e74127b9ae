"""Every id that the app puts into Slack and gets back: actions, views, shortcuts, the command."""

from __future__ import annotations

COMMAND = "/code"

SHARE = "share_answer"
ACCEPT = "answer_accept"
EDIT = "answer_edit"
REJECT = "answer_reject"
REOPEN = "answer_reopen"
ASK_LEAD = "answer_ask_lead"
DRAFT_QUERY = "answer_draft_query"
POST_QUERY = "answer_post_query"
SHOW_MORE = "answer_show_more"
SHOW_ANSWER = "answer_show"
OPEN_SOURCE = "open_source"
FEEDBACK = "answer_feedback"

HOME_OPEN = "home_open"
HOME_SHOW = "home_show"
HOME_LINK = "home_link"
HOME_STATUS = "home_filter_status"
HOME_SETTING = "home_setting"
HOME_SYSTEMS = "home_systems"
HOME_DATE = "home_date"
HOME_CLEAR_DATE = "home_clear_date"

REVIEW_CLAIM = "review_claim"
REVIEW_RELEASE = "review_release"
REVIEW_OPEN = "review_open"
REVIEW_SHOW = "review_show"

EDIT_VIEW = "edit_codes"
REJECT_VIEW = "reject_answer"
ASK_LEAD_VIEW = "ask_lead"
NOTE_VIEW = "code_note"
REVIEW_VIEW = "review_answer"

SUGGEST_SHORTCUT = "suggest_codes"
NOTE_SHORTCUT = "code_a_note"

HELPFUL, UNHELPFUL = "helpful", "unhelpful"

# Blocks that a decision replaces in a message that is already posted.
STANDING_BLOCK = "standing:"
DECIDE_BLOCK = "decide:"
