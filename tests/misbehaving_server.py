"""A server on this computer that gives one file, and behaves as it is told to."""

import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<!DOCTYPE html><html><head><title>Sign in &amp; wait</title></head><body>hello</body></html>"
QUOTA = (
    b"<html><title>Google Drive - Quota exceeded</title><p>Too many users have viewed or downloaded this file</html>"
)
CONFIRM = b"""<!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title></head><body>
<form id="download-form" action="/confirmed" method="get"><input type="submit" value="Download anyway"/>
<input type="hidden" name="id" value="1abc"><input type="hidden" name="export" value="download">
<input type="hidden" name="confirm" value="t"><input type="hidden" name="uuid" value="12-34"></form></body></html>"""
OLD_CONFIRM = b'<html><a href="/confirmed?export=download&amp;confirm=xyz&amp;id=1abc">Download anyway</a></html>'


@dataclass
class Server:
    """``ways`` are tried one after the other, a request each; the last one stays. ``requests`` says what came."""

    content: bytes
    ways: list[str] = field(default_factory=lambda: ["good"])
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""
    etag: str = '"one"'


@contextmanager
def serving(content: bytes, *ways: str) -> Iterator[Server]:
    """Runs a server; see :class:`_Handler` for the ways."""
    server = Server(content, list(ways) or ["good"])
    handler = type("Handler", (_Handler,), {"told": server})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.url = f"http://127.0.0.1:{http.server_address[1]}/file.bin"
    thread = threading.Thread(target=http.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    told: Server

    def do_GET(self) -> None:
        told = self.told
        path = urllib.parse.urlsplit(self.path)
        told.requests.append((self.path, dict(self.headers)))
        way = told.ways.pop(0) if len(told.ways) > 1 else told.ways[0]
        getattr(self, f"way_{way}")(path)

    def way_good(self, path: object) -> None:
        content, start, status = self.told.content, 0, 200
        asked = self.headers.get("Range")
        if asked and self.headers.get("If-Range") == self.told.etag:
            start, status = int(asked.removeprefix("bytes=").rstrip("-")), 206
        self.begin(status, len(content) - start, start)
        self.wfile.write(content[start:])

    def way_cut(self, path: object) -> None:
        """Ends half way through what is left."""
        asked = self.headers.get("Range")
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        left = self.told.content[start:]
        self.begin(206 if asked else 200, len(left), start)
        self.wfile.write(left[: len(left) // 2])
        self.wfile.flush()

    def way_silent(self, path: object) -> None:
        """Says nothing for longer than anybody waits."""
        self.begin(200, len(self.told.content), 0)
        self.wfile.flush()
        time.sleep(0.6)

    def way_slow(self, path: object) -> None:
        self.begin(200, len(self.told.content), 0)
        for at in range(0, len(self.told.content), 1 + len(self.told.content) // 20):
            self.wfile.write(self.told.content[at : at + 1 + len(self.told.content) // 20])
            self.wfile.flush()
            time.sleep(0.01)

    def way_rangeless(self, path: object) -> None:
        """Gives the whole file whatever is asked for."""
        self.begin(200, len(self.told.content), 0)
        self.wfile.write(self.told.content)

    def way_wrong_part(self, path: object) -> None:
        self.begin(206, len(self.told.content) - 1, 1)
        self.wfile.write(self.told.content[1:])

    def way_416(self, path: object) -> None:
        self.answer(416, b"")

    def way_lengthless(self, path: object) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.end_headers()
        self.wfile.write(self.told.content)

    def way_redirect(self, path: object) -> None:
        self.send_response(302)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def way_page(self, path: object) -> None:
        self.answer(200, PAGE, "text/html; charset=utf-8")

    def way_disguised_page(self, path: object) -> None:
        self.answer(200, PAGE)

    def way_quota(self, path: object) -> None:
        self.answer(200, QUOTA, "text/html")

    def way_confirm(self, path: object) -> None:
        self.answer(200, CONFIRM, "text/html; charset=utf-8")

    def way_old_confirm(self, path: object) -> None:
        self.answer(200, OLD_CONFIRM, "text/html; charset=utf-8")

    def way_403(self, path: object) -> None:
        self.answer(403, b"no")

    def way_404(self, path: object) -> None:
        self.answer(404, PAGE, "text/html")

    def way_503(self, path: object) -> None:
        self.answer(503, b"later")

    def begin(self, status: int, length: int, start: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(length))
        self.send_header("ETag", self.told.etag)
        if status == 206:
            total = len(self.told.content)
            self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
        self.end_headers()

    def answer(self, status: int, content: bytes, kind: str = "application/octet-stream") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Tests read :attr:`Server.requests` instead."""
