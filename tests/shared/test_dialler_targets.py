"""Whom the dialler refuses: addresses that are not global, and URLs and names that lead to one in any disguise."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.addresses import address_of, why_refused
from shared.dialler import DialFailed, Dialler, NotAllowed
from tests.shared.dialling import names, post
from tests.shared.targets import INWARD, INWARD_NAMES

REFUSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255",
    "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1",
    "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::a9fe:a9fe",
    "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "64:ff9b:1:ffff::a00:1", "100::1", "2001::1",
    "2001:0:7f00:1::", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1",
    "3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fd12:3456::1", "fe80::1", "fec0::1",
    "ff02::1", "ff0e::1",
]  # fmt: skip
ALLOWED = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
    "128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
    "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::1", "2001:4860:4860::8888", "2606:4700::1111",
    "2a00:1450::1", "3ffe::1",
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_not_global_is_refused(address: str) -> None:
    assert why_refused(address_of(address)) is not None


@pytest.mark.parametrize("address", ALLOWED)
def test_a_global_address_is_allowed(address: str) -> None:
    assert why_refused(address_of(address)) is None


@given(st.ip_addresses())
def test_whatever_the_library_calls_private_is_refused(address: object) -> None:
    parsed = address_of(str(address))
    if parsed.is_private or parsed.is_multicast or parsed.is_reserved or parsed.is_link_local or parsed.is_loopback:
        assert why_refused(parsed) is not None


def test_a_zone_hides_nothing() -> None:
    assert why_refused(address_of("fe80::1%eth0")) == "link-local"


@pytest.mark.parametrize("url", INWARD)
async def test_a_url_that_leads_inside_or_is_no_plain_https_is_refused(url: str) -> None:
    dialler = Dialler(resolver=names(**{"crm.example.org": ["93.184.216.34"]}))

    with pytest.raises(NotAllowed):
        await dialler.check(url)
    with pytest.raises(DialFailed, match=r"^address_refused: "):
        await post(dialler, url)


@pytest.mark.parametrize("addresses", INWARD_NAMES.values(), ids=INWARD_NAMES)
async def test_a_name_is_refused_if_any_of_its_addresses_is(addresses: Sequence[str]) -> None:
    dialler = Dialler(resolver=names(**{"crm.example.org": addresses}))

    with pytest.raises(NotAllowed):
        await dialler.check("https://crm.example.org/")
    with pytest.raises(DialFailed, match=r"^address_refused: ") as failed:
        await post(dialler, "https://crm.example.org/")
    assert failed.value.address is None
