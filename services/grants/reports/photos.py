"""What a photograph is taken for: by its first bytes, whatever whoever sends it says."""

from shared.errors import Fault, Invalid, PayloadTooLarge


def media_type_of(picture: bytes, largest: int) -> str:
    """The media type of a JPEG, PNG or WebP picture of at most so many bytes. Raises Invalid, PayloadTooLarge."""
    if len(picture) > largest:
        raise PayloadTooLarge(f"a photograph has at most {largest} bytes; send a smaller one")
    if picture.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if picture.startswith(b"RIFF") and picture[8:12] == b"WEBP":
        return "image/webp"
    raise Invalid(faults=[Fault("", "is no JPEG, PNG or WebP picture", "not_a_picture")])
