"""The ``dc:*`` fields are those of dclab."""

import pytest

from ckanext.dcor_schemas import config_keys

_CONVERTERS = {
    "str": "str",
    "fint": "int",
    "float": "float",
    "fbool": "bool",
    "fboolorfloat": "bool or float",
    "f1dfloatduple": "float pair",
    "lcstr": "lower-case str",
}


def test_the_table_is_that_of_dclab():
    from dclab.definitions.meta_const import CFG_METADATA

    expected = {
        f"dc:{section}:{entry[0]}": _CONVERTERS[entry[1].__name__]
        for section, entries in CFG_METADATA.items()
        for entry in entries
    }
    assert expected == config_keys.CONFIG_KEYS


@pytest.mark.parametrize(
    ("key", "sent", "stored"),
    [
        ("dc:experiment:event count", "47", 47),
        ("dc:experiment:event count", "true", 1),
        ("dc:experiment:event count", 47.9, 47),
        ("dc:setup:chip region", "Channel", "channel"),
        ("dc:qpi:subtract mean", "True", True),
        ("dc:qpi:scale to filter", 0.5, 0.5),
        ("dc:qpi:scale to filter", True, True),
        ("dc:qpi:sideband freq", [1, 2], [1.0, 2.0]),
        ("dc:setup:flow rate", "0.06", 0.06),
    ],
)
def test_values_are_converted(key, sent, stored):
    assert config_keys.convert(key, sent) == stored


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        ("dc:experiment:event count", "peter"),
        ("dc:experiment:event count", None),
        ("dc:qpi:sideband freq", [1, 2, 3]),
        ("dc:qpi:sideband freq", "12"),
        ("dc:experiment:event count", "inf"),
        ("dc:setup:flow rate", "nan"),
        ("dc:qpi:sideband freq", [1, "-inf"]),
        ("dc:qpi:scale to filter", "nan"),
    ],
)
def test_values_that_cannot_be_converted_are_named(key, sent):
    with pytest.raises(ValueError, match=f"Invalid value for '{key}'"):
        config_keys.convert(key, sent)
