"""The API's own page, every byte of it served by us."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Intellectif Voice: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/docs.css">
</head>
<body>
<main id="docs"></main>
<noscript>This page needs JavaScript; the same in JSON: <a href="/openapi.json">/openapi.json</a>
</noscript>
<script src="/static/docs.js"></script>
</body>
</html>
"""


@router.get("/docs")
async def show_docs() -> HTMLResponse:
    return HTMLResponse(PAGE)
