"""One conversation of the stand-in on its socket: listens, and speaks at the speed of speech."""

import asyncio
import base64
import secrets
from datetime import UTC, datetime
from time import monotonic
from typing import Final

import structlog
from starlette.websockets import WebSocketDisconnect

from voice_service.errors import describe
from voice_service.rehearsal import speech, tool_turns, wire_frames
from voice_service.rehearsal.find_slots import NAME as FIND_SLOTS
from voice_service.rehearsal.find_slots import Question, Tools
from voice_service.rehearsal.hearing import Ear
from voice_service.rehearsal.offering import Look
from voice_service.rehearsal.post_call import Ended
from voice_service.rehearsal.script import read_caller_zone
from voice_service.rehearsal.speech import SAMPLE_RATE, Utterance
from voice_service.rehearsal.talk_socket import UNREACHABLE, TalkSocket
from voice_service.rehearsal.talking import Talk
from voice_service.rehearsal.tool_turns import END_CALL, SYSTEM, WEBHOOK
from voice_service.rehearsal.wire_frames import UsedTool
from voice_service.relay.frames import (
    AUDIO_KEY,
    BROKEN,
    NORMAL,
    POLICY,
    Frame,
    UnreadableFrame,
    part,
    text_of,
)
from voice_service.relay.session import CALL_ENDED

LISTENS: Final = 600.0  # seconds without a word, after which it hangs up
PINGS_EVERY: Final = 5.0  # seconds
INACTIVE: Final = "Max inactive time reached"
UNREADABLE: Final = "Invalid message received"

log = structlog.get_logger()


