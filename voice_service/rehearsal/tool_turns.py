"""Uses of tools as the post-call transcript tells them: a turn for a call, one for its answer."""

import json
from typing import Any, Final

from voice_service.rehearsal.find_slots import NAME as FIND_SLOTS
from voice_service.rehearsal.find_slots import Found, Question

WEBHOOK: Final = "webhook"
SYSTEM: Final = "system"
END_CALL: Final = "end_call"

Use = dict[str, Any]


def slots_call(question: Question, call_id: str, *, url: str) -> Use:
    params = question.params
    return {
        **use_of(FIND_SLOTS, call_id, kind=WEBHOOK, tool_id=f"tool_{FIND_SLOTS}"),
        "params_as_json": json.dumps(params),
        "tool_details": {
            "type": WEBHOOK,
            "method": "GET",
            "url": url,
            "headers": {},
            "path_params": {},
            "query_params": params,
            "body": None,
        },
    }


def slots_result(found: Found, call_id: str) -> Use:
    return {
        **use_of(FIND_SLOTS, call_id, kind=WEBHOOK, tool_id=f"tool_{FIND_SLOTS}"),
        "result_value": "" if found.failed else found.text,
        "is_error": found.failed,
        "tool_latency_secs": round(found.seconds, 3),
        "error_type": "external_server" if found.failed else "",
        "raw_error_message": found.text if found.failed else "",
    }


def end_call(call_id: str) -> Use:
    return {
        **use_of(END_CALL, call_id, kind=SYSTEM, tool_id=f"__system_{END_CALL}"),
        "params_as_json": "{}",
    }


def end_call_result(call_id: str) -> Use:
    return {
        **use_of(END_CALL, call_id, kind=SYSTEM, tool_id=f"__system_{END_CALL}"),
        "result_value": "",
        "is_error": False,
        "tool_latency_secs": 0.0,
    }


def use_of(name: str, call_id: str, *, kind: str, tool_id: str) -> Use:
    return {
        "type": kind,
        "request_id": call_id,
        "tool_name": name,
        "tool_id": tool_id,
        "tool_has_been_called": True,
    }
