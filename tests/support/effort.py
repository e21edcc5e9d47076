"""How much the tests do: `make torture` sets TORTURE=1, `make quick` sets QUICK=1."""

import os

TORTURE = bool(os.environ.get("TORTURE"))
QUICK = bool(os.environ.get("QUICK"))


def rounds(usual: int, torture: int) -> int:
    """How often a test kills, floods or walks."""
    return torture if TORTURE else usual


def examples(usual: int) -> int:
    """How many examples hypothesis tries; a tenth of them in `make quick`."""
    return max(1, usual // 10) if QUICK else usual
