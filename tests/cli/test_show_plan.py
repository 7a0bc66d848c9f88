"""`show` tells a fee plan: what earns and pays each activity, how much, and what is not sound."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli_kit import run
from cosell import catalog
from cosell.definition import text_of
from cosell.definition.fee_plan import parse_fee_plan
from fee_samples import ACCEPTED_ALONE

PLAN = f"""
id = "program"
version = 2
record = "OurDeal"
label = "Referral fees"
help = "What referrals earn."
valid_from = 2026-07-01
stamped_on = "accepted_at"
zone = "Europe/Prague"
currencies = ["PTS", "XTS"]
parameters = {{ least = "1000 USD" }}
rates_on = "day(won_at, 'Europe/Prague')"
cites = ["MK-1"]

{ACCEPTED_ALONE}
[earns]
since = "won_at"
[[earns.criteria]]
id = "won"
when = "acv > least"
need = "recorded(won_at)"
reason = "not won"
remedy = "Win it."

[pays]
since = "invoice_paid_at"
hold_days = 30
[[pays.criteria]]
id = "checked"
predicate = "paid_up"
reason = "not paid"
remedy = "Wait."

[clawback]
since = "contract.ended_at"
cites = ["BX-26"]
[[clawback.criteria]]
id = "ended"
need = "recorded(contract.ended_at)"
reason = "contract ended"
remedy = "Nothing."

[[windows]]
id = "attribution"
starts = "accepted_at"
months = 24
of = "won_at"
last_day = "counts"
reason = "too late"
remedy = "Nothing."
cites = ["BX-24"]

[split]
of = "shares"
shares = {{ finder = 0.5, closer = 0.3 }}

[period]
months = 6
starts_in = 4
threshold = "100 USD"

[[activities]]
id = "referral"
label = "Referral"
help = "For who brought it."
cites = ["MK-2"]
[[activities.pays]]
id = "reported"
need = "recorded(invoice_paid_at)"
reason = "not reported"
remedy = "Report it."
[[activities.windows]]
id = "tail"
starts = "won_at"
days = 1
of = "won_at"
last_day = "not_count"
when = "acv > least"
truth = "pays"
reason = "too late"
remedy = "Nothing."
[activities.amount]
base = "acv"
bands_apply = "whole"
floor = "10 USD"
cap = "5000 USD"
period_cap = "20000 USD"
bands = [{{ up_to = "50000 USD", rate = 0.10 }}, {{ rate = 0.05 }}]
[[activities.amount.own_rates]]
by = "deal"
rate_from = "agreed_rate"
[[activities.amount.own_rates]]
by = "level"
when = "partner.level == 'gold'"
label = "Gold"
rate = 0.125
cites = ["BX-21"]

[[activities]]
id = "renewal"
[activities.each]
of = "payments"
at = "paid_at"
years_from = "record.won_at"
takes_back = "kind == 'refund'"
original = "refunds"
[activities.amount]
base = "acv"
rates_by_year = [0.1, 0.05]

[[activities]]
id = "visit"
[activities.amount]
flat = "1500 USD"

[[activities]]
id = "graded"
[activities.amount]
base = "acv"
bands = [{{ up_to = "50000 USD", rate = 0.10 }}, {{ rate = 0.15 }}]
"""

TOLD = """
Referral fees (program, version 2)
What referrals earn.
Records: OurDeal. Zone: Europe/Prague. [MK-1]
In force from 2026-07-01 on, for deals by accepted_at.
Paid to each of shares by its share, as agreed on it, else finder 50 %, else closer 30 %.
Statements for 6 months; the fiscal year begins in April; a balance below 100.00 USD is carried.
Other currencies are converted at the rate of day(won_at, 'Europe/Prague').
Currencies beside those of ISO 4217: PTS, XTS.

Numbers and names that can be changed
  least  1000 USD

Eligible, from accepted_at on
  · accepted
    accepted: recorded(accepted_at)

Earned, from won_at on
  · won
    won: when acv > least: recorded(won_at)

Payable, from invoice_paid_at on
  · checked
    checked: the host's own check `paid_up`
  · held back for 30 days

