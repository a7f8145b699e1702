"""What groups of identity providers are worth in the organization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from annolog.infra.web.frame import Frame, page
from annolog.infra.web.pages.people.tabs import tabs
from annolog.infra.web.parts.cards import card, empty, heading
from annolog.infra.web.parts.plain_tables import plain_table
from annolog.infra.web.parts.sending import attempt, button, confirm
from annolog.infra.web.parts.windows import field, window
from annolog.infra.web.parts.words import Words, block, counted, sentence
from annolog.infra.web.viewer import Viewer

OVER_SCIM = "scim"
IN_ORGANIZATION = ("member", "administrator", "owner")
IN_PLACES = ("annotator", "reviewer", "viewer", "manager")
MOST_PROJECTS = 1000
Rule = Mapping[str, Any]


@page("/groups", "Groups", here="people")
async def groups(frame: Frame) -> None:
    """The rules, and the groups that there are."""
    mapping = GroupRules(frame.viewer)
    await mapping.ask()
    with heading("Groups", "What somebody is here because a provider says that they are in a group."):
        button("Add a rule", mapping.add, kind="primary", hotkey="n")
    tabs(frame.viewer, "groups")
    mapping.show()


class GroupRules:
    """All rules there are; every change sends all of them, as the API takes them."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._found: dict[str, Any] = {}
        self._titles: dict[str, dict[int, str]] = {"project": {}, "workspace": {}}
        self._place: ui.element | None = None

    async def ask(self) -> None:
        """See what there is. Raises `Refusal` for who may not know."""
        door = self._viewer.door
        self._found = await door.get("/v1/group-mapping")
        workspaces = (await door.get("/v1/workspaces", archived="true"))["workspaces"]
        projects = (await door.get("/v1/projects", archived="true", limit=MOST_PROJECTS))["projects"]
        self._titles = {
            "project": {row["project"]: str(row["title"]) for row in projects},
            "workspace": {row["workspace"]: str(row["title"]) for row in workspaces},
        }

    def show(self) -> None:
        """Show what was found."""
        if self._place is None:
            self._place = block("div", "an-stack")
        self._place.clear()
        with self._place:
            self._rules(self._found["rules"])
            self._groups(self._found["groups"])

    def _rules(self, rules: Sequence[Rule]) -> None:
        with card("Rules", "Of several roles for one place the most elevated holds. What is given by hand stays."):
            kept = self._found["kept_owner"]
            if kept:
                with block("div", "an-strip"):
                    Words("span", "Somebody stays owner only as long as nobody else is one: ")
                    ui.link(f"person {kept}", f"/people/{kept}").classes("an-link")
            if not rules:
                empty("No rules yet", "Add a rule, and who is in the group has what it gives.", "groups")
                return
            with block("div", "an-scroll"), plain_table("Group", "Provider", "Who is in it is", "In", acts=True):
                for rule in rules:
                    self._rule(rule)

    def _rule(self, rule: Rule) -> None:
        with block("tr"):
            Words("td", str(rule["group"]), "an-wrap")
            Words("td", str(rule["provider"]), "an-wrap")
            Words("td", str(rule.get("role") or rule["project_role"]))
            Words("td", self._where(rule), "an-wrap")
            with block("td", "an-right"):
                label = f"Remove the rule about {rule['group']}"
                button("Remove", lambda: self._remove(rule), label=label).classes("an-button-tiny")

    def _where(self, rule: Rule) -> str:
        for kind, titles in self._titles.items():
            if kind in rule:
                return f"{kind} {titles.get(rule[kind], rule[kind])}"
        return "the organization"

    def _groups(self, known: Sequence[Mapping[str, Any]]) -> None:
        if known:
            with card("Groups that came over SCIM"), block("table", "an-plain-table"), block("tbody"):
                for row in known:
                    with block("tr"):
                        Words("td", str(row["group"]), "an-wrap")
                        Words("td", counted(row["people"], "person", "people"), "an-right")

    async def _send(self, rules: Sequence[Rule], done: str, fields: dict[str, Any] | None = None) -> bool:
        if await attempt(self._viewer.door.put("/v1/group-mapping", {"rules": list(rules)}), done, fields) is None:
            return False
        await self.ask()
        self.show()
        return True

    async def _remove(self, rule: Rule) -> None:
        role = rule.get("role") or rule["project_role"]
        words = f"Who is {role} in {self._where(rule)} by this group alone is it no longer."
        if await confirm(f"Remove the rule about {rule['group']}?", words, "Remove"):
            await self.ask()
            rules = self._found["rules"]
            # Somebody else may have changed them meanwhile.
            left = [one for one in rules if one != rule]
            await self._send(left, "The rule is gone.")

    async def add(self) -> None:
        """Ask for another rule."""
        places = {("", 0): "The organization"}
        places |= {("workspace", id): f"Workspace {title}" for id, title in self._titles["workspace"].items()}
        places |= {("project", id): f"Project {title}" for id, title in self._titles["project"].items()}
        providers = (await self._viewer.door.get("/v1/sign-on"))["providers"]
        named = {OVER_SCIM: "SCIM", **{one["provider"]: str(one["title"]) for one in providers}}
        with window("Add a rule") as dialog:
            provider = ui.select(named, value=OVER_SCIM, label="Provider").props("outlined dense")
            group = field("Group, as the provider writes it", most=500)
            place = ui.select(places, value=("", 0), label="In", with_input=True).props("outlined dense")
            role = ui.select({one: sentence(one) for one in IN_ORGANIZATION}, value="member", label="They are")
            role.props("outlined dense")

            def moved() -> None:
                among = IN_PLACES if place.value and place.value[0] else IN_ORGANIZATION
                role.set_options({one: sentence(one) for one in among}, value=among[0])

            place.on_value_change(moved)

            async def ask() -> None:
                kind, id = place.value
                what = {kind: id, "project_role": role.value} if kind else {"role": role.value}
                rule = {"provider": provider.value, "group": group.value, **what}
                await self.ask()
                fields = {"group": group, "provider": provider, "role": role}
                if await self._send([*self._found["rules"], rule], "The rule holds.", fields):
                    dialog.close()

            dialog.ending("Add", ask)
