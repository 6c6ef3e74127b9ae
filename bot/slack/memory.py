"""What a conversation and a person have settled on, kept so that restarts forget nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.conversation import Said
from bot.journal.errors import AmbiguousExchangeError, UnknownExchangeError

if TYPE_CHECKING:
    from bot.slack.incoming import Incoming
    from bot.slack.ports import Clock, DoorJournal, DoorNotes

CONTEXT_QUESTIONS = 5
# A direct message is one long conversation: what was said the day before is no longer meant.
DIRECT_MEMORY = timedelta(hours=12)
THREAD_MEMORY = timedelta(days=365)


class Memory:
    """Reads and keeps context; every method may be called from any thread."""

    def __init__(self, journal: DoorJournal, notes: DoorNotes, clock: Clock) -> None:
        self._journal = journal
        self._notes = notes
        self._clock = clock

    def context(self, incoming: Incoming) -> tuple[str, ...]:
        """Earlier questions of the conversation, redacted, oldest first."""
        if incoming.private:
            return ()
        since = self._clock() - (THREAD_MEMORY if incoming.thread else DIRECT_MEMORY)
        turns = self._notes.recent(
            incoming.team, incoming.channel, incoming.thread, since, CONTEXT_QUESTIONS
        )
        texts = []
        for turn in turns:
            if turn.position >= incoming.position:
                continue
            try:
                texts.append(self._journal.get(turn.exchange_id).text)
            except (UnknownExchangeError, AmbiguousExchangeError):
                continue  # a turn that was answered by a sentence of the door's own
        return tuple(text for text in texts if text)

    def said(self, incoming: Incoming) -> Said:
        """The settings in force: the conversation's, completed by the person's own defaults."""
        own = self.preferences(incoming.team, incoming.person)
        if incoming.private:
            return own
        kept = self._notes.setting("conversation", incoming.lane)
        if not kept:
            return own
        at = datetime.fromisoformat(kept.pop("at"))
        if not incoming.thread and self._clock() - at > DIRECT_MEMORY:
            return own
        return Said.from_json(kept).over(own)

    def keep(self, incoming: Incoming, said: Said) -> None:
        """Let ``said`` hold for the rest of the conversation."""
        if incoming.private or said == Said():
            return
        kept = self._notes.setting("conversation", incoming.lane)
        kept.pop("at", None)
        now = self._clock()
        document = said.over(Said.from_json(kept)).to_json() | {"at": now.isoformat()}
        self._notes.put_setting("conversation", incoming.lane, document, now)

    def preferences(self, team: str, person: str) -> Said:
        """What a person chose in App Home."""
        kept = self._notes.setting("person", f"{team}:{person}")
        return Said.from_json({k: v for k, v in kept.items() if k in ("setting", "day", "systems")})

    def home(self, team: str, person: str) -> dict[str, str]:
        """The filter a lead left App Home with."""
        kept = self._notes.setting("person", f"{team}:{person}")
        return {k: str(v) for k, v in kept.items() if k == "status"}

    def prefer(self, team: str, person: str, **values: object) -> None:
        """Keep choices of a person's; None takes one back."""
        key = f"{team}:{person}"
        kept = self._notes.setting("person", key) | values
        document = {name: value for name, value in kept.items() if value not in (None, "", [])}
        self._notes.put_setting("person", key, document, self._clock())
