"""Keys of both kinds: what verifies, what does not, and that no rotation makes a check fail."""

import base64
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook
from svix.webhooks import Webhook as SvixWebhook

from services.gateway.webhooks.signing import Key, Kind, new_keys, rotated, shown, sign, signing
from shared import clock
from shared.events.grants.funds import FundCreated
from tests.gateway.outward import Json, Outward
from tests.gateway.receiver import Got
from tests.gateway.running import ON_ONE_DATABASE

HOUR = 3_600_000_000


def funds(first: int, count: int) -> list[FundCreated]:
    return [FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(first, first + count)]


@ON_ONE_DATABASE
async def test_an_ed25519_endpoint_signs_what_its_public_key_verifies_and_shows_no_secret(outward: Outward) -> None:
    url = outward.receiver.url("/hook")
    made = await outward.us.post("/v1/webhook-endpoints", {"url": url, "types": ["*"], "signature": "ed25519"})
    await outward.publish(*funds(1, 1))
    (got,) = await outward.received("/hook")

    assert (made["secret"], made["signature"]) == (None, "ed25519")
    assert made["public_key"].startswith("whpk_")
    assert verified(got, made["public_key"])
    assert not verified(Got(got.path, got.headers, got.body + b" "), made["public_key"])
    assert (await outward.us.get(f"/v1/webhook-endpoints/{made['id']}"))["public_key"] == made["public_key"]


@ON_ONE_DATABASE
@pytest.mark.usefixtures("by_the_machine")
async def test_an_endpoint_changes_from_a_secret_to_a_public_key_with_both_signing_for_a_day(outward: Outward) -> None:
    with clock.frozen(clock.now()) as time:
        before = await outward.us.endpoint(outward.receiver.url("/hook"))
        after = await outward.us.post(f"/v1/webhook-endpoints/{before['id']}/secret", {"signature": "ed25519"})
        await outward.publish(*funds(1, 1))
        (during,) = await outward.received("/hook")
        time.advance(timedelta(hours=24, seconds=1))
        await outward.publish(*funds(2, 1))
        (_, later) = await outward.received("/hook", 2)

    Webhook(before["secret"]).verify(during.body, dict(during.headers) | _now(during))
    assert verified(during, after["public_key"])
    assert verified(later, after["public_key"])
    assert "v1," not in later.headers["webhook-signature"]


@ON_ONE_DATABASE
@pytest.mark.usefixtures("by_the_machine")
async def test_under_load_no_delivery_fails_the_check_of_whoever_changes_over_at_once(outward: Outward) -> None:
    """The receiver drops the old secret as soon as it has the new one: harder than Standard Webhooks asks for."""
    held = outward.receiver.holds("/hook")  # so that deliveries under way and in memory are caught in between
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
    secrets, changed_at = [endpoint["secret"]], [0]
    for turn in range(4):
        await outward.publish(*funds(100 * turn, 100))
        rotated_to: Json = await outward.us.post(f"/v1/webhook-endpoints/{endpoint['id']}/secret")
        secrets.append(rotated_to["secret"])
        changed_at.append(len(outward.receiver.got))
        held.set()
        await outward.received("/hook", 100 * (turn + 1))  # none is two changes late, as none is within a day
    got = await outward.received("/hook", 400)

    assert len(set(secrets)) == 5
    for number, one in enumerate(got):
        newest = max(turn for turn, since in enumerate(changed_at) if number >= since)
        for verifier in (Webhook, SvixWebhook):
            verifier(secrets[newest]).verify(one.body, dict(one.headers))


@pytest.mark.parametrize("kind", ["hmac", "ed25519"])
def test_a_key_signs_before_it_is_shown_and_for_a_day_after_it_was_replaced(kind: Kind) -> None:
    at = 1_000 * HOUR
    first = new_keys(kind)
    second = rotated(first, at, kind)
    third = rotated(second, at + HOUR, kind)

    assert [key.secret for key in first[1:]] == [second[0].secret]
    assert [key.secret for key in second[1:2]] == [third[0].secret]
    assert {second[0].secret, first[0].secret} < {key.secret for key in signing(third, at + 23 * HOUR)}
    assert first[0].secret not in {key.secret for key in signing(third, at + 24 * HOUR)}
    assert {key.secret for key in signing(third, at + 26 * HOUR)} == {third[0].secret, third[1].secret}


def test_keys_that_were_stored_before_there_was_an_upcoming_one_are_rotated_too() -> None:
    stored = [Key(b"1" * 32), Key(b"0" * 32, until=2 * HOUR)]
    now_shown, upcoming, *old = rotated(stored, HOUR, "hmac")

    assert (now_shown.upcoming, upcoming.upcoming) == (False, True)
    assert [(key.secret, key.until) for key in old] == [(b"1" * 32, 25 * HOUR), (b"0" * 32, 2 * HOUR)]


def test_each_kind_of_signature_has_the_prefix_of_the_standard() -> None:
    keys = [*new_keys("hmac"), *new_keys("ed25519")]
    kinds = [signature.partition(",")[0] for signature in sign(keys, "dlv_1", 1_700_000_000, b"{}").split()]

    assert kinds == ["v1", "v1", "v1a", "v1a"]
    assert [shown(key).partition("_")[0] for key in keys] == ["whsec", "whsec", "whpk", "whpk"]


def verified(got: Got, public_key: str) -> bool:
    """Whether one of the signatures is by the owner of a public key, checked by the standard's own words."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key.removeprefix("whpk_")))
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    for signature in got.headers["webhook-signature"].split():
        version, _, encoded = signature.partition(",")
        try:
            if version == "v1a":
                key.verify(base64.b64decode(encoded), signed)
                return True
        except InvalidSignature:
            continue
    return False


def _now(got: Got) -> dict[str, str]:
    """Nothing to change while the frozen clock stands near the real one."""
    return {"webhook-timestamp": got.headers["webhook-timestamp"]}
