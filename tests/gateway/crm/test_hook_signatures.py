"""Who calls at a hook: by the official library of Standard Webhooks, by HubSpot's own rule, by a shared secret."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from standardwebhooks import Webhook

from services.gateway.inbound.signatures import Called, NotVerified, Scheme, is_key, verify

NOW = 1_780_000_000
BODY = '{"id": 7, "first_name": "Zoë"}'.encode()
URI = "https://movement.example.org/v1/hooks/crm_01?from=us%40here"
SECRET = "whsec_" + base64.b64encode(b"thirty-two bytes of a CRM's own!").decode()
APP_SECRET = "d8d1c6f0-2f7c-4f3e-a4c6-0a3c5a1b7c11"


def by_the_library(secret: str, at: int = NOW, body: bytes = BODY) -> dict[str, str]:
    """The headers of Standard Webhooks as its official package makes them."""
    signature = Webhook(secret).sign("msg_1", datetime.fromtimestamp(at, UTC), body.decode())
    return {"webhook-id": "msg_1", "webhook-timestamp": str(at), "webhook-signature": signature}


def by_hubspot(secret: str, at: int = NOW, uri: str = URI.replace("%40", "@")) -> dict[str, str]:
    """HubSpot's headers: base64 of HMAC-SHA256 over method, decoded address, body and milliseconds."""
    content = f"POST{uri}".encode() + BODY + str(at * 1000).encode()
    made = base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()
    return {"x-hubspot-signature-v3": made, "x-hubspot-request-timestamp": str(at * 1000)}


def verified(scheme: Scheme, keys: list[str], headers: dict[str, str], body: bytes = BODY) -> bool:
    try:
        verify(scheme, keys, Called("POST", URI, headers, body), NOW)
    except NotVerified:
        return False
    return True


def test_what_the_official_library_signs_is_taken_with_the_new_secret_and_with_the_old_one() -> None:
    old = "whsec_" + base64.b64encode(b"the one before it, of 24 bytes..").decode()
    standard = Scheme.STANDARD_WEBHOOKS
    assert verified(standard, [SECRET], by_the_library(SECRET))
    assert verified(standard, [SECRET, old], by_the_library(old))
    assert not verified(standard, [SECRET], by_the_library(old))
    both = by_the_library(old) | {"webhook-signature": f"v1,AAAA v2,x {by_the_library(SECRET)['webhook-signature']}"}
    assert verified(standard, [SECRET], both), "a sender that rotates signs with both"


def test_a_sender_may_sign_with_ed25519() -> None:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key = "whpk_" + base64.b64encode(public).decode()
    made = private.sign(f"msg_1.{NOW}.".encode() + BODY)
    headers = by_the_library(SECRET) | {"webhook-signature": f"v1a,{base64.b64encode(made).decode()}"}
    assert verified(Scheme.STANDARD_WEBHOOKS, [key], headers)
    assert not verified(Scheme.STANDARD_WEBHOOKS, [key], headers, BODY + b" ")
    assert not verified(Scheme.STANDARD_WEBHOOKS, [key], by_the_library(SECRET))


def test_hubspots_signature_is_over_method_address_body_and_time() -> None:
    assert verified(Scheme.HUBSPOT_V3, [APP_SECRET], by_hubspot(APP_SECRET))
    assert not verified(Scheme.HUBSPOT_V3, [APP_SECRET], by_hubspot(APP_SECRET), BODY + b" ")
    assert not verified(Scheme.HUBSPOT_V3, [APP_SECRET], by_hubspot(APP_SECRET, uri=URI + "1"))
    assert not verified(Scheme.HUBSPOT_V3, ["another-secret-of-an-app"], by_hubspot(APP_SECRET))


@pytest.mark.parametrize("late", [-301, 301])
def test_what_is_older_than_five_minutes_or_ahead_of_us_is_refused(late: int) -> None:
    assert verified(Scheme.STANDARD_WEBHOOKS, [SECRET], by_the_library(SECRET, NOW + late - late // abs(late)))
    assert not verified(Scheme.STANDARD_WEBHOOKS, [SECRET], by_the_library(SECRET, NOW + late))
    assert not verified(Scheme.HUBSPOT_V3, [APP_SECRET], by_hubspot(APP_SECRET, NOW + late))


def test_a_shared_secret_is_sent_whole() -> None:
    key = "a-secret-of-more-than-24-characters"
    assert verified(Scheme.SHARED_SECRET, [key], {"backbone-hook-secret": key})
    assert not verified(Scheme.SHARED_SECRET, [key], {"backbone-hook-secret": key[:-1]})


@pytest.mark.parametrize(
    ("scheme", "headers"),
    [
        (Scheme.STANDARD_WEBHOOKS, {}),
        (Scheme.STANDARD_WEBHOOKS, by_the_library(SECRET) | {"webhook-timestamp": "soon"}),
        (Scheme.STANDARD_WEBHOOKS, by_the_library(SECRET) | {"webhook-timestamp": "9" * 400}),
        (Scheme.STANDARD_WEBHOOKS, by_the_library(SECRET) | {"webhook-signature": "v1"}),
        (Scheme.STANDARD_WEBHOOKS, by_the_library(SECRET) | {"webhook-signature": "v1,ü"}),
        (Scheme.HUBSPOT_V3, by_hubspot(SECRET) | {"x-hubspot-signature-v3": ""}),
        (Scheme.SHARED_SECRET, {"backbone-hook-secret": ""}),
    ],
)
def test_what_is_malformed_is_not_verified_and_breaks_nothing(scheme: Scheme, headers: dict[str, str]) -> None:
    assert not verified(scheme, [SECRET], headers)


@pytest.mark.parametrize(
    ("scheme", "text", "can_be"),
    [
        (Scheme.STANDARD_WEBHOOKS, SECRET, True),
        (Scheme.STANDARD_WEBHOOKS, "whsec_c2hvcnQ=", False),
        (Scheme.STANDARD_WEBHOOKS, "whpk_c2hvcnQ=", False),
        (Scheme.STANDARD_WEBHOOKS, "whsec_no base 64 at all, this one is", False),
        (Scheme.HUBSPOT_V3, APP_SECRET, True),
        (Scheme.SHARED_SECRET, "too short", False),
    ],
)
def test_a_secret_is_long_enough_to_be_one(scheme: Scheme, text: str, can_be: bool) -> None:
    assert is_key(scheme, text) is can_be
