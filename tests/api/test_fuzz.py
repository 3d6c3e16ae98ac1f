"""Whatever JSON is sent to whatever call: never a 5xx."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import ADMIN, Api
from tests.api.samples import BODIES

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, bytes]:
    """A good body with one thing in it replaced, or something else altogether."""
    method, path, good = draw(st.sampled_from(BODIES))
    if draw(st.integers(0, 3)) == 0:
        return method, path, draw(st.binary(max_size=200) | ANYTHING.map(lambda value: json.dumps(value).encode()))
    body: Any = copy.deepcopy(good)
    where = body
    for _ in range(4):
        keys = list(where) if isinstance(where, dict) else list(range(len(where)))
        key = draw(st.sampled_from(keys)) if keys else "new"
        if isinstance(where, list) and not keys:
            where.append(draw(ANYTHING))
            break
        inner = where.get(key) if isinstance(where, dict) else where[key]
        if isinstance(inner, dict | list) and draw(st.booleans()):
            where = inner
            continue
        where[key] = draw(ANYTHING)
        break
    return method, path, json.dumps(body).encode()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=requests())
async def test_no_body_breaks_a_call(api: Api, request: tuple[str, str, bytes]):
    method, path, raw = request
    answer = await api.client.request(method, path, data=raw, headers={**ADMIN, "Content-Type": "application/json"})
    assert answer.status < 500, (method, path, raw, await answer.text())
    assert answer.content_type in ("application/json", "application/problem+json")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.dictionaries(st.sampled_from(["limit", "cursor", "state", "q", "tier", "created_from", "x"]) | st.text(), st.text()))
async def test_no_query_breaks_a_list(api: Api, query: dict[str, str]):
    answer = await api.client.get("/v1/tickets", params=query, headers=ADMIN)
    assert answer.status in (200, 422), (query, await answer.text())
