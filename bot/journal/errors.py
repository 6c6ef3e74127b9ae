"""What can go wrong with the journal.

JournalError
├── JournalUnavailableError     the database cannot be opened, read or written (says what to do)
├── JournalVersionError         written by a newer codecite: update before opening it
├── JournalDamagedError         a stored row is not what the journal wrote
├── UnrecordableError           the exchange holds a value that cannot be stored
├── DuplicateExchangeError      an exchange with this id is in the journal already
├── UnknownExchangeError        no exchange has this id, or an id that starts so
└── AmbiguousExchangeError      several ids start so (carries some of them)

No message ever carries what was asked or answered: a row's values stay in the row. Database errors
are replaced, not chained, because their text and their ``params`` quote the statement's values.
"""

from __future__ import annotations


class JournalError(Exception):
    """Base of this package's errors; its message is one sentence that says what to do."""


class JournalUnavailableError(JournalError):
    """The database cannot be opened, read or written."""


class JournalVersionError(JournalError):
    """The database is at a revision this program does not know."""

    def __init__(self, found: str, known: str) -> None:
        self.found = found
        self.known = known
        super().__init__(
            f"The journal is at revision {found} and this codecite knows up to {known}: "
            f"update codecite, then try again."
        )


class JournalDamagedError(JournalError):
    """A stored row cannot be read back."""


class UnrecordableError(JournalError):
    """The exchange holds a value that the journal cannot store."""


class DuplicateExchangeError(JournalError):
    """The exchange id is taken."""

    def __init__(self, exchange_id: str) -> None:
        self.exchange_id = exchange_id
        super().__init__(f"Exchange {exchange_id} is in the journal already.")


class UnknownExchangeError(JournalError):
    """No exchange answers to the reference given."""


class AmbiguousExchangeError(JournalError):
    """Several exchange ids start with the reference; ``matches`` lists some, newest first."""

    def __init__(self, prefix: str, matches: tuple[str, ...]) -> None:
        self.prefix = prefix
        self.matches = matches
        super().__init__(
            f"Several exchanges start with {prefix}: {', '.join(matches)}. Give more characters."
        )
