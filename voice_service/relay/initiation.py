"""What a visitor may ask for when a conversation begins, and what we add to it. Pure."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from voice_service.relay.frames import INITIATION, Frame, part

Variables: TypeAlias = Mapping[str, str | int | float | bool]

# Everything else (prompt, voice, model, branch, tools, costs) is ours to decide.
PASSED_ON: Final = ("user_id", "source_info")
OVERRIDES: Final = (("agent", "language"), ("conversation", "text_only"))
RESERVED: Final = ("secret__", "system__")


def our_initiation(message: Frame, ours: Variables) -> Frame:
    """The initiation message as it goes on: what only we may send is dropped, ours is added.

    Args:
        message: the visitor's; empty when there was none.
        ours: dynamic variables of ours, which a visitor cannot set.
    """
    begin: Frame = {"type": INITIATION}
    begin |= {name: message[name] for name in PASSED_ON if message.get(name) is not None}
    override = allowed_override(part(message, "conversation_config_override"))
    if override:
        begin["conversation_config_override"] = override
    begin["dynamic_variables"] = {
        **visitors_variables(part(message, "dynamic_variables")),
        **ours,
    }
    return begin


def allowed_override(override: Frame) -> Frame:
    """What the official clients add by themselves: the language, and that there is no audio."""
    allowed: Frame = {
        group: {name: part(override, group)[name]}
        for group, name in OVERRIDES
        if isinstance(part(override, group).get(name), str | bool)
    }
    # The Python client writes it beside the groups instead of into one.
    if isinstance(override.get("text_only"), bool):
        allowed["text_only"] = override["text_only"]
    return allowed


def visitors_variables(variables: Mapping[str, Any]) -> Mapping[str, str | int | float | bool]:
    return {
        name: value
        for name, value in variables.items()
        if not name.startswith(RESERVED) and isinstance(value, str | int | float | bool)
    }
