"""The API describes itself, and what it says is true."""

from __future__ import annotations

import html
import json
import re
import shlex
from typing import Any, get_args
from urllib.parse import urlsplit

from openapi_spec_validator import OpenAPIV31SpecValidator

from bot.people import Role
from bot.ticket import CATEGORIES, PRIORITIES, State
from handlers.api import words
from handlers.api.edge import ROUTES
from handlers.problems import CODES
from tests.api.conftest import Api
from tests.api.samples import BODIES


async def described(api: Api) -> dict[str, Any]:
    answer = await api.client.get("/openapi.json")
    assert answer.content_type == "application/json"
    found: dict[str, Any] = await answer.json()
    return found


async def test_the_document_is_valid(api: Api):
    OpenAPIV31SpecValidator(await described(api)).validate()


async def test_every_route_is_described_with_its_problems(api: Api):
    paths = (await described(api))["paths"]
    assert {(path, method) for path, methods in paths.items() for method in methods} == {
        (route.path, route.method.lower()) for route in ROUTES
    }
    for route in ROUTES:
        call = paths[route.path][route.method.lower()]
        assert {"400", "401", "403", "422", "429", "500", "503", str(route.status)} <= set(call["responses"])
        named = {each.get("name") for each in call["parameters"]}
        assert set(re.findall(r"{(\w+)}", route.path)) <= named
        assert ({"$ref": "#/components/parameters/once"} in call["parameters"]) == (route.method == "POST" and not route.sends)
        assert ("requestBody" in call) == (route.body is not None or bool(route.sends))


async def test_the_described_bodies_are_the_good_ones(api: Api):
    schemas = (await described(api))["components"]["schemas"]
    for route in ROUTES:
        if route.body is not None:
            assert schemas[route.body.__name__]["additionalProperties"] is False
    assert {"shop_id", "subject", "message"} == set(schemas["Ticket"]["required"])
    assert {method for method, _, _ in BODIES} == {"POST", "PUT", "PATCH"}


async def test_every_call_has_an_example_as_one_types_it(api: Api):
    paths, page = (await described(api))["paths"], html.unescape(await (await api.client.get("/docs")).text())
    for route in ROUTES:
        call = paths[route.path][route.method.lower()]
        [sample] = call["x-codeSamples"]
        words = shlex.split(sample["source"].replace("\\\n", " "))
        assert words[:3] == ["curl", "-X", route.method]
        assert re.fullmatch(
            re.sub(r"{\w+}", "[^/{}]+", route.path) + r"(\?.+)?", urlsplit(words[3])._replace(scheme="", netloc="").geturl()
        )
        assert sample["source"] in page
        if route.body is not None and call["requestBody"]["required"]:
            body = call["requestBody"]["content"]["application/json"]["example"]
            assert json.loads(words[words.index("-d") + 1]) == body
            route.body.model_validate(body)


async def test_the_page_needs_nothing_from_elsewhere_and_lists_every_call(api: Api):
    answer = await api.client.get("/docs")
    page = await answer.text()
    assert answer.content_type == "text/html"
    assert not re.search(r"(?:src|href)=\"(?!#|/openapi\.json)", page)
    assert "<script" not in page
    for route in ROUTES:
        assert f"<code>{route.path}</code>" in page
    for code in CODES:
        assert f'id="problem-{code}"' in page


def test_the_words_of_the_api_are_those_of_the_rules():
    assert get_args(words.State) == tuple(state.value for state in State)
    assert get_args(words.Priority) == PRIORITIES
    assert get_args(words.Category) == CATEGORIES
    assert get_args(words.Role) == tuple(role.value for role in Role)
