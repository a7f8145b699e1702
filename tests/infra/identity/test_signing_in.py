"""The way to a provider and back: what is asked, what is kept, and whose answer is taken."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from annolog.domain.refusals import NotFound, SignInRefused
from annolog.infra.identity.metadata import read
from annolog.infra.identity.openid import DISCOVERED_FOR, Answer
from annolog.infra.identity.sealed_state import SignIn
from tests.infra.identity.issuer import CALLBACK, CLIENT, SECRET, SUBJECT, Desk, Issuer, provider_at

DESCRIPTION = "/.well-known/openid-configuration"


def came_back(desk: Desk, sign_in: SignIn, answer: Answer) -> str:
    with pytest.raises(SignInRefused) as refusal:
        asyncio.run(desk.open_id.finish(sign_in, answer))
    return refusal.value.detail


def query_of(address: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}


def test_a_sign_in_asks_for_a_code_and_shows_only_the_digest_of_its_verifier(issuer: Issuer, desk: Desk) -> None:
    address, sign_in = asyncio.run(desk.begun())
    assert address.startswith(f"{issuer.url}/authorize?")
    asked = query_of(address)
    digest = hashlib.sha256(sign_in.verifier.encode()).digest()
    assert asked == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": CALLBACK,
        "scope": "openid profile email",
        "state": sign_in.state,
        "nonce": sign_in.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    assert sign_in.verifier not in address
    assert 43 <= len(sign_in.verifier) <= 128


def test_no_two_sign_ins_have_anything_in_common_that_could_be_guessed(desk: Desk) -> None:
    _, one = asyncio.run(desk.begun())
    _, other = asyncio.run(desk.begun())
    assert len({one.state, one.nonce, one.verifier, other.state, other.nonce, other.verifier}) == 6


def test_a_code_is_exchanged_with_the_verifier_and_the_secret(issuer: Issuer, desk: Desk) -> None:
    asyncio.run(desk.with_claims())
    ((authorization, form),) = issuer.forms
    kind, credentials = authorization.split(" ")
    client, secret = base64.b64decode(credentials).decode().split(":")
    assert (kind, unquote(client), unquote(secret)) == ("Basic", CLIENT, SECRET)
    assert (form["grant_type"], form["code"], form["redirect_uri"]) == ("authorization_code", "a-code", CALLBACK)
    assert 43 <= len(form["code_verifier"]) <= 128
    assert SECRET not in form.values()


def test_a_secret_goes_into_the_form_where_the_provider_takes_it_only_there(issuer: Issuer, desk: Desk) -> None:
    issuer.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    asyncio.run(desk.with_claims())
    ((authorization, form),) = issuer.forms
    assert (authorization, form["client_id"], form["client_secret"]) == ("", CLIENT, SECRET)


def test_a_client_without_a_secret_is_known_by_its_name_alone(issuer: Issuer) -> None:
    asyncio.run(Desk(issuer, secret=None).with_claims())
    ((authorization, form),) = issuer.forms
    assert (authorization, form["client_id"]) == ("", CLIENT)
    assert "client_secret" not in form


def test_an_answer_to_another_sign_in_is_refused_before_the_provider_is_asked(issuer: Issuer, desk: Desk) -> None:
    _, one = asyncio.run(desk.begun())
    _, other = asyncio.run(desk.begun())
    assert "another sign-in" in came_back(desk, one, Answer(other.state, "a-code"))
    assert "another sign-in" in came_back(desk, one, Answer("", "a-code"))
    assert issuer.forms == []


def test_an_answer_that_another_provider_sent_is_refused(issuer: Issuer, desk: Desk) -> None:
    """Also one that does not say who sent it, if the provider is one that does."""
    _, sign_in = asyncio.run(desk.begun())
    elsewhere = Answer(sign_in.state, "a-code", "https://elsewhere.example")
    assert "sent by somebody else" in came_back(desk, sign_in, elsewhere)
    issuer.metadata = {"authorization_response_iss_parameter_supported": True}
    desk = Desk(issuer)
    _, sign_in = asyncio.run(desk.begun())
    assert "sent by somebody else" in came_back(desk, sign_in, Answer(sign_in.state, "a-code"))
    assert issuer.forms == []
    issuer.token_reply = (200, {"id_token": issuer.signs(issuer.claims(sign_in.nonce))})
    right = Answer(sign_in.state, "a-code", issuer.url)
    assert asyncio.run(desk.open_id.finish(sign_in, right)).subject == SUBJECT


def test_what_the_provider_says_is_passed_on_only_where_it_is_a_code(issuer: Issuer, desk: Desk) -> None:
    _, sign_in = asyncio.run(desk.begun())
    assert came_back(desk, sign_in, Answer(sign_in.state, error="access_denied")) == (
        "Acme did not let you in: access_denied."
    )
    assert came_back(desk, sign_in, Answer(sign_in.state, error="<script>")) == "Acme did not let you in: no reason."
    assert "no code" in came_back(desk, sign_in, Answer(sign_in.state))
    issuer.token_reply = (400, {"error": "invalid_grant", "error_description": "code a-code was used"})
    assert came_back(desk, sign_in, Answer(sign_in.state, "a-code")) == "Acme did not let you in: invalid_grant."


def test_the_callback_is_read_by_the_names_of_the_standard() -> None:
    found = Answer.of({"state": "s", "code": "c", "iss": "i", "session_state": "x"})
    assert (found.state, found.code, found.issuer, found.error) == ("s", "c", "i", None)
    assert Answer.of({"error": "access_denied", "state": "s"}).error == "access_denied"
    assert "secret-code" not in repr(Answer("s", "secret-code"))


def test_a_provider_is_asked_for_its_description_once_an_hour(issuer: Issuer, desk: Desk) -> None:
    for _ in range(3):
        asyncio.run(desk.begun())
    assert issuer.asked.count(DESCRIPTION) == 1
    issuer.clock.passes(seconds=DISCOVERED_FOR.total_seconds())
    asyncio.run(desk.begun())
    assert issuer.asked.count(DESCRIPTION) == 2


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"issuer": "https://elsewhere.example"}, "another issuer"),
        ({"token_endpoint": "http://elsewhere.example/token"}, "no token_endpoint"),
        ({"jwks_uri": "file:///etc/passwd"}, "no jwks_uri"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "no authorization_endpoint"),
        ({"authorization_endpoint": None}, "no authorization_endpoint"),
        ({"end_session_endpoint": "http://elsewhere.example/end"}, "no end_session_endpoint"),
        ({"jwks_uri": 5}, "no jwks_uri"),
    ],
)
def test_a_description_that_leads_astray_is_refused(
    issuer: Issuer, desk: Desk, changed: dict[str, Any], why: str
) -> None:
    issuer.metadata = changed
    with pytest.raises(SignInRefused, match=why):
        asyncio.run(desk.begun())


def test_a_provider_may_have_its_parts_on_other_hosts_over_tls(issuer: Issuer) -> None:
    issuer.metadata = {"token_endpoint": "https://tokens.example/token", "jwks_uri": "https://keys.example/keys"}
    found = read(provider_at(issuer.url), issuer.description)
    assert (found.token, found.keys) == ("https://tokens.example/token", "https://keys.example/keys")


def test_a_provider_that_leads_elsewhere_is_not_followed(issuer: Issuer, desk: Desk) -> None:
    issuer.redirects_to = f"{issuer.url}/elsewhere"
    with pytest.raises(SignInRefused, match="HTTP 302"):
        asyncio.run(desk.begun())
    assert issuer.asked == []


def test_a_provider_that_is_not_there_lets_nobody_in(issuer: Issuer) -> None:
    here, issuer.url = issuer.url, "http://127.0.0.1:9"
    with pytest.raises(SignInRefused, match="Acme cannot be reached"):
        asyncio.run(Desk(issuer).begun())
    issuer.url = here
    assert asyncio.run(Desk(issuer).begun())


def test_an_unknown_provider_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        asyncio.run(desk.open_id.begin("nobody", "/", CALLBACK))
    with pytest.raises(NotFound):
        asyncio.run(desk.open_id.logged_out("nobody", "x.y.z"))


def test_a_sign_in_of_a_provider_that_is_gone_meanwhile_ends_nowhere(issuer: Issuer, desk: Desk) -> None:
    _, sign_in = asyncio.run(desk.begun())
    with pytest.raises(NotFound):
        asyncio.run(desk.open_id.finish(replace(sign_in, provider="gone"), Answer(sign_in.state, "c")))
    assert issuer.forms == []


def test_claims_are_found_under_the_names_that_are_set(issuer: Issuer) -> None:
    names = {"subject": "oid", "email": "mail", "name": "https://acme.example/name", "groups": "realm.roles"}
    desk = Desk(issuer, claims=names)
    said = {"oid": "o-1", "mail": "a@example.org", "https://acme.example/name": "A", "realm": {"roles": ["x", "y"]}}
    found = asyncio.run(desk.with_claims(**said))
    assert (found.subject, found.email, found.name, found.groups) == ("o-1", "a@example.org", "A", ("x", "y"))


@pytest.mark.parametrize(
    ("said", "groups"),
    [(None, ()), ([], ()), ("one", ("one",)), (["b", "a", "b"], ("b", "a")), (["a", 5, None], ("a",)), ({"a": 1}, ())],
)
def test_groups_are_taken_as_they_are_named(desk: Desk, said: Any, groups: tuple[str, ...]) -> None:
    assert asyncio.run(desk.with_claims(groups=said)).groups == groups


def test_groups_that_do_not_fit_into_a_token_are_not_taken_for_none(desk: Desk) -> None:
    with pytest.raises(SignInRefused, match="too many groups"):
        asyncio.run(desk.with_claims(groups=None, _claim_names={"groups": "src1"}))
    with pytest.raises(SignInRefused, match="too many groups"):
        asyncio.run(desk.with_claims(groups=[f"{number}" for number in range(2_001)]))


@pytest.mark.parametrize(
    ("said", "verified"), [(True, True), ("true", True), (False, False), ("false", False), (None, False), (1, False)]
)
def test_an_address_is_somebodys_only_if_the_provider_says_so(desk: Desk, said: Any, verified: bool) -> None:
    assert asyncio.run(desk.with_claims(email_verified=said)).email_verified is verified


def test_what_a_provider_verified_is_the_address_it_calls_email_and_no_other(issuer: Issuer) -> None:
    """A user name that looks like an address may be anybody's choice."""
    claims = {"email": "preferred_username"}
    said = asyncio.run(Desk(issuer, claims=claims).with_claims(preferred_username="boss@example.org"))
    assert (said.email, said.email_verified) == ("boss@example.org", False)


