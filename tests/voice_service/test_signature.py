"""Our signatures and the vendor's own SDK agree, where the SDK is right."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from elevenlabs.client import ElevenLabs
from elevenlabs.core.api_error import ApiError
from hypothesis import given
from hypothesis import strategies as st

from voice_service.elevenlabs_api.signature import (
    SignatureCheck,
    SignatureError,
    read_header,
    sign,
)

SECRET = "wsec_shared_with_the_vendor"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def holds(body: bytes, header: str, *, secret: str = SECRET, now: datetime = NOW) -> bool:
    try:
        check = SignatureCheck(read_header([header], now=now), [secret.encode()])
        for at in range(0, len(body), 7):  # however it is cut
            check.update(body[at : at + 7])
        check.verify()
    except SignatureError:
        return False
    return True


def test_the_vendors_sdk_takes_what_the_stand_in_signs() -> None:
    event = {"type": "post_call_transcription", "data": {"conversation_id": "conv_ü"}}
    body = json.dumps(event, ensure_ascii=False)
    header = sign(body.encode(), secret=SECRET.encode(), at=datetime.now(UTC))
    webhooks = ElevenLabs(api_key="none").webhooks
    assert webhooks.construct_event(body, header, SECRET) == event
    with pytest.raises(ApiError):
        webhooks.construct_event(body + " ", header, SECRET)
    assert holds(body.encode(), header, now=datetime.now(UTC))


@pytest.mark.parametrize(
    ("age", "good"),
    [
        (timedelta(minutes=30), True),
        (timedelta(minutes=30, seconds=1), False),
        (timedelta(minutes=-5), True),
        (timedelta(minutes=-5, seconds=-1), False),
        (timedelta(days=-36500), False),
    ],
)
def test_a_signature_holds_half_an_hour_back_and_five_minutes_ahead(
    age: timedelta, good: bool
) -> None:
    header = sign(b"{}", secret=SECRET.encode(), at=NOW - age)
    assert holds(b"{}", header) is good


# A key of HMAC is filled up with zeros, so that some more of them make no other key.
NO_ZEROS = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=40)


@given(st.binary(max_size=200), NO_ZEROS, st.text(max_size=40))
def test_only_the_right_body_and_secret_hold(body: bytes, other: str, header: str) -> None:
    signed = sign(body, secret=SECRET.encode(), at=NOW)
    assert holds(body, signed)
    assert not holds(body + b"x", signed)
    assert holds(body, signed, secret=SECRET + other) is (other == "")
    assert not holds(body, header)
    assert not holds(body, f"t={int(NOW.timestamp())},v0={header}")
