"""Which partition a key belongs to: the same in both backends, and the same as in Kafka's own clients."""

import struct
from functools import lru_cache

PARTITIONS = 12
"""Of every topic, for ever: another number would move keys to other partitions and break their order."""

_WORD = 0xFFFFFFFF
_MULTIPLIER = 0x5BD1E995
_SEED = 0x9747B28C


def murmur2(key: bytes) -> int:
    """The 32-bit MurmurHash2 of Kafka's Java client (``org.apache.kafka.common.utils.Utils.murmur2``), unsigned."""
    words, tail = divmod(len(key), 4)
    digest = _SEED ^ len(key)
    for raw in struct.unpack_from(f"<{words}I", key):
        word = raw * _MULTIPLIER & _WORD
        word ^= word >> 24
        digest = (digest * _MULTIPLIER & _WORD) ^ (word * _MULTIPLIER & _WORD)
    if tail:
        digest = (digest ^ int.from_bytes(key[-tail:], "little")) * _MULTIPLIER & _WORD
    digest = (digest ^ digest >> 13) * _MULTIPLIER & _WORD
    return digest ^ digest >> 15


@lru_cache(maxsize=50_000)
def partition_of(key: bytes, partitions: int = PARTITIONS) -> int:
    """The partition of a key. Remembered, because a subject's events come close together and hashing costs more."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
