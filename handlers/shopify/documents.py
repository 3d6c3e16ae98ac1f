"""The GraphQL that is sent, for one version of the Admin API; a test holds it against that version's schema.

https://shopify.dev/docs/api/usage/versioning: a version is there for a year at least, then requests quietly get the oldest one.
"""

from __future__ import annotations

VERSION = "2026-10"
NAMESPACE, TICKETS = "deskbell", "tickets"

_ORDER = """
fragment Shown on Order {
  id name note tags
  metafield(namespace: "deskbell", key: "tickets") { value compareDigest }
}
"""

FIND = _ORDER + "query Find($q: String!) { orders(first: 5, query: $q) { nodes { ...Shown } } }"

READ = _ORDER + "query Read($id: ID!) { order(id: $id) { ...Shown } }"

# Compare-and-set: with the digest that was read, it fails when another has written meanwhile; null means that there was none.
KEEP = """
mutation Keep($m: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $m) { metafields { key value compareDigest } userErrors { field message code } }
}
"""

# A mutation's fields are worked one after the other: what `tagsAdd` answers is the note right before it is written.
SHOW = (
    _ORDER
    + """
mutation Show($id: ID!, $add: [String!]!, $take: [String!]!, $taking: Boolean!, $note: String!, $writing: Boolean!) {
  tagsAdd(id: $id, tags: $add) { node { id ... on Order { note } } userErrors { field message } }
  tagsRemove(id: $id, tags: $take) @include(if: $taking) { node { id } userErrors { field message } }
  orderUpdate(input: {id: $id, note: $note}) @include(if: $writing) { order { ...Shown } userErrors { field message } }
}
"""
)

# For `doctor`.
WHO = "query Who { shop { name } currentAppInstallation { accessScopes { handle } } }"

ALL = {"find": FIND, "read": READ, "keep": KEEP, "show": SHOW, "who": WHO}
