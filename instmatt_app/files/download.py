"""Downloads of large files: resumed, cancelled between blocks, landed beside and swapped in when they are whole.

Proxies are those of the environment or the system, as urllib finds them. Servers are not trusted to answer what they
were asked: a page in place of the file, another size, a range that was ignored and an end that came early are noticed.
"""

from __future__ import annotations

import html
import html.parser
import http.client
import http.cookiejar
import json
import re
import shutil
import ssl
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from instmatt_app.core.interfaces import Step
from instmatt_app.files.atomic import write_error

BLOCK = 2**18
TIMEOUT = 30.0  # seconds without a byte
TRIES = 5  # in a row that bring nothing
PAGE = 2**20  # bytes of a page that are read, to see what it says
# Sizes that owners state are rounded.
TOLERANCE = 0.1
AGENT = "InstMatt-Studio"
WEB_PAGE = re.compile(rb"\s*<(!doctype|html|head|!--)", re.IGNORECASE)
QUOTA = re.compile(r"quota exceeded|too many users have viewed or downloaded", re.IGNORECASE)


class DownloadError(ValueError):
    """A file that cannot be had now; the message is one sentence."""


class _CutOffError(Exception):
    """The connection ended too early; what has come is kept."""


def download(url: str, target: Path, megabytes: float, step: Step, timeout: float = TIMEOUT) -> None:
    """Fetches a file. ``megabytes`` is about how large it is, 0 if nobody knows; ``step`` counts in bytes.

    If ``step`` raises, or the connection is lost for good, what has arrived stays beside the target and the next call
    goes on from there, provided that the server still has the same file.

    Raises:
        DownloadError: the server does not give the file.
        WriteError: it cannot be written.
    """
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    opener = urllib.request.build_opener(_Redirects(), cookies)
    part = _Part(url, target)
    failures = 0
    while True:
        before = part.size()
        try:
            with _ask(opener, url, part, timeout) as response:
                _receive(response, part, megabytes, step)
            part.land()
            return
        except _CutOffError as cut:
            failures = failures + 1 if part.size() <= before else 0
            if failures >= TRIES:
                raise DownloadError(
                    f"{_host(url)} could not be reached, or the connection was lost again and again ({cut}); try "
                    "again later. What has arrived is kept."
                ) from cut


class _Part:
    """What has arrived of a file, and by which mark the server tells whether it still has the same one."""

    def __init__(self, url: str, target: Path) -> None:
        self.url, self.target = url, target
        self.path = target.with_name(f".{target.name}.part")
        self._note = target.with_name(f".{target.name}.part.json")

    @property
    def mark(self) -> str:
        """The server's name for this version of the file; empty if it gave none, or if nothing has arrived."""
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            return str(note["mark"]) if note["url"] == self.url and self.path.is_file() else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def size(self) -> int:
        """How many bytes can be kept: none without a mark."""
        return self.path.stat().st_size if self.mark else 0

    def begin(self, mark: str) -> None:
        """Forgets what has arrived: a new version comes."""
        with self.writing():
            self.path.write_bytes(b"")
            self._note.write_text(json.dumps({"url": self.url, "mark": mark}), encoding="utf-8")

    def forget(self) -> None:
        with self.writing():
            self.path.unlink(missing_ok=True)
            self._note.unlink(missing_ok=True)

    def land(self) -> None:
        with self.writing():
            self.path.replace(self.target)
            self._note.unlink(missing_ok=True)

    def writing(self) -> _Writing:
        return _Writing(self.target)


@dataclass
class _Writing:
    """What the disk refuses inside is a WriteError about the target."""

    target: Path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise write_error(self.target, error) from error


# --- Asking -----------------------------------------------------------------------------------------------------------


def _ask(opener: urllib.request.OpenerDirector, url: str, part: _Part, timeout: float) -> http.client.HTTPResponse:
    """The server's answer, whose body is the file; a page that asks for a confirmation is confirmed, once."""
    response = _open(opener, url, part, timeout)
    if not _is_page(response):
        return response
    page = _page(response)
    onward = confirmation(page, response.url)
    if onward is not None:
        response = _open(opener, onward, part, timeout)
        if not _is_page(response):
            return response
        page = _page(response)
    raise DownloadError(_explained(page, url))


