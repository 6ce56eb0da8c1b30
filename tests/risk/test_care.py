"""Care never enters a sum of euros: the types refuse it."""

import operator

import numpy as np
import pytest

from egide.risk.care import CareDays, Emergencies, Endangerment, PatientDays
from egide.risk.expected import expected_loss
from worlds import AVERAGE, EXPOSURES, draws

THREE = np.array([1.0, 2.0, 6.0])
KINDS = (CareDays, PatientDays, Emergencies, Endangerment)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.iadd])
def test_no_sum_with_euros(kind, operation):
    euros = expected_loss(EXPOSURES["local"], AVERAGE, draws()).total
    quantity = kind(np.ones_like(euros))
    for left, right in ((quantity, euros), (euros, quantity), (quantity, 1000.0), (1000.0, quantity)):
        with pytest.raises(TypeError):
            operation(left, right)
    with pytest.raises(TypeError):
        sum([quantity])
    with pytest.raises(TypeError):
        np.add(quantity, euros)


def test_a_quantity_adds_to_itself_only():
    added = CareDays(THREE) + CareDays(THREE)
    assert isinstance(added, CareDays)
    assert list(added.values) == [2.0, 4.0, 12.0]
    for one in KINDS:
        for other in KINDS:
            if one is not other or one is Endangerment:
                with pytest.raises(TypeError):
                    one(THREE) + other(THREE)


def test_each_has_its_interval():
    assert CareDays(THREE).interval.value == 3.0
    assert CareDays(THREE).interval.low == pytest.approx(1.1)
