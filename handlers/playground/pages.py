"""The page's files, read once, under an address that changes whenever they do."""

from __future__ import annotations

import hashlib
from pathlib import Path

from aiohttp import web

from handlers.problems import Problem

HERE = Path(__file__).parent / "page"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Pages:
    """`index.html` names its files by `{version}`, a hash of them all: a browser may keep them for ever and still never shows old ones."""

    def __init__(self, folder: Path = HERE) -> None:
        files = {each.name: each.read_bytes() for each in sorted(folder.iterdir()) if each.is_file()}
        self.version = hashlib.sha256(b"".join(files.values())).hexdigest()[:12]
        self._page = files.pop("index.html").decode().replace("{version}", self.version)
        self._files = files

    async def page(self, request: web.Request) -> web.Response:
        """GET /playground."""
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        return web.Response(text=self._page, content_type="text/html", headers=headers)

    async def file(self, request: web.Request) -> web.Response:
        """GET /playground/{version}/{name}."""
        name = request.match_info["name"]
        if request.match_info["version"] != self.version or name not in self._files:
            raise Problem("not_found")
        kind = TYPES[Path(name).suffix]
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return web.Response(body=self._files[name], headers=headers, content_type=kind, charset="utf-8")
