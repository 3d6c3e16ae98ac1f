"""Credentials of channels: sealed, shown as masks, opened for the edge that needs them."""

from __future__ import annotations

import pytest

from bot.errors import NotFound
from bot.messages import AccountOf, AccountsOf, PutAccount, RemoveAccount
from tests.world import MERCHANT, World

KEY = "693a91f6-7abc-4bc4-97a0-0ec2dead4aaa"


async def test_a_robots_key_is_shown_masked_and_its_mask_keeps_it(world: World) -> None:
    async def put(**notify: str | None) -> dict[str, str]:
        notify = {**MERCHANT["notify"], **notify}
        return (await world.call("PUT", "/v1/merchants/lumiere", {**MERCHANT, "notify": notify}))["notify"]

    async def kept() -> str:
        return (await world.desk.ask(AccountOf("wecom_robot", "lumiere"))).secrets["key"]

    address = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
    for given in (KEY, address, "****4aaa"):
        assert (await put(wecom_robot_key=given))["wecom_robot_key"] == "****4aaa"
        assert await kept() == KEY
    seen = await world.call("GET", "/v1/merchants/lumiere")
    assert seen["notify"]["wecom_robot_key"] == "****4aaa"
    wrong = {**MERCHANT, "notify": {"wecom_robot_key": "****9999"}}
    refused = await world.call("PUT", "/v1/merchants/lumiere", wrong, status=422)
    assert "wecom_robot_key" in str(refused["errors"])
    await put()
    with pytest.raises(NotFound):
        await kept()


async def test_an_apps_secrets_are_opened_for_its_edge_alone(world: World) -> None:
    doc, secrets = {"corp_id": "ww1", "agent_id": "7"}, {"secret": "app-secret-of-lumiere", "token": "short"}
    shown = await world.desk.configure(PutAccount("wecom", "app1", doc, secrets, within="lumiere"))
    assert shown == {"id": "app1", "merchant_id": "lumiere", **doc, "secret": "****iere", "token": "****"}
    found = await world.desk.ask(AccountOf("wecom", "app1"))
    assert (found.merchant_id, found.secrets) == ("lumiere", secrets)
    assert "app-secret" not in repr(found)
    await world.desk.configure(PutAccount("wecom", "app1", doc, {"secret": "****iere", "token": "new"}, within="lumiere"))
    (found,) = await world.desk.ask(AccountsOf("wecom"))
    assert found.secrets == {"secret": "app-secret-of-lumiere", "token": "new"}
    for change in (PutAccount("wecom", "app1", doc, secrets, within="other"), RemoveAccount("wecom", "app1", within="other")):
        with pytest.raises(NotFound):
            await world.desk.configure(change)
    await world.desk.configure(RemoveAccount("wecom", "app1"))
    assert await world.desk.ask(AccountsOf("wecom")) == ()
