"""Screenshots of the site, to be looked at: `python -m tests.site_screenshots FOLDER`, after the site was built in `build/site`.

Needs the extra `browser` and a Chromium; CHROMIUM names it where it is not on the path.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

SITE = Path(__file__).parent.parent / "build" / "site"
WIDE, PHONE = (1280, 1000), (390, 844)
SHOTS = (
    ("first-light", "index.html", WIDE, "light"), ("first-dark", "index.html", WIDE, "dark"), ("first-phone", "index.html", PHONE, "light"),
    ("recipe", "scipy.html", WIDE, "light"), ("api", "api/s2sad.html", WIDE, "light"), ("slow-phone", "slow.html", PHONE, "dark"),
    ("notebook", "tutorial/2-loops-and-branches.html", WIDE, "dark"), ("reading", "reading.html", WIDE, "dark"),
)  # fmt: skip
"""The name of each picture, its page, the size of the window, and the colours."""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the site and prints nothing."""

    def log_message(self, format: str, *args: object) -> None:
        pass


def shoot(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, page, (width, height), scheme in SHOTS:
            view = browser.new_page(viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light")
            view.goto(f"http://127.0.0.1:{server.server_port}/{page}", wait_until="networkidle")
            view.screenshot(path=folder / f"{name}.png")
            view.close()
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    shoot(Path(sys.argv[1]))
