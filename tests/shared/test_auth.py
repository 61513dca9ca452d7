from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc import jwt

from shared import clock
from shared.auth import Principal, service_principal, sign, verify
from shared.errors import Unauthenticated
from shared.secrets import Secrets
from tests.shared.trial import settings_for

AT = datetime(2025, 6, 1, 12, tzinfo=UTC)
CALLER = Principal(
    id="key_1",
    movement="movement_1",
    scopes=frozenset({"people:read", "rounds:*"}),
    organisation="org_1",
    user="user_1",
    origin="connection_1",
)


@pytest.fixture
def gateway(tmp_path: Path) -> Secrets:
    return Secrets.load(settings_for(tmp_path), "gateway")


@pytest.fixture
def members(tmp_path: Path, gateway: Secrets) -> Secrets:
    return Secrets.load(settings_for(tmp_path), "members")


@pytest.mark.parametrize(
    ("granted", "wanted", "may"),
    [
        ("people:read", "people:read", True),
        ("people:read", "people:write", False),
        ("people:*", "people:write", True),
        ("people:*", "peoples:write", False),
        ("*:read", "rounds:read", True),
        ("*:read", "rounds:write", False),
        ("*", "rounds:write", True),
        ("*:read", "conversations:read", False),
        ("*:read", "safeguarding:read", False),
        ("*", "safeguarding:read", False),
        ("safeguarding:read", "safeguarding:read", True),
        ("*:read", "incidents:read", False),
        ("*:write", "incidents:write", False),
        ("*:read", "safety:read", False),
        ("incidents:read", "incidents:read", True),
        ("conversations:*", "conversations:read", True),
        ("people", "people:read", False),
        ("", "people:read", False),
    ],
)
def test_a_scope_grants_itself_its_resource_or_its_action(granted: str, wanted: str, may: bool) -> None:
    assert Principal("key_1", "movement_1", frozenset({granted})).may(wanted) is may


def test_a_principal_comes_through_a_token_unchanged(gateway: Secrets, members: Secrets) -> None:
    assert verify(sign(CALLER, "members", gateway), "members", members) == CALLER


def test_a_service_speaks_for_itself(gateway: Secrets, members: Secrets) -> None:
    itself = service_principal("members", "movement_1")
    assert verify(sign(itself, "gateway", members), "gateway", gateway) == itself


def test_only_the_gateway_vouches_for_others(gateway: Secrets, members: Secrets) -> None:
    for somebody in (CALLER, service_principal("gateway", "movement_1")):
        with pytest.raises(Unauthenticated):
            verify(sign(somebody, "grants", members), "grants", gateway)


def test_a_token_for_another_service_is_refused(gateway: Secrets, members: Secrets) -> None:
    with pytest.raises(Unauthenticated):
        verify(sign(CALLER, "grants", gateway), "members", members)


def test_a_token_lasts_a_minute_even_where_it_is_remembered(gateway: Secrets, members: Secrets) -> None:
    with clock.frozen(AT) as time:
        token = sign(CALLER, "members", gateway)
        verify(token, "members", members)
        time.advance(timedelta(seconds=59))
        verify(token, "members", members)
        time.advance(timedelta(seconds=1))
        with pytest.raises(Unauthenticated, match="expired"):
            verify(token, "members", members)


def test_a_token_is_reused_only_while_it_has_half_a_minute_left(gateway: Secrets, members: Secrets) -> None:
    with clock.frozen(AT) as time:
        first = sign(CALLER, "members", gateway)
        time.advance(timedelta(seconds=29))
        assert sign(CALLER, "members", gateway) == first
        time.advance(timedelta(seconds=1))
        assert sign(CALLER, "members", gateway) != first


def test_a_token_signed_with_a_key_that_is_not_known_is_refused(tmp_path: Path, members: Secrets) -> None:
    stranger = Secrets.load(settings_for(tmp_path / "elsewhere"), "gateway")
    with pytest.raises(Unauthenticated):
        verify(sign(CALLER, "members", stranger), "members", members)


def test_an_altered_token_is_refused(gateway: Secrets, members: Secrets) -> None:
    head, claims, signature = sign(CALLER, "members", gateway).split(".")
    _, others, _ = sign(service_principal("gateway", "movement_2"), "members", gateway).split(".")
    for altered in (f"{head}.{others}.{signature}", f"{head}.{claims}.", f"{head}.{claims}", "", "é"):
        with pytest.raises(Unauthenticated):
            verify(altered, "members", members)


@pytest.mark.parametrize("missing", ["iss", "aud", "exp", "sub", "movement", "scopes"])
def test_a_token_without_one_of_its_claims_is_refused(missing: str, gateway: Secrets, members: Secrets) -> None:
    claims = {
        "iss": "gateway",
        "aud": "members",
        "exp": 4102444800,
        "sub": "key_1",
        "movement": "movement_1",
        "scopes": [],
    }
    del claims[missing]
    token = jwt.encode({"alg": "Ed25519", "kid": "gateway.1"}, claims, gateway.signer, algorithms=["Ed25519"])
    with pytest.raises(Unauthenticated):
        verify(token, "members", members)


def test_an_unsigned_token_is_refused(members: Secrets) -> None:
    none = "eyJhbGciOiJub25lIiwia2lkIjoiZ2F0ZXdheS4xIn0.eyJzdWIiOiJrZXlfMSJ9."
    with pytest.raises(Unauthenticated):
        verify(none, "members", members)
