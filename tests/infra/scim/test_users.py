"""Users over SCIM, as Okta and Entra send them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from annolog.commands.people import RegisterPeople
from annolog.domain.activity.events import SignInMethod
from annolog.domain.people.events import PersonDeactivated, Source
from annolog.domain.refusals import Unauthenticated
from tests.infra.scim.conftest import Provider, patch

ADA = {
    "externalId": "00u1",
    "name": {"givenName": "Ada", "familyName": "Lovelace"},
    "emails": [{"value": "ada@example.org", "type": "work", "primary": True}],
}
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def standing(provider: Provider, user: dict[str, Any]) -> str:
    people = provider.api.done("GET", "/v1/people")["people"]
    return str(next(person["standing"] for person in people if str(person["person"]) == user["id"]))


def recorded(provider: Provider) -> int:
    return provider.api.facts()


def test_a_user_is_a_person_with_a_handle_that_tells_nothing_and_a_name_that_is_sealed(provider: Provider) -> None:
    user = provider.user("ada@corp.local", **ADA)
    assert user["meta"]["location"] == f"{provider.url}/Users/{user['id']}"
    assert (user["active"], user["externalId"], user["name"]["givenName"]) == (True, "00u1", "Ada")
    people = provider.api.done("GET", "/v1/people")["people"]
    found = next(person for person in people if str(person["person"]) == user["id"])
    assert found["handle"] == f"person-{user['id']}"
    assert (found["name"], found["email"], found["role"]) == ("Ada Lovelace", "ada@example.org", "member")
    stored = repr([event.event for event in provider.api.installation.log.after(0, 1000)])
    assert not [word for word in ("Ada", "Lovelace", "ada@", "00u1") if word in stored]


def test_what_is_not_kept_is_left_out_and_not_refused(provider: Provider) -> None:
    user = provider.user(
        "ada",
        title="Countess",
        phoneNumbers=[{"value": "1"}],
        password="secret",
        schemas=["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        **{ENTERPRISE: {"department": "x"}},
    )
    assert user.keys() == {"schemas", "id", "userName", "active", "meta"}
    assert provider.patch(f"Users/{user['id']}", {"op": "add", "path": "title", "value": "x"})["userName"] == "ada"
    department = {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "y"}
    assert "title" not in provider.patch(f"Users/{user['id']}", department)


def test_a_user_name_is_one_persons_whatever_its_capitals(provider: Provider) -> None:
    provider.user("ada@example.org")
    bob = provider.user("bob@example.org")
    again = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ADA@example.org"}
    for refused in (provider.ask("POST", "/Users", again), provider.ask("PUT", f"Users/{bob['id']}", again)):
        assert (refused.status_code, refused.json()["scimType"]) == (409, "uniqueness")
        assert refused.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert provider.done("GET", "/Users")["totalResults"] == 2


@pytest.mark.parametrize(
    ("filter", "names"),
    [
        ('userName eq "ADA@example.org"', ["ada@example.org"]),
        ('externalId eq "00u1"', ["ada@example.org"]),
        ('emails[type eq "work" and value co "@example.org"]', ["ada@example.org"]),
        ('name.familyName sw "love" or active eq false', ["ada@example.org", "cyd@example.org"]),
        ("not (externalId pr)", ["bob@example.org", "cyd@example.org"]),
        ('groups.display eq "Staff"', ["bob@example.org"]),
        ('userName eq "nobody"', []),
    ],
)
def test_a_list_is_filtered(provider: Provider, filter: str, names: list[str]) -> None:
    provider.user("ada@example.org", **ADA)
    bob = provider.user("bob@example.org")
    provider.user("cyd@example.org", active=False)
    provider.group("Staff", bob)
    found = provider.done("GET", "/Users", params={"filter": filter})
    assert [user["userName"] for user in found.get("Resources", [])] == names
    assert found["totalResults"] == len(names)
    search = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": filter}
    assert provider.done("POST", "Users/.search", search)["totalResults"] == len(names)


@pytest.mark.parametrize(("filter", "kind"), [('userName xx "a"', "invalidFilter"), ("shoeSize eq 3", "invalidFilter")])
def test_a_filter_that_means_nothing_is_refused(provider: Provider, filter: str, kind: str) -> None:
    refused = provider.ask("GET", "/Users", params={"filter": filter})
    assert (refused.status_code, refused.json()["scimType"]) == (400, kind)


def test_a_list_comes_page_by_page_in_the_order_asked_for(provider: Provider) -> None:
    for name in ("cyd", "ada", "bob"):
        provider.user(name)
    assert provider.names("") == ["cyd", "ada", "bob"]
    assert provider.names("sortBy=userName") == ["ada", "bob", "cyd"]
    assert provider.names("sortBy=userName&sortOrder=descending&count=2") == ["cyd", "bob"]
    page = provider.done("GET", "/Users?sortBy=userName&startIndex=3&count=2&attributes=userName")
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (3, 3, 1)
    assert [user.keys() for user in page["Resources"]] == [{"schemas", "id", "userName"}]
    assert provider.done("GET", "/Users?count=0")["totalResults"] == 3
    assert provider.ask("GET", "/Users?cursor=").status_code == 400


# As the two providers that most people have write it.
DEACTIVATING = {
    "Okta": [{"op": "replace", "value": {"active": False}}],
    "Entra": [{"op": "Replace", "path": "active", "value": "False"}],
    "Entra, together": [{"op": "Replace", "value": {"active": "False", "displayName": "gone"}}],
}
ACTIVATING = {
    "Okta": [{"op": "replace", "value": {"active": True}}],
    "Entra": [{"op": "Add", "path": "active", "value": "True"}],
    "Entra, together": [{"op": "Replace", "value": {"active": "True"}}],
}


@pytest.mark.parametrize("way", DEACTIVATING)
def test_who_is_deactivated_does_not_come_in_until_they_are_active_again(provider: Provider, way: str) -> None:
    user = provider.user("ada", **ADA)
    issued = provider.api.done("POST", f"/v1/people/{user['id']}/tokens", json={"label": "x"})
    mine = {"Authorization": f"Bearer {issued['secret']}"}
    assert provider.api.ask("GET", "/v1/me", headers=mine).status_code == 200
    there = provider.api.installation
    session, begins = there.sessions.beginning(int(user["id"]), SignInMethod.PASSWORD)
    there.as_system(begins)
    assert there.person_in(session).id == int(user["id"])
    assert provider.patch(f"Users/{user['id']}", *DEACTIVATING[way])["active"] is False
    assert standing(provider, user) == "deactivated"
    assert provider.api.ask("GET", "/v1/me", headers=mine).status_code == 401
    events = [one.event for one in provider.api.installation.log.after(0, 1000)]
    assert [event.source for event in events if isinstance(event, PersonDeactivated)] == [Source.SCIM]
    assert provider.patch(f"Users/{user['id']}", *ACTIVATING[way])["active"] is True
    assert provider.api.ask("GET", "/v1/me", headers=mine).status_code == 200
    there.sessions.forget(session)
    with pytest.raises(Unauthenticated):
        there.person_in(session)


def test_the_path_less_and_the_filtering_patches_of_entra_say_what_they_mean(provider: Provider) -> None:
    user = provider.user("ada")
    changed = provider.patch(
        f"Users/{user['id']}",
        {"op": "Add", "path": 'emails[type eq "work"].value', "value": "ada@example.org"},
        {"op": "Replace", "value": {"name.givenName": "Ada", "name.familyName": "Lovelace", "externalId": "x"}},
    )
    assert changed["emails"] == [{"type": "work", "value": "ada@example.org"}]
    assert changed["name"] == {"givenName": "Ada", "familyName": "Lovelace"}
    again = provider.patch(
        f"Users/{user['id']}",
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "countess@example.org"},
        {"op": "Remove", "path": "name.givenName"},
    )
    assert again["emails"] == [{"type": "work", "value": "countess@example.org"}]
    assert again["name"] == {"familyName": "Lovelace"}


def test_a_replacement_says_everything_but_lets_nobody_in_by_leaving_it_unsaid(provider: Provider) -> None:
    user = provider.user("ada", **ADA, active=False)
    said = {"schemas": user["schemas"], "userName": "ada", "displayName": "Countess"}
    replaced = provider.done("PUT", f"Users/{user['id']}", said)
    assert (replaced["active"], replaced["displayName"]) == (False, "Countess")
    assert not replaced.keys() & {"name", "emails", "externalId"}
    assert provider.done("PUT", f"Users/{user['id']}", said | {"active": True})["active"] is True


def test_the_same_said_again_is_no_news(provider: Provider) -> None:
    user = provider.user("ada", **ADA)
    head, said = recorded(provider), {key: value for key, value in user.items() if key not in ("id", "meta")}
    assert provider.done("PUT", f"Users/{user['id']}", said)["meta"] == user["meta"]
    provider.patch(f"Users/{user['id']}", {"op": "replace", "path": "userName", "value": "ada"})
    assert recorded(provider) == head


def test_a_change_is_made_on_the_version_it_was_decided_on_or_not_at_all(provider: Provider) -> None:
    user = provider.user("ada", **ADA)
    path, version = f"Users/{user['id']}", user["meta"]["version"]
    assert provider.ask("GET", path).headers["etag"] == version
    assert provider.ask("GET", path, headers={"If-None-Match": version}).status_code == 304
    rename = patch({"op": "replace", "path": "displayName", "value": "Countess"})
    changed = provider.ask("PATCH", path, rename, headers={"If-Match": version})
    assert changed.headers["etag"] not in ("", version)
    for method, said in (("PATCH", rename), ("PUT", user), ("DELETE", None)):
        stale = provider.ask(method, path, said, headers={"If-Match": version})
        assert (stale.status_code, stale.json()["status"]) == (412, "412")
    assert provider.ask("DELETE", path, headers={"If-Match": changed.headers["etag"]}).status_code == 204


def test_who_is_removed_is_deactivated_and_forgotten_and_comes_back_as_somebody_else(provider: Provider) -> None:
    user = provider.user("ada", **ADA)
    group = provider.group("Staff", user)
    assert provider.ask("DELETE", f"Users/{user['id']}").status_code == 204
    for method, said in (("GET", None), ("PUT", user), ("PATCH", patch(ACTIVATING["Okta"][0])), ("DELETE", None)):
        gone = provider.ask(method, f"Users/{user['id']}", said)
        assert (gone.status_code, gone.headers["content-type"]) == (404, "application/scim+json")
    assert standing(provider, user) == "deactivated"
    assert provider.names("") == []
    assert "members" not in provider.done("GET", f"/Groups/{group['id']}")
    assert provider.user("ada", **ADA)["id"] != user["id"]


def test_the_only_owner_is_not_deactivated_and_the_provider_is_told_why(provider: Provider) -> None:
    user = provider.user("ada")
    api = provider.api
    owner = api.done("GET", "/v1/me")["person"]
    api.done("PUT", f"/v1/people/{user['id']}/role", json={"role": "owner"})
    api.done("PUT", f"/v1/people/{owner}/role", json={"role": "administrator"})
    for refused in (
        provider.ask("DELETE", f"Users/{user['id']}"),
        provider.ask("PATCH", f"Users/{user['id']}", patch(*DEACTIVATING["Okta"])),
    ):
        assert (refused.status_code, refused.json()["status"]) == (409, "409")
        assert "only owner" in refused.json()["detail"]
    assert standing(provider, user) == "active"


def test_who_is_erased_is_gone_for_the_provider_too(provider: Provider) -> None:
    user = provider.user("ada", **ADA)
    erased = {"handle": f"person-{user['id']}"}
    found = provider.api.done("POST", f"/v1/people/{user['id']}/erase", json=erased)
    assert found["destroyed"] == {"revisions": 1, "values": 3, "tokens": 0}
    assert provider.ask("GET", f"Users/{user['id']}").status_code == 404
    assert provider.done("GET", "/Users")["totalResults"] == 0


@pytest.mark.parametrize("said", ["{", '{"userName": NaN}', "[]", "null", '{"userName": {}}', '{"schemas": []}'])
def test_what_cannot_be_read_is_refused_in_words_of_scim(provider: Provider, said: str) -> None:
    head = recorded(provider)
    refused = provider.client.post("/Users", content=said, headers={"Content-Type": "application/scim+json"})
    assert refused.status_code == 400, refused.text
    assert refused.json()["scimType"] in ("invalidSyntax", "invalidValue")
    assert recorded(provider) == head


@pytest.mark.parametrize("id", ["0", "99999", "x", "1", "1" * 30, "%D9%A3"])
def test_who_is_not_provisioned_is_not_there(provider: Provider, id: str) -> None:
    for method in ("GET", "DELETE"):
        assert provider.ask(method, f"Users/{id}").status_code == 404
        assert provider.ask(method, f"/Groups/{id}").status_code == 404


def test_what_a_provider_is_refused_is_noted_as_activity(provider: Provider) -> None:
    me = provider.api.done("GET", "/v1/me")["person"]
    issued = provider.api.done("POST", f"/v1/people/{me}/tokens", json={"label": "x", "scopes": ["export"]})
    httpx.get(f"{provider.url}/Users", headers={"Authorization": f"Bearer {issued['secret']}"})
    # Whatever was sent before this command is written before it.
    provider.api.installation.as_system(RegisterPeople(people=[]))
    provider.api.installation.settle()
    [denied] = provider.api.done("GET", "/v1/activity", params={"action": "denied"})["activity"]
    assert (denied["person"], denied["detail"]["route"], denied["detail"]["code"]) == (
        me,
        "/scim/v2/Users",
        "forbidden",
    )
