"""All that the documents of the record of a procedure are made from."""

from dataclasses import dataclass
from datetime import date

from egide.message import Language
from egide.tender.evaluation import Evaluation
from egide.tender.model import Tender
from egide.tender.procedure.journal import Journal
from egide.tender.procedure.presentation import RecordItems


@dataclass(frozen=True)
class Procedure:
    """A procedure on the day `on`; `evaluation` is None before there is one, `asked` what the code asks of the record."""

    tender: Tender
    evaluation: Evaluation | None
    journal: Journal
    asked: RecordItems
    language: Language
    on: date
