"""What scim2-tester finds of the server, over a socket."""

from __future__ import annotations

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from tests.infra.scim.conftest import Provider


def test_the_server_passes_all_that_scim_tester_checks(provider: Provider) -> None:
    with httpx2.Client(base_url=provider.url, headers=provider.headers, timeout=30) as http:
        results = check_server(SyncSCIMClient(http))
    failed = [f"{result.title}: {result.reason}" for result in results if result.status is not Status.SUCCESS]
    assert failed == [], "\n".join(failed)
    assert len(results) > 40
