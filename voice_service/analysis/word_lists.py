"""Lists of words, as one writes them."""


def words(text: str) -> frozenset[str]:
    """The words of a text, parted by any white space."""
    return frozenset(text.split())
