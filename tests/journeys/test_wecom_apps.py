"""Merchants' own apps: put over the API, secret ever after, one each, and known at their callback at once."""

from __future__ import annotations

from tests.api.samples import WECOM_APP
from tests.fakes.wecom_sealing import Sealer
from tests.world import World

OURS = {name: value for name, value in WECOM_APP.items() if name != "merchant_id"}
SEALER = Sealer(OURS["token"], OURS["aes_key"], OURS["corp_id"])


async def echoed(world: World, path: str) -> tuple[int, str]:
    echo = SEALER.encrypted("1616140317555161061")
    async with world.api.get(path, params={**SEALER.query(echo, world.clock.now()), "echostr": echo}) as answer:
        return answer.status, await answer.text()


async def test_an_app_is_put_shown_masked_kept_by_its_masks_and_removed(world: World) -> None:
    one = "/v1/wecom-apps/lumiere-app"
    assert (await echoed(world, "/wecom/callback/lumiere-app"))[0] == 403
    shown = await world.call("PUT", one, {**OURS, "merchant_id": "lumiere"})
    masked = {"secret": "****igns", "token": "****", "aes_key": "****2B2C"}
    assert (
        shown.items() >= {"id": "lumiere-app", "merchant_id": "lumiere", "corp_id": OURS["corp_id"], "agent_id": 1000002, **masked}.items()
    )
    assert shown["callback_url"].endswith("/wecom/callback/lumiere-app")
    assert await world.call("GET", one) == shown
    assert (await world.call("GET", "/v1/wecom-apps?limit=1"))["items"] == [shown]
    assert await world.call("PUT", one, {**OURS, **masked, "agent_id": "1000003", "merchant_id": "lumiere"}) == {
        **shown,
        "agent_id": 1000003,
    }
    assert await echoed(world, "/wecom/callback/lumiere-app") == (200, "1616140317555161061")
    wrong = await world.call("PUT", one, {**OURS, "secret": "****none", "merchant_id": "lumiere"}, status=422)
    assert wrong["errors"][0]["loc"] == ["body", "secret"]
    await world.call("DELETE", one)
    assert (await echoed(world, "/wecom/callback/lumiere-app"))[0] == 403


async def test_an_app_is_its_merchants_and_its_only_one(world: World) -> None:
    keys = {}
    for merchant in ("lumiere", "other"):
        made = await world.call("POST", "/v1/api-keys", {"name": "a", "merchant_id": merchant, "scopes": ["settings:write"]})
        keys[merchant] = made["token"]
    nobodys = await world.call("PUT", "/v1/wecom-apps/app1", OURS, status=422)
    assert nobodys["errors"][0]["loc"] == ["body", "merchant_id"]
    shown = await world.call("PUT", "/v1/wecom-apps/app1", OURS, key=keys["lumiere"])
    assert shown["merchant_id"] == "lumiere"
    second = await world.call("PUT", "/v1/wecom-apps/app2", OURS, key=keys["lumiere"], status=409)
    assert second["code"] == "only_one"
    await world.call("PUT", "/v1/wecom-apps/app1", OURS, key=keys["other"], status=404)
    await world.call("PUT", "/v1/wecom-apps/app2", {**OURS, "merchant_id": "lumiere"}, key=keys["other"], status=404)
    await world.call("GET", "/v1/wecom-apps/app1", key=keys["other"], status=404)
    await world.call("DELETE", "/v1/wecom-apps/app1", key=keys["other"], status=404)
    assert (await world.call("GET", "/v1/wecom-apps", key=keys["other"]))["items"] == []
    await world.call("PUT", "/v1/wecom-apps/other-app", OURS, key=keys["other"])
    assert [each["id"] for each in (await world.call("GET", "/v1/wecom-apps"))["items"]] == ["app1", "other-app"]
