"""The API as it describes itself: every operation under /api/v1, read from /openapi.json."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID, uuid4

from tests.voice_service.conftest import make_settings
from voice_service.app import create_app

METHODS: Final = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one path.

    Attributes:
        names: of its parameters by the place they are in: ``path``, ``query``, ``header``.
        examples: of its body; None when it takes no body.
        is_stream: whether its answer has no end.
    """

    method: str
    path: str
    description: str
    names: Mapping[str, Sequence[str]]
    examples: Sequence[Any] | None
    is_stream: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path.removeprefix('/api/v1/')}"

    def fill(self, values: Mapping[str, Any]) -> str:
        """The path with these values, as anybody may write them, in its places."""
        path = self.path
        for name in self.names["path"]:
            value = quote(str(values.get(name, uuid4())), safe="")
            path = path.replace(f"{{{name}}}", value)
        return path


def read_operations() -> Iterator[Operation]:
    app = create_app(make_settings(Path("unused")), dsn="", direct_dsn="", run_jobs=False)
    document = json.loads(json.dumps(app.openapi()))
    for path, methods in document["paths"].items():
        for method in METHODS:
            if path.startswith("/api/v1/") and method in methods:
                yield read_operation(path, method, methods[method], document)


def read_operation(path: str, method: str, said: Any, document: Any) -> Operation:
    parameters = said.get("parameters", [])
    return Operation(
        method=method.upper(),
        path=path,
        description=said.get("description", ""),
        names={
            place: [each["name"] for each in parameters if each["in"] == place]
            for place in ("path", "query", "header")
        },
        examples=read_examples(said["requestBody"], document) if "requestBody" in said else None,
        is_stream="text/event-stream" in said["responses"]["200"].get("content", {})
        if "200" in said["responses"]
        else False,
    )


def read_examples(body: Any, document: Any) -> list[Any]:
    """Beside the schema, or of the model it refers to."""
    content = body["content"]["application/json"]
    schema = content["schema"]
    examples = list(schema.get("examples", []))
    for each in (schema, *schema.get("anyOf", [])):
        model = each.get("$ref", "").rpartition("/")[2]
        examples += document["components"]["schemas"].get(model, {}).get("examples", [])
    return examples


OPERATIONS: Final = tuple(read_operations())
SOME_ID: Final = UUID("7f7c1a52-3f0e-4f0b-9a53-0f2c64f1d1b7")
