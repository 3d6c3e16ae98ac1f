"""The OpenAPI 3.1 document, made from the same Routes and models that answer; nothing in it is written twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from handlers.api import examples
from handlers.api.answering import BURST, PER_MINUTE
from handlers.api.fields import ID
from handlers.api.route import Route
from handlers.problems import CODES

_REF = "#/components/schemas/{model}"
_ALWAYS = ("bad_request", "unauthenticated", "missing_scope", "invalid", "rate_limited", "internal", "unavailable")
_WITH_BODY = ("bad_json", "timeout", "too_large", "unsupported_media_type")
_INTRO = f"""After-sales tickets with three clocks. Every call needs `Authorization: Bearer` and an API key; a merchant's key only ever \
acts within its merchant, and another merchant's id is answered as unknown. Money is a decimal string with its currency, times are \
RFC 3339 in UTC. Lists take `limit` and `cursor` and answer `items` and `next_cursor`. Errors are RFC 9457 problem documents with a \
stable `code`; nothing is stored then. A merchant's key may call {PER_MINUTE:.0f} times a minute, \
{BURST} at once; `RateLimit` on every answer says how many calls are left."""
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; one of: " + ", ".join(CODES)},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["loc", "msg"],
                "properties": {
                    "loc": {"type": "array", "items": {"type": ["string", "integer"]}},
                    "msg": {"type": "string"},
                },
            },
        },
        "request_id": {"type": "string", "description": "Quote it when you report the problem."},
    },
}
_ONCE = {
    "name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "The same key and body give the first answer again, with `Idempotent-Replayed: true`; another body gives 409.",
}  # fmt: skip


def document(routes: Sequence[Route], base_url: str) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for route in routes:
        paths[route.path][route.method.lower()] = _operation(route, base_url)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Deskbell", "version": "1", "description": _INTRO},
        "servers": [{"url": base_url}],
        "security": [{"key": []}],
        "tags": [{"name": name} for name in dict.fromkeys(_tag(route) for route in routes)],
        "paths": dict(paths),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "parameters": {"once": _ONCE},
            "schemas": {**_schemas(routes), "Problem": _PROBLEM},
        },
    }


def _operation(route: Route, base_url: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "summary": route.says,
        "operationId": _operation_id(route),
        "tags": [_tag(route)],
        "parameters": [*_path(route), *_query(route)],
        "responses": {str(route.status): _answer(route), **_problems(route)},
        "x-codeSamples": [{"lang": "Shell", "source": examples.shell(route, base_url)}],
    }
    scope = f"Scope: `{route.scope}`." if route.scope else "Any key."
    found["description"] = " ".join(part for part in (scope, route.notes) if part)
    if route.method == "POST" and not route.sends:
        found["parameters"].append({"$ref": "#/components/parameters/once"})
    if route.body is not None:
        needed = any(field.is_required() for field in route.body.model_fields.values())
        content: dict[str, Any] = {"application/json": {"schema": {"$ref": _REF.format(model=route.body.__name__)}}}
        content["application/json"] |= {"example": example} if (example := examples.BODIES.get((route.method, route.path))) else {}
        found["requestBody"] = {"required": needed, "content": content}
    if route.sends:
        file = {"schema": {"type": "string", "format": "binary"}}
        found["requestBody"] = {"required": True, "content": dict.fromkeys(route.sends, file)}
    return found


def _path(route: Route) -> Iterable[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", route.path):
        schema: dict[str, Any] = {"type": "string", "pattern": ID}
        if name == "number":
            schema = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
        elif name == "order_no":
            schema = {"type": "string", "minLength": 1, "maxLength": 64}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query(route: Route) -> Iterable[dict[str, Any]]:
    described = route.query.model_json_schema()
    for name, schema in described.get("properties", {}).items():
        schema.pop("title", None)
        # An absent parameter is how one says null in a query.
        choices = [each for each in schema.pop("anyOf", []) if each != {"type": "null"}]
        schema.update(choices[0] if len(choices) == 1 else {})
        if schema.get("default", 0) is None:
            del schema["default"]
        deep = {"style": "deepObject", "explode": True} if schema.get("type") == "object" else {}
        yield {"name": name, "in": "query", "required": name in described.get("required", ()), "schema": schema, **deep}


def _answer(route: Route) -> dict[str, Any]:
    if route.media is not None:
        return {"description": route.says, "content": {route.media: {"schema": {"type": "string", "format": "binary"}}}}
    if route.answer is None:
        return {"description": "Done."}
    schema: dict[str, Any] = {"$ref": _REF.format(model=route.answer.__name__)}
    if route.many and route.bare:
        schema = {"type": "array", "items": schema}
    elif route.many:
        schema = {
            "type": "object",
            "required": ["items", "next_cursor"],
            "properties": {"items": {"type": "array", "items": schema}, "next_cursor": {"type": ["string", "null"]}},
        }
    return {"description": route.says, "content": {"application/json": {"schema": schema}}}


def _problems(route: Route) -> dict[str, Any]:
    codes = [*_ALWAYS, *(_WITH_BODY if route.method in ("POST", "PUT", "PATCH") else ()), *route.refusals]
    codes += ["not_found"] if "{" in route.path or route.body else []
    codes += ["conflict"] if route.method != "GET" else []
    codes += ["idempotency_conflict"] if route.method == "POST" else []
    by_status: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        by_status[str(CODES[code][0])].append(f"`{code}`")
    content = {"application/problem+json": {"schema": {"$ref": _REF.format(model="Problem")}}}
    return {status: {"description": ", ".join(found), "content": content} for status, found in sorted(by_status.items())}


def _schemas(routes: Sequence[Route]) -> dict[str, Any]:
    asked: list[tuple[type[BaseModel], Any]] = [(route.body, "validation") for route in routes if route.body]
    asked += [(route.answer, "serialization") for route in routes if route.answer]
    _, found = models_json_schema(list(dict.fromkeys(asked)), ref_template=_REF)
    schemas: dict[str, Any] = found["$defs"]
    return dict(sorted(schemas.items()))


def _tag(route: Route) -> str:
    return route.path.split("/")[2]


def _operation_id(route: Route) -> str:
    words = [word.strip("{}") for word in route.path.split("/")[2:]]
    return "_".join([route.method.lower(), *words]).replace("-", "_")