class StandIn:
    """One conversation.

    Attributes:
        initiation: the message it was begun with.
        talk: None until that has come.
    """

    def __init__(self, socket: TalkSocket, tools: Tools) -> None:
        self.conversation_id = f"conv_standin_{secrets.token_hex(10)}"
        self.initiation: Frame = {}
        self.talk: Talk | None = None
        self._socket = socket
        self._tools = tools
        self._ear = Ear()
        self._speaking: asyncio.Task[None] | None = None
        self._utterance: Utterance | None = None
        self._since = 0.0  # when the agent began to speak
        self._active_at = monotonic()  # when the caller last gave a sign of being there
        self._pinged_at = 0.0
        self._ping_ms: int | None = None

    async def run(self) -> Ended:
        """Hold the conversation; how it ended, whatever happened."""
        pinging: asyncio.Task[None] | None = None
        try:
            talk = await self._begin()
            pinging = asyncio.create_task(self._ping())
            reason, error_code = await self._converse(talk), None
        except WebSocketDisconnect as gone:
            code = await self._socket.find_close_code() if gone.code == UNREACHABLE else gone.code
            reason, error_code = f"Client disconnected: {code}", None
        except TimeoutError:
            reason, error_code = INACTIVE, None
            await self._socket.close(NORMAL, reason)
        except UnreadableFrame:
            reason, error_code = UNREADABLE, POLICY
            await self._socket.close(error_code, reason)
        except Exception as error:
            log.exception("stand_in_failed", error=describe(error))
            reason, error_code = "Internal error", BROKEN
            await self._socket.close(error_code, reason)
        finally:
            await stop(pinging)
            await stop(self._speaking)
        now = datetime.now(UTC)
        if self.talk is not None:
            self.talk.finish(now=now)
        return Ended(at=now, reason=reason, error_code=error_code)

    async def _begin(self) -> Talk:
        self.initiation = await self._receive_soon()
        variables = part(self.initiation, "dynamic_variables")
        self.talk = Talk(
            started_at=datetime.now(UTC),
            zone=read_caller_zone(variables.get("caller_timezone")),
            text_only=wants_text_only(self.initiation),
        )
        await self._socket.send(wire_frames.metadata(self.conversation_id, sample_rate=SAMPLE_RATE))
        return self.talk

    async def _converse(self, talk: Talk) -> str:
        """Until the script is at its end; why it ended."""
        await self._reply(talk)
        while not talk.is_over:
            await self._listen(talk)
            await self._reply(talk)
        await self._finish_speaking()
        await self._hang_up(talk)
        return CALL_ENDED

    # --- listening

    async def _listen(self, talk: Talk) -> None:
        """Until the caller has said something, by voice or typed."""
        while not await self._hear(talk, await self._receive_soon()):
            pass

    async def _receive_soon(self) -> Frame:
        """The next frame; TimeoutError when the caller gave no sign for ``LISTENS``."""
        left = self._active_at + LISTENS - monotonic()
        if left <= 0:  # also while a microphone sends its silence all the time
            raise TimeoutError
        async with asyncio.timeout(left):
            return await self._socket.receive()

    async def _hear(self, talk: Talk, message: Frame) -> bool:
        kind = text_of(message, "type")
        if kind == "pong":
            self._ping_ms = int((monotonic() - self._pinged_at) * 1000)
        elif kind == "user_activity":
            self._active_at = monotonic()
        text = typed(message)
        if text:
            self._active_at = monotonic()
            await self._fall_silent(talk)
            talk.hear_typed(text, now=datetime.now(UTC))
            return True
        chunk = text_of(message, AUDIO_KEY)
        return chunk is not None and not talk.text_only and await self._hear_sound(talk, chunk)

    async def _hear_sound(self, talk: Talk, chunk: str) -> bool:
        try:
            spoke = self._ear.hear(base64.b64decode(chunk))
        except ValueError:
            return False
        score = self._ear.score()
        if score is not None:
            await self._socket.send(wire_frames.vad_score(score))
        if spoke:
            text = talk.hear_spoken(now=datetime.now(UTC))
            await self._socket.send(wire_frames.user_transcript(text, talk.event_id))
        elif self._ear.is_hearing:
            await self._hear_on(talk)
        return spoke

    async def _hear_on(self, talk: Talk) -> None:
        """Somebody speaks just now."""
        self._active_at = monotonic()
        await self._fall_silent(talk)
        so_far = talk.hear_partly(self._ear.speech, word_seconds=speech.WORD_SECONDS)
        if so_far:
            await self._socket.send(wire_frames.tentative(so_far, talk.event_id + 1))

    # --- speaking

    async def _reply(self, talk: Talk) -> None:
        step = await asyncio.to_thread(talk.plan)
        while isinstance(step, Look):
            step = await self._look(talk, step)
        await self._say(talk, step)

    async def _look(self, talk: Talk, look: Look) -> Look | str:
        """Use the agent's tool for free slots."""
        call_id = f"call_{secrets.token_hex(8)}"
        question = Question(wanted=look.wanted, zone=talk.zone, now=datetime.now(UTC))
        use = UsedTool(name=FIND_SLOTS, call_id=call_id, kind=WEBHOOK, event_id=talk.event_id)
        await self._socket.send(use.request())
        call = tool_turns.slots_call(question, call_id, url=self._tools.url())
        talk.use_tool(now=datetime.now(UTC), tool_calls=[call])
        found = await self._tools.find_slots(question)
        talk.use_tool(now=datetime.now(UTC), tool_results=[tool_turns.slots_result(found, call_id)])
        await self._socket.send(use.response(is_error=found.failed))
        return await asyncio.to_thread(talk.plan, found)

    async def _say(self, talk: Talk, text: str) -> None:
        talk.say(text, now=datetime.now(UTC))
        if talk.text_only:
            for streamed in wire_frames.response_parts(text, talk.event_id):
                await self._socket.send(streamed)
        await self._socket.send(wire_frames.agent_response(text, talk.event_id))
        if talk.text_only:
            await self._socket.send(wire_frames.response_complete(talk.event_id))
            return
        self._utterance = Utterance(text=text, event_id=talk.event_id)
        self._since = monotonic()
        self._speaking = asyncio.create_task(self._speak(self._utterance))

    async def _speak(self, utterance: Utterance) -> None:
        """One word ahead of what is played, so that no gap is heard when a frame comes late."""
        said = 0
        for chunk in utterance.chunks:
            await self._socket.send(chunk)
            await self._wait_for_word(said)
            said += 1
        await self._wait_for_word(said)
        await self._socket.send(wire_frames.response_complete(utterance.event_id))

    async def _wait_for_word(self, number: int) -> None:
        await asyncio.sleep(max(0, self._since + number * speech.WORD_SECONDS - monotonic()))

    async def _fall_silent(self, talk: Talk) -> None:
        """Somebody speaks over us: stop, and correct what was not heard."""
        if self._speaking is None or self._speaking.done():
            return
        await stop(self._speaking)
        assert self._utterance is not None
        said, event_id = self._utterance.text, self._utterance.event_id
        heard = self._utterance.heard_after(monotonic() - self._since)
        talk.interrupt(heard)
        await self._socket.send(wire_frames.interruption(event_id))
        await self._socket.send(wire_frames.correction(said, heard, event_id))

    async def _finish_speaking(self) -> None:
        """Say the last words to their end, unless the caller hangs up meanwhile."""
        if self._speaking is None:
            return
        leaving = asyncio.create_task(self._wait_until_gone())
        try:
            await asyncio.wait({self._speaking, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                leaving.result()
            await self._speaking
        finally:
            await stop(leaving)

    async def _wait_until_gone(self) -> None:
        while True:
            await self._socket.receive()

    async def _hang_up(self, talk: Talk) -> None:
        call_id = f"call_{secrets.token_hex(8)}"
        use = UsedTool(name=END_CALL, call_id=call_id, kind=SYSTEM, event_id=talk.event_id)
        await self._socket.send(use.request())
        talk.use_tool(now=datetime.now(UTC), tool_calls=[tool_turns.end_call(call_id)])
        talk.use_tool(now=datetime.now(UTC), tool_results=[tool_turns.end_call_result(call_id)])
        await self._socket.send(use.response(is_error=False))
        await self._socket.close(NORMAL, CALL_ENDED)

    async def _ping(self) -> None:
        event_id = 0
        while True:
            event_id += 1
            self._pinged_at = monotonic()
            await self._socket.send(wire_frames.ping(event_id, self._ping_ms))
            await asyncio.sleep(PINGS_EVERY)


async def stop(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def typed(message: Frame) -> str | None:
    """Words that the caller typed, alone or beside files."""
    if text_of(message, "type") == "multimodal_message":
        message = part(message, "text")
    elif text_of(message, "type") != "user_message":
        return None
    text = text_of(message, "text")
    return text if text and text.strip() else None


def wants_text_only(initiation: Frame) -> bool:
    override = part(initiation, "conversation_config_override")
    # The Python client writes it beside the groups instead of into one.
    return bool(override.get("text_only") or part(override, "conversation").get("text_only"))
