"""The turns of one running conversation, until the database has them, within bounds. Pure.

A conversation has room of its own, far more than an hour of talk needs. Beyond it all conversations
of the process share what memory allows. What has no room is counted, never dropped in silence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from voice_service.analysis.cards import ends_number
from voice_service.consultations.model import LiveTurn

KEPT_BEHIND: Final = 24
"""Turns kept after they were written: corrections and card numbers reach back to them."""
OWN_ROOM: Final = 1024 * 1024
"""Characters that every conversation may keep; a day of talk has fewer."""
SHARED_ROOM: Final = 64 * 1024 * 1024
"""Characters that all conversations of a process may keep beyond their own room."""
MOST_TURNS: Final = 5000
"""That wait to be written; an hour of talk has fewer than a thousand."""
LONGEST_TEXT: Final = 32 * 1024
"""Characters of one turn; nobody says more in one breath, and masking them takes time."""
TURN_SIZE: Final = 500  # what a turn takes besides its texts
CUT: Final = " […]"
TEXTS: Final = frozenset({"text", "original_text"})


class Room:
    """What is left of the room that all conversations of a process share."""

    def __init__(self, size: int = SHARED_ROOM) -> None:
        self.left = size

    def take(self, size: int) -> bool:
        """Whether there is that much; a negative size gives some back."""
        if size > self.left:
            return False
        self.left -= size
        return True


class Turns:
    """What is kept of one conversation.

    Attributes:
        turns: the latest ones, by place; what was written long ago is let go of.
        missing: turns, or changes of turns, that were not kept whole.
    """

    def __init__(self, room: Room) -> None:
        self.turns: list[LiveTurn] = []
        self.missing = 0
        self._room = room
        self._unwritten: set[int] = set()  # positions
        self._unmasked: set[int] = set()  # positions, unwritten as well
        self._next_position = 0
        self._size = 0

    @property
    def has_news(self) -> bool:
        return bool(self._unwritten)

    def add(self, role: str, text: str | None, **more: Any) -> None:
        turn = LiveTurn(position=self._next_position, role=role, text=self._cut(text), **more)
        if len(self.turns) < MOST_TURNS and self._resize(size_of(turn)):
            self.turns.append(turn)
            self._next_position += 1
            self._note(turn.position)
        else:
            self.missing += 1

    def change(self, at: int, **changes: Any) -> None:
        before = self.turns[at]
        for name in TEXTS & changes.keys():
            changes[name] = self._cut(changes[name])
        after = replace(before, **changes)
        if after == before:
            return
        if self._resize(size_of(after) - size_of(before)):
            self.turns[at] = after
            self._note(after.position)
        else:
            self.missing += 1

    def unmasked(self) -> list[LiveTurn]:
        """Turns to be masked together: what is new, and where a number in it may have begun."""
        roles = {turn.role for turn in self.turns if turn.position in self._unmasked}
        return sorted(
            (turn for role in roles for turn in self._unmasked_of(role)),
            key=lambda turn: turn.position,
        )

    def _unmasked_of(self, role: str) -> list[LiveTurn]:
        own = [turn for turn in self.turns if turn.role == role]
        begin = next(at for at, turn in enumerate(own) if turn.position in self._unmasked)
        while begin > 0:
            begin -= 1
            if ends_number(own[begin].text or ""):
                break
        return own[begin:]

    def take_masked(self, raw: Sequence[LiveTurn], masked: Sequence[LiveTurn]) -> None:
        """Keep turns masked for good, since those that explain the mask may be let go of first.

        Args:
            raw: as ``unmasked`` gave them; what was changed since then is masked the next time.
            masked: the same turns without card numbers.
        """
        places = self._places()
        for before, after in zip(raw, masked, strict=True):
            at = places.get(before.position)
            if at is None or self.turns[at] is not before:
                continue
            self._unmasked.discard(before.position)
            if after != before:
                self.turns[at] = after
                self._unwritten.add(before.position)

    def unwritten(self) -> list[LiveTurn]:
        """What the database does not have as it is; what is still to be masked waits."""
        wanted = self._unwritten - self._unmasked
        return [turn for turn in self.turns if turn.position in wanted]

    def take_written(self, written: Sequence[LiveTurn]) -> None:
        """The database has these; what was changed meanwhile is written again."""
        places = self._places()
        for turn in written:
            at = places.get(turn.position)
            if at is not None and self.turns[at] is turn:
                self._unwritten.discard(turn.position)
        self._forget()

    def release(self) -> None:
        """Give back the room: all is written, or given up."""
        self.turns = []
        self._unwritten = self._unmasked = set()
        self._resize(-self._size)

    def _forget(self) -> None:
        """Let go of what was written and nothing reaches back to, or what has no room."""
        count, size = 0, self._size
        for turn in self.turns:
            is_near = turn.position >= self._next_position - 1 - KEPT_BEHIND
            if turn.position in self._unwritten or (is_near and size <= OWN_ROOM):
                break
            count, size = count + 1, size - size_of(turn)
        del self.turns[:count]
        self._resize(size - self._size)

    def _places(self) -> dict[int, int]:
        return {turn.position: at for at, turn in enumerate(self.turns)}

    def _note(self, position: int) -> None:
        self._unwritten.add(position)
        self._unmasked.add(position)

    def _resize(self, by: int) -> bool:
        """Whether there is room for so much more."""
        before, after = (max(0, size - OWN_ROOM) for size in (self._size, self._size + by))
        if not self._room.take(after - before):
            return False
        self._size += by
        return True

    def _cut(self, text: str | None) -> str | None:
        if text is None or len(text) <= LONGEST_TEXT:
            return text
        self.missing += 1
        return text[:LONGEST_TEXT] + CUT


def size_of(turn: LiveTurn) -> int:
    uses: list[Mapping[str, Any]] = [*turn.tool_calls, *turn.tool_results]
    texts = (turn.text, turn.original_text, *(value for use in uses for value in use.values()))
    return TURN_SIZE + sum(len(text) for text in texts if isinstance(text, str))
