"""The words that an answering page has around a survey's own: ours in English, the survey's in other languages."""

from collections.abc import Mapping

ENGLISH = "en"

PAGE: Mapping[str, str] = {
    "age": "How old are you?",
    "age_under_13": "Under 13",
    "age_13_15": "13 to 15",
    "age_16_17": "16 or 17",
    "age_adult": "18 or over",
    "who": "Who is answering?",
    "who_self": "I answer for myself",
    "who_family": "I answer for a relative or a friend",
    "who_carer": "I answer for somebody whom I care for",
    "who_staff": "I answer for somebody as a member of staff",
    "code": "Your own code",
    "code_hint": "Make it of the first two letters of the street where you grew up, the day of the month when you were "
    "born, and the first letter of your mother's first name. It joins your answers now with those that you give later, "
    "and we cannot tell from it who you are.",
    "send": "Send my answers",
    "optional": "You may leave out any question that does not say that it is needed.",
    "needed": "needed",
    "clear": "I would rather not say",
    "faults": "There is something to mend",
    "missing": "Please answer this question",
    "wrong": "Please look at this answer again",
    "wrong_age": "Some of these questions were not made for people of this age. Nothing that you wrote was kept.",
    "language": "Language",
    "language_name": "English",
    "closed": "This questionnaire is not open any more. Thank you for coming.",
    "not_yet": "This questionnaire is not open yet. Please come again.",
    "between": "A number from {low} to {high}",
}
"""What each is called, and its words in English; ``{low}`` and ``{high}`` stand for numbers."""

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur", "yi"})
"""The languages that are written from right to left (of those that the 2021 census of England and Wales names)."""
