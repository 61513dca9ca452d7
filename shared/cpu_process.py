"""The other side of :mod:`shared.cpu`: reads a function and its arguments, answers what came of it, until its end.

It ends with whoever started it, for its input ends then. It is nicer than the processes that answer requests.
"""

import os
import pickle
import signal
import sys
from typing import BinaryIO

LENGTH_BYTES = 8
_NICENESS = 5


def main() -> None:
    """Serve calls until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the process that started this one
    os.nice(_NICENESS)
    # What a function prints goes to the log: the pipe carries answers and nothing else.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = sys.stdin.buffer
    while (length := requests.read(LENGTH_BYTES)) and len(length) == LENGTH_BYTES:
        request = requests.read(int.from_bytes(length))
        _write(answers, _answer(request))


def _answer(request: bytes) -> bytes:
    try:
        function, args = pickle.loads(request)
        return pickle.dumps((True, function(*args)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # whatever it is, it is the caller's to see
        return _raised(error)


def _raised(error: Exception) -> bytes:
    try:
        raised = pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
        pickle.loads(raised)  # an exception with needs of its own pickles well and fails to come back
    except Exception:
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__} in the CPU process")))
    return raised


def _write(answers: BinaryIO, answer: bytes) -> None:
    answers.write(len(answer).to_bytes(LENGTH_BYTES))
    answers.write(answer)
    answers.flush()


if __name__ == "__main__":
    main()
