"""What a record looks like in a debugger: what is filled in, and nothing else."""

from __future__ import annotations

from cosell.events import Actor
from cosell.models import Opportunity


def test_a_model_shows_what_differs_from_its_defaults() -> None:
    """Of nearly seventy fields only those that were given are shown."""
    deal = Opportunity.model_validate({"id": "o-1", "customer": {"domain": "example.com"}})

    assert repr(deal) == "Opportunity(id='o-1', customer=Customer(domain='example.com'))"


def test_a_required_value_is_always_shown() -> None:
    """A field without a default is never left out."""
    assert repr(Actor("s-1", role="seller")) == "Actor(id='s-1', role='seller')"
