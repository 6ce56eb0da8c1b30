import numpy as np
from scipy import special

from egide.risk.normal import below


def test_it_is_the_normal_distribution_function():
    z = np.linspace(-40, 40, 20_001)
    np.testing.assert_allclose(below(z), special.ndtr(z), rtol=0, atol=1e-13)
    assert np.all(np.diff(below(np.linspace(-6, 6, 2001))) > 0)
