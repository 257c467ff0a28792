"""Values of supplements are parsed and checked against their items."""

import pytest

from ckanext.dcor_schemas.supplements.schema import Item
from ckanext.dcor_schemas.supplements.values import BadValueError, parse


def item(type_, *, options=(), choices=()):
    return Item("sec", "key", "Name", type_, options=frozenset(options), choices=tuple(choices))


@pytest.mark.parametrize(
    ("type_", "sent", "stored"),
    [
        ("string", "peter", "peter"),
        ("string", 7, "7"),
        ("integer", 5, 5),
        ("integer", "5", 5),
        ("integer", " 5 ", 5),
        ("integer", 5.0, 5),
        ("integer", "5.0", 5),
        ("integer", -3, -3),
        ("integer", 12345678901234567890, 12345678901234567890),
        ("float", 5, 5.0),
        ("float", "5.7", 5.7),
        ("float", "-1e3", -1000.0),
        ("boolean", True, True),
        ("boolean", "yes", True),
        ("boolean", "TRUE", True),
        ("boolean", False, False),
        ("boolean", "No", False),
        ("date", "2020-05-17", "2020-05-17"),
        ("date", "2020-5-7", "2020-5-7"),
        ("list", "CD34   CD133 ", "CD34 CD133"),
    ],
)
def test_good_values_are_stored(type_, sent, stored):
    parsed = parse(item(type_), sent)
    assert parsed == stored
    assert type(parsed) is type(stored)


@pytest.mark.parametrize("type_", ["string", "integer", "float", "boolean", "date", "list"])
@pytest.mark.parametrize("sent", ["", None])
def test_empty_values_are_no_values(type_, sent):
    assert parse(item(type_), sent) is None


@pytest.mark.parametrize(
    ("type_", "sent"),
    [
        ("string", {"a": 1}),
        ("string", ["a"]),
        ("integer", 5.7),
        ("integer", "5.7"),
        ("integer", "peter"),
        ("integer", "nan"),
        ("integer", "inf"),
        ("integer", True),
        ("integer", []),
        ("integer", "9" * 10_000),
        ("float", "nan"),
        ("float", float("inf")),
        ("float", "peter"),
        ("float", True),
        ("boolean", "maybe"),
        ("boolean", 1),
        ("date", "2020-1212"),
        ("date", "2011-15-01"),
        ("date", "2020-15-31"),
        ("date", "peter"),
        ("date", 2020),
        ("list", {"a": 1}),
    ],
)
def test_bad_values_are_refused_by_key_and_value(type_, sent):
    with pytest.raises(BadValueError, match=r"Invalid value for 'sp:sec:key': .*; expected"):
        parse(item(type_), sent)


@pytest.mark.parametrize(("type_", "sent"), [("integer", 0), ("integer", -1), ("float", "-0.1")])
def test_positive_numbers_are_positive(type_, sent):
    with pytest.raises(BadValueError, match="a number greater than 0"):
        parse(item(type_, options=[">0"]), sent)


def test_fixed_choices_are_listed_in_the_refusal():
    fixed = item("string", options=["choices fixed"], choices=["cell line", "artificial"])
    with pytest.raises(BadValueError, match="one of 'cell line', 'artificial'"):
        parse(fixed, "nonsense")


def test_other_choices_are_suggestions():
    assert parse(item("string", choices=["control"]), "something else") == "something else"


def test_long_values_are_shortened_in_the_refusal():
    with pytest.raises(BadValueError) as refusal:
        parse(item("integer"), "x" * 10_000)
    assert len(str(refusal.value)) < 300
