"""The realm that Keycloak begins with: one client, four groups, five people. All passwords are public."""

from __future__ import annotations

from typing import Any

REALM = "annolog"
CLIENT = "annolog"
CLIENT_SECRET = "a-secret-that-everybody-may-know"
ADMIN = "keeper"
ADMIN_PASSWORD = "keeper-of-the-tests"
# Of tokens; long enough for a slow machine, short enough to be waited for.
TOKEN_SECONDS = 60
GROUPS = ("annotators", "reviewers", "managers", "admins")
PEOPLE: dict[str, tuple[str, ...]] = {
    "ann": ("annotators",),
    "rae": ("reviewers",),
    "max": ("managers", "reviewers"),
    "ola": ("admins",),
    "noe": (),
}


def password_of(person: str) -> str:
    """What somebody types."""
    return f"{person}-has-a-password"


def _person(name: str, groups: tuple[str, ...]) -> dict[str, Any]:
    return {
        "username": name,
        "enabled": True,
        "email": f"{name}@example.org",
        # Everybody's address is known to be theirs but that of who is in no group.
        "emailVerified": bool(groups),
        "firstName": name.capitalize(),
        "lastName": "Example",
        "credentials": [{"type": "password", "value": password_of(name), "temporary": False}],
        "groups": [f"/{group}" for group in groups],
    }


def _client() -> dict[str, Any]:
    return {
        "clientId": CLIENT,
        "secret": CLIENT_SECRET,
        "protocol": "openid-connect",
        "publicClient": False,
        "standardFlowEnabled": True,
        "implicitFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        # On the loopback address the port is not looked at (RFC 8252, 7.3).
        "redirectUris": [f"http://127.0.0.1{path}" for path in ("/callback", "/gone", "/v1/sign-on/keycloak/callback")],
        "attributes": {
            "pkce.code.challenge.method": "S256",
            "post.logout.redirect.uris": "+",
        },
        "protocolMappers": [
            {
                "name": "groups",
                "protocol": "openid-connect",
                "protocolMapper": "oidc-group-membership-mapper",
                "config": {"claim.name": "groups", "full.path": "false", "id.token.claim": "true"},
            }
        ],
    }


def realm() -> dict[str, Any]:
    """All of it, as Keycloak imports it."""
    return {
        "realm": REALM,
        "enabled": True,
        "sslRequired": "none",
        "accessTokenLifespan": TOKEN_SECONDS,
        "accessCodeLifespan": TOKEN_SECONDS,
        "groups": [{"name": name} for name in GROUPS],
        "users": [_person(name, groups) for name, groups in PEOPLE.items()],
        "clients": [_client()],
    }
