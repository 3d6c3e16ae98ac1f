"""`/docs`: one page made from the OpenAPI document, with nothing to load and no script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from handlers.problems import CODES

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1b2430, #e4e9f0); --dim: light-dark(#566273, #9aa7b8);
  --paper: light-dark(#ffffff, #12171f); --panel: light-dark(#f5f7fa, #1a212c); --rule: light-dark(#dde3ea, #2b3543);
  --get: light-dark(#0b6bcb, #6cb2ff); --post: light-dark(#157347, #63d297); --put: light-dark(#8a5300, #f0b860);
  --delete: light-dark(#b3261e, #ff8a80); --patch: light-dark(#6b3fa0, #c7a6ff); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
.page { display: grid; grid-template-columns: 15rem minmax(0, 56rem); gap: 3rem; padding: 0 2rem 6rem; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; padding: 2rem 0; font-size: 15px; }
nav a { display: block; padding: .2rem 0; color: var(--dim); text-decoration: none; }
nav a:hover { color: var(--ink); text-decoration: underline; }
h1 { margin: 2rem 0 .5rem; font-size: 1.9rem; } h2 { margin: 3rem 0 .75rem; font-size: 1.25rem; }
h3 { margin: 1.25rem 0 .4rem; font-size: .95rem; color: var(--dim); font-weight: 600; }
p { max-width: 68ch; } code { font: .9em/1.5 ui-monospace, monospace; }
details { border: 1px solid var(--rule); border-radius: 8px; margin: .5rem 0; background: var(--panel); }
summary { cursor: pointer; padding: .65rem 1rem; display: grid; grid-template-columns: 4.5rem minmax(0, 1fr); gap: .25rem .75rem; }
summary::-webkit-details-marker { display: none; } summary:focus-visible { outline: 2px solid var(--get); outline-offset: 2px; }
summary > span { grid-column: 2; color: var(--dim); font-size: .93rem; }
summary > code { overflow-wrap: anywhere; } .inside { padding: 0 1rem 1rem; border-top: 1px solid var(--rule); }
.verb { font-weight: 700; } .get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); }
.delete { color: var(--delete); } .patch { color: var(--patch); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .93rem; }
td:first-child { white-space: nowrap; }
td, th { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--rule); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0; padding: .75rem 1rem; border-radius: 6px; background: var(--paper);
  border: 1px solid var(--rule); font: .88rem/1.5 ui-monospace, monospace; }
@media (max-width: 54rem) { .page { display: block; padding: 0 1rem 4rem; } nav { position: static; max-height: none; padding: 1rem 0 0; }
  nav a { display: inline-block; margin-right: 1rem; } }
"""
Doc = Mapping[str, Any]


def policy() -> str:
    """The page's Content-Security-Policy: its own style and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


def page(api: Doc) -> str:
    """The page, from the document of `openapi.document`."""
    tags = [tag["name"] for tag in api["tags"]]
    links = "".join(f'<a href="#{tag}">{tag}</a>' for tag in tags)
    sections = "".join(_section(api, tag) for tag in tags)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Deskbell API</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head><body>'
        f'<div class="page"><nav aria-label="Resources">{links}<a href="#problems">problems</a>'
        '<a href="/openapi.json">openapi.json</a></nav>'
        f"<main><h1>Deskbell API</h1><p>{_prose(api['info']['description'])}</p>{sections}{_problems()}</main></div></body></html>"
    )


def _section(api: Doc, tag: str) -> str:
    calls = [
        _call(api, path, method, call) for path, methods in api["paths"].items() for method, call in methods.items() if tag in call["tags"]
    ]
    return f'<section id="{tag}"><h2>{tag}</h2>{"".join(calls)}</section>'


def _call(api: Doc, path: str, method: str, call: Doc) -> str:
    parts = [f"<p>{_prose(call['description'])}</p>"]
    parts += [f"<h3>Example</h3><pre>{escape(each['source'])}</pre>" for each in call["x-codeSamples"]]
    if rows := "".join(_parameter(_resolved(api, each)) for each in call["parameters"]):
        parts.append(f'<h3>Parameters</h3><div class="scroll"><table>{rows}</table></div>')
    if "requestBody" in call:
        taken = call["requestBody"]["content"]
        asked = taken.get("application/json")
        parts.append("<h3>Body</h3>" + (_shape(api, asked["schema"]) if asked else f"<p>A file: {escape(', '.join(taken))}</p>"))
    for status, answer in call["responses"].items():
        if "application/json" in answer.get("content", {}):
            parts.append(f"<h3>Answer {status}</h3>" + _shape(api, answer["content"]["application/json"]["schema"]))
    refused = "".join(
        f"<tr><td>{status}</td><td>{_prose(answer['description'])}</td></tr>"
        for status, answer in call["responses"].items() if int(status) >= 400
    )  # fmt: skip
    parts.append(f'<h3>Problems</h3><div class="scroll"><table>{refused}</table></div>')
    return (
        f'<details id="{call["operationId"]}"><summary><b class="verb {method}">{method.upper()}</b> <code>{escape(path)}</code>'
        f'<span>{escape(call["summary"])}</span></summary><div class="inside">{"".join(parts)}</div></details>'
    )


def _parameter(each: Doc) -> str:
    needed = "required" if each.get("required") else ""
    kind = escape(_kind(each["schema"]))
    said = _prose(each.get("description", ""))
    return f"<tr><td><code>{escape(each['name'])}</code></td><td>{each['in']}</td><td>{kind}</td><td>{needed} {said}</td></tr>"


def _shape(api: Doc, schema: Doc) -> str:
    return f"<pre>{escape(chr(10).join(_lines(api, schema, 0)))}</pre>"


def _lines(api: Doc, schema: Doc, depth: int) -> Iterator[str]:
    """The object's members, one a line, nested ones indented."""
    schema = _resolved(api, schema)
    needed = schema.get("required", ())
    for name, given in schema.get("properties", {}).items():
        inner = _resolved(api, _not_null(given))
        items = _resolved(api, inner.get("items", {}))
        kind = _kind(inner) + ("" if name in needed else ", optional")
        yield f"{'  ' * depth}{name}: {kind}"
        yield from _lines(api, items if items.get("properties") else inner, depth + 1)


def _not_null(schema: Doc) -> Doc:
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    return choices[0] if len(choices) == 1 else schema


def _kind(schema: Doc) -> str:
    if "enum" in schema or "const" in schema:
        return " | ".join(json.dumps(each) for each in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(each) for each in schema["anyOf"]))
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}" if "$ref" not in schema.get("items", {}) else "list of"
    found = " or ".join(kind) if isinstance(kind, list) else str(kind)
    limits = [f"≤ {schema[name]}" for name in ("maxLength", "maximum", "maxItems") if name in schema]
    example = [f"such as {schema['examples'][0]}"] if schema.get("examples") else []
    return ", ".join([schema.get("format", found), *limits, *example])


def _resolved(api: Doc, schema: Doc) -> Doc:
    if "$ref" not in schema:
        return schema
    found: Any = api
    for part in schema["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    resolved: Doc = found
    return resolved


def _problems() -> str:
    rows = "".join(
        f'<tr id="problem-{code}"><td><code>{code}</code></td><td>{status}</td><td>{escape(title)}</td></tr>'
        for code, (status, title) in CODES.items()
    )
    return f'<section id="problems"><h2>problems</h2><div class="scroll"><table>{rows}</table></div></section>'


def _prose(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
