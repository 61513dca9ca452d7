"""How a name is looked for: its words without accents, case and punctuation, so that `o'neill` finds O’Neill."""

import re
from unicodedata import combining, normalize

_BETWEEN_WORDS = re.compile(r"[\s\-]+")
_PUNCTUATION = re.compile(r"[^\w\s\-]")


def words(text: str) -> list[str]:
    """The folded words of a text, each once, in order."""
    folded = "".join(character for character in normalize("NFKD", text.casefold()) if not combining(character))
    return list(dict.fromkeys(word for word in _BETWEEN_WORDS.split(_PUNCTUATION.sub("", folded)) if word))
