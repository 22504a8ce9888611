"""The stand-in sends its event as the platform does, and again when that can help."""

import httpx
import pytest
import respx

from voice_service.rehearsal import stand_in

URL = "http://service.test/webhooks/elevenlabs"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand_in, "REPORTED_AFTER", (0.0, 0.01, 0.01))


async def report() -> None:
    async with httpx.AsyncClient(base_url="http://service.test") as client:
        await stand_in.report(client, b"{}", secret=b"secret")


@respx.mock
@pytest.mark.parametrize(
    ("answers", "sent"),
    [
        ([200], 1),
        ([503, 200], 2),
        ([503, 500, 503, 503], 3),
        ([401, 200], 1),
        ([413, 200], 1),
        ([httpx.ReadTimeout("late"), 200], 2),
        ([httpx.ConnectError("gone"), 200], 1),
    ],
)
async def test_only_what_may_work_later_is_tried_again(
    answers: list[int | Exception], sent: int
) -> None:
    route = respx.post(URL)
    route.side_effect = [
        httpx.Response(each) if isinstance(each, int) else each for each in answers
    ]
    await report()
    assert route.call_count == sent
    assert "ElevenLabs-Signature" in route.calls.last.request.headers
