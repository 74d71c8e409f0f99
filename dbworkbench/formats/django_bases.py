"""Abstract models that Django itself brings, which models of others stand on: their fields, as their documentation lists them."""

import ast
from functools import cache

from dbworkbench.formats.python import Module

__all__ = ["PLAIN_BASES", "with_bases"]

PLAIN_BASES = frozenset({"ABC", "Enum", "Generic", "Model", "Protocol", "models.Model", "object"})
"""Bases that bring no columns."""

_BASES = """
class AbstractBaseUser(models.Model):
    password = models.CharField(max_length=128)
    last_login = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class PermissionsMixin(models.Model):
    is_superuser = models.BooleanField(default=False)
    groups = models.ManyToManyField("auth.Group")
    user_permissions = models.ManyToManyField("auth.Permission")

    class Meta:
        abstract = True


class AbstractUser(AbstractBaseUser, PermissionsMixin):
    username = models.CharField(max_length=150, unique=True)
    first_name = models.CharField(max_length=150)
    last_name = models.CharField(max_length=150)
    email = models.EmailField()
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=now)

    class Meta:
        abstract = True


class AbstractBaseSession(models.Model):
    session_key = models.CharField(max_length=40, primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)

    class Meta:
        abstract = True
"""


@cache
def _bases() -> dict[str, ast.ClassDef]:
    return {node.name: node for node in ast.parse(_BASES).body if isinstance(node, ast.ClassDef)}


def with_bases(module: Module) -> None:
    """Give a file the classes of Django's that its own stand on."""
    wanted = [base for node in module.classes.values() for base in module.bases(node) if base in _bases()]
    while wanted:
        name = wanted.pop()
        if name not in module.classes:
            module.classes[name] = _bases()[name]
            wanted += [base for base in module.bases(_bases()[name]) if base in _bases()]
