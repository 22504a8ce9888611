"""When a conversation claims that a booking was made."""

import pytest

from voice_service.analysis import Turn
from voice_service.consultations.claims import claims_booking


def turn(role: str, text: str) -> list[Turn]:
    return [Turn(position=0, role=role, text=text)]


def result(name: str | None, value: str | None, *, is_error: bool | None = False) -> list[Turn]:
    answer = {"tool_name": name, "result_value": value, "is_error": is_error}
    return [Turn(position=0, role="agent", tool_results=[answer])]


@pytest.mark.parametrize(
    "text",
    [
        "You're booked for Friday at half past two.",
        "Great. You are all booked, see you then!",
        "I have now booked the call for you.",
        "Perfect, I've scheduled it for Monday.",
        "Your consultation is confirmed for the 3rd.",
        "The meeting has been scheduled.",
        "That's confirmed. Anything else?",
        "You\u2019re booked in for Tuesday.",
        "I've got you booked in for ten o'clock.",
        "Your appointment has been successfully booked.",
        "Your call with Marcus is confirmed for Friday.",
        "Booking confirmed.",
        "I booked the slot for you.",
        "You're all set for Monday at nine.",
        "Su cita ha quedado confirmada para el lunes.",
        "Ihr Termin ist für Montag um zehn gebucht.",
        "Ich habe das für Sie eingetragen.",
    ],
)
def test_an_agent_who_states_a_booking_claims_one(text: str) -> None:
    assert claims_booking(turn("agent", text))
    assert not claims_booking(turn("user", text))


@pytest.mark.parametrize(
    "text",
    [
        "Would you like me to get you booked for Friday?",
        "Shall I say you're booked for Friday?",
        "I have not booked anything yet.",
        "We are booked out this week.",
        "I'm afraid that time is booked up.",
        "To be booked you need an e-mail address.",
        "Once your call is confirmed you get an e-mail.",
        "If that is booked I will tell you.",
        "Nothing is booked yet.",
        "Your booking could not be confirmed.",
        "Your appointment has not been booked.",
        "You can see whether a time is reserved on our page.",
        "",
    ],
)
def test_an_agent_who_asks_or_denies_claims_nothing(text: str) -> None:
    assert not claims_booking(turn("agent", text))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("book_consultation", '{"status": "confirmed", "booking_id": "bk_1"}'),
        ("createAppointment", '{"status": "CREATED"}'),
        ("schedule_meeting", '{"status": "ok"}'),
        ("book_consultation", '{"success": true, "booking_id": 4}'),
        ("book_consultation", '{"booked": true}'),
        ("book_consultation", '{"status": "booking_confirmed", "error": null}'),
        ("book_consultation", '{"result": {"status": "confirmed"}}'),
        ("book_consultation", '{"reference": "INT-1"}'),
        ("book_consultation", "Booking confirmed for Friday"),
    ],
)
def test_a_booking_tool_that_answers_well_claims_a_booking(name: str, value: str) -> None:
    assert claims_booking(result(name, value))
    assert not claims_booking(result(name, value, is_error=True))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("book_consultation", '{"status": "taken"}'),
        ("book_consultation", '{"status": "not_offered", "say": "Sorry."}'),
        ("book_consultation", '{"success": false}'),
        ("book_consultation", '{"error": "boom"}'),
        ("book_consultation", '{"status": "need", "say": "Your e-mail?"}'),
        ("book_consultation", "Sorry, that time is taken"),
        ("book_consultation", ""),
        ("book_consultation", "null"),
        ("book_consultation", "[]"),
        ("book_consultation", None),
        ("cancel_booking", '{"status": "ok"}'),
        ("look_up_bookings", '{"status": "ok"}'),
        ("check_availability", '{"status": "ok"}'),
        ("end_call", '{"status": "success"}'),
        (None, '{"status": "ok"}'),
    ],
)
def test_any_other_answer_claims_nothing(name: str | None, value: str | None) -> None:
    assert not claims_booking(result(name, value))
