"""Addresses: how they are counted, and what is believed of a proxy's list of them."""

from ipaddress import ip_network

import pytest

from hyred_chat.http.addresses import Proxies, counted_address

PROXIES = Proxies(ip_network(text) for text in ("127.0.0.1", "10.0.0.0/8", "fd00::/8"))


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:ffff::1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("no:address", "no:address"),
    ],
)
def test_an_address_is_counted_as_what_one_customer_has(address: str, counted: str) -> None:
    assert counted_address(address) == counted


@pytest.mark.parametrize(
    ("address", "is_trusted"),
    [
        ("127.0.0.1", True),
        ("10.200.3.4", True),
        ("::ffff:10.0.0.1", True),
        ("fd12::1", True),
        ("127.0.0.2", False),
        ("192.0.2.1", False),
        ("::1", False),
        ("", False),
        ("localhost", False),
    ],
)
def test_a_proxy_is_trusted_by_its_address(address: str, is_trusted: bool) -> None:
    assert PROXIES.trust(address) is is_trusted
    assert not Proxies().trust(address)


@pytest.mark.parametrize(
    ("forwarded_for", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1", "192.0.2.1"),
        ("127.0.0.1, 192.0.2.1", "192.0.2.1"),
        ("192.0.2.1, 10.0.0.7", "192.0.2.1"),
        ("6.6.6.6, 192.0.2.1,10.0.0.7 , fd00::1", "192.0.2.1"),
        ("10.0.0.9, 10.0.0.7", "10.0.0.9"),
        ("192.0.2.1:8080", "192.0.2.1"),
        ("[2001:db8::1]:8080", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", "127.0.0.1"),
        ("unknown", "127.0.0.1"),
        ("192.0.2.1, unknown", "127.0.0.1"),
        ("192.0.2.1, unknown, 10.0.0.7", "10.0.0.7"),
        ("192.0.2.1, ", "127.0.0.1"),
        (",".join(["6.6.6.6"] * 1000), "6.6.6.6"),
    ],
)
def test_the_client_is_the_rightmost_hop_that_is_no_trusted_proxy(forwarded_for: str, client: str) -> None:
    assert PROXIES.client_of("127.0.0.1", forwarded_for) == client
