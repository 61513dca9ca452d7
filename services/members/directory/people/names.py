"""How a name is looked for: its words without accents, case and punctuation, so that `o'neill` finds O’Neill."""

import re
from unicodedata import combining, normalize

_BETWEEN_WORDS = re.compile(r"[\s\-]+")
_PUNCTUATION = re.compile(r"[^\w\s\-]")


def words(text: str) -> list[str]:
    """The folded words of a text, each once, in order."""
    folded = "".join(character for character in normalize("NFKD", text.casefold()) if not combining(character))
    return list(dict.fromkeys(word for word in _BETWEEN_WORDS.split(_PUNCTUATION.sub("", folded)) if word))


def trigrams(word: str) -> list[int]:
    """Every three letters in a row of a word, each once, with two blanks before it and one behind, as pg_trgm has them.

    Packed into one integer each, 21 bits a character: at most 63 bits, which both databases store with a sign.
    """
    letters = [32, 32, *(ord(letter) for letter in word), 32]
    return sorted({a << 42 | b << 21 | c for a, b, c in zip(letters, letters[1:], letters[2:], strict=False)})
