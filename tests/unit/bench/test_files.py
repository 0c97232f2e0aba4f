"""Messages beside files, in the bench: what they may feel, and what uploads may take of the memory."""

from bench.files import DOWNLOADS, MEBIBYTE, NO_FILES, UPLOADS, Felt, _targets


def felt(milliseconds: float, mebibytes: int) -> Felt:
    return Felt([milliseconds], {}, 10.0, mebibytes * MEBIBYTE, 0.0)


def test_the_time_of_messages_is_judged_beside_files_and_the_memory_beside_uploads() -> None:
    loads = [(NO_FILES, felt(900, 900)), (UPLOADS, felt(249, 200)), (DOWNLOADS, felt(251, 900))]
    assert [target.met for target in _targets(loads)] == [True, False, True]
    assert not _targets([(UPLOADS, felt(1, 201))])[-1].met
