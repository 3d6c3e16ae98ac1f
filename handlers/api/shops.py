"""Shops: put, read, list."""

from __future__ import annotations

import re

from pydantic import ConfigDict, JsonValue, model_validator

from handlers.api.fields import Answer, Id, Listing, Model, Name, Secret, Url
from handlers.api.route import Route
from handlers.api.usual import get, listed, put
from handlers.api.words import Platform

_METAFIELD = re.compile(r"[A-Za-z0-9_-]{3,255}\.[A-Za-z0-9_-]{2,64}")


class Shopify(Model):
    """How to reach the Shopify shop: an access token, or a client's id and secret. `metafields`: which custom field goes to which."""

    store_url: Url
    access_token: Secret | None = None
    client_id: Secret | None = None
    client_secret: Secret | None = None
    metafields: dict[Name, Name] | None = None

    @model_validator(mode="after")
    def _one_way_in(self) -> Shopify:
        client = self.client_id is not None and self.client_secret is not None
        if (self.access_token is None) != client or (self.access_token and (self.client_id or self.client_secret)):
            raise ValueError("give access_token, or client_id and client_secret")
        if any(not _METAFIELD.fullmatch(each) for each in self.metafields or ()):
            raise ValueError("metafields: write each as namespace.key, with the custom field that goes there")
        return self


class Erp(Model):
    """An ERP's kind and what that kind needs."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)
    __pydantic_extra__: dict[str, JsonValue]
    kind: Name


class Shop(Model):
    """A shop as it is put."""

    merchant_id: Id
    platform: Platform
    name: Name
    shopify: Shopify | None = None
    erp: Erp | None = None


class ShopAnswer(Answer):
    """A shop; secrets are never in it."""

    id: str
    merchant_id: str
    platform: Platform
    name: str


_ONE = "/v1/shops/{id}"
ROUTES = (
    Route("PUT", _ONE, "Create or replace a shop", put("shops"), "settings:write", body=Shop, answer=ShopAnswer),
    Route("GET", _ONE, "Read a shop", get("shops"), "settings:read", answer=ShopAnswer),
    Route("GET", "/v1/shops", "List shops", listed("shops"), "settings:read", query=Listing, answer=ShopAnswer, many=True),
)
