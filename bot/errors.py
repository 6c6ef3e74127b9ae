"""What can go wrong in the assistant.

AssistantError
├── ConfigurationError      a setting does not fit; names the variable
├── QuestionError           the question cannot be taken (too long, no text); says what to do
└── NotReadyError           something must be built or installed first; names the command
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base; its message is one sentence for a person and never carries text of a question."""


class ConfigurationError(AssistantError):
    """A setting does not fit."""


class QuestionError(AssistantError):
    """The question cannot be taken as it is."""


class NotReadyError(AssistantError):
    """Something has to be built or installed first."""
