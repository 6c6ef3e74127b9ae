"""The leads' side: the queue, verdicts, local policies, retention, exports.

``bot.review.desk.Desk`` is the one door to it; the terminal, Slack and the web console call it.
"""
