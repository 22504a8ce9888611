"""Regular expressions over what was said, hundreds of them, tried on a turn all at once.

A turn holds words for one or two of our expressions. RE2 reads the turn once for all of them, in
microseconds, and says which may match; only those are run by Python's own engine, which alone can
look around. What RE2 is given is a looser form of each expression, so nothing is ever missed.
"""

import re
from collections.abc import Collection, Iterator
from functools import cached_property, lru_cache
from typing import Final

import re2  # type: ignore[import-untyped]

LOOKS_AROUND: Final = ("(?=", "(?!", "(?<=", "(?<!")
# RE2's own are of ASCII alone, Python's of all scripts.
CLASSES: Final = {
    r"\w": r"[\pL\pM\pN_]",
    r"\W": r"[^\pL\pN_]",
    r"\d": r"\pN",
    r"\D": r"[^\pN]",
    r"\s": r"[\s\pZ\x1c-\x1f\x{85}]",
    r"\S": r"[^\s\pZ\x1c-\x1f\x{85}]",
    r"[^\W\d_]": r"[\pL\pM]",
    r"[^\W\d]": r"[\pL\pM_]",
    r"[^\W_]": r"[\pL\pM\pN]",
    r"[^\s.?]": r"[^\s.?]",
    r"\b": "",  # of ASCII words too; and anchors depend on where a text is cut
    "^": "",
    "$": "",
}
CODE_POINT: Final = re.compile(r"\\u([0-9a-f]{4})")


class Together:
    """Expressions that are looked for in one go."""

    def __init__(self) -> None:
        self.expressions: list[re.Pattern[str]] = []

    def add(self, expression: re.Pattern[str]) -> int:
        """The expression's number; all are to be there before the first text is read."""
        self.expressions.append(expression)
        return len(self.expressions) - 1

    @cached_property
    def atoms(self) -> "re2.Filter":
        """Which words an expression cannot do without, for each of them."""
        options = re2.Options()
        options.log_errors = False
        together = re2.Filter()
        for expression in self.expressions:
            ignoring_case = "(?i)" if expression.flags & re.IGNORECASE else ""
            together.Add(ignoring_case + loosened(expression.pattern), options)
        together.Compile()
        return together

    def found(self, text: str) -> Collection[int]:
        """The numbers of all that match somewhere in a text, and perhaps of some that do not."""
        return frozenset(self.atoms.Match(text.encode("utf-8", "replace"), potential=True) or ())


FACTS: Final = Together()


class Expression:
    """A regular expression that costs next to nothing on a text it cannot match.

    The methods are those of ``re.Pattern``. For whole turns: the first of all expressions to meet
    a text pays for all of them.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.compiled: Final = re.compile(pattern, flags)
        self.number: Final = FACTS.add(self.compiled)

    @property
    def pattern(self) -> str:
        return self.compiled.pattern

    def may_match(self, text: str) -> bool:
        return self.number in found(text)

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        if not self.may_match(text):
            return None
        return self.compiled.search(text, start, len(text) if end is None else end)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        return self.compiled.match(text, start) if self.may_match(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.compiled.finditer(text) if self.may_match(text) else iter(())


@lru_cache(maxsize=4096)
def found(text: str) -> Collection[int]:
    return FACTS.found(text)


def loosened(pattern: str) -> str:
    """The pattern as RE2 can read it, which matches wherever the pattern does."""
    pattern = CODE_POINT.sub(lambda match: chr(int(match[1], 16)), pattern)
    kept: list[str] = []
    depth = 0  # of parentheses inside one that looks around
    at = 0
    while at < len(pattern):
        end = at + 2 if pattern[at] == "\\" else at + 1
        if pattern[at] == "[":
            end = end_of_class(pattern, at)
        piece = pattern[at:end]
        if depth or pattern.startswith(LOOKS_AROUND, at):
            depth += (piece == "(") - (piece == ")")
        else:
            kept.append(loosened_piece(piece))
        at = end
    return "".join(kept)


def end_of_class(pattern: str, at: int) -> int:
    end = at + (2 if pattern[at + 1] == "^" else 1)
    end += pattern[end] == "]"
    while pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    return end + 1


def loosened_piece(piece: str) -> str:
    if piece in CLASSES:
        return CLASSES[piece]
    if piece[0] != "[":
        return piece
    # Other classes of ours list what they hold: "[\w'&-]".
    return piece.replace(r"\w", r"\pL\pM\pN_").replace(r"\d", r"\pN")
