"""The command line as a module: ``python -m cosell`` is the command ``cosell``.

It helps where scripts of packages are not on the path. This module does not know any command.
"""

from __future__ import annotations

import sys

from cosell.cli import main

if __name__ == "__main__":
    sys.exit(main())
