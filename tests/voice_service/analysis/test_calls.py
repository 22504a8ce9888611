from typing import Any

import pytest

from tests.voice_service.analysis.cases import Call
from tests.voice_service.analysis.cases.hostile import HOSTILE
from tests.voice_service.analysis.cases.leads import LEADS
from tests.voice_service.analysis.cases.no_leads import NO_LEADS
from voice_service.analysis import Qualification

CALLS = [*LEADS, *NO_LEADS, *HOSTILE]


def differences(result: Qualification, expected: Any) -> dict[str, Any]:
    """What is not as expected, with what it is instead."""
    codes = {reason.code for reason in result.reasons}
    wrong: dict[str, Any] = {}
    for name, wanted in expected.items():
        if name == "facts":
            facts = {key: result.facts[key].value for key in wanted if key in result.facts}
            found: Any = facts if facts != wanted else wanted
        elif name == "reasons":
            found = wanted if codes.issuperset(wanted) else codes
        elif name == "no_reasons":
            found = codes.intersection(wanted) or wanted
        elif name == "missing":
            found = wanted if set(wanted) <= set(result.missing) else result.missing
        else:
            found = getattr(result, name)
            within = isinstance(wanted, list) and wanted[0] <= found <= wanted[1]
            found = wanted if within else found
        if found != wanted:
            wrong[name] = found
    return wrong


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_a_call_is_judged_as_a_person_would(call: Call) -> None:
    assert differences(call.judged(), call.expected) == {}
