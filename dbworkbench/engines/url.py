"""The URL of a server, taken apart; what is wrong with one is said without the password that is in it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

from dbworkbench.errors import Unsupported, listed

__all__ = ["Address", "address", "with_quoted_password"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is and who asks; "" and None where the URL does not say. The password is in no text of it."""

    user: str
    password: str | None
    host: str
    port: int | None
    database: str
    options: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Address(user={self.user!r}, host={self.host!r}, port={self.port}, database={self.database!r})"


def with_quoted_password(url: str) -> str:
    """The URL with a password that has an @ or a / in it as a URL would have it: the last @ before a ? ends it.

    >>> with_quoted_password("postgresql://ann:p@ss@host/shop")
    'postgresql://ann:p%40ss@host/shop'
    """
    found = re.fullmatch(r"([^:/?#]+://[^:/?#@]*):([^?]*)(@[^@?]*(?:\?.*)?)", url, re.DOTALL)
    if found is None or re.fullmatch(r"[^@/#]*", found[2]):
        return url
    return f"{found[1]}:{quote(unquote(found[2]), safe='')}{found[3]}"


def address(url: str, known: Collection[str] = ()) -> Address:
    """What the URL of a server says. Raises Unsupported for one that cannot be read, and for options that are not `known`.

    >>> address("postgresql://ann:p@ss@localhost:5433/shop")
    Address(user='ann', host='localhost', port=5433, database='shop')
    """
    try:
        parts = urlsplit(with_quoted_password(url))
        port = parts.port
    except ValueError:
        scheme = url.partition("://")[0]
        raise Unsupported(f"that is no URL of a server — write {scheme}://user:password@host:port/database") from None
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    strange = sorted(set(options) - set(known))
    if strange:
        raise Unsupported(
            f"the option {strange[0]!r} of a URL is not known here — leave it out; known: {listed(tuple(known)) or 'none'}"
        )
    password = unquote(parts.password) if parts.password else None
    return Address(
        unquote(parts.username or ""), password, parts.hostname or "", port, unquote(parts.path.lstrip("/")), options
    )
