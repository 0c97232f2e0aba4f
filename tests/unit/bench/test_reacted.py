"""A room with reactions beside one without, in the bench: what is said of them."""

from bench.reacted import FEW_EACH, MANY_EACH, PLAIN, Opened, table


def test_a_room_that_opens_later_than_one_without_reactions_misses_its_target() -> None:
    opened = {
        PLAIN: Opened(50, 20_000, [1.0, 1.0, 5.0], [1.0]),
        FEW_EACH: Opened(50, 40_000, [1.2, 1.2, 9.0], [1.5, 2.5]),
        MANY_EACH: Opened(18, 260_000, [5.0, 5.0, 5.0], [4.0]),
    }
    section = table(opened, [])
    assert [target.met for target in section.targets] == [True, False]
    assert section.rows[1] == (FEW_EACH, 50, 40.0, 1.2, 9.0, 2.0)
