"""Hypothesis profiles, chosen with ``--hypothesis-profile=NAME``.

``fast`` is what a person runs and the default, ``quick`` is for one more Python of the same
code, ``ci`` draws the same examples each time, ``soak`` takes as long as it takes.

A test that gives its own ``max_examples`` overrules the profile; one that should grow with it
reads ``settings.default.max_examples``.
"""

from __future__ import annotations

from hypothesis import settings

# A shared machine may pause at any moment, so no example has a deadline. What a profile leaves out
# it would take from Hypothesis, which has another default where `CI` is set.
for name, max_examples, derandomize in (
    ("fast", 50, False),
    ("quick", 20, True),
    ("ci", 100, True),
    ("soak", 5000, False),
):
    settings.register_profile(
        name,
        max_examples=max_examples,
        derandomize=derandomize,
        deadline=None,
        database=None,
        print_blob=True,
    )
settings.load_profile("fast")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a set by its sorted items: processes that share the tests must call them alike."""
    if isinstance(val, set | frozenset):
        return f"{{{', '.join(sorted(map(repr, val)))}}}"
    return None
