"""Synthetic MDS2 and HECVAT forms: identifiers and layout as published, questions in words of our own."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from small import workbook

MDS2_2019 = {
    "DOC": ["1", "2", "8", "10"], "MPII": ["1", "2", "2.8", "3.3"], "ALOF": ["1", "2"], "AUDT": ["1", "2", "2.1", "2.5", "4", "5"],
    "AUTH": ["1", "1.1", "2"], "CSUP": ["1", "2.1", "7"], "DIDT": ["1"], "DTBK": ["3", "4"], "EMRG": ["1"], "IGAU": ["1"],
    "MLDP": ["2", "2.1"], "NAUT": ["1", "2", "3"], "CONN": ["1", "1.1.1", "2", "6", "7"], "PAUT": ["1", "5", "8", "14.1"], "PLOK": ["4"],
    "RDMP": ["4"], "SBOM": ["1", "2"], "SAHD": ["3.1", "3.2", "8", "12"], "SGUD": ["1", "2"], "STCF": ["1", "1.1"], "TXCF": ["2", "3"],
    "TXIG": ["1"], "RMOT": ["1", "1.2", "1.3", "3"], "OTHR": ["1"],
}  # fmt: skip
"""Questions of each family, a part of those of the edition."""

Given = Mapping[str, tuple[str, str] | str]


def _of(given: Given, question: str, otherwise: str = "") -> tuple[str, str]:
    found = given.get(question, otherwise)
    return found if isinstance(found, tuple) else (found, "")


def mds2(path: Path, given: Given, *, otherwise: str = "", heading: str = "", notes: Sequence[str] = ()) -> Path:
    """Write an MDS2 form: a blank heading over the answers, notes beside them, cross references to standards."""
    rows: list[Sequence[object]] = [
        ["Manufacturer Disclosure Statement for Medical Device Security – MDS2"],
        ["Fictitious maker", "Fictitious device", "1.0"],
        [],
        [
            "Question ID",
            "Question",
            heading,
            "See note",
            "IEC TR 80001-2-2:2012",
            "NIST SP 800-53 Rev. 4",
            "ISO 27002:2013",
        ],
    ]
    for family, numbers in MDS2_2019.items():
        rows.append(["", f"SECTION {family}"])
        for number in numbers:
            answer, note = _of(given, f"{family}-{number}", otherwise)
            rows.append(
                [
                    f"{family}-{number}",
                    f"Our own question about {family} {number}",
                    answer,
                    note,
                    "Section 5",
                    "AC-1",
                    "A.9",
                ]
            )
    rows += [[f"Note {number}", text] for number, text in enumerate(notes, 1)]
    return workbook(path, {"MDS2": rows})


HECVAT_4 = {
    "START HERE": ["GNRL-01", "COMP-01", "COMP-04", "REQU-01"],
    "Organization": ["GNRL-01", "DOCU-01", "DOCU-02", "DOCU-04", "THRD-01", "PPPR-10", "CHNG-07"],
    "Product": ["GNRL-01", "AAAI-01", "AAAI-07", "AAAI-08", "AAAI-17", "DATA-02", "DATA-03", "DATA-07"],
    "Infrastructure": ["APPL-06", "DCTR-01", "DCTR-14", "FIDP-11", "HFIH-01", "HFIH-03", "HFIH-04", "VULN-03"],
    "Case-Specific": ["OPEM-04", "HIPA-01"],
    "AI": ["AIML-01"],
    "Privacy": ["GNRL-01", "COMP-04"],
}


def hecvat4(path: Path, given: Given, *, otherwise: str = "", heading: str = "Answer") -> Path:
    """Write a HECVAT of version 4: one sheet a subject, then the sheets of questions and of the analyst."""
    sheets: dict[str, list[Sequence[object]]] = {}
    for name, questions in HECVAT_4.items():
        rows: list[Sequence[object]] = [
            ["HECVAT 4.1.5", "", ""],
            ["ID", "Question", heading, "Additional Information", "Guidance"],
        ]
        for question in questions:
            answer, note = _of(given, question, otherwise)
            rows.append([question, f"Our own question {question}", answer, note, "Yes"])
        sheets[name] = rows
    everything = sorted({question for questions in HECVAT_4.values() for question in questions})
    sheets["Questions"] = [
        ["All questions"],
        ["ID", "Question", "Compliant Response"],
        *([each, "Our own", "Yes"] for each in everything),
    ]
    sheets["Institution Evaluation"] = [
        ["ID", "Vendor Answer", "Preferred"],
        *([each, "No", "Yes"] for each in everything),
    ]
    return workbook(path, sheets)


HECVAT_3 = [
    "GNRL-01",
    "QUAL-01",
    "COMP-01",
    "DOCU-01",
    "BCPL-01",
    "BCPL-02",
    "DRPL-01",
    "DATA-01",
    "HFIH-01",
    "VULN-01",
    "ITAC-01",
]


def hecvat3(path: Path, given: Given, questions: Sequence[str] = HECVAT_3) -> Path:
    """Write a HECVAT of version 3: one sheet, headings repeated above each section."""
    rows: list[Sequence[object]] = [["Higher Education Community Vendor Assessment Tool"]]
    for question in questions:
        rows.append(["Section", "", "Vendor Answers", "Additional Information", "Guidance"])
        answer, note = _of(given, question)
        rows.append([question, f"Our own question {question}", answer, note, "Describe."])
    return workbook(path, {"HECVAT - Full": rows})
