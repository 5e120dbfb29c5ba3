"""The front: how a request of a phone becomes a page, whatever the page.

Owns: language, limits, threads, rendering, the headers of every answer. Does not own: what any
page shows (the file of each page), its look (templates, static), tokens (../page_token.py).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from anyio import CapacityLimiter, fail_after
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.response import Redirect
from markupsafe import Markup, escape

from app.domain.survey_link import is_survey_token
from app.wording import Wording
from sync.server.page_token import PageKind, PageToken
from sync.server.pages.notice import Notice, fault_notice, shut_notice
from sync.server.pages.ports import Pages, PageWork
from sync.server.pages.secret_link import PREFIX, is_token, token_hash
from sync.server.web.door import address_of
from sync.server.web.problem import Trouble, language_of, trouble_of
from sync.server.web.rate import Buckets
from sync.server.web.workers import Workers

PhoneRequest = Request[Any, Any, Any]

FORM_BYTES_MAX = 16 * 1024
_FORM_FIELDS_MAX = 40
_BODY_SECONDS = 30
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?")
_HERE = Path(__file__).parent
_LANGUAGES = {"zh": "zh_CN", "en": "en"}
HEADERS = {
    # Only what this server sends: no script, style, picture or form of anybody else.
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # A page holds a person's points and a pass that is worth money: no cache keeps it.
    "Cache-Control": "no-store",
    # The path is the secret: no other site may hear of it.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Vary": "Accept-Language",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: its template, its title, what it shows."""

    template: str
    title: str
    view: Mapping[str, object]
    status: int = 200
    keeps_form: bool = False
    """The switch of the language sends the form along, so that nothing typed is lost."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image in SVG."""

    svg: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Go on at this path (303)."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shut:
    """The link opens nothing (any more)."""

    reason: Literal["unknown", "ended", "used", "gone"]


Answer = Shown | Picture | Moved | Shut


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page knows of the request: the link, the language, the form."""

    token: str
    words: Wording
    chosen: str
    """The language chosen by the switch; empty = the phone's own."""
    query: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def suffix(self) -> str:
        """What keeps the chosen language in an address."""
        return f"?lang={self.chosen}" if self.chosen else ""


Page = Callable[[PageWork, Asked], Answer]


