"""The routes of the pages, as one router that the server's application takes in.

Owns: paths and methods. Does not own: what they show, the routes of tills (../web).
A path carries the secret of its link: whoever logs requests logs the route, never the path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from sync.server.pages.card_page import CardPage
from sync.server.pages.claim_page import ClaimPage
from sync.server.pages.front import FORM_BYTES_MAX, HEADERS, Front, Page, PhoneRequest
from sync.server.pages.invite_page import InvitePage
from sync.server.pages.join_page import JoinPage
from sync.server.pages.ports import Pages
from sync.server.pages.poster_page import PosterPage
from sync.server.pages.secret_link import PREFIX
from sync.server.pages.stop_page import StopPage
from sync.server.pages.survey_page import SurveyPage
from sync.server.web.problem import Trouble

_KEEP = {"Cache-Control": "public, max-age=31536000, immutable"}
_FILES = {"pages.css": "text/css", "card.js": "text/javascript"}


def pages_router(pages: Pages) -> Router:
    """The pages of one worker. Several workers over one database agree."""
    front = Front(pages)
    card, join, claim = CardPage(pages), JoinPage(pages), ClaimPage(pages)
    poster, stop, invite = PosterPage(pages), StopPage(pages), InvitePage(pages)
    survey = SurveyPage(pages)

    def fault(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        return front.fault(request, error)

    return Router(
        PREFIX,
        route_handlers=[
            _shows(front, "/card/{token:str}", card.show),
            _shows(front, "/card/{token:str}/pass.svg", card.picture),
            _takes(front, "/card/{token:str}/new", card.renew_link),
            _takes(front, "/card/{token:str}/invite", card.invite),
            _shows(front, "/card/{token:str}/invite.svg", card.invite_picture),
            _shows(front, "/invite/{token:str}", invite.show),
            _takes(front, "/invite/{token:str}", invite.take),
            _shows(front, "/join/{token:str}", join.show),
            _takes(front, "/join/{token:str}", join.take),
            _shows(front, "/claim/{token:str}", claim.show),
            _takes(front, "/claim/{token:str}", claim.use),
            _shows(front, "/poster/{token:str}", poster.show),
            _takes(front, "/poster/{token:str}", poster.take),
            _shows(front, "/stop/{token:str}", stop.show),
            _takes(front, "/stop/{token:str}", stop.take),
            _shows(front, "/survey/{token:str}", survey.show),
            _takes(front, "/survey/{token:str}", survey.take),
            *(_file(front, name, media_type) for name, media_type in _FILES.items()),
        ],
        exception_handlers={Exception: fault, HTTPException: fault, Trouble: fault},
        include_in_schema=False,
    )


def _shows(front: Front, path: str, page: Page) -> HTTPRouteHandler:
    async def show(request: PhoneRequest) -> Response[Any]:
        return await front.page(request, page)

    return get(path, name=f"pages {path}")(show)


def _takes(front: Front, path: str, page: Page) -> HTTPRouteHandler:
    async def take(request: PhoneRequest) -> Response[Any]:
        return await front.page(request, page, writes=True)

    made: Callable[..., HTTPRouteHandler] = post(
        path, name=f"pages post {path}", status_code=200, request_max_body_size=FORM_BYTES_MAX
    )
    return made(take)


def _file(front: Front, name: str, media_type: str) -> HTTPRouteHandler:
    async def file() -> Response[bytes]:
        return Response(front.file(name), media_type=media_type, headers=HEADERS | _KEEP)

    return get(f"/{name}", name=f"pages {name}")(file)