def _open(opener: urllib.request.OpenerDirector, url: str, part: _Part, timeout: float) -> http.client.HTTPResponse:
    request = urllib.request.Request(url, headers={"User-Agent": AGENT, "Accept-Encoding": "identity"})
    if part.size():
        request.add_header("Range", f"bytes={part.size()}-")
        request.add_header("If-Range", part.mark)
    try:
        response = opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 416:
                part.forget()
                raise _CutOffError("the range was refused") from error
            if error.code >= 500:
                raise _CutOffError(f"it answered {error.code}") from error
            raise DownloadError(_refused(error.code, url)) from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            raise DownloadError(
                f"{_host(url)} could not prove who it is ({error.reason.verify_message}): a proxy may be in between, "
                "or Python lacks its certificates. Download the file with a browser and import it."
            ) from error
        raise _CutOffError(str(error.reason)) from error
    except (OSError, http.client.HTTPException) as error:
        raise _CutOffError(str(error) or type(error).__name__) from error
    assert isinstance(response, http.client.HTTPResponse)
    return response


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never out of an encrypted connection."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if urllib.parse.urlsplit(newurl).scheme not in {"https", req.type}:
            raise DownloadError(f"{req.host} leads to an unprotected address, {_host(newurl)}, which is not followed.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _is_page(response: http.client.HTTPResponse) -> bool:
    return response.headers.get_content_type() in ("text/html", "application/xhtml+xml")


def _page(response: http.client.HTTPResponse) -> str:
    with response:
        try:
            return response.read(PAGE).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            raise _CutOffError(str(error) or type(error).__name__) from error


# --- Receiving --------------------------------------------------------------------------------------------------------


def _receive(response: http.client.HTTPResponse, part: _Part, megabytes: float, step: Step) -> None:
    """Adds what comes to the part; _CutOffError if the end comes too early."""
    begun = 0
    if response.status == 206:
        begun = part.size()
        start, total = _range(response)
        if start != begun:
            part.forget()
            raise _CutOffError("it sent another part of the file than it was asked for")
    else:
        # The range was ignored, or there is another file by now.
        total = int(response.headers.get("Content-Length") or 0)
        strong = response.headers.get("ETag", "W/")
        part.begin(response.headers.get("Last-Modified", "") if strong.startswith("W/") else strong)
    _expect_size(part, total, megabytes)
    _expect_room(part.target, total - begun)
    done = begun
    with part.path.open("ab") as file:
        while block := _block(response):
            if done == 0 and WEB_PAGE.match(block):
                raise DownloadError(_explained(block.decode("utf-8", "replace"), part.url))
            with part.writing():
                file.write(block)
            done += len(block)
            step(done, max(total, done), f"fetching {part.target.name}")
    if done < total:
        raise _CutOffError(f"{done} of {total} bytes came")
    _expect_size(part, done, megabytes)


def _block(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read(BLOCK)
    except (OSError, http.client.HTTPException) as error:
        raise _CutOffError(str(error) or type(error).__name__) from error


def _range(response: http.client.HTTPResponse) -> tuple[int, int]:
    """Where a part begins, and the size of the whole; (-1, 0) where the server does not say so."""
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
    return (int(found[1]), int(found[2])) if found else (-1, 0)


def _expect_size(part: _Part, size: int, megabytes: float) -> None:
    if size and megabytes and abs(size / 1e6 - megabytes) > TOLERANCE * megabytes:
        part.forget()
        raise DownloadError(
            f"{_host(part.url)} has {size / 1e6:.1f} MB in the place of {part.target.name}, which has about "
            f"{megabytes:g} MB; it is another file."
        )


def _expect_room(target: Path, size: int) -> None:
    free = shutil.disk_usage(target.parent).free
    if size > free:
        raise DownloadError(
            f"{target.name} needs {size / 1e6:.0f} MB, and the disk of “{target.parent}” has {free / 1e6:.0f} MB left."
        )


# --- What is said -----------------------------------------------------------------------------------------------------


def _host(url: str) -> str:
    return urllib.parse.urlsplit(url).hostname or url


def _refused(code: int, url: str) -> str:
    sentences = {
        401: "wants a name and a password for this file",
        403: "does not give this file to everybody, or not now",
        404: "does not have this file any more",
        407: "cannot be reached: the proxy wants a name and a password (set them in https_proxy)",
        410: "does not have this file any more",
        429: "has given too many files for now",
    }
    if 300 <= code < 400:
        return f"{_host(url)} sends us round in circles; try again later."
    return f"{_host(url)} {sentences.get(code, 'refused the file')} ({code}); see its page for news."


def _explained(page: str, url: str) -> str:
    if QUOTA.search(page):
        return (
            f"{_host(url)} has given this file too often for today (its quota is used up); try again in a day, or "
            "download it with a browser and import it."
        )
    title = re.search(r"<title[^>]*>(.*?)</title>", page, re.IGNORECASE | re.DOTALL)
    said = f" (“{' '.join(html.unescape(title[1]).split())[:80]}”)" if title else ""
    return (
        f"{_host(url)} answered with a page{said} in the place of the file; download it with a browser and import it."
    )


# --- Confirmation pages -----------------------------------------------------------------------------------------------


@dataclass
class _Form:
    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(html.parser.HTMLParser):
    """The forms of a page with their hidden fields, and its links."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_Form(named.get("action", "")))
        elif tag == "input" and self.forms and named.get("name"):
            self.forms[-1].fields[named["name"]] = named.get("value", "")
        elif tag == "a":
            self.links.append(named.get("href", ""))


def confirmation(page: str, url: str) -> str | None:
    """Where Google Drive's page leads that says a file is too large to be scanned for viruses; None for other pages.

    ``url`` is the page's own address.
    """
    parser = _Forms()
    parser.feed(page)
    # The page's older kind has a link instead of a form.
    ways = [
        f"{form.action}?{urllib.parse.urlencode(form.fields)}"
        for form in parser.forms
        if {"confirm", "id"} <= form.fields.keys()
    ] + [link for link in parser.links if "confirm=" in link and "id=" in link]
    onward = urllib.parse.urljoin(url, ways[0]) if ways else ""
    return onward if urllib.parse.urlsplit(onward).scheme in ("https", urllib.parse.urlsplit(url).scheme) else None
