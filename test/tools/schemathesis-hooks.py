"""What schemathesis has to know of a site that it plays with: it must not lock itself out, and must find something there."""

import json
import os
import urllib.request

import schemathesis
from schemathesis import GenerationMode

SITE = json.loads(os.environ["MODELGATE_TEST_SITE"])
URL = os.environ["MODELGATE_TEST_URL"]
KEY = os.environ["MODELGATE_TEST_KEY"]
IS_ANONYMOUS = os.environ["MODELGATE_TEST_ANONYMOUS"] == "true"
# Things of the site, by the parameter of a path that names them.
THINGS = {"username": "ada", "name": "robot", "team": "crew", "project_id": "p", "model_id": "idle"}
KEYS = {"/users/": "key-of-ada", "/applications/": "key-of-robot"}
# Calls between two restores of what was deleted.
CALLS_PER_RESTORE = 10
calls = 0


@schemathesis.hook
def before_call(context, case, kwargs):
    global calls
    calls += 1
    if calls % CALLS_PER_RESTORE == 1 and not IS_ANONYMOUS:
        restore()
    parameters = case.path_parameters or {}
    # A good request is as good with the names of things that are there: every other one gets them.
    is_good = case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE
    # The admin whose key all calls carry stays what it is, and the site is not emptied.
    names_root = parameters.get("username") == "root" and case.method != "GET"
    # All names or none: where one is changed the others are judged again, as they are quoted by now, and "%" is in no name.
    if names_root or (is_good and calls % 2 == 0):
        for name in parameters:
            parameters[name] = THINGS.get(name) or next(KEYS[kind] for kind in KEYS if kind in case.path)
    if case.path.endswith("/site:apply") and isinstance(case.query, dict) and case.query.get("prune") == "true":
        case.query["dry_run"] = "true"


@schemathesis.check
def refused_without_credential(context, response, case):
    """With no credential nothing is answered but what says that anyone may ask."""
    if IS_ANONYMOUS and case.operation.definition.raw.get("x-who-may") != "anyone, without a credential":
        assert response.status_code >= 400, f"answered {response.status_code} to nobody"


def restore():
    request = urllib.request.Request(
        f"{URL}/api/v2/site:apply",
        data=json.dumps(SITE).encode(),
        headers={"authorization": f"Bearer {KEY}", "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        answer.read()
