"""What stands in the way of a step that a request is to take: the problems that say so."""

from shared.errors import Conflict


class NotVerified(Conflict):
    """Nothing is handed out, deleted or changed before it is known who asks and by what authority."""

    code = "not_verified"
    title = "It is not verified yet who asks"


class AlreadyAnswered(Conflict):
    """The request has been answered or withdrawn; ``state`` says which."""

    code = "already_answered"
    title = "The request is over"


class AlreadyExtended(Conflict):
    """An answer is put off once."""

    code = "already_extended"
    title = "The answer has been put off before"


class TooLateToExtend(Conflict):
    """Whoever asked is told of an extension within the first period; ``due_on`` was its last day."""

    code = "too_late_to_extend"
    title = "The first period is over"


class AlreadyWaiting(Conflict):
    """The same has been asked of the requester and not been answered yet."""

    code = "already_waiting"
    title = "This was asked before and is not answered"


class NotWaiting(Conflict):
    """Nothing of the kind was asked of the requester."""

    code = "not_waiting"
    title = "Nothing was asked that this could answer"


class ErasureUnderWay(Conflict):
    """An erase request ends as its erasure does; ``erasure`` is the one that is not over."""

    code = "erasure_under_way"
    title = "It is answered once the erasure is over"


class NothingToTell(Conflict):
    """There is no answer yet, or they were told of it."""

    code = "nothing_to_tell"
    title = "There is nothing that they are still to be told"