@dataclass(frozen=True)
class Front:
    """Of one worker."""

    pages: Pages
    addresses: Buckets = field(init=False)
    wrong: Buckets = field(init=False)
    workers: Workers = field(init=False)
    templates: Environment = field(init=False)
    static: Mapping[str, bytes] = field(init=False)

    def __post_init__(self) -> None:
        limits = self.pages.limits
        loader = FileSystemLoader(_HERE / "templates")
        made = {
            "addresses": Buckets(limits.address),
            "wrong": Buckets(limits.wrong),
            "workers": Workers(CapacityLimiter(limits.threads), limits.waiting),
            "templates": Environment(
                loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                lstrip_blocks=True,
            ),
            "static": {each.name: each.read_bytes() for each in (_HERE / "static").iterdir()},
        }  # fmt: skip
        for name, value in made.items():
            object.__setattr__(self, name, value)
        self.templates.filters["days_whole"] = days_whole

    async def page(
        self, request: PhoneRequest, page: Page, *, writes: bool = False
    ) -> Response[Any]:
        """One page for one link. Raises Trouble and whatever the database says."""
        address, now_ms = address_of(request), self.pages.clock.monotonic_ms()
        self.addresses.take(address, now_ms)
        if self.wrong.is_empty(address, now_ms):
            self.wrong.take(address, now_ms)
        asked = await self._asked(request)
        answer: Answer = Shut("unknown")
        if is_token(asked.token) or is_survey_token(asked.token):
            database = self.pages.database
            run = database.write if writes else database.read
            answer = await self.workers.run(lambda: run(lambda work: page(work, asked)))
        if answer == Shut("unknown"):
            self.wrong.take(address, now_ms)
        return self._response(answer, asked)

    def fault(self, request: PhoneRequest, error: Exception) -> Response[Any]:
        """A page instead of a problem, for whatever went wrong."""
        trouble = trouble_of(error)
        asked = self._read(request)
        notice = fault_notice(trouble, asked.words)
        response = self._response(_noticed(notice), asked)
        if trouble.retry_after_s is not None:
            response.headers["Retry-After"] = str(trouble.retry_after_s)
        return response

    def file(self, name: str) -> bytes:
        """A style sheet or script of ours."""
        return self.static[name]

    def address_of_file(self, name: str) -> str:
        """Where it lies; changes with its content, so that a phone may keep it for ever."""
        return f"{PREFIX}/{name}?v={hashlib.sha256(self.static[name]).hexdigest()[:12]}"

    async def _asked(self, request: PhoneRequest) -> Asked:
        form: dict[str, str] = {}
        if request.method == "POST":
            with fail_after(_BODY_SECONDS):
                body = await request.body()
            try:
                pairs = parse_qsl(
                    body.decode(), keep_blank_values=True, max_num_fields=_FORM_FIELDS_MAX
                )
            except ValueError as error:
                raise Trouble("bad_request") from error
            form = dict(pairs)
        return self._read(request, form)

    def _read(self, request: PhoneRequest, form: Mapping[str, str] | None = None) -> Asked:
        query = {name: str(value) for name, value in request.query_params.items()}
        chosen = query.get("lang", "")
        chosen = chosen if chosen in _LANGUAGES else ""
        language = _LANGUAGES.get(chosen) or language_of(request.headers.get("Accept-Language"))
        token = str(request.path_params.get("token", ""))
        return Asked(token, self.pages.wording(language), chosen, query, form or {})

    def _response(self, answer: Answer, asked: Asked) -> Response[Any]:
        headers = dict(HEADERS)
        match answer:
            case Moved(path, query):
                more = ({"lang": asked.chosen} if asked.chosen else {}) | dict(query)
                where = f"{path}?{urlencode(more)}" if more else path
                return Redirect(where, status_code=303, headers=headers)
            case Picture(svg):
                return Response(svg.encode(), media_type="image/svg+xml", headers=headers)
            case Shut(reason):
                return self._response(_noticed(shut_notice(reason, asked.words)), asked)
            case Shown():
                is_chinese = asked.words.is_chinese
                headers["Content-Language"] = "zh-CN" if is_chinese else "en"
                return Response(
                    self._html(answer, asked).encode(),
                    status_code=answer.status,
                    media_type="text/html",
                    headers=headers,
                )

    def _html(self, shown: Shown, asked: Asked) -> str:
        is_chinese = asked.words.is_chinese
        frame = {
            "lang": "zh-CN" if is_chinese else "en",
            "shop": self.pages.shop_name,
            "title": shown.title,
            # Each language is named in itself: who cannot read this page can read that.
            "other": {"lang": "en", "tag": "en", "name": "English"}
            if is_chinese
            else {"lang": "zh", "tag": "zh-CN", "name": "中文"},
            "keeps_form": shown.keeps_form,
            "style": self.address_of_file("pages.css"),
            "script": self.address_of_file("card.js"),
        }
        return self.templates.get_template(shown.template).render(frame=frame, **shown.view)


def opened(work: PageWork, pages: Pages, asked: Asked, kind: PageKind) -> PageToken | Shut:
    """What the link opens. Whether a one-time link was used already is the page's question."""
    token = work.tokens.find(token_hash(pages.secret, asked.token))
    if token is None or token.kind != kind:
        return Shut("unknown")
    return token if token.is_open(kind, pages.clock.wall_ms()) else Shut("ended")


def days_whole(text: str) -> Markup:
    """A sentence whose days are not torn apart at the end of a line."""
    # A plain text again, or what is put in would be escaped as well.
    escaped = str(escape(text))
    return Markup(_DAY.sub(r'<span class="whole">\g<0></span>', escaped))


def _noticed(notice: Notice) -> Shown:
    return Shown("notice.html", notice.title, {"says": notice.says}, status=notice.status)
