from egide.errors import Cancelled, DataError, EgideError, UsageError
from egide.finding import Finding, Severity, worst
from egide.message import message


def finding(severity: Severity) -> Finding:
    return Finding("area.name", severity, message("lu"), message("corriger"))


def test_the_worst_severity_wins_whatever_the_order():
    assert worst([finding(Severity.NOTE), finding(Severity.ERROR), finding(Severity.DOUBT)]) is Severity.ERROR
    assert worst([finding(Severity.NOTE), finding(Severity.DOUBT)]) is Severity.DOUBT
    assert worst([]) is None


def test_one_tree_each_error_with_its_own_code():
    kinds = (DataError, UsageError, Cancelled)
    assert all(issubclass(kind, EgideError) for kind in kinds)
    assert len({kind.code for kind in (EgideError, *kinds)}) == 4


def test_an_error_says_its_message_and_keeps_its_findings():
    error = DataError(message("le lot {lot} manque", lot="A"), (finding(Severity.ERROR),))
    assert str(error) == "le lot A manque"
    assert len(error.findings) == 1
