"""What a page is told of its conversation, where a test decides it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from playwright.async_api import Route

from tests.browser.conftest import Visit

BOOKING: Final[dict[str, Any]] = {
    "reference": "BK-2026-0042",
    "status": "confirmed",
    "start": "2026-12-01T14:00:00Z",
    "end": "2026-12-01T14:30:00+00:00",
    "timezone": "Europe/Berlin",
    "service": "Discovery call",
    "consultant": "Marta Klein",
    "calendar_url": "/b/BK-2026-0042.ics",
}


@asynccontextmanager
async def told(caller: Visit, *news: tuple[str, Any]) -> AsyncIterator[None]:
    """As if the session's answer named a stream that tells this news."""
    stream = "".join(
        f"event: {kind}\ndata: {data if isinstance(data, str) else json.dumps(data)}\n\n"
        for kind, data in news
    )

    async def add_address(route: Route) -> None:
        answer = await route.fetch()
        body = await answer.json() | {"events_url": "/session/events"}
        await route.fulfill(response=answer, json=body)

    async def tell(route: Route) -> None:
        await route.fulfill(content_type="text/event-stream", body=stream)

    await caller.page.route("**/session", add_address)
    await caller.page.route("**/session/events", tell)
    yield
