"""Asks a SCIM service what scim2-tester asks of every one: address, authority's certificate and token are the arguments.

Prints a line for each check, and ends with 1 where one of them failed.
"""

import ssl
import sys

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

address, authority, token = sys.argv[1:4]
trusting = ssl.create_default_context(cafile=authority)
with httpx2.Client(
    base_url=address,
    headers={"Authorization": f"Bearer {token}"},
    verify=trusting,
    timeout=120,
) as http:
    results = check_server(SyncSCIMClient(http))

good = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}
failed = False
for result in results:
    print(result.status.name, result.title, result.resource_type or "-", result.reason or "-", sep="\t")
    if result.status not in good and result.status is not Status.SKIPPED:
        failed = True
        print("  ", result.data)
sys.exit(1 if failed else 0)