@pytest.mark.parametrize("subject", ["half\ud800", "nul\0", "two\nlines"])
def test_a_name_that_cannot_be_kept_is_none(desk: Desk, subject: str) -> None:
    with pytest.raises(SignInRefused, match="does not say who"):
        asyncio.run(desk.with_claims(sub=subject))


def test_what_cannot_be_kept_beside_the_name_is_left_out(desk: Desk) -> None:
    odd = {"name": "half\ud800", "email": "a\0@example.org", "sid": "s\n", "groups": ["one", "half\udfff", "t\nwo"]}
    said = asyncio.run(desk.with_claims(**odd))
    assert (said.name, said.email, said.session, said.groups) == (None, None, None, ("one",))


def test_a_session_ends_at_the_provider_where_that_is_offered(issuer: Issuer, desk: Desk) -> None:
    address = asyncio.run(desk.open_id.end_session_url("acme", "h.p.s", "https://annolog.example/gone"))
    assert address is not None
    assert address.startswith(f"{issuer.url}/end?")
    assert query_of(address) == {
        "id_token_hint": "h.p.s",
        "post_logout_redirect_uri": "https://annolog.example/gone",
        "client_id": CLIENT,
    }
    issuer.metadata = {"end_session_endpoint": None}
    assert asyncio.run(Desk(issuer).open_id.end_session_url("acme", "h.p.s", "https://annolog.example/gone")) is None


