"""Whether definitions are sound: what can never happen, and what nobody would expect.

A definition that does not fit together is an error when it is read; here it fits, and something in
it cannot be meant. No solver is asked: what follows from the values of fields is not looked at.
"""

from __future__ import annotations

from cosell.verify.plans import verify_plans
from cosell.verify.processes import verify_process

__all__ = ["verify_plans", "verify_process"]
