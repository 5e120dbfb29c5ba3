"""The description of the protocol for other programs (OpenAPI 3.1), and a page of it for people.

Owns: which route takes and answers what. Does not own: the messages: their schemas are made by
the library that reads them, so that description and reader cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from jinja2 import Environment

from app.wording import N_, Wording
from sync.protocol import (
    PATH_PREFIX,
    VERSION,
    VERSION_HEADER,
    VERSIONS_SPOKEN,
    Challenge,
    ChallengeWanted,
    Enrol,
    Enrolled,
    Message,
    Problem,
    PullAnswer,
    Token,
    TokenWanted,
)
from sync.server.web.exchange import EXCHANGES
from sync.server.web.ports import Acts
from sync.server.web.stream import PullQuery

Described = dict[str, Any]
TITLE = N_("Zhanggui: how tills and channels speak to the server")
SAYS = N_("Every message is described in {file}; a till is let in by an enrolment code.")
_STRANGERS: tuple[tuple[str, type[Message], type[Message]], ...] = (
    ("/enrol", Enrol, Enrolled),
    ("/challenge", ChallengeWanted, Challenge),
    ("/token", TokenWanted, Token),
)
_PROBLEM_STATUS = ("400", "401", "403", "404", "408", "409", "413", "415", "416", "429")
_PROBLEM_SERVER = ("500", "503", "507")


Served = frozenset[str]
"""The paths behind the version that this server has."""


def served_by(acts: Acts) -> Served:
    """What there is an act for."""
    paths = {path for path, _, _ in _STRANGERS}
    paths |= {way.path for way in EXCHANGES if way.act(acts) is not None}
    paths |= {"/pull"} if acts.pull else set()
    return frozenset(paths | ({"/snapshot/{snapshot}"} if acts.snapshot_file else set()))


@cache
def description(served: Served) -> Described:
    """The whole description of what is served."""
    messages = [Problem, PullAnswer]
    for _, asked, answer in _ways(served):
        messages += [asked, answer]
    _, schemas = msgspec.json.schema_components(
        messages, ref_template="#/components/schemas/{name}"
    )
    token = {"type": "http", "scheme": "bearer"}
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": str(VERSION)},
        "paths": _paths(served),
        "components": {"schemas": schemas, "securitySchemes": {"token": token}},
    }


@cache
def description_bytes(served: Served) -> bytes:
    """The same as JSON."""
    return msgspec.json.format(msgspec.json.encode(description(served)), indent=1)


def _ways(served: Served) -> Sequence[tuple[str, type[Message], type[Message]]]:
    asking = ((way.path, way.asked, way.answer) for way in EXCHANGES if way.path in served)
    return (*_STRANGERS, *asking)


def _paths(served: Served) -> Described:
    strangers = {path for path, _, _ in _STRANGERS}
    paths = {
        PATH_PREFIX + path: {"post": _exchange(asked, answer, is_open=path in strangers)}
        for path, asked, answer in _ways(served)
    }
    for path, described in (("/pull", _pull), ("/snapshot/{snapshot}", _snapshot_file)):
        if path in served:
            paths[PATH_PREFIX + path] = {"get": described()}
    for path, media_type in (
        ("/health", "application/json"),
        ("/metrics", "text/plain"),
        ("/openapi.json", "application/json"),
        ("/", "text/html"),
    ):
        answers = {"200": {"description": "OK", "content": {media_type: {}}}}
        paths[path] = {"get": {"responses": answers | _problems()}}
    return paths


def _exchange(asked: type[Message], answer: type[Message], *, is_open: bool) -> Described:
    operation: Described = {
        "summary": (asked.__doc__ or "").split("\n", 1)[0],
        "parameters": [_version()],
        "requestBody": {"required": True, "content": _json(asked)},
        "responses": {"200": {"description": "OK", "content": _json(answer)}} | _problems(),
    }
    return operation if is_open else operation | {"security": [{"token": []}]}


def _pull() -> Described:
    (schema,), named = msgspec.json.schema_components([PullQuery], ref_template="{name}")
    shape = named[schema["$ref"]]
    query = [
        {"name": name, "in": "query", "required": name in shape["required"], "schema": value}
        for name, value in shape["properties"].items()
    ]
    return {
        "summary": (PullAnswer.__doc__ or "").split("\n", 1)[0],
        "parameters": [_version(), *query],
        "security": [{"token": []}],
        "responses": {"200": {"description": "OK", "content": _json(PullAnswer)}} | _problems(),
    }


def _snapshot_file() -> Described:
    file = {"description": "OK", "content": {"application/octet-stream": {}}}
    name = {"name": "snapshot", "in": "path", "required": True, "schema": {"type": "string"}}
    part = {"name": "Range", "in": "header", "required": False, "schema": {"type": "string"}}
    return {
        "parameters": [_version(), name, part],
        "security": [{"token": []}],
        "responses": {"200": file, "206": file} | _problems(),
    }


def _version() -> Described:
    spoken = [str(version) for version in VERSIONS_SPOKEN]
    schema = {"type": "string", "enum": spoken}
    return {"name": VERSION_HEADER, "in": "header", "required": True, "schema": schema}


def _problems() -> Described:
    content = {"application/problem+json": _json(Problem)["application/json"]}
    said = {"description": "Problem", "content": content}
    return dict.fromkeys((*_PROBLEM_STATUS, *_PROBLEM_SERVER), said)


def _json(message: type[Message]) -> Described:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{message.__name__}"}}}


_PAGE = Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="{{ words.language.replace('_', '-') }}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ title }}</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
code{font-size:.95em}dt{margin-top:.8rem}dd{margin-left:1.5rem}</style>
<h1>{{ title }}</h1>
<p>{{ says }}</p>
<dl>{% for path, ways in paths.items() %}{% for method, way in ways.items() %}
<dt><code>{{ method.upper() }} {{ path }}</code></dt>
<dd>{{ way.summary }}</dd>{% endfor %}{% endfor %}
</dl>
"""
)


def page(words: Wording, served: Served) -> str:
    """The routes as a page without anything from elsewhere."""
    paths: Mapping[str, Any] = description(served)["paths"]
    return _PAGE.render(
        words=words,
        title=words.t(TITLE),
        says=words.t(SAYS, file="/openapi.json"),
        paths=paths,
    )
