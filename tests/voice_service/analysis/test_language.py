import pytest

from voice_service.analysis import Turn, detect_language, normalise_language


def caller_says(*texts: str | None) -> list[Turn]:
    return [Turn(position=order, role="user", text=text) for order, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("we would like to rebuild our ordering system before spring", "en"),
        ("nos gustaría hablar de una tienda en línea para nuestra empresa", "es"),
        ("wir brauchen eine neue Anwendung für unser Lager", "de"),
        ("nous cherchons une équipe pour refaire notre site", "fr"),
        ("vorremmo parlare di una nuova applicazione per i clienti", "it"),
        ("gostaríamos de falar sobre um novo aplicativo para a loja", "pt"),
        ("we willen graag een afspraak maken voor volgende week", "nl"),
    ],
)
def test_a_callers_language_is_told_from_a_sentence(said: str, code: str) -> None:
    assert detect_language(caller_says(said)) == code


def test_a_language_is_told_from_turns_together() -> None:
    assert detect_language(caller_says("we need", None, "a new website", "for our shop")) == "en"


@pytest.mark.parametrize("said", [(), (None,), ("hola, buenas",), ("1 2 3 4 5",)])
def test_too_little_said_tells_no_language(said: tuple[str | None, ...]) -> None:
    assert detect_language(caller_says(*said)) is None


def test_the_agents_language_is_not_the_callers() -> None:
    agent = Turn(position=0, role="agent", text="How can I help you with your project today?")
    assert detect_language([agent]) is None


def test_broken_text_is_read_all_the_same() -> None:
    said = "we would like \ud800 to rebuild \x00 our ordering system"
    assert detect_language(caller_says(said)) == "en"


@pytest.mark.parametrize(
    ("code", "language"), [("en", "en"), ("en-US", "en"), (" PT_br ", "pt"), ("zh-Hans-CN", "zh")]
)
def test_a_platforms_code_is_cut_to_the_language(code: str, language: str) -> None:
    assert normalise_language(code) == language
