"""Where a service that is measured can be found, and whether it is there yet."""

import socket
import time
from contextlib import suppress

import httpx


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_until_ready(base_url: str) -> None:
    for _ in range(200):
        with suppress(httpx.TransportError):
            if httpx.get(f"{base_url}/readyz").status_code == 200:
                return
        time.sleep(0.1)
    raise TimeoutError("the service did not become ready")
