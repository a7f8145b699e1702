"""Groups over SCIM, and what people are by them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.infra.http.conftest import Api
from tests.infra.scim.conftest import Provider, patch


def members(provider: Provider, group: dict[str, Any]) -> list[str]:
    return [one["value"] for one in provider.done("GET", f"/Groups/{group['id']}").get("members", [])]


def settled(provider: Provider) -> None:
    provider.api.installation.settle(20)


def role(provider: Provider, user: dict[str, Any]) -> str:
    settled(provider)
    people = provider.api.done("GET", "/v1/people")["people"]
    return str(next(person["role"] for person in people if str(person["person"]) == user["id"]))


def map_groups(api: Api, *rules: dict[str, Any]) -> None:
    api.done("PUT", "/v1/group-mapping", json={"rules": [{"provider": "scim", **rule} for rule in rules]})


def project_roles(provider: Provider, project: int) -> dict[str, str]:
    settled(provider)
    found = provider.api.installation.states.project(project).members
    return {str(person): member.role.value for person, member in found.items()}


def test_people_come_into_a_group_and_leave_it_as_okta_and_entra_say_it(provider: Provider) -> None:
    ada, bob, cyd = (provider.user(name) for name in ("ada", "bob", "cyd"))
    group = provider.group("Staff", ada)
    path, ids = f"/Groups/{group['id']}", [one["id"] for one in (ada, bob, cyd)]
    added = [{"value": ids[1]}, {"value": ids[2]}]
    provider.patch(path, {"op": "Add", "path": "members", "value": added})
    assert members(provider, group) == ids
    assert [one["display"] for one in provider.done("GET", f"Users/{ids[1]}")["groups"]] == ["Staff"]
    provider.patch(path, {"op": "remove", "path": f'members[value eq "{ids[0]}"]'})
    assert members(provider, group) == ids[1:]
    provider.patch(path, {"op": "Remove", "path": "members", "value": [{"value": ids[1]}]})
    assert members(provider, group) == ids[2:]
    provider.patch(path, {"op": "replace", "path": "members", "value": [{"value": ids[0]}]})
    assert members(provider, group) == ids[:1]
    renamed = {"op": "replace", "value": {"id": group["id"], "displayName": "All staff"}}
    assert provider.patch(path, renamed)["displayName"] == "All staff"
    provider.patch(path, {"op": "remove", "path": "members"})
    assert members(provider, group) == []


def test_a_group_is_listed_without_its_members_and_found_by_them(provider: Provider) -> None:
    ada = provider.user("ada")
    group = provider.group("Staff", ada)
    provider.group("Empty")
    found = provider.done("GET", "/Groups?excludedAttributes=members")
    assert [one["displayName"] for one in found["Resources"]] == ["Staff", "Empty"]
    assert not [one for one in found["Resources"] if "members" in one]
    for filter in ('displayName eq "staff"', f'members.value eq "{ada["id"]}"', f'members[value eq "{ada["id"]}"]'):
        [one] = provider.done("GET", "/Groups", params={"filter": filter})["Resources"]
        assert one["id"] == group["id"]
    both = provider.done("POST", "/.search", {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]})
    assert both["totalResults"] == 3


def test_a_group_has_a_name_of_its_own_and_users_that_there_are(provider: Provider) -> None:
    group = provider.group("Staff")
    said = {"schemas": group["schemas"], "displayName": "Staff"}
    assert provider.ask("POST", "/Groups", said).json()["scimType"] == "uniqueness"
    for wrong in ({"value": "999"}, {"value": "x"}, {"value": group["id"], "type": "Group"}):
        refused = provider.ask("POST", "/Groups", said | {"displayName": "Other", "members": [wrong]})
        assert (refused.status_code, refused.json()["scimType"]) == (400, "invalidValue")
    assert provider.done("GET", "/Groups")["totalResults"] == 1


def test_additions_at_once_are_all_kept(provider: Provider) -> None:
    users = [provider.user(f"user-{number}") for number in range(4)]
    group = provider.group("Staff")

    def add(user: dict[str, Any]) -> int:
        said = patch({"op": "add", "path": "members", "value": [{"value": user["id"]}]})
        return provider.ask("PATCH", f"/Groups/{group['id']}", said).status_code

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(add, users)) == {200}
    assert members(provider, group) == [user["id"] for user in users]


def test_a_stale_change_of_a_group_is_refused_and_a_removed_group_is_gone(provider: Provider) -> None:
    group = provider.group("Staff")
    path, old = f"/Groups/{group['id']}", group["meta"]["version"]
    provider.patch(path, {"op": "replace", "path": "displayName", "value": "Other"})
    stale = provider.ask("PUT", path, group, headers={"If-Match": old})
    assert stale.status_code == 412
    assert provider.ask("GET", path, headers={"If-None-Match": old}).status_code == 200
    assert provider.ask("DELETE", path).status_code == 204
    assert provider.ask("GET", path).status_code == 404


def test_groups_give_roles_and_take_them_again_and_the_most_elevated_wins(provider: Provider) -> None:
    ada, bob = provider.user("ada"), provider.user("bob")
    staff, chiefs = provider.group("Staff", ada, bob), provider.group("Chiefs", ada)
    assert role(provider, ada) == "member"
    map_groups(provider.api, {"group": "Staff", "role": "administrator"}, {"group": "Chiefs", "role": "owner"})
    assert (role(provider, ada), role(provider, bob)) == ("owner", "administrator")
    provider.ask("DELETE", f"/Groups/{chiefs['id']}")
    assert role(provider, ada) == "administrator"
    provider.patch(f"/Groups/{staff['id']}", {"op": "replace", "path": "displayName", "value": "Others"})
    assert (role(provider, ada), role(provider, bob)) == ("member", "member")
    map_groups(provider.api, {"group": "Others", "role": "administrator"})
    assert role(provider, bob) == "administrator"
    map_groups(provider.api)
    assert role(provider, bob) == "member"


def test_what_was_given_by_hand_stays_whatever_groups_say(provider: Provider) -> None:
    ada = provider.user("ada")
    provider.api.done("PUT", f"/v1/people/{ada['id']}/role", json={"role": "administrator"})
    group = provider.group("Chiefs", ada)
    map_groups(provider.api, {"group": "Chiefs", "role": "owner"})
    assert role(provider, ada) == "owner"
    provider.patch(f"/Groups/{group['id']}", {"op": "remove", "path": "members"})
    assert role(provider, ada) == "administrator"


def test_whom_a_group_made_the_only_owner_stays_it(provider: Provider) -> None:
    ada = provider.user("ada")
    group = provider.group("Chiefs", ada)
    map_groups(provider.api, {"group": "Chiefs", "role": "owner"})
    assert role(provider, ada) == "owner"
    me = provider.api.done("GET", "/v1/me")["person"]
    provider.api.done("PUT", f"/v1/people/{me}/role", json={"role": "administrator"})
    provider.patch(f"/Groups/{group['id']}", {"op": "remove", "path": "members"})
    assert role(provider, ada) == "owner"
    assert provider.api.done("GET", "/v1/group-mapping")["kept_owner"] == int(ada["id"])


def test_groups_bring_people_into_workspaces_and_projects_and_out_again(provider: Provider) -> None:
    api = provider.api
    ada, bob = provider.user("ada"), provider.user("bob")
    staff = provider.group("Staff", ada, bob)
    workspace = api.done("POST", "/v1/workspaces", json={"title": "films"})["workspace"]
    inside = api.done("POST", "/v1/projects", json={"title": "inside", "workspace": workspace})["project"]
    alone = api.done("POST", "/v1/projects", json={"title": "alone"})["project"]
    api.done("POST", f"/v1/projects/{alone}/members", json={"members": [{"person": int(bob["id"]), "role": "viewer"}]})
    map_groups(
        api,
        {"group": "Staff", "workspace": workspace, "project_role": "annotator"},
        {"group": "Staff", "project": alone, "project_role": "reviewer"},
    )
    assert project_roles(provider, inside) == {ada["id"]: "annotator", bob["id"]: "annotator"}
    assert project_roles(provider, alone) == {ada["id"]: "reviewer", bob["id"]: "viewer"}
    map_groups(
        api,
        {"group": "Staff", "workspace": workspace, "project_role": "annotator"},
        {"group": "Staff", "project": inside, "project_role": "manager"},
    )
    assert project_roles(provider, inside) == {ada["id"]: "manager", bob["id"]: "manager"}
    assert project_roles(provider, alone) == {bob["id"]: "viewer"}
    provider.patch(f"/Groups/{staff['id']}", {"op": "remove", "path": f'members[value eq "{ada["id"]}"]'})
    assert project_roles(provider, inside) == {bob["id"]: "manager"}
    provider.ask("DELETE", f"Users/{bob['id']}")
    assert project_roles(provider, inside) == {}


def test_seen_once_more_groups_change_nothing(provider: Provider) -> None:
    ada = provider.user("ada")
    provider.group("Staff", ada)
    workspace = provider.api.done("POST", "/v1/workspaces", json={"title": "films"})["workspace"]
    map_groups(
        provider.api,
        {"group": "Staff", "role": "administrator"},
        {"group": "Staff", "workspace": workspace, "project_role": "viewer"},
    )
    settled(provider)
    log, installation = provider.api.installation.log, provider.api.installation
    head = provider.api.facts()
    [reaction] = [one for one in installation.reactor().reactions if one.name == "provisioning"]
    mine = [one for one in log.after(0, 1000) if type(one.event) in reaction.interests]
    assert installation.reactor().react(reaction, mine) > 0
    assert provider.api.facts() == head


def test_nobody_lends_by_a_group_what_they_could_not_give_by_hand(provider: Provider) -> None:
    api = provider.api
    administrator = api.done("POST", "/v1/people", json={"people": [{"handle": "adam", "role": "administrator"}]})
    adam = administrator["people"][0]["person"]
    owners = {"rules": [{"provider": "scim", "group": "x", "role": "owner"}]}
    assert api.ask("PUT", "/v1/group-mapping", adam, json=owners).status_code == 403
    api.done("PUT", "/v1/group-mapping", json=owners)
    more = {"rules": [*owners["rules"], {"provider": "scim", "group": "y", "role": "administrator"}]}
    assert api.ask("PUT", "/v1/group-mapping", adam, json=more).status_code == 200


@pytest.mark.parametrize(
    "rule",
    [
        {"group": "x", "project": 999, "project_role": "viewer"},
        {"group": "x", "workspace": 999, "project_role": "viewer"},
        {"group": "x", "role": "king"},
        {"group": "x", "role": "owner", "project": 1},
    ],
)
def test_a_mapping_to_what_there_is_not_is_refused(provider: Provider, rule: dict[str, Any]) -> None:
    said = {"rules": [{"provider": "scim", **rule}]}
    assert provider.api.ask("PUT", "/v1/group-mapping", json=said).status_code in (404, 422)
    assert provider.api.done("GET", "/v1/group-mapping")["rules"] == []
