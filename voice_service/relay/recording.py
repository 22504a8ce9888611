"""One live conversation on its way into the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final
from uuid import UUID

from voice_service.consultations import LiveConversation
from voice_service.relay.transcript import Transcript

RETRY_AFTER: Final = timedelta(seconds=0.5)
LONGEST_PAUSE: Final = timedelta(seconds=30)


@dataclass(kw_only=True, eq=False)
class Recording:
    """What is known of it, and how far it is written.

    Attributes:
        conversation: None until the platform names it.
        ended_at: set when nothing more will be said, with ``end_reason`` and ``broken``.
        is_begun: whether the database has it.
        missing: of the transcript, as far as the database knows.
        rests_until: on the monotonic clock; after a failure.
    """

    session_id: UUID
    transcript: Transcript
    conversation: LiveConversation | None = None
    ended_at: datetime | None = None
    end_reason: str = ""
    broken: bool = False
    is_begun: bool = False
    is_being_written: bool = False
    missing: int = 0
    failures: int = 0
    rests_until: float = 0

    @property
    def conversation_id(self) -> str:
        assert self.conversation is not None
        return self.conversation.conversation_id

    @property
    def has_news(self) -> bool:
        return self.ended_at is not None or (
            self.conversation is not None and self.transcript.kept.has_news
        )

    @property
    def goes_with_others(self) -> bool:
        """Whether there are only words to write, and nothing is wrong with it."""
        kept = self.transcript.kept
        is_whole = kept.missing == self.missing and not self.failures
        return is_whole and kept.has_news and self.conversation is not None

    def end(self, *, at: datetime, reason: str, broken: bool) -> None:
        self.ended_at, self.end_reason, self.broken = at, reason, broken

    def rest(self) -> None:
        """After a failure: a little at first, then longer."""
        self.failures += 1
        pause = RETRY_AFTER * 2 ** min(self.failures - 1, 10)
        self.rests_until = monotonic() + min(pause, LONGEST_PAUSE).total_seconds()
