"""What people look at: diagrams and pages, derived from definitions and records.

Everything here is text, in Mermaid or Markdown: nothing is drawn by cosell itself.
"""

from __future__ import annotations

from cosell.draw.mermaid import mermaid_of, mermaid_of_line
from cosell.draw.page import page_of

__all__ = ["mermaid_of", "mermaid_of_line", "page_of"]
