"""What the stand-in's agent sounds like, and what it hears."""

import base64
import json

from voice_service.rehearsal.hearing import Ear
from voice_service.rehearsal.speech import SAMPLE_RATE, WORD_SECONDS, Utterance, tone


def test_an_ear_tells_speech_from_silence_and_from_a_click() -> None:
    ear = Ear()
    assert not ear.hear(bytes(32000))
    assert not ear.hear(tone(220, seconds=0.1))
    assert not ear.hear(bytes(32000))
    assert not ear.hear(tone(220, seconds=0.4))
    assert ear.is_hearing
    assert ear.hear(bytes(32000))
    assert not ear.hear(b"\0")


def test_an_ear_says_how_sure_it_is_ten_times_a_second_at_most() -> None:
    ear = Ear()
    ear.hear(tone(220, seconds=0.05))
    assert ear.score() is None
    ear.hear(tone(220, seconds=0.05))
    loud = ear.score()
    assert ear.score() is None
    ear.hear(bytes(3200))
    quiet = ear.score()
    assert loud is not None
    assert 0.5 < loud <= 1
    assert quiet == 0
    ear.hear(b"")
    assert ear.score() is None


def test_every_word_is_a_chunk_of_sound_with_the_times_of_its_letters() -> None:
    utterance = Utterance(text="Hi there, you!", event_id=4)
    events = [json.loads(chunk)["audio_event"] for chunk in utterance.chunks]
    assert [event["event_id"] for event in events] == [4, 4, 4]
    assert "".join(letter for event in events for letter in event["alignment"]["chars"]) == (
        "Hi there, you! "
    )
    for event in events:
        seconds = len(base64.b64decode(event["audio_base_64"])) / 2 / SAMPLE_RATE
        assert seconds == WORD_SECONDS
        starts = event["alignment"]["char_start_times_ms"]
        durations = event["alignment"]["char_durations_ms"]
        assert len(starts) == len(durations) == len(event["alignment"]["chars"])
        assert starts == sorted(starts)
        assert starts[-1] + durations[-1] == WORD_SECONDS * 1000


def test_what_was_heard_of_it_are_whole_words() -> None:
    utterance = Utterance(text="Hi there, you!", event_id=1)
    assert utterance.heard_after(0) == ""
    assert utterance.heard_after(2.5 * WORD_SECONDS) == "Hi there,"
    assert utterance.heard_after(60) == "Hi there, you!"
