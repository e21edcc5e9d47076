"""Where a real browser is: Debian's Chromium, or another build of it."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


def path_of_chromium() -> str:
    """The path of the first that is there. tests/browser.sh installs one."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "This needs Chromium; `make test` installs it."
    return found
