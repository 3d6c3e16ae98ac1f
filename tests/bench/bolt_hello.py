"""The floor: a bare slack-bolt application that says hello, as slack-bolt ships it; its token is known, so it asks Slack nothing."""

from __future__ import annotations

import argparse
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from tests.bench.program import SECRET


async def _authorize(**_: Any) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-bench", bot_user_id="UBOT", bot_id="B1")


def main() -> None:
    """Serves until it is ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--process-before-response", action="store_true")
    given = parser.parse_args()
    app = AsyncApp(signing_secret=SECRET, authorize=_authorize, process_before_response=given.process_before_response)

    async def hello(ack: Any) -> None:
        await ack("hello")

    app.command("/ticket")(hello)
    app.server(port=given.port, host="127.0.0.1").start()


if __name__ == "__main__":
    main()
