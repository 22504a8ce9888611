"""``/``: talk to the agent in the browser; ``/embed.js``: the same from a button on any site."""

import json
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from voice_service.caller.templates import render
from voice_service.dependencies import CurrentSettings
from voice_service.settings import Settings

AGENT: Final = "Ava"
HERE: Final = Path(__file__).parent
BUILT: Final = HERE.parent / "built" / "caller.js"
EMBED_SECONDS: Final = 300  # that another site's visitors may keep the button's script

router = APIRouter(include_in_schema=False)
button_script = (HERE / "embed.js").read_text()


def is_built() -> bool:
    """Whether the page's scripts are there; ``make setup`` builds them."""
    return BUILT.is_file()


@router.get("/")
async def show_page(settings: CurrentSettings, embed: bool = False) -> HTMLResponse:
    """The caller's page. Inside a frame it says so to the site around it."""
    phone = settings.business_phone
    html = render(
        "page.html",
        agent=AGENT,
        phone=phone,
        phone_link="".join(each for each in phone or "" if each.isdigit() or each == "+"),
        stand_in=settings.uses_stand_in,
        store_audio=settings.store_audio,
        built=is_built(),
        embedded=embed,
    )
    return HTMLResponse(html, headers=page_headers(settings))


@router.get("/embed.js")
async def show_button_script(settings: CurrentSettings) -> Response:
    """The button's script, with the sites that may frame the page filled in."""
    script = button_script.replace('"__ALLOWED_ORIGINS__"', json.dumps(settings.allowed_origins))
    return Response(
        script,
        media_type="text/javascript",
        headers={
            "Cache-Control": f"public, max-age={EMBED_SECONDS}",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )


def page_headers(settings: Settings) -> dict[str, str]:
    """What the page may load and speak to: our own host; who may frame it: the allowed sites."""
    own = urlsplit(settings.base_url)
    socket = f"{'wss' if own.scheme == 'https' else 'ws'}://{own.netloc}"
    policy = {
        "default-src": "'none'",
        # A browser that cannot set a sample rate needs a resampler, which is WebAssembly.
        "script-src": "'self' 'wasm-unsafe-eval'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": f"'self' {socket}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": " ".join(("'self'", *settings.allowed_origins)),
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
        "Cache-Control": "no-cache",
    }
