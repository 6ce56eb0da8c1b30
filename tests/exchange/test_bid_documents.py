"""A document that an answer points to must be among the files of the bid, by its name or by its description."""

import pytest

from egide.exchange.bid_documents import absent_documents, resembles
from egide.tender.model import Answer, Condition, Declared, Pointer


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("mémoire technique", "Memoire_Technique_v2.pdf"),
        ("mémoire technique", "MT_Alpha.pdf"),
        ("mémoire technique § sécurité", "03 - Mémoire.docx"),
        ("PAS", "Plan d'assurance sécurité.pdf"),
        ("plan d'assurance sécurité", "Alpha_PAS_2026.pdf"),
        ("annexe 3", "Annexe 03 - flux.pdf"),
        ("annexe 3", "annexe3.pdf"),
        ("politique de sauvegarde des données", "Politique-sauvegardes.pdf"),
        ("document joint", "n'importe quoi.pdf"),
    ],
)
def test_a_file_may_be_the_document_described(document, name):
    assert resembles(document, name)


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("mémoire technique", "BPU.xlsx"),
        ("annexe 3", "Annexe 4.pdf"),
        ("annexe 3", "Annexe 13.pdf"),
        ("PAS", "Prix.xlsx"),
        ("certificat HDS", "Questionnaire.xlsx"),
    ],
)
def test_or_not(document, name):
    assert not resembles(document, name)


def answer(point, document):
    return Answer(point, Declared.DESCRIBED, Condition.NONE, Pointer(document, "4.2"), file="q.xlsx", place="F!B2")


def test_one_finding_a_document_names_its_points():
    declared = {each.point: each for each in (
        answer("EG-001", "mémoire technique"), answer("EG-002", "mémoire technique"), answer("EG-003", "flux.pdf"), answer("EG-004", ""),
    )}  # fmt: skip
    found = list(absent_documents(declared, ["bids/a/q.xlsx", "bids/a/BPU.xlsx"]))
    assert [(each.code, each.read, each.point) for each in found] == [
        ("proof.unseen", "mémoire technique", ""), ("proof.absent", "flux.pdf", "EG-003"),
    ]  # fmt: skip
    assert "EG-001, EG-002" in str(found[0].understood)
    assert list(absent_documents(declared, ["Mémoire technique.pdf", "flux.pdf"])) == []
