"""The words of names by their trigrams, for whoever misspells them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    trigrams = op.create_table(
        "name_trigrams",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("trigram", sa.BigInteger, primary_key=True),
        sa.Column("word", sa.LargeBinary, primary_key=True),
        sqlite_with_rowid=False,
    )
    found = op.get_bind().execute(sa.text("SELECT DISTINCT movement, word FROM person_name_words"))
    rows = [
        {"movement": movement, "trigram": trigram, "word": bytes(word)}
        for movement, word in found
        for trigram in _trigrams(bytes(word).decode())
    ]
    op.bulk_insert(trigrams, rows)


def _trigrams(word: str) -> set[int]:
    letters = [32, 32, *(ord(letter) for letter in word), 32]
    return {a << 42 | b << 21 | c for a, b, c in zip(letters, letters[1:], letters[2:], strict=False)}
