"""What makes two people one pair, whoever of them asks."""


def pair_key(kind: str, first_id: str, second_id: str) -> str:
    """`kind:id:id` with the ids in the order of their bytes: the same for both, and of no other pair.

    A colon inside an id is written as %3A (and a percent sign as %25), or `a` and `b:c` would be the pair of `a:b`
    and `c`.
    """
    ids = sorted((first_id, second_id))  # by code point, which is the order of UTF-8's bytes too
    return ":".join((kind, *(each.replace("%", "%25").replace(":", "%3A") for each in ids)))
