# SPDX-License-Identifier: MIT
"""Holds requests and answers against fcgi-app/operation/openapi.json.

`answered(...)` raises AssertionError when an answer is not what the document says: an unknown status, a media type or a
JSON body of another shape, also a member that is not described; and when a request was taken (2xx) whose parameters or JSON
body are of another shape. `described()` and `seen` tell which operations there are and which of them gave a 2xx.
"""
import functools
import json
import os
import re
import urllib.parse
import uuid

import jsonschema

from . import http
from .servers import ROOT

UID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
FORMATS = jsonschema.FormatChecker(formats=())
seen = set()  # (METHOD, path as described)


@FORMATS.checks("uuid", ValueError)
def is_uuid(text):
    return not isinstance(text, str) or str(uuid.UUID(text)) == text


@FORMATS.checks("date-time")
def is_time(text):
    return not isinstance(text, str) or bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", text))


@FORMATS.checks("date")
def is_date(text):
    return not isinstance(text, str) or bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text))


@functools.lru_cache(None)
def document():
    with open(os.path.join(ROOT, "fcgi-app", "operation", "openapi.json"), encoding="utf-8") as file:
        return json.load(file)


def resolved(thing):
    while "$ref" in thing:
        target = document()
        for step in thing["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        thing = target
    return thing


def strict(schema):
    """The schema without references, and with no room for members that it does not name."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: strict(value) for key, value in resolved(schema).items()}
    if "properties" in out and isinstance(out.get("type"), (str, list)):
        out.setdefault("additionalProperties", False)
    return out


@functools.lru_cache(None)
def validator(schema_text):
    schema = strict(json.loads(schema_text))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=FORMATS)


def require(schema, value, what):
    problems = sorted(validator(json.dumps(schema)).iter_errors(value), key=lambda problem: list(problem.path))
    if problems:
        first = problems[0]
        where = "/".join(str(step) for step in first.path)
        raise AssertionError(f"{what}: #/{where}: {first.message[:500]}")


@functools.lru_cache(None)
def patterns():
    return [(re.compile(re.sub(r"\\\{uid2?\\\}", UID, re.escape(path)).replace(r"\{n\}", r"\d+")), path) for path in document()["paths"]]


def described():
    return {(method.upper(), path) for path, item in document()["paths"].items() for method in item if method in METHODS}


def operation_of(method, path):
    """(path as described, operation); HEAD is answered by GET where it is not described itself."""
    found = [name for pattern, name in patterns() if pattern.fullmatch(path)]
    for name in sorted(found, key=len, reverse=True):  # /team/groups.csv before anything looser
        item = document()["paths"][name]
        if method.lower() in item:
            return name, item[method.lower()]
        if method == "HEAD" and "get" in item:
            return name, item["get"]
    return None, None


def query_is_described(operation, path, query, what):
    parameters = [resolved(each) for each in operation.get("parameters", [])]
    known = {each["name"]: each["schema"] for each in parameters if each["in"] == "query"}
    for name, value in urllib.parse.parse_qsl(query, keep_blank_values=True):
        schema = known.get(name)  # which ones there are is a unit test's matter; addresses of tus take any
        if schema is None:
            continue
        whole = schema.get("type") == "integer" and re.fullmatch(r"\d+", value)
        if value:
            require(schema, int(value) if whole else value, f"{what}: query {name}")


def listen():
    """Hold everything that tests ask by support.http against the document from now on."""
    http.on_answer.append(lambda method, path, headers, body, response: answered(
        method, path, headers, body if isinstance(body, bytes) else None, response.status, response.headers.get, response.body))


def answered(method, target, request_headers, request_body, status, headers, body):
    """headers: (name, value) pairs or a mapping of the request; a `get` of the answer's, case-blind. Bodies are bytes."""
    asked = {name.lower(): value for name, value in (request_headers.items() if isinstance(request_headers, dict) else request_headers)}
    media = (headers("Content-Type") or "").split(";")[0]
    if media == "text/html":
        return  # a page, which nginx sends
    path, _, query = target.partition("?")
    method = asked.get("x-http-method-override", method) if method == "POST" else method
    name, operation = operation_of(method, path)
    what = f"{method} {path}: {status}"
    if operation is None or status >= 400 and str(status) not in operation["responses"]:
        if status >= 400 and body and method != "HEAD" and media == "application/problem+json":
            require({"$ref": "#/components/schemas/Problem"}, json.loads(body), what)
        assert operation is not None or status >= 400 or method == "OPTIONS" or name is None and not path.startswith(
            ("/upload", "/datasets", "/export", "/team", "/jobs")), f"{what}: is not described"
        return
    assert str(status) in operation["responses"], f"{what}: the status is not described"
    response = resolved(operation["responses"][str(status)])
    if method != "HEAD" and body:
        assert media in response.get("content", {}), f"{what}: {media} is not described"
        if media == "application/json":
            require(response["content"][media].get("schema", {}), json.loads(body), what)
    if 200 <= status < 300:
        query_is_described(operation, path, query, what)
        sent = (asked.get("content-type") or "").split(";")[0]
        if sent == "application/json" and request_body and "requestBody" in operation:
            require(operation["requestBody"]["content"][sent]["schema"], json.loads(request_body), f"{what}: request")
        seen.add((method, name))
