"""What the broker raises."""


class BrokerUnavailableError(Exception):
    """Redis could not be reached, did not answer in time, or cannot write now. Trying again later is right."""


class BrokerStartError(Exception):
    """This Redis cannot be used. The message is one line that says what is wrong and what to do."""


class BrokerAwayError(BrokerStartError):
    """This Redis cannot be reached now. It may be later, without anybody changing a setting."""


class EnvelopeError(ValueError):
    """Bytes that are no envelope, or none that this version can read."""
