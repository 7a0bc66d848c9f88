"""The page about models says what the models are."""

from __future__ import annotations

import re
import runpy

import pytest

from cosell.models import DealRegistration, Lead, Opportunity, Part
from sources import ROOT

PAGE = (ROOT / "docs" / "models.md").read_text("utf-8")


def test_the_page_is_what_the_models_give() -> None:
    """Nothing of the page is out of date; ``python docs/models_page.py`` writes it anew."""
    assert runpy.run_path(str(ROOT / "docs" / "models_page.py"))["page"]() == PAGE


@pytest.mark.parametrize("record", [Opportunity, Lead, DealRegistration])
def test_every_field_of_a_record_is_there(record: type) -> None:
    """Each field stands in the section of its record, and each part in the list of parts."""
    section = PAGE.partition(f"\n## {record.__name__}\n")[2].partition("\n## ")[0]
    parts = PAGE.partition("Parts that a track can lead")[2].partition("\n## ")[0]
    fields = record.model_fields

    assert set(fields) <= set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    for name, field in fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Part):
            assert f"- `{name}`" in parts


def test_every_link_leads_to_a_section() -> None:
    """A type that is linked has its section."""
    heads = {head.lower() for head in re.findall(r"^## (\w+)$", PAGE, re.MULTILINE)}

    assert set(re.findall(r"\(#(\w+)\)", PAGE)) <= heads