Taken back [BX-26], from contract.ended_at on
  · ended
    ended: recorded(contract.ended_at)

What has to fall into a window
  · attribution: won_at within 24 months of accepted_at; the last day counts [BX-24]

What each activity earns
  Referral [MK-2]
    For who brought it.
    10 % up to 50,000.00 USD, 5 % above of acv, the rate of a band for all of it, at least 10.00
    USD, at most 5,000.00 USD, at most 20,000.00 USD in a period
    at agreed_rate, by deal
    Gold: 12.5 % of acv when partner.level == 'gold', by level [BX-21]
    Payable only where also
      · reported
        reported: recorded(invoice_paid_at)
    · tail: won_at within 1 day of won_at, when acv > least; the last day does not count
  renewal
    10 % in year 1, 5 % in year 2 of acv
    for each of payments, at paid_at; those where kind == 'refund' take back
  visit
    1,500.00 USD
  graded
    10 % up to 50,000.00 USD, 15 % above of acv, the rate of a band for its part alone

What nobody would expect of it
"""


def test_a_plan_is_told_whole(tmp_path: Path) -> None:
    """Conditions, windows, activities with amounts and own rates, periods, and what is unsound."""
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")

    code, out, err = run("show", str(path))

    assert (code, err) == (0, "")
    assert out.startswith(TOLD.strip("\n"))
    unsound = " ".join(out.partition("expect of it")[2].split())
    assert "program@2.split.shares: the shares of all roles together are 0.8" in unsound


@pytest.mark.parametrize("name", catalog.fee_plan_names())
def test_each_plan_that_ships_is_told(name: str) -> None:
    """Whatever `processes` lists, `show` shows."""
    code, out, _ = run("show", name)

    assert code == 0
    assert "What each activity earns" in out
    assert out.endswith("Nothing unsound was found.\n")


def test_a_version_of_a_plan_is_told() -> None:
    """A plan is named with its version as a process is."""
    assert "(make_example, version 1)" in run("show", "make_example@1")[1]


def test_what_certificates_have_to_hold_for_is_told_where_it_is_asked() -> None:
    """A plan that reads ``eligible_on`` says what it is (MK-34)."""
    asked, not_asked = run("show", "make_example")[1], run("show", "salesforce_example")[1]

    assert "Certificates and contract have to hold when it is accepted: eligible_on." in asked
    assert "eligible_on" not in not_asked


def test_a_plan_as_json() -> None:
    """The definition, its digest, and what is not sound."""
    code, out, _ = run("show", "make_example", "--json")

    document = json.loads(out)
    assert code == 0
    assert document["digest"] == catalog.load_fee_plan("make_example").digest
    assert document["warnings"] == []
    assert document["activities"][0]["id"] == "lead_sourcing"


@pytest.mark.parametrize("name", catalog.fee_plan_names())
def test_a_plan_as_toml_is_read_again(name: str) -> None:
    """What `--toml` writes is the same plan, with the same digest."""
    plan = catalog.load_fee_plan(name)

    code, out, _ = run("show", name, "--toml")

    assert code == 0
    assert parse_fee_plan(out).digest == plan.digest
    assert parse_fee_plan(text_of(parse_fee_plan(PLAN))).digest == parse_fee_plan(PLAN).digest


@pytest.mark.parametrize(
    "option", [["--mermaid"], ["--markdown"], ["--language", "cs"], ["--translation", "x.toml"]]
)
def test_what_is_for_processes_alone_is_told(option: list[str]) -> None:
    """A fee plan has no diagram and no translations, and that is said."""
    code, out, err = run("show", "make_example", *option)

    assert (code, out) == (2, "")
    assert "`make_example` is a fee plan, which has no diagram" in err


def test_a_file_that_is_neither_is_read_as_a_process(tmp_path: Path) -> None:
    """Whatever is wrong with a file is told of a process."""
    path = tmp_path / "p.json"
    path.write_text('{"id": "x"}', encoding="utf-8")

    code, _, err = run("show", str(path))

    assert code == 2
    assert "process `x` has " in err
