"""Which machines may be talked to."""

from ipaddress import ip_address

import pytest

from qabot.hosts import is_intranet, is_public, parse


@pytest.mark.parametrize(
    ("text", "public", "intranet"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1::1", True, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("10.1.2.3", False, True),
        ("172.16.0.1", False, True),
        ("192.168.1.1", False, True),
        ("fd00::1", False, True),
        ("100.64.0.1", False, False),  # a provider's own net
        ("169.254.169.254", False, False),  # where clouds hand out keys
        ("fe80::1", False, False),
        ("0.0.0.0", False, False),
        ("::", False, False),
        ("224.0.0.1", False, False),
        ("ff02::1", False, False),
        ("255.255.255.255", False, True),
        ("::ffff:127.0.0.1", False, True),
        ("::ffff:169.254.169.254", False, False),
        ("2002:7f00:1::", False, True),  # 6to4 of 127.0.0.1
        ("64:ff9b::a9fe:a9fe", False, False),  # NAT64 of 169.254.169.254
        ("64:ff9b::5db8:d822", True, True),
    ],
)
def test_kinds(text: str, public: bool, intranet: bool) -> None:
    """IPv4 addresses in the dress of IPv6 are what they are underneath."""
    address = ip_address(text)
    assert (is_public(address), is_intranet(address)) == (public, intranet)


@pytest.mark.parametrize("text", ["2130706433", "127.1", "0x7f.0.0.1", "example.org", ""])
def test_what_only_a_resolver_takes_for_an_address(text: str) -> None:
    """It is none."""
    assert parse(text) is None


def test_a_zone_is_no_part_of_an_address() -> None:
    """A link-local address names the network card."""
    assert parse("fe80::1%eth0") == ip_address("fe80::1")
