"""The merged OpenAPI document, and what must agree with it: the nouns and the vocabulary of scopes."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from services.cli import DATA_SERVICES
from services.gateway import nouns
from services.gateway.access.scopes import OWN, PLATFORM_RESOURCES, RESOURCES
from services.gateway.agreements.events import is_classed
from services.gateway.feed.filters import known_types
from services.gateway.openapi import FILE, Collision, Document, build
from shared import opened
from shared.auth import SEALED
from shared.coverage import CLASS_OF
from shared.jobs.api import router_of
from shared.settings import Settings

COMMON = {"Problem", "ProblemFault", "Money", "Job", "JobFailure", "JobState"}
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    """Every service's own document."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("documents"))
    return {name: import_module(f"services.{name}.app").create_app(settings).openapi() for name in DATA_SERVICES}


@pytest.fixture(scope="module")
def merged(documents: dict[str, Document]) -> Document:
    """The suite's document."""
    return build(documents)


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every path, method and operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert method in METHODS
            yield path, method, operation


def references(node: Any) -> Iterator[str]:
    """Every reference in a part of a document."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def owners(documents: dict[str, Document], prefix: str) -> dict[str, str]:
    """The service that answers the paths of each noun under a prefix; the gateway's own are left out."""
    owned: dict[str, set[str]] = {}
    for service, document in documents.items():
        for path in document["paths"]:
            if path.endswith(nouns.COMPOSED):
                assert service == "gateway"  # whichever service's noun it begins with
            elif path.startswith(prefix):
                owned.setdefault(path.removeprefix(prefix).split("/")[0], set()).add(service)
    with_jobs = owned.pop(nouns.JOBS, set())
    assert with_jobs <= {"gateway", *nouns.SERVICES}
    assert {noun: services for noun, services in owned.items() if len(services) > 1} == {}
    return {noun: next(iter(services)) for noun, services in owned.items() if services != {"gateway"}}


def test_every_path_of_a_service_is_forwarded_to_it_and_no_noun_leads_nowhere(documents: dict[str, Document]) -> None:
    assert owners(documents, "/v1/") == nouns.SERVICE_OF
    assert owners(documents, "/open/{movement}/") == nouns.OPENED_BY


def test_the_routes_that_take_large_files_are_the_ones_that_say_so(merged: Document) -> None:
    declared = {(method.upper(), path) for path, method, said in operations(merged) if said.get("x-large-body")}
    assert declared == nouns.LARGE


def test_the_nouns_that_are_sealed_are_those_whose_every_route_says_so(merged: Document) -> None:
    sealed = {(path.split("/")[2], "x-sealed" in said) for path, _, said in operations(merged)}
    assert {noun for noun, is_so in sealed if is_so} == nouns.SEALED
    assert not [noun for noun in nouns.SEALED if (noun, False) in sealed]


def test_the_vocabulary_of_scopes_is_what_the_routes_need(merged: Document) -> None:
    needed = {operation["x-scope"] for _, _, operation in operations(merged)} - {""} - OWN
    resources = {scope.partition(":")[0] for scope in needed}
    assert resources - PLATFORM_RESOURCES == RESOURCES | SEALED
    assert {scope.partition(":")[2] for scope in needed} <= {"read", "write"}


def test_of_each_event_it_is_said_whose_data_it_is_about_if_anybodys() -> None:
    unsaid = [each for each in known_types() if not is_classed(each)]
    assert not unsaid, f"services/gateway/agreements/events.py does not say what these are about: {unsaid}"


def test_of_each_resource_it_is_said_which_personal_data_it_reaches_if_any() -> None:
    unsaid = RESOURCES - CLASS_OF.keys()
    assert not unsaid, f"shared/coverage.py does not say whether these are personal data: {sorted(unsaid)}"


def test_every_reference_leads_somewhere(merged: Document) -> None:
    for reference in references(merged):
        node: Any = merged
        for step in reference.removeprefix("#/").split("/"):
            assert step in node, reference
            node = node[step]


