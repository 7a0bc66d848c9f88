"""The same job runs on real files: 8,800 sales opportunities, and payloads of four CRMs.

The files are not part of the project. Where they are absent, on a user's machine, these tests are
skipped; in CI they must be there.
"""

from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from cli_kit import EXAMPLES, SHARED, run, spawn
from cosell.cli.deals import each_deal
from cosell.cli.job import Wishes, prepare
from cosell.cli.run import Summary, review_file

PIPELINE = SHARED / "pipeline" / "sales_pipeline.csv"

PIPELINE_MAP = EXAMPLES / "sales_pipeline_map.toml"

CRM: dict[str, tuple[str, dict[str, Any]]] = {
    "salesforce_soql_opportunity_with_histories": (
        """
        id = "Id"
        records = "payload.records"
        currency = "USD"
        [stage]
        column = "StageName"
        since = "OpportunityHistories.records.3.CreatedDate"
        [stage.names]
        "Closed Won" = "closed_won"
        [columns]
        name = "Name"
        acv = "Amount"
        created_at = "CreatedDate"
        expected_close_on = "CloseDate"
        probability = { column = "Probability", percent = true }
        won_at = { column = "LastModifiedDate", when = { IsWon = "true" } }
        """,
        {
            "id": "006xx000003GYkJAAW",
            "value": "125000.00 USD",
            "stage": "closed_won",
            "since": "2024-12-20T16:05:11+01:00",
        },
    ),
    "hubspot_deal_v3": (
        """
        id = "id"
        records = "payload"
        currency = "USD"
        [stage]
        column = "properties.dealstage"
        since = "properties.hs_lastmodifieddate"
        [stage.names]
        presentationscheduled = "discovery"
        [columns]
        name = "properties.dealname"
        acv = "properties.amount"
        owner = "properties.hubspot_owner_id"
        """,
        {
            "id": "512",
            "name": "Custom data integrations",
            "value": "1500.00 USD",
            "since": "2019-12-07T17:50:06.678000+01:00",
        },
    ),
    "pipedrive_deal_v1": (
        """
        id = "id"
        records = "payload.data"
        zone = "UTC"
        [stage]
        column = "stage_id"
        since = "stage_change_time"
        [stage.names]
        "2" = "discovery"
        [columns]
        name = "title"
        acv = { column = "value", currency_column = "currency" }
        won_at = "won_time"
        """,
        {"id": "1", "value": "5000.00 EUR", "since": "2019-11-28T15:41:22+00:00"},
    ),
    "dynamics365_opportunity": (
        """
        id = "opportunityid"
        records = "payload"
        currency = "USD"
        [stage]
        column = "stepname"
        since = "modifiedon"
        [stage.names]
        "2-Develop" = "discovery"
        [columns]
        name = "name"
        acv = "estimatedvalue"
        created_at = "createdon"
        "customer.id" = "_customerid_value"
        """,
        {"id": "346e5406-cea3-ea11-a812-000d3a3be645", "value": "50000.00 USD"},
    ),
}


def require(path: Path) -> Path:
    """Return ``path``, or skip where it is absent, which in CI it must not be."""
    if not path.exists() and not os.environ.get("CI"):
        pytest.skip(f"{path.name} is not part of the project, and not beside it")
    return path


def test_8800_rows_are_reviewed(tmp_path: Path) -> None:
    """Every row is read, an empty cell being no error, as a program of its own."""
    file, out = require(PIPELINE), tmp_path / "out.csv"

    ran = spawn(
        "review", file, "--map", PIPELINE_MAP, "--process", "make", "--at", "2017-12-31",
        "--csv", out,
        LANG="C.UTF-8",
    )  # fmt: skip
    said = " ".join(ran.stdout.decode().split())

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "8,800 rows: 8,800 read, 0 rejected." in said
    assert "The 20 most urgent of 8,800 deals" in said
    assert "Closed won 4,238 10,005,534.00 USD" in said
    assert "Lead identified 500 500 without a value" in said
    assert "500 deals without a moment since when" in said
    assert len(out.read_text("utf-8-sig").splitlines()) == 8801


def test_the_map_of_the_pipeline_fits_its_process() -> None:
    """The example that ships is checked also where the file is absent."""
    job = prepare(Wishes(PIPELINE, PIPELINE_MAP, "make", "2017-12-31"))

    assert dict(job.mapping.stage.names)["Prospecting"] == "identified"


def test_memory_does_not_grow_with_the_rows() -> None:
    """Rows are read as a stream: what is kept is the totals, the top and the ids."""
    job = prepare(Wishes(require(PIPELINE), PIPELINE_MAP, "make", "2017-12-31"))
    summary = Summary(top=20, most_rejected=50)
    most = []
    with job.open() as rows:
        results = each_deal(rows.rows, job.reader, job.reviewer.review, file="f.csv")
        review_file((next(results) for _ in range(40)), [summary])
        tracemalloc.start()
        for _ in range(4):
            review_file((next(results) for _ in range(40)), [summary])
            most.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()

    assert most[-1] - most[0] < 2_000_000


@pytest.mark.parametrize(("name", "text", "expected"), [(k, *v) for k, v in CRM.items()], ids=CRM)
def test_payloads_of_crms_are_read(
    tmp_path: Path, name: str, text: str, expected: dict[str, Any]
) -> None:
    """A nested payload is read by a mapping of dotted paths, whatever CRM it comes from."""
    mapping = tmp_path / "map.toml"
    mapping.write_text(text, "utf-8")

    code, out, err = run(
        "review", str(require(SHARED / "crm" / f"{name}.json")), "--map", str(mapping),
        "--process", "make", "--at", "2026-11-20", "--json",
    )  # fmt: skip
    (deal,) = json.loads(out)["deals"]

    assert (code, err) == (0, "")
    assert {key: deal[key] for key in expected} == expected
