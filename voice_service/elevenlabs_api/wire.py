"""ElevenLabs' webhooks as they come: every field optional, unknown ones ignored, nulls welcome.

Their API grows weekly and nobody promises that a field keeps its type. A value that is not what we
expect reads as if it were absent; only what makes an event unusable as a whole is an error.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

import pydantic_core
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from booking_core.database import storable

LONGEST_INTEGER: Final = 4000


class UnreadableBody(Exception):
    """Signed by ElevenLabs, yet not a JSON object."""


def read_json(body: bytes) -> dict[str, Any]:
    """The JSON object in a body; NUL and lone surrogates in it become U+FFFD.

    PostgreSQL stores neither, and neither is a reason to lose a conversation. Numbers that JSON
    does not know (NaN, Infinity) read as null.

    Raises:
        UnreadableBody: not JSON, nested beyond reason, or not an object.
    """
    try:
        # The escape of a NUL or of any surrogate is rare, and only then is the slow way taken.
        if any(escape in body for escape in (b"\\u0000", b"\\ud", b"\\uD")):
            value = read_json_tolerantly(body)
        else:
            value = pydantic_core.from_json(body, allow_inf_nan=False)
    except ValueError:
        value = read_json_tolerantly(body)
    if not isinstance(value, dict):
        raise UnreadableBody(f"a JSON {type(value).__name__}, not an object")
    return value


def read_json_tolerantly(body: bytes) -> Any:
    try:
        value = json.loads(
            body.decode("utf-8-sig", "replace"),
            parse_constant=lambda _: None,
            parse_int=read_integer,
            strict=False,
        )
        return storable(value)
    except (ValueError, RecursionError) as error:
        raise UnreadableBody(f"not JSON ({type(error).__name__})") from None


def read_integer(digits: str) -> int | None:
    """Longer than any number that means something: Python itself refuses to read it."""
    return int(digits) if len(digits) <= LONGEST_INTEGER else None


def or_absent(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    """What does not fit reads as absent."""
    try:
        return validate(value)
    except ValidationError:
        return None


def only_objects(value: Any) -> list[Any]:
    """The objects of a list; nothing where there is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def only_object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def as_text(value: Any) -> Any:
    """A string of JSON, which a tool's answer and parameters should be and sometimes are not."""
    return value if value is None or isinstance(value, str) else json.dumps(value)


T = TypeVar("T")
Maybe = Annotated[T | None, WrapValidator(or_absent)]
JsonText = Annotated[str | None, BeforeValidator(as_text)]
Objects = Annotated[list[T], BeforeValidator(only_objects)]
Object = Annotated[dict[str, Any], BeforeValidator(only_object)]


class WireModel(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class ToolCall(WireModel):
    """Source: ``transcript[].tool_calls[]``; ``params_as_json`` is a string of JSON."""

    tool_name: Maybe[str] = None
    request_id: Maybe[str] = None
    type: Maybe[str] = None
    params_as_json: JsonText = None


class ToolResult(WireModel):
    """Source: ``transcript[].tool_results[]``, joined to its call by ``request_id``."""

    tool_name: Maybe[str] = None
    request_id: Maybe[str] = None
    type: Maybe[str] = None
    result_value: JsonText = None
    is_error: Maybe[bool] = None
    tool_latency_secs: Maybe[float] = None


class TranscriptTurn(WireModel):
    """Source: ``transcript[]``. ``message`` is what was heard, ``original_message`` all of it."""

    role: Maybe[str] = None  # "user" or "agent" today; a new one must not lose the conversation
    message: Maybe[str] = None  # None: the turn only used a tool
    original_message: Maybe[str] = None
    time_in_call_secs: Maybe[float] = None
    interrupted: Maybe[bool] = None
    source_event_id: Maybe[str] = None  # a number so far; counts turns, skips, is no key
    tool_calls: Objects[ToolCall] = []
    tool_results: Objects[ToolResult] = []


class PhoneCall(WireModel):
    """Source: ``metadata.phone_call``; ``external_number`` is the other side, either direction."""

    direction: Maybe[str] = None
    external_number: Maybe[str] = None
    agent_number: Maybe[str] = None
    call_sid: Maybe[str] = None


class CallError(WireModel):
    code: Maybe[str] = None
    reason: Maybe[str] = None


class Metadata(WireModel):
    """Source: ``data.metadata``; times in unix seconds, durations in seconds."""

    start_time_unix_secs: Maybe[float] = None
    call_duration_secs: Maybe[float] = None
    phone_call: Maybe[PhoneCall] = None
    termination_reason: Maybe[str] = None
    error: Maybe[CallError] = None
    main_language: Maybe[str] = None
    timezone: Maybe[str] = None
    conversation_initiation_source: Maybe[str] = None


class SentimentAnalysis(WireModel):
    """The platform's own score, as its conversation list gives it."""

    overall_sentiment_score: Maybe[float] = None


class Analysis(WireModel):
    """Source: ``data.analysis``; null while processing, and for very short calls."""

    data_collection_results: Object = {}
    transcript_summary: Maybe[str] = None
    call_summary_title: Maybe[str] = None
    call_successful: Maybe[str] = None
    sentiment_analysis: Maybe[SentimentAnalysis] = None


class InitiationData(WireModel):
    """Source: ``data.conversation_initiation_client_data``: what started the conversation."""

    dynamic_variables: Object = {}
    conversation_config_override: Object = {}


class Conversation(WireModel):
    """Source: ``data`` of ``post_call_transcription``; the same as a conversation fetched."""

    conversation_id: Annotated[str, Field(min_length=1, max_length=255)]
    agent_id: Maybe[str] = None
    status: Maybe[str] = None
    transcript: Objects[TranscriptTurn] = []
    metadata: Metadata = Metadata()
    analysis: Analysis = Analysis()
    conversation_initiation_client_data: InitiationData = InitiationData()
    has_audio: Maybe[bool] = None
    sentiment_analysis: Maybe[SentimentAnalysis] = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Conversation":
        """Raises ValidationError only where there is no usable ``conversation_id``."""
        parts = ("metadata", "analysis", "conversation_initiation_client_data")
        return cls.model_validate({**data, **{part: only_object(data.get(part)) for part in parts}})


class InitiationFailure(WireModel):
    """Source: ``data`` of ``call_initiation_failure``: an outbound call nobody answered."""

    conversation_id: Annotated[str, Field(min_length=1, max_length=255)]
    agent_id: Maybe[str] = None
    failure_reason: Maybe[str] = None


class Envelope(WireModel):
    """What every webhook has around its data. ``event_timestamp``: unix seconds."""

    type: Maybe[Annotated[str, Field(max_length=255)]] = None
    event_timestamp: Maybe[float] = None
    data: Object = {}

    @property
    def conversation_id(self) -> str | None:
        value = self.data.get("conversation_id")
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        return value if isinstance(value, str) and 0 < len(value) <= 255 else None


def read_envelope(body: bytes) -> Envelope:
    """Raises UnreadableBody for anything but a JSON object."""
    return Envelope.model_validate(read_json(body))
