"""`run_bot.py risk`: what the risk rules would have done over the days past, as JSON. Changes nothing."""

from __future__ import annotations

import argparse
import json

from bot.desk import Desk
from bot.messages import Rehearse
from bot.settings import duration


def words(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("--days", type=int, default=30, choices=range(1, 93), metavar="1-92", help="how far back; 30")
    parser.add_argument("--merchant", metavar="ID", help="one merchant's tickets; all without")
    parser.add_argument("--surge", type=float, metavar="NUMBER", help="in place of RISK_SURGE")
    parser.add_argument("--surge-min", type=int, metavar="NUMBER", help="in place of RISK_SURGE_MIN")
    parser.add_argument("--ip-disputes", type=int, metavar="NUMBER", help="in place of RISK_IP_DISPUTES")
    parser.add_argument("--ip-window", type=duration, metavar="24h", help="in place of RISK_IP_WINDOW")


async def run(given: argparse.Namespace, desk: Desk) -> None:
    """Prints it."""
    asked = Rehearse(given.days, given.merchant, given.surge, given.surge_min, given.ip_disputes, given.ip_window)
    print(json.dumps(await desk.rehearse(asked), ensure_ascii=False, indent=2))
