"""Amounts as people write them, and the prices that only a person can settle."""

from decimal import Decimal

import pytest

from egide.exchange.prices.bid_price import amount, read_price
from exchange.small import workbook


@pytest.mark.parametrize(
    ("text", "value", "problem"),
    [
        ("1234.50", "1234.50", ""), ("1 234 567,89 €", "1234567.89", ""), ("1\u202f234\u202f567,89\u00a0€", "1234567.89", ""),
        ("1,234.50", "1234.50", ""), ("1.234,50", "1234.50", ""), ("1.234.567", "1234567", ""), ("1'234.50", "1234.50", ""),
        ("12 000 € HT", "12000", ""), ("EUR 12000", "12000", ""), ("1.234", "1234", "price.ambiguous"), ("1,234", "1234", "price.ambiguous"),
        ("0,125", "0.125", ""), ("1234,567", "1234.567", ""), ("0", "0", ""), ("-12", "-12", ""), ("(1 234)", "-1234", ""), ("12-", "-12", ""),
        ("NaN", None, "price.not_finite"), ("inf", None, "price.not_finite"), ("#DIV/0!", None, "price.not_finite"), ("", None, "price.missing"),
        ("sur devis", None, "price.text"), ("12 k€", "12000", "price.multiplied"), ("1,2 M€ HT", "1200000", "price.multiplied"), ("1,234 k€", "1234", "price.multiplied"), ("2 millions d'euros", "2000000", "price.multiplied"), ("12 k", None, "price.text"), ("1" * 16, None, "price.text"), ("1 200 € TTC", None, "price.tax_included"), ("1,23,4", None, "price.text"), ("1e5", None, "price.text"),
    ],
)  # fmt: skip
def test_amount(text, value, problem):
    read = amount(text)
    assert read.value == (None if value is None else Decimal(value))
    assert read.problem == problem


def test_a_number_cell_is_never_ambiguous():
    assert amount("1.234", number=True) == type(amount("1"))(Decimal("1.234"))


def price_of(tmp_path, text):
    path = tmp_path / "price.yaml"
    path.write_text(text, encoding="utf-8")
    price, findings = read_price(path, "price.yaml", "EUR")
    return (price.total if price else None), [each.code for each in findings]


@pytest.mark.parametrize(
    ("text", "total", "codes"),
    [
        ('{format: 1, total: "1234.50", currency: EUR}', "1234.50", []),
        ("{total: 1234.50, lines: [{label: a, amount: 1000}, {label: b, amount: 234.50}]}", "1234.50", []),
        ("{total: 1000, lines: [{label: a, amount: 1}]}", "1000", ["price.sum"]),
        ("{total: 0}", "0", ["price.zero"]),
        ("{total: -5}", None, ["price.negative"]),
        ("{total: .nan}", None, ["price.text"]),
        ("{total: NaN}", None, ["price.not_finite"]),
        ("{total: Infinity}", None, ["price.not_finite"]),
        ("{currency: EUR}", None, ["price.missing"]),
        ("{total: gratuit}", None, ["price.text"]),
        ("{total: 12, currency: USD}", None, ["price.currency"]),
        ("{total: 12 $}", None, ["price.currency"]),
        ("{total: 1.234}", "1234", ["price.ambiguous"]),
        ("{total: [}", None, ["plain.yaml"]),
        ("{totale: 12}", None, ["plain.value"]),
        ("12", None, ["plain.value"]),
    ],
)
def test_price_yaml(tmp_path, text, total, codes):
    assert price_of(tmp_path, text) == (None if total is None else Decimal(total), codes)


def sheet_price(tmp_path, rows):
    price, findings = read_price(workbook(tmp_path / "BPU.xlsx", rows), "BPU.xlsx", "EUR")
    return price, [each.code for each in findings]


def test_a_price_sheet_with_its_lines(tmp_path):
    rows = [["Désignation", "Qté", "PU", "Montant HT"], ["Licences", 2, 500, 1000], ["Sous-total HT", "", "", 1000],
            ["Formation", 1, 234.5, 234.5], ["Total général HT", "", "", 1234.5], ["TVA", "", "", 246.9], ["Total TTC", "", "", 1481.4]]  # fmt: skip
    price, codes = sheet_price(tmp_path, rows)
    assert codes == []
    assert price.total == Decimal("1234.5")
    assert [(line.label, line.amount) for line in price.lines] == [("Licences", 1000), ("Formation", Decimal("234.5"))]
    assert price.place == "Feuille1!D5"


@pytest.mark.parametrize(
    ("rows", "total", "codes"),
    [
        ([["Poste", "Prix HT", "Prix TTC"], ["Tout", 10, 12], ["Total", 10, 12]], 10, []),
        ([["Total HT", "1 234,50 €"]], "1234.50", []),
        ([["Total TTC", 12]], None, ["price.tax_included"]),
        ([["Total", 12]], 12, ["price.basis"]),
        ([["Total HT", "à venir"]], None, ["price.text"]),
        ([["Total HT", 0]], 0, ["price.zero"]),
        ([["Total HT", -3]], None, ["price.negative"]),
        ([["Total HT", ""]], None, ["price.missing"]),
        ([["Rien"]], None, ["price.missing"]),
        ([["Total HT lot A", 3], ["Total HT lot B", 4]], 4, ["price.several"]),
    ],
)
def test_price_sheets(tmp_path, rows, total, codes):
    price, found = sheet_price(tmp_path, rows)
    assert (price.total if price else None) == (None if total is None else Decimal(total))
    assert found == codes
