"""The running service as ElevenLabs and a staff program reach it: over HTTP alone."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
from pydantic import AwareDatetime, BaseModel

from voice_service.consultations.model import Status
from voice_service.elevenlabs_api.signature import sign
from voice_service.settings import Settings

TIMEOUT: Final = timedelta(seconds=5)
RECORDED_WITHIN: Final = timedelta(seconds=15)
LOOK_EVERY: Final = timedelta(seconds=0.1)
OVER: Final = frozenset({Status.COMPLETED, Status.DROPPED, Status.FAILED})


class ServiceUnusable(Exception):
    """Nothing can be rehearsed; the text says what to do about it."""


class BookedTime(BaseModel):
    booking_reference: str
    scheduled_datetime: AwareDatetime
    timezone: str
    status: str


class Judged(BaseModel):
    disqualifier: str | None = None


class Recorded(BaseModel):
    """A voice consultation as far as a rehearsal looks at it; names are the columns'."""

    status: Status
    lead_verdict: str
    lead_score: int | None
    sentiment_score: float | None
    marks: list[str]
    proposals: list[dict[str, Any]] | None
    due_at: AwareDatetime | None
    qualification: Judged | None
    booking: BookedTime | None


class SlotStart(BaseModel):
    start: AwareDatetime


class SlotList(BaseModel):
    items: list[SlotStart]


class RunningService:
    """What a rehearsal asks of the service. Every method raises ServiceUnusable."""

    def __init__(self, client: httpx.Client, settings: Settings) -> None:
        assert settings.staff_api_token is not None  # load_settings sees to it
        self._client = client
        self._secret = settings.webhook_secrets[0]
        self._staff = {"Authorization": f"Bearer {settings.staff_api_token.get_secret_value()}"}

    def free_starts(self, service: str, *, start: datetime, end: datetime) -> list[datetime]:
        """Starts of a service's free slots in ``[start, end)``."""
        answer = self._ask(
            "/api/v1/slots",
            {"service": service, "from": start.isoformat(), "to": end.isoformat()},
        )
        return [slot.start for slot in SlotList.model_validate_json(answer.content).items]

    def send_event(self, event: Mapping[str, Any], *, now: datetime) -> None:
        """Post a post-call event, signed as ElevenLabs would."""
        body = json.dumps(event, ensure_ascii=False).encode()
        headers = {
            "ElevenLabs-Signature": sign(body, secret=self._secret, at=now),
            "Content-Type": "application/json",
        }
        self._checked(
            lambda: self._client.post("/webhooks/elevenlabs", content=body, headers=headers)
        )

    def wait_for_consultation(self, conversation_id: str) -> Recorded | None:
        """The consultation once it is over; None when it is not in ``RECORDED_WITHIN``."""
        give_up = time.monotonic() + RECORDED_WITHIN.total_seconds()
        while time.monotonic() < give_up:
            answer = self._ask(f"/api/v1/consultations/{conversation_id}", {}, missing_is_fine=True)
            if answer.status_code == httpx.codes.OK:
                recorded = Recorded.model_validate_json(answer.content)
                if recorded.status in OVER:
                    return recorded
            time.sleep(LOOK_EVERY.total_seconds())
        return None

    def _ask(
        self, path: str, params: Mapping[str, str], *, missing_is_fine: bool = False
    ) -> httpx.Response:
        return self._checked(
            lambda: self._client.get(path, params=dict(params), headers=self._staff),
            missing_is_fine=missing_is_fine,
        )

    def _checked(
        self, request: Callable[[], httpx.Response], *, missing_is_fine: bool = False
    ) -> httpx.Response:
        base = str(self._client.base_url).rstrip("/")
        try:
            answer = request()
        except httpx.HTTPError as error:
            raise ServiceUnusable(
                f"nothing answers at {base} ({type(error).__name__}). Start the service with "
                "'make run' in another terminal, then try again."
            ) from error
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise ServiceUnusable(
                f"the service at {base} has other secrets than this command; give both the same "
                ".env and DATA_DIR."
            )
        if answer.is_success or (missing_is_fine and answer.status_code == httpx.codes.NOT_FOUND):
            return answer
        raise ServiceUnusable(
            f"the service at {base} answered {answer.status_code} to {answer.request.url.path}; "
            "its log says why."
        )


@contextmanager
def reach_service(settings: Settings) -> Iterator[RunningService]:
    """The service at ``settings.base_url``; nothing is asked yet."""
    # Our own service is not behind a proxy that leads out of this network.
    with httpx.Client(
        base_url=settings.base_url, timeout=TIMEOUT.total_seconds(), trust_env=False
    ) as client:
        yield RunningService(client, settings)
