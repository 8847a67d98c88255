"""Which machines may be talked to when an article is fetched: those of the open internet, and an intranet's where the user says so."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address
_NAT64 = ip_network("64:ff9b::/96")  # the last four bytes are an IPv4 address


def is_public(address: Address) -> bool:
    """Whether it is of the open internet: not private, loopback, link-local, multicast or reserved, nor one of these in IPv6 dress."""
    inner = _inner(address)
    return inner.is_global and not inner.is_multicast


def is_intranet(address: Address) -> bool:
    """Whether it is public, private or this machine; link-local stays out, since clouds hand out their keys there."""
    inner = _inner(address)
    unfit = inner.is_link_local or inner.is_multicast or inner.is_unspecified
    return not unfit and (inner.is_loopback or inner.is_private or inner.is_global)


def parse(text: str) -> Address | None:
    """The address that a socket is about to connect to; None where it is none, as "2130706433", which a resolver would take for one."""
    try:
        return ip_address(text.split("%", 1)[0])
    except ValueError:
        return None


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one leads to, where it does."""
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return IPv4Address(address.packed[-4:])
        return address.ipv4_mapped or address.sixtofour or address
    return address
