"""A chat account becomes a person: a code made for the agent, typed to the bot by a stranger, who learns nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.messages import Command, Identity, Reply
from tests.world import World

STRANGER = "don't know this account"


async def code_for(world: World, agent: str = "bo") -> str:
    """As the API makes it."""
    made = await world.call("POST", f"/v1/agents/{agent}/link-code", status=201)
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", made["code"])
    return str(made["code"])


async def over_wecom(world: World, words: str, user: str = "zhangbo") -> Reply:
    return await world.desk.reply(Command(Identity("wecom", user), words, via="wecom"))


async def test_a_stranger_types_the_code_in_slack_and_is_that_agent_from_then_on(database_url: str) -> None:
    async with World(database_url) as world:
        code = await code_for(world)
        assert STRANGER in await world.says("list", by="U0NEW")
        said = await world.says(f"link {code.lower().replace('-', ' ')}", by="U0NEW")
        assert ("Bo Zhang" in said, "列表 未认领" in said, "撤销" in said) == (True, True, True), "who they are, and what to begin with"
        agent = await world.call("GET", "/v1/agents/bo")
        assert (agent["slack_user_id"], agent["slack_team_id"]) == ("U0NEW", world.slack.team)
        assert "Bo Zhang" in await world.says("我", by="U0NEW")
        assert STRANGER in await world.says("我", by="U0BO")  # the account before is nobody's


async def test_a_code_typed_in_wecom_links_the_userid_full_width_and_without_a_space_too(database_url: str) -> None:
    async with World(database_url) as world:
        code = (await code_for(world)).replace("-", "")
        wide = "".join(chr(ord(each) + 0xFEE0) for each in code)
        assert (await over_wecom(world, f"绑定{wide}")).ok
        assert (await world.call("GET", "/v1/agents/bo"))["wecom_user_id"] == "zhangbo"
        assert "Bo Zhang" in (await over_wecom(world, "whoami")).text


@pytest.mark.parametrize("case", ["used", "lapsed", "replaced", "mistyped", "of a removed agent"])
async def test_a_code_that_is_not_good_any_more_is_refused_in_one_sentence_whatever_is_wrong(sqlite_url: str, case: str) -> None:
    async with World(sqlite_url) as world:
        code = await code_for(world)
        if case == "used":
            await over_wecom(world, f"link {code}", "first")
        elif case == "lapsed":
            await world.pass_time(minutes=15)
        elif case == "replaced":
            await code_for(world)
        elif case == "mistyped":
            code = code[:-1] + ("X" if code[-1] != "X" else "Y")
        else:
            await world.call("DELETE", "/v1/agents/bo")
        said = await over_wecom(world, f"link {code}", "second")
        assert (said.ok, said.code) == (False, "link_code_wrong")
        assert "15 minutes" in said.text
        assert "绑定码无效" in said.text
        assert (await over_wecom(world, "whoami", "second")).code == "unknown_person"


async def test_after_five_wrong_codes_even_the_right_one_waits_a_quarter_of_an_hour(database_url: str) -> None:
    async with World(database_url) as world:
        guesses = [(await over_wecom(world, f"link AAAA-AAA{number}")).code for number in range(2, 7)]
        code = await code_for(world)
        assert set(guesses) == {"link_code_wrong"}
        assert (await over_wecom(world, f"link {code}")).code == "too_many_tries"
        assert (await over_wecom(world, f"link {code}", "somebodyelse")).ok
        await world.pass_time(minutes=15, seconds=1)
        assert (await over_wecom(world, f"link {await code_for(world, 'mei')}")).ok


async def test_an_account_that_is_linked_is_told_so_and_spends_no_code(sqlite_url: str) -> None:
    async with World(sqlite_url) as world:
        code = await code_for(world)
        assert "you are Mei Lin" in await world.says(f"link {code}")
        assert (await over_wecom(world, f"link {code}")).ok


async def test_a_lead_gets_a_code_for_one_of_theirs_and_an_agent_or_a_crowd_does_not(sqlite_url: str) -> None:
    async with World(sqlite_url) as world:
        said = await world.says("link @bo", by="chen")
        code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", said)
        assert code is not None
        assert (await over_wecom(world, f"link {code[0]}")).ok
        assert "Only a lead" in await world.says("link @bo", by="mei")
        assert "no agent" in await world.says("link @eve", by="chen")  # another merchant's
        assert "no agent" in await world.says("link @ada", by="chen")  # the operator's
        crowd: dict[str, Any] = {"public": True}
        asked = Command(Identity("slack", f"{world.slack.team}/U0CHEN"), "link @bo", args=crowd, via="slack")
        assert "direct chat" in (await world.desk.reply(asked)).text


async def test_a_lead_makes_no_code_for_those_above(sqlite_url: str) -> None:
    async with World(sqlite_url) as world:
        await world.call("PUT", "/v1/agents/boss", {"name": "Boss", "role": "admin", "merchant_id": "lumiere"})
        assert "Only an admin" in await world.says("link @boss", by="chen")
        assert "-" in await world.says("link @boss", by="ada")


async def test_a_merchants_key_makes_codes_for_its_own_people_alone(sqlite_url: str) -> None:
    async with World(sqlite_url) as world:
        made = await world.call("POST", "/v1/api-keys", {"name": "k", "merchant_id": "lumiere", "scopes": ["people:write"]})
        await world.call("POST", "/v1/agents/bo/link-code", key=made["token"], status=201)
        for other in ("eve", "ada", "nobody"):
            await world.call("POST", f"/v1/agents/{other}/link-code", key=made["token"], status=404)


async def test_a_code_is_kept_sealed_and_is_in_no_log(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    async with World(sqlite_url) as world:
        code = await code_for(world)
        kept = await world.bot.storage.read(lambda stores: list(stores.link_codes.alive(world.clock.now())))
        assert len(kept) == 1
        assert code.replace("-", "").encode() not in kept[0].sealed
        await over_wecom(world, f"link {code}")
        shown = "".join(capsys.readouterr())
        assert code not in shown
        assert code.replace("-", "") not in shown
        assert "account linked" in shown
