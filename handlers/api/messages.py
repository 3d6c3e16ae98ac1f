"""Messages on a ticket, from its buyer or from an agent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.messages import Doc, NewMessage
from handlers.api.fields import Answer, Id, Model, Name, Reference, Url, Words
from handlers.api.route import Call, Route


class Attachment(Model):
    """A file that lies elsewhere."""

    name: Name
    url: Url
    content_type: Reference | None = None


class Message(Model):
    """A message. A buyer's is public; of an agent's it must be said, for a public one goes out to the buyer."""

    author: Annotated[Literal["buyer", "agent"], Field(alias="from")]
    text: Words
    public: bool | None = None
    agent: Id | None = None
    attachments: Annotated[list[Attachment], Field(max_length=20)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _says_who_reads_it(self) -> Message:
        if self.author == "agent" and self.public is None:
            raise ValueError("public is needed: true sends it to the buyer, false keeps it in the team")
        return self


class MessageAnswer(Answer):
    """A message; `held_until` is set while a public reply can still be taken back."""

    id: str
    ticket: int
    author: Annotated[Literal["buyer", "agent"], Field(alias="from")]
    agent: str | None
    text: str
    public: bool
    attachments: list[dict[str, str]]
    created_at: str
    held_until: str | None


async def _say(call: Call) -> Doc:
    given: Message = call.body
    new = NewMessage(
        ticket=call.number, author=given.author, text=given.text, public=given.public is not False, agent=given.agent,
        attachments=tuple(each.model_dump(exclude_none=True) for each in given.attachments), within=call.within, by=call.by,
    )  # fmt: skip
    return await call.desk.say(new, call.once)


ROUTES = (
    Route(
        "POST", "/v1/tickets/{number}/messages", "Add a message", _say, "tickets:write", body=Message, answer=MessageAnswer,
        status=201, refusals=("pii_requires_gdpr_mode",),
    ),
)  # fmt: skip
