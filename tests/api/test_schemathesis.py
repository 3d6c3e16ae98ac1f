"""Requests made up from the OpenAPI document: every answer has a status and a content type that the document names, and none is a 5xx."""

from __future__ import annotations

import asyncio
import sys

import pytest

from tests.api.conftest import Api


@pytest.mark.slow
async def test_the_answers_are_the_described_ones(api: Api):
    program = [sys.executable, "-m", "schemathesis.cli", "run", str(api.client.make_url("/openapi.json"))]
    options = [
        "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,negative_data_rejection",
        "--max-examples", "15", "--phases", "examples,coverage,fuzzing", "--header", "Authorization: Bearer admin",
        "--url", str(api.client.make_url("/")), "--no-color", "--seed", "1",
    ]  # fmt: skip
    run = await asyncio.create_subprocess_exec(*program, *options, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    said, _ = await run.communicate()
    assert run.returncode == 0, said.decode()[-6000:]
