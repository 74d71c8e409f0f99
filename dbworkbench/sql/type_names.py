"""By what the types are known that a file makes: two schemas may have types of one name, and case may tell two apart."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dbworkbench.sql.tables import Name

__all__ = ["TypeNames"]

_USUAL = frozenset({"public", "dbo", "main"})


@dataclass(slots=True)
class TypeNames:
    """The whole names of types, each with the key that it is known by: its last part in small letters, where that is free."""

    paths: dict[str, Name] = field(default_factory=dict)
    _alike: dict[str, list[str]] = field(default_factory=dict)

    def made(self, name: Name, path: Sequence[str] = ()) -> str:
        """The key of a type that is made in a session that looks names up in the schemas of `path`, or made again.

        >>> names = TypeNames()
        >>> names.made(("a", "state")), names.made(("b", "state")), names.made(("a", "state"))
        ('state', 'b.state', 'state')
        >>> names.key(("b", "state")), names.key(("state",)), names.key(("State",), ["b"])
        ('b.state', 'state', 'b.state')
        """
        whole = _whole(name, path)
        alike = self._alike.setdefault(name[-1].lower(), [])
        for key in alike:
            if self.paths[key] == whole:
                return key
        key = ".".join(whole) if alike else name[-1].lower()
        while key in self.paths:
            key += "'"
        alike.append(key)
        self.paths[key] = whole
        return key

    def called(self, key: str) -> str:
        """What a type is called in a design: by its last name, unless another schema's type before it is."""
        path = self.paths[key]
        first = self.paths[self._alike[path[-1].lower()][0]]
        return path[-1] if first == path or path[-1] != first[-1] else ".".join(path)

    def key(self, name: Name, path: Sequence[str] = ()) -> str:
        """The key of the type that a name means; of one that is not made here, its last part in small letters."""
        alike = self._alike.get(name[-1].lower(), ())
        if len(alike) < 2:
            return alike[0] if alike else name[-1].lower()
        wanted = [_whole(name, [home]) for home in path] if len(name) == 1 else []
        for one in (*wanted, _whole(name)):
            for same in (tuple, _folded):
                for key in alike:
                    if same(self.paths[key]) == same(one):
                        return key
        return next((key for key in alike if self.paths[key][-1] == name[-1]), alike[0])

    def rename(self, key: str, new: str) -> str:
        """Give a type another last name; its new key."""
        path = self.drop(key)
        return self.made((*path[:-1], new))

    def drop(self, key: str) -> Name:
        """Forget a type; its whole name, which is its key where it was not made here."""
        path = self.paths.pop(key, (key,))
        alike = self._alike.get(path[-1].lower(), [])
        if key in alike:
            alike.remove(key)
        return path


def _whole(name: Name, path: Sequence[str] = ()) -> Name:
    """A name with its schema, without one that every session has."""
    whole = (path[0], *name) if len(name) == 1 and path else name
    return whole[1:] if len(whole) == 2 and whole[0].lower() in _USUAL else whole


def _folded(name: Name) -> Name:
    return tuple(part.casefold() for part in name)
