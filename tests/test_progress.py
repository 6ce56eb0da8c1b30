"""A long call made of parts tells one progress."""

from egide.progress import silent, within


def test_parts_are_told_as_one_call():
    told = []
    for place in range(3):
        step = within(lambda done, total: told.append((done, total)), place, 3)
        step(1, 2)
        step(2, 2)
    assert told == [(1, 6), (2, 6), (3, 6), (4, 6), (5, 6), (6, 6)]
    silent(1, 2)