def test_every_operation_says_who_may_call_it_and_what_a_problem_looks_like(merged: Document) -> None:
    names = set()
    for path, method, operation in operations(merged):
        scope = operation["x-scope"]
        assert operation["security"] == ([{"bearer": [scope]}, {"oauth2": [scope]}] if scope else []), path
        told = {"400", "429", "503", "504"} | ({"401", "403"} if scope else set()) | ({"404"} if "{" in path else set())
        assert told <= operation["responses"].keys(), path
        assert operation["responses"]["default"] == {"$ref": "#/components/responses/Problem"}, path
        if not path.startswith(f"/v1/{nouns.JOBS}/"):
            assert operation["operationId"].startswith(tuple(f"{name}_" for name in ("gateway", *nouns.SERVICES))), path
        assert operation["operationId"] not in names, path
        assert operation.get("description"), f"{method} {path} has no description"
        names.add(operation["operationId"])
    assert merged["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_the_json_that_is_sent_or_answered_has_an_example_and_each_is_valid(merged: Document) -> None:
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": merged["components"]}
    shown, lacking = 0, []
    for path, method, operation in operations(merged):
        for content in (operation.get("requestBody", {}), *operation["responses"].values()):
            media = content.get("content", {}).get("application/json", {})
            if "example" in media:
                schema = Draft202012Validator(dialect | media["schema"])
                faults = [fault.message for fault in schema.iter_errors(media["example"])]
                assert not faults, f"{method} {path}: {faults[0]}"
                shown += 1
            elif "schema" in media:
                lacking.append(f"{method} {path}")
    assert len(lacking) <= shown // 100, f"give a field of theirs an example: {lacking}"


def test_it_is_a_valid_openapi_document(merged: Document) -> None:
    assert merged["openapi"].startswith("3.1")
    assert json.loads(json.dumps(merged)) == merged
    for name, schema in merged["components"]["schemas"].items():
        assert name in COMMON or name.partition("_")[0] in ("gateway", *nouns.SERVICES)
        assert isinstance(schema, dict)


def document(path: str, operation: str, schema: Document | None = None) -> Document:
    """A service's document with one route."""
    described = {"operationId": operation, "x-scope": "people:read", "responses": {"200": {"description": "It."}}}
    schemas = {"Thing": schema} if schema else {}
    return {"paths": {path: {"get": described}}, "components": {"schemas": schemas}}


def test_two_services_with_one_route_collide() -> None:
    with pytest.raises(Collision, match="/v1/things"):
        build({"a": document("/v1/things", "list_things"), "b": document("/v1/things", "list_things")})


def with_jobs(service: str) -> Document:
    """The document of a service that does nothing but jobs."""
    app = FastAPI()
    app.include_router(router_of(service))
    return app.openapi()


def test_the_jobs_of_every_service_that_has_some_are_described_once_for_the_ids_of_each() -> None:
    alone = build({"members": with_jobs("members")})
    both = build({"members": with_jobs("members"), "grants": with_jobs("grants")})
    assert (
        both["paths"].keys()
        == alone["paths"].keys()
        == {f"/v1/jobs/{{job}}{part}" for part in ("", "/progress", "/faults", "/cancel")}
    )
    assert both["components"] == alone["components"]
    for _, _, operation in operations(both):
        (ids,) = (each["schema"]["anyOf"] for each in operation["parameters"] if each.get("in") == "path")
        assert [kind["pattern"].partition("_job")[0] for kind in ids] == ["^members", "^grants"]
        assert operation["tags"] == ["members", "grants"]


def test_jobs_that_services_describe_differently_collide() -> None:
    other = with_jobs("grants")
    other["paths"]["/v1/jobs/{job}"]["get"]["description"] = "Something else."
    with pytest.raises(Collision, match="/v1/jobs/"):
        build({"members": with_jobs("members"), "grants": other})


def test_two_operations_of_one_name_collide() -> None:
    twice = document("/v1/things", "read")
    twice["paths"] |= document("/v1/others", "read")["paths"]
    with pytest.raises(Collision, match="a_read"):
        build({"a": twice})


def test_a_common_schema_that_differs_collides() -> None:
    one, other = document("/v1/a", "a"), document("/v1/b", "b")
    one["components"]["schemas"]["Money"] = {"type": "object"}
    other["components"]["schemas"]["Money"] = {"type": "string"}
    with pytest.raises(Collision, match="Money"):
        build({"a": one, "b": other})


def test_schemas_of_one_name_in_two_services_stay_apart() -> None:
    one = document("/v1/a", "a", {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Thing"}}})
    merged = build({"a": one, "b": document("/v1/b", "b", {"type": "string"})})
    assert merged["components"]["schemas"] == {
        "a_Thing": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/a_Thing"}}},
        "b_Thing": {"type": "string"},
    }


def test_what_is_open_needs_neither_credential_nor_scope() -> None:
    described = document("/open/{movement}/things", "things")
    described["paths"]["/open/{movement}/things"]["get"]["x-scope"] = opened.SCOPE
    operation = build({"a": described})["paths"]["/open/{movement}/things"]["get"]
    assert (operation["x-scope"], operation["security"]) == ("", [])


def test_what_is_neither_under_v1_nor_open_is_not_public() -> None:
    assert build({"a": document("/internal", "secret")})["paths"] == {}


def test_the_shipped_document_is_what_the_services_say(merged: Document) -> None:
    shipped = json.loads(Path(FILE).read_text(encoding="utf-8"))
    assert shipped == merged, "run `python -m services openapi`"