def test_what_an_id_token_leaves_out_is_asked_for_where_that_is_set(issuer: Issuer, desk: Desk) -> None:
    issuer.userinfo_reply = (200, {"sub": SUBJECT, "groups": ["admins"], "email": "other@example.org"})
    assert asyncio.run(desk.with_claims(groups=None)).groups == ()
    assert "/userinfo" not in issuer.asked
    found = asyncio.run(Desk(issuer, userinfo=True).with_claims(groups=None))
    assert (found.groups, found.email) == (("admins",), "ann@example.org")
    assert issuer.bearers[-1] == "Bearer opaque"


@pytest.mark.parametrize(
    "reply",
    [
        (200, {"groups": ["admins"]}),
        (200, {"sub": "somebody-else", "groups": ["admins"]}),
        (401, {"sub": SUBJECT, "error": "invalid_token"}),
        (200, b"not an object"),
    ],
)
def test_what_is_asked_for_must_be_about_who_signs_in(issuer: Issuer, reply: tuple[int, Any]) -> None:
    issuer.userinfo_reply = reply
    with pytest.raises(SignInRefused):
        asyncio.run(Desk(issuer, userinfo=True).with_claims())


def test_a_provider_that_has_nobody_to_ask_is_refused_where_asking_is_set(issuer: Issuer) -> None:
    issuer.userinfo_reply = (200, {"sub": SUBJECT})
    with pytest.raises(SignInRefused, match="cannot be asked"):
        asyncio.run(Desk(issuer, userinfo=True).with_token(lambda n: issuer.signs(issuer.claims(n)), access_token=None))
    issuer.metadata = {"userinfo_endpoint": None}
    with pytest.raises(SignInRefused, match="cannot be asked"):
        asyncio.run(Desk(issuer, userinfo=True).with_claims())
