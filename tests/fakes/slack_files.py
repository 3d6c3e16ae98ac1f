"""Files as Slack takes them: a place to upload to, the bytes, and who may see them. https://docs.slack.dev/messaging/working-with-files"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web


@dataclass
class File:
    """`channel` None: nobody sees it yet."""

    name: str
    length: int
    content: bytes = b""
    channel: str | None = None
    title: str = ""


class SlackFiles:
    """A part of FakeSlack. `draws` False: a workspace that has no charts of its own yet."""

    port: int
    scopes: set[str]

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.draws = True

    def unknown(self, blocks: Any) -> bool:
        """Whether there is a block that this workspace does not have yet."""
        return not self.draws and any(each.get("type") == "data_visualization" for each in blocks or ())

    def _files_getUploadURLExternal(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        if "files:write" not in self.scopes:
            return {"ok": False, "error": "missing_scope"}
        if not given.get("filename") or int(given.get("length") or 0) <= 0:
            return {"ok": False, "error": "invalid_arguments"}
        id = f"F{len(self.files) + 1}"
        self.files[id] = File(str(given["filename"]), int(given["length"]))
        return {"ok": True, "upload_url": f"http://127.0.0.1:{self.port}/upload/{id}", "file_id": id}

    async def upload(self, request: web.Request) -> web.Response:
        """Takes exactly as many bytes as were said."""
        file, content = self.files[request.match_info["id"]], await request.read()
        if len(content) != file.length:
            return web.Response(status=400)
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    def _files_completeUploadExternal(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        for each in given.get("files") or ():
            file = self.files.get(each.get("id"))
            if file is None or not file.content:
                return {"ok": False, "error": "file_not_found"}
            file.channel, file.title = given.get("channel_id"), str(each.get("title") or "")
        return {"ok": True, "files": given.get("files")}
