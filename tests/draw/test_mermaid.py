"""Diagrams show stages and moves; those of one line leave out what stays where it is."""

from __future__ import annotations

from cosell import catalog
from cosell.draw import mermaid_of, mermaid_of_line

QUALIFICATION = catalog.load("qualification").process


def test_a_line_is_drawn_by_itself() -> None:
    """The main line alone has no box of a track."""
    drawn = mermaid_of_line(QUALIFICATION)

    assert "track_" in mermaid_of(QUALIFICATION)
    assert "track_" not in drawn
    assert "discovery --> scope: start_scope" in drawn


def test_a_track_is_drawn_like_any_line() -> None:
    """Its stages stand under their own names."""
    drawn = mermaid_of_line(QUALIFICATION.tracks["paper_items"])

    assert drawn.startswith("stateDiagram-v2\n")
    assert "    not_started --> sent: send\n" in drawn
    assert drawn.endswith("finished --> [*]")


def test_what_stays_is_left_out_of_a_line() -> None:
    """A move that leads nowhere else is no arrow there, and is one in the whole diagram."""
    assert "validate --> validate: freeze" in mermaid_of(QUALIFICATION)
    assert "freeze" not in mermaid_of_line(QUALIFICATION)
