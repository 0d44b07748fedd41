"""Attributes in one encoding: an é of one character and one of two look the same and are one attribute, one value.

macOS writes accents apart (NFD), other systems do not. Texts and names stay as they were typed; who is who is decided
by ids made of composed names, see `slugs.nfc`.
"""

from __future__ import annotations

from dataclasses import replace

from qualcode.model import Bundle, Case, Value
from qualcode.slugs import nfc


def composed_attributes(bundle: Bundle) -> Bundle:
    """The bundle with the names and values of its cases' attributes composed (NFC)."""
    return replace(bundle, cases=tuple(map(_case, bundle.cases))) if bundle.cases else bundle


def _case(case: Case) -> Case:
    if all(key.isascii() and (not isinstance(v, str) or v.isascii()) for key, v in case.attributes.items()):
        return case
    return replace(case, attributes={nfc(key): _value(value) for key, value in case.attributes.items()})


def _value(value: Value) -> Value:
    return nfc(value) if isinstance(value, str) else value
