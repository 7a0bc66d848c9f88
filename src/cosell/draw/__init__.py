"""What people look at: diagrams and pages, derived from definitions and records.

Everything here is text, in Mermaid or Markdown: nothing is drawn by cosell itself.
"""

from __future__ import annotations

from cosell.draw.case import mermaid_of_case
from cosell.draw.case_text import text_of_case
from cosell.draw.mermaid import mermaid_of, mermaid_of_line
from cosell.draw.page import page_of

__all__ = ["mermaid_of", "mermaid_of_case", "mermaid_of_line", "page_of", "text_of_case"]
