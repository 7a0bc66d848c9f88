"""``cosell fees``: what deals earn, what is new since a ledger, and what each partner gets."""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cli_kit import EXAMPLES, run, spawn
from cosell.cli.fee_job import FeeWishes, prepare_fees
from cosell.cli.ledger_file import append_ledger, read_ledger
from cosell.events import Entry, EntryKind
from cosell.fees import account_of, assess, bind_plan, entries_due, next_entry, statements_of
from cosell.models import Opportunity
from cosell.money import Money
from extras import needs_extra
from fee_samples import TINY, a_deal, noon, usd
from sources import ROOT

needs_extra("excel", "openpyxl")
needs_extra("parquet", "pyarrow")

FEES = ROOT / "examples" / "fees"
DEALS = FEES / "deals.jsonl"
RATES = FEES / "rates.csv"
PLAN = TINY.format(zone="UTC", hold_days=0, amount='base = "acv"\nrate = 0.10')


class Quarter:
    """A folder with deals, a plan and a ledger, and how to run the command in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ledger = path / "ledger.jsonl"
        (path / "plan.toml").write_text(PLAN, encoding="utf-8")

    def deals(self, *deals: Opportunity | str, name: str = "deals.jsonl") -> Path:
        """Write whole deals, a line each."""
        lines = [it if isinstance(it, str) else it.model_dump_json() for it in deals]
        file = self.path / name
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return file

    def run(self, *arguments: object, plan: str | None = None) -> tuple[int, str, str]:
        """Run the command on the deals, as of the end of September."""
        usual = [self.path / "deals.jsonl", "--plan", plan or self.path / "plan.toml"]
        return run("fees", *map(str, [*usual, "--at", "2026-09-30", *arguments]))

    def json(self, *arguments: object) -> dict[str, Any]:
        """Run the command, and return its JSON."""
        code, out, err = self.run("--json", *arguments)
        assert code in {0, 1}, err
        found: dict[str, Any] = json.loads(out)
        return found


def won(name: str, value: str | None = "1000 USD", **more: Any) -> Opportunity:
    """Return a deal that was accepted, won and paid."""
    return a_deal(id=name, acv=value, invoice_paid_at=noon("2026-07-15"), **more)


def flat(text: str) -> str:
    """Return a page as one line, however its lines were wrapped."""
    return " ".join(text.split())


@pytest.fixture
def quarter(tmp_path: Path) -> Quarter:
    """Return a folder with two deals of two partners, and one that is no deal."""
    made = Quarter(tmp_path)
    made.deals(
        won("o-1"),
        won("o-2", partner={"id": "zeta"}),
        '{"id": "o-3", "acv": "about 5000", "colour": 1}',
    )
    return made


class TestTheReport:
    """What the page says."""

    def test_it_sums_up_by_partner(self, quarter: Quarter) -> None:
        """Payee, eligible, earned, payable, paid and balance; then what is new and rejected."""
        code, out, err = quarter.run()

        assert "disputed" not in out
        assert (code, err) == (1, "")
        assert "deals.jsonl by fee plan tiny version 1, as of Wed 2026-09-30 23:59 UTC" in flat(out)
        assert "nothing is taken as paid" in out
        assert ["acme", "100.00", "100.00", "100.00", "0.00", "0.00", "100.00", "USD"] in [
            line.split() for line in out.splitlines()
        ]
        assert "New: 4 entries" in out
        assert "3 rows: 2 read, 1 rejected." in out
        assert "deals.jsonl:3: colour:" in flat(out)
        assert "deals.jsonl:3: acv: it should be an amount with its currency, as" in flat(out)

    def test_a_line_that_is_no_record_is_rejected_alone(self, quarter: Quarter) -> None:
        """What cannot be read has no fields to examine; the deals before and after it are done."""
        quarter.deals(won("o-1"), "{broken", "[1]", won("o-2"))

        code, out, _ = quarter.run()

        assert code == 1
        assert "4 rows: 2 read, 2 rejected." in out
        assert "deals.jsonl:2: the line is no JSON" in flat(out)
        assert "deals.jsonl:3: this is no record." in flat(out)

    def test_every_deal_is_explained_where_it_is_wanted(self, quarter: Quarter) -> None:
        """``--all`` gives each fee with its truths, reasons and steps."""
        _, out, _ = quarter.run("--all")

        assert "Fees of o-2 by tiny@1, as of 2026-09-30" in out
        assert "    10 % of 1000.00 USD: 100.00 USD" in out

    def test_long_lists_are_cut_and_say_so(self, quarter: Quarter) -> None:
        """Twenty entries are shown, and all of them with ``--all``."""
        quarter.deals(*[won(f"o-{number}") for number in range(30)])

        short, whole = quarter.run()[1], quarter.run("--all")[1]

        assert "and 40 more" in short
        assert short.count("●") == 20
        assert whole.count("●") == 60

    def test_rejected_rows_are_cut_and_counted(self, quarter: Quarter) -> None:
        """Fifty rejected rows are shown; read and rejected add up to the rows."""
        quarter.deals(won("o-1"), *["{}"] * 60)

        _, out, _ = quarter.run()

        assert "61 rows: 1 read, 60 rejected." in out
        assert "and 10 further rows" in out

    def test_nothing_owed_is_said(self, quarter: Quarter) -> None:
        """Deals that earn nothing give no table."""
        quarter.deals(Opportunity(id="o-1"))

        code, out, _ = quarter.run()

        assert code == 0
        assert "No fee is eligible, and the ledger has none." in out
        assert "Nothing is new." in out

    def test_an_earned_fee_without_an_amount_is_named(self, quarter: Quarter) -> None:
        """Where amount or payee is not known there is no entry, and the page says what to give."""
        quarter.deals(won("o-1", None), won("o-2", partner={}))

        _, out, _ = quarter.run()

        assert "Earned, and no entry yet" in out
        assert "referral of o-1:" in flat(out)
        assert "referral of o-2: nobody is recorded as its payee. Record who gets it." in flat(out)
        assert "Nothing is new." in out

    def test_the_source_of_rates_is_named(self) -> None:
        """BX-30: the file of rates, who says so, how many and of which days."""
        usual = ["fees", str(DEALS), "--plan", "make_example", "--at", "2026-06-30"]
        without, given = run(*usual)[1], run(*usual, "--rates", str(RATES))[1]
        document = json.loads(run(*usual, "--rates", str(RATES), "--json")[1])

        assert "Give the EUR→USD rate of 2026-06-12." in without
        assert "rates.csv by Treasury (1 rate, from 2026-06-12 to 2026-06-12)." in flat(given)
        assert document["rates"]["origins"] == ["Treasury"]
        assert document["rates"]["file"] == str(RATES)
        assert len(document["rates"]["digest"]) == 64

    def test_a_file_of_rates_may_be_empty(self, quarter: Quarter) -> None:
        """No rate is no span of days and nobody who says so."""
        rates = quarter.path / "rates.csv"
        rates.write_text("source,target,on,rate\n", encoding="utf-8")

        assert "rates.csv (0 rates)." in flat(quarter.run("--rates", rates)[1])


class TestTheLedger:
    """What a script runs at the end of a quarter."""

    def test_the_second_run_writes_nothing_new(self, quarter: Quarter) -> None:
        """One file as ``--since`` and ``--ledger`` gains what is new, once."""
        quarter.ledger.touch()
        both = ("--since", quarter.ledger, "--ledger", quarter.ledger)

        first = quarter.run(*both)[1]
        written = quarter.ledger.read_bytes()
        second = quarter.run(*both)[1]

        assert "Added to" in first
        assert len(read_ledger(quarter.ledger)) == 4
        assert "Nothing is new." in second
        assert quarter.ledger.read_bytes() == written

    def test_the_new_entries_alone_go_to_a_file_of_their_own(self, quarter: Quarter) -> None:
        """``--since`` and another ``--ledger``: what is new, which is the rest of the ledger."""
        quarter.deals(won("o-1"))
        quarter.run("--ledger", quarter.ledger)
        quarter.deals(won("o-1"), won("o-2"))
        new = quarter.path / "new.jsonl"

        quarter.run("--since", quarter.ledger, "--ledger", new)

        assert {entry.record_id for entry in read_ledger(quarter.ledger)} == {"o-1"}
        assert {entry.record_id for entry in read_ledger(new)} == {"o-2"}

    def test_a_ledger_is_never_overwritten(self, quarter: Quarter) -> None:
        """A file that holds entries is refused before a row is read, and stays."""
        quarter.run("--ledger", quarter.ledger)
        written = quarter.ledger.read_bytes()

        code, out, err = quarter.run("--ledger", quarter.ledger)

        assert (code, out) == (2, "")
        assert "never overwritten" in err
        assert f"--since {quarter.ledger}" in err
        assert quarter.ledger.read_bytes() == written

    def test_a_ledger_that_is_away_is_an_error(self, quarter: Quarter) -> None:
        """A ledger that cannot be read is not taken as empty: everything would be paid again."""
        code, _, err = quarter.run("--since", quarter.path / "leger.jsonl")

        assert code == 2
        assert "cannot be opened" in err

    def test_the_paid_and_the_taken_back_come_from_the_ledger(self, quarter: Quarter) -> None:
        """BX-26: the balance is what is payable less what was paid, with what was taken back."""
        quarter.run("--ledger", quarter.ledger)
        fee = [it for it in read_ledger(quarter.ledger) if it.record_id == "o-1"]
        at = noon("2026-08-01")
        paid = next_entry(fee, EntryKind.PAID, usd(100), at=at, cause="wire-9")
        back = next_entry(
            [*fee, paid], EntryKind.CLAWED_BACK, usd(-30), at=at, cause="r-1", reason="Refunded."
        )
        append_ledger(quarter.ledger, [paid, back])
        # The deal of the fee is not in the file any more.
        quarter.deals(won("o-2", partner={"id": "zeta"}))

        found = quarter.json("--since", quarter.ledger)

        assert found["partners"][0] == {
            "payee": "acme",
            "eligible": "0.00",
            "earned": "100.00",
            "payable": "100.00",
            "paid": "100.00",
            "taken_back": "-30.00",
            "balance": "-30.00",
            "disputed": "0.00",
            "currency": "USD",
        }

    def test_what_the_ledger_holds_beyond_the_fee_is_pointed_out(self, quarter: Quarter) -> None:
        """A second payment counts as it stands, and is a warning; nothing is lost (BX-26)."""
        quarter.run("--ledger", quarter.ledger)
        fee = [it for it in read_ledger(quarter.ledger) if it.record_id == "o-1"]
        at = noon("2026-08-01")
        paid = next_entry(fee, EntryKind.PAID, usd(100), at=at, cause="wire-9")
        again = paid.model_copy(update={"id": "twice", "cause": "wire-10"})
        append_ledger(quarter.ledger, [paid, again])

        _, _, err = quarter.run("--since", quarter.ledger)
        found = quarter.json("--since", quarter.ledger)

        said = (
            f"{quarter.ledger}: paid 100.00 USD of fee `o-1|tiny|referral|acme` (wire-10):"
            " 100.00 USD is more than the 0.00 USD that are owed."
        )
        assert f"Warning: {said}" in err
        assert found["warnings"][-1].startswith(said)
        assert found["partners"][0]["balance"] == "-100.00"

    def test_what_is_disputed_stands_apart(self, quarter: Quarter) -> None:
        """BX-31: a statement pays nothing out that somebody objects to, and the summary says it."""
        quarter.run("--ledger", quarter.ledger)
        fee = [it for it in read_ledger(quarter.ledger) if it.record_id == "o-1"]
        at, why = noon("2026-08-01"), "Too little."
        objected = next_entry(fee, EntryKind.DISPUTED, usd(0), at=at, cause="mail-1", reason=why)
        append_ledger(quarter.ledger, [objected])

        found = quarter.json("--since", quarter.ledger, "--statements")
        out = quarter.path / "statements.csv"
        _, page, _ = quarter.run("--since", quarter.ledger, "--statements-csv", out)

        partner = found["partners"][0]
        assert (partner["balance"], partner["disputed"]) == ("100.00", "100.00")
        assert found["partners"][1]["disputed"] == "0.00"
        heads, acme, *_ = page.partition("By partner")[2].strip().splitlines()
        assert heads.split()[-3:] == ["balance", "disputed", "currency"]
        assert acme.split()[-3:] == ["100.00", "100.00", "USD"]
        first = found["statements"][0]
        assert (first["closing"], first["disputed"], first["payout"]) == (
            "100.00 USD",
            "100.00 USD",
            "0.00 USD",
        )
        with out.open(encoding="utf-8-sig") as file:
            rows = [row for row in csv.DictReader(file) if row["payee"] == "acme"]
        assert [(row["what"], row["amount"]) for row in rows[-3:]] == [
            ("disputed", "100.00"),
            ("to be paid out", "0.00"),
            ("carried", "100.00"),
        ]

    def test_what_comes_out_otherwise_is_named(self, quarter: Quarter) -> None:
        """BX-20: what was written stays, and a fee that comes to something else is told."""
        quarter.deals(won("o-1"))
        quarter.run("--ledger", quarter.ledger)
        quarter.deals(won("o-1", "2000 USD"))

        _, out, _ = quarter.run("--since", quarter.ledger)
        found = quarter.json("--since", quarter.ledger)

        assert "o-1|tiny|referral|acme: 100.00 USD written, 200.00 USD now" in out
        assert found["entries"] == []
        assert found["differences"] == [
            {
                "fee_id": "o-1|tiny|referral|acme",
                "written": "100.00 USD",
                "assessed": "200.00 USD",
            }
        ]

    def test_the_cap_of_a_period_counts_the_deals_before(self, quarter: Quarter) -> None:
        """BX-22: earlier deals of the file, and of the ledger, take room from later ones."""
        cap = PLAN.replace("rate = 0.10", 'rate = 0.10\nperiod_cap = "150 USD"')
        (quarter.path / "plan.toml").write_text(cap, encoding="utf-8")
        quarter.deals(won("o-1"), won("o-2"), won("o-3"))

        found = quarter.json()

        payable = [it["amount"] for it in found["entries"] if it["kind"] == "payable"]
        assert [it["amount"] for it in payable] == ["100.00", "50.00"]

    def test_entries_are_those_of_the_library(self, quarter: Quarter) -> None:
        """The command writes what ``entries_due`` gives, in the order of the file."""
        from cosell.definition import parse_fee_plan

        plan = bind_plan(parse_fee_plan(PLAN))
        at = datetime(2026, 9, 30, 23, 59, tzinfo=UTC)
        quarter.run("--ledger", quarter.ledger)

        expected = [
            entry
            for deal in (won("o-1"), won("o-2", partner={"id": "zeta"}))
            for entry in entries_due(assess(plan, deal, at=at), [])
        ]

        assert list(read_ledger(quarter.ledger)) == expected

    def test_nothing_is_written_where_something_fails(self, quarter: Quarter) -> None:
        """A statement that cannot follow on another stops the run before the ledger is written."""
        quarter.ledger.touch()
        before = quarter.path / "q.json"
        before.write_text(quarter_json(quarter, "--period", "2026-01-01"), encoding="utf-8")

        code, _, err = quarter.run(
            *("--since", quarter.ledger, "--ledger", quarter.ledger, "--previous", before)
        )

        assert code == 2
        assert "cannot follow on" in err
        assert quarter.ledger.read_bytes() == b""


def quarter_json(quarter: Quarter, *arguments: object) -> str:
    """Return what a run writes as JSON."""
    return quarter.run("--json", *arguments)[1]


class TestStatements:
    """What each payee gets for one period."""

    def test_a_statement_for_each_payee(self, quarter: Quarter) -> None:
        """The period is that of the moment, or the one in which a given day lies."""
        now, other = quarter.run("--statements")[1], quarter.run("--period", "2026-05-09")[1]

        assert "Statement of acme for 2026-07-01 to 2026-09-30, in USD" in now
        assert "Statement of zeta for 2026-07-01 to 2026-09-30, in USD" in now
        assert "Statement of acme for 2026-04-01 to 2026-06-30, in USD" in other
        assert "Statement" not in quarter.run()[1]

    def test_they_are_those_of_the_library(self, quarter: Quarter) -> None:
        """Each payee's own entries give what the whole ledger gives."""
        found = quarter.json("--statements", "--ledger", quarter.ledger)
        entries = read_ledger(quarter.ledger)
        from cosell.definition.fee_terms import Period

        expected = statements_of(entries, terms=Period(), on=date(2026, 9, 30), zone=UTC)

        assert found["statements"] == [statement.as_dict() for statement in expected]

    def test_one_follows_on_the_one_before(self, quarter: Quarter) -> None:
        """What was written late stands on the next statement, and opens where the last closed."""
        quarter.ledger.touch()
        quarter.deals(won("o-1"))
        second = quarter.path / "second.json"
        ledger = ("--since", quarter.ledger, "--ledger", quarter.ledger)
        second.write_text(
            quarter_json(quarter, *ledger, "--period", "2026-04-01"), encoding="utf-8"
        )
        quarter.deals(won("o-1"), won("o-2", won_at=noon("2026-06-20")))

        (after,) = quarter.json(*ledger, "--previous", second)["statements"]
        (alone,) = quarter.json("--since", quarter.ledger, "--statements")["statements"]

        late = [line for line in after["lines"] if line["late"]]
        assert [(line["record_id"], line["kind"]) for line in late] == [("o-2", "earned")]
        assert not [line for line in alone["lines"] if line["late"]]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ('{"statements": [{"payee": "acme"}]}', "currency"),
            ('{"statements": [1]}', "this is no record"),
            ("{}", "has no `statements`"),
        ],
    )
    def test_what_is_no_statement(self, quarter: Quarter, content: str, said: str) -> None:
        """Statements that cannot be read are named with their line."""
        path = quarter.path / "before.json"
        path.write_text(content, encoding="utf-8")

        code, _, err = quarter.run("--previous", path)

        assert code == 2
        assert said in err

    def test_statements_are_json(self, quarter: Quarter) -> None:
        """Only the document that ``--json`` wrote is taken."""
        code, _, err = quarter.run("--previous", quarter.path / "before.csv")

        assert code == 2
        assert "is no JSON document of statements" in err

    @pytest.mark.parametrize("day", ["2026", "Q3", "2026-13-01"])
    def test_a_period_is_named_by_a_day(self, quarter: Quarter, day: str) -> None:
        """What is no day is refused, with how to write it."""
        code, _, err = quarter.run("--period", day)

        assert code == 2
        assert "is no day of a period" in err


class TestTables:
    """CSV and Excel."""

    def test_csv_has_a_row_for_each_fee_and_each_rejected_row(self, quarter: Quarter) -> None:
        """Amounts are decimals, moments are days, and nothing is lost."""
        out = quarter.path / "out.csv"
        quarter.run("--csv", out)

        with out.open(encoding="utf-8-sig", newline="") as file:
            first, second, third = csv.DictReader(file)

        assert (first["id"], first["amount"], first["currency"]) == ("o-1", "100.00", "USD")
        assert (first["payable"], first["payable_since"]) == ("yes", "2026-07-15")
        assert "10 % of 1000.00 USD: 100.00 USD" in first["steps"]
        assert second["payee"] == "zeta"
        assert (third["line"], third["result"], third["id"]) == ("3", "rejected", "o-3")
        assert "colour: " in third["problems"]

    def test_csv_of_statements_adds_up(self, quarter: Quarter) -> None:
        """Each line has the balance after it, from the opening to the closing one."""
        out = quarter.path / "statements.csv"
        quarter.run("--statements-csv", out)

        with out.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["payee"] == "acme"]

        assert [(row["what"], row["balance"]) for row in rows] == [
            ("opening balance", "0.00"),
            ("payable", "100.00"),
            ("closing balance", "100.00"),
            ("to be paid out", ""),
            ("carried", ""),
        ]

    def test_the_workbook(self, quarter: Quarter) -> None:
        """A sheet for fees, partners, new entries, statements, and what it was made of."""
        from openpyxl import load_workbook

        out = quarter.path / "out.xlsx"
        quarter.run("--excel", out, "--statements", "--rates", RATES)

        book = load_workbook(out)
        assert book.sheetnames == ["Fees", "Partners", "New entries", "Statements", "About"]
        assert [cell.value for cell in book["Partners"][2]] == [
            *("acme", 100, 100, 100, 0, 0, 100, 0, "USD")
        ]
        assert book["Partners"]["B2"].number_format == "#,##0.00"
        assert book["New entries"]["A2"].value == datetime(2026, 6, 20)  # noqa: DTZ001 - a cell has no zone
        assert book["Fees"].max_row == 4
        about = {row[0].value: row[1].value for row in book["About"]}
        assert about["as of"] == "2026-09-30T23:59:59.999999+00:00"
        assert "rates.csv by Treasury (1 rate" in str(about["exchange rates"])

    def test_the_workbook_has_statements_where_they_are_wanted(self, quarter: Quarter) -> None:
        """Without statements there is no sheet of them."""
        from openpyxl import load_workbook

        out = quarter.path / "out.xlsx"
        quarter.run("--excel", out, "--since", quarter.deals(name="empty.jsonl"))

        assert load_workbook(out).sheetnames == ["Fees", "Partners", "New entries", "About"]

    @pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
    def test_no_cell_becomes_a_formula(self, quarter: Quarter, sign: str) -> None:
        """Text that a spreadsheet would run gets an apostrophe in front, in CSV and in Excel."""
        from openpyxl import load_workbook

        text = f"{sign}cmd|' /C calc'!A1"
        plan = PLAN.replace('id = "referral"', f'id = "referral"\nlabel = {json.dumps(text)}')
        (quarter.path / "plan.toml").write_text(plan, encoding="utf-8")
        out, book = quarter.path / "out.csv", quarter.path / "out.xlsx"
        quarter.run("--csv", out, "--excel", book)

        with out.open(encoding="utf-8-sig", newline="") as file:
            first = next(csv.DictReader(file))
        cell = load_workbook(book)["Fees"]["F2"]

        assert first["label"] == f"'{text}"
        assert cell.data_type == "s"
        assert str(cell.value)[0] not in "=+-@\t\r"

    def test_excel_is_read_as_csv_is(self, tmp_path: Path) -> None:
        """The same deals as CSV, Excel and Parquet earn the same."""
        import pyarrow.csv
        import pyarrow.parquet
        from openpyxl import Workbook

        source = EXAMPLES / "deals.csv"
        with source.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        book = Workbook()
        for row in rows:
            book.active.append([cell or None for cell in row])
        book.save(tmp_path / "deals.xlsx")
        table = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(table), tmp_path / "deals.parquet")
        usual = ["--map", str(EXAMPLES / "map.toml"), "--at", "2026-11-20", "--json"]

        found = [
            json.loads(run("fees", str(path), *usual)[1])
            for path in (source, tmp_path / "deals.xlsx", tmp_path / "deals.parquet")
        ]

        assert found[0]["entries"]
        assert found[1]["entries"] == found[0]["entries"]
        assert found[2]["entries"] == found[0]["entries"]
        assert found[1]["rejected"] == found[2]["rejected"] == []


class TestPlans:
    """Which plan a deal goes by."""

    def test_a_partner_has_a_plan_of_its_own(self, quarter: Quarter) -> None:
        """MK-46: ``--plan`` again; each deal goes by its partner's plan, else the program's."""
        own = quarter.path / "own.toml"
        own.write_text(PLAN.replace('"tiny"', '"own"').replace("0.10", "0.15"), encoding="utf-8")
        quarter.deals(won("o-1"), won("o-2", partner={"id": "zeta", "fee_plan": "own"}))

        found = quarter.json("--plan", own)

        assert [deal["fees"]["plan"] for deal in found["deals"]] == ["tiny@1", "own@1"]
        assert [row["payable"] for row in found["partners"]] == ["100.00", "150.00"]

    def test_a_deal_on_a_plan_that_was_not_given_is_rejected(self, quarter: Quarter) -> None:
        """BX-20: nothing is assessed by other terms than those that were accepted."""
        quarter.deals(won("o-1", partner={"id": "zeta", "fee_plan": "own"}))

        code, out, _ = quarter.run()

        assert code == 1
        assert "1 row: 0 read, 1 rejected." in out
        assert "there is no fee plan `own`" in flat(out)

    def test_what_is_not_sound_is_a_warning(self, quarter: Quarter) -> None:
        """BX-22: bands that step down are said on the standard error, and fees are assessed."""
        falling = 'base = "acv"\nbands_apply = "whole"\nbands = [{ up_to = "500 USD", rate = 0.5 },'
        falling += " { rate = 0.1 }]"
        text = TINY.format(zone="UTC", hold_days=0, amount=falling)
        (quarter.path / "plan.toml").write_text(text, encoding="utf-8")

        code, _, err = quarter.run()

        assert code == 1
        assert err.startswith("Warning: ")
        assert "just above 500.00 USD the fee falls" in err
        assert quarter.json()["warnings"]

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            (
                ["--plan", "make_example", "--plan", "make_example"],
                "`make_example@1` is given twice",
            ),
            (["--plan", "make_exampel"], "Did you mean `make_example`?"),
            ([], "no fee plan is given"),
        ],
    )
    def test_plans_that_cannot_be_used(self, quarter: Quarter, more: list[str], said: str) -> None:
        """No plan, one that nobody knows, and one given twice are errors of the call."""
        code, _, err = run("fees", str(quarter.path / "deals.jsonl"), *more)

        assert code == 2
        assert said in err

    def test_plans_about_several_models(self, quarter: Quarter) -> None:
        """Plans of one run are about one model."""
        other = quarter.path / "lead.toml"
        text = PLAN.replace('"tiny"', '"leads"').replace("Opportunity", "Lead")
        text = text.replace("won_at", "closed_at").replace("invoice_paid_at", "closed_at")
        text = text.replace('"acv"', '"value"')
        other.write_text(text, encoding="utf-8")

        code, _, err = quarter.run("--plan", other)

        assert code == 2
        assert "different models: Lead, Opportunity" in err

    def test_a_plan_about_a_model_of_the_host(self, quarter: Quarter) -> None:
        """The command line knows cosell's models only, and says so."""
        text = PLAN.replace("Opportunity", "MyDeal")
        (quarter.path / "plan.toml").write_text(text, encoding="utf-8")

        code, _, err = quarter.run()

        assert code == 2
        assert f"{quarter.path / 'plan.toml'}:3: fee plan `tiny` is about records of" in flat(err)
        assert "bind_plan(plan, record=MyDeal)" in err


class TestTheCall:
    """What the call may say."""

    def test_a_mapping_may_name_the_plan(self) -> None:
        """The mapping of ``review`` does for ``fees``."""
        code, out, _ = run(
            *("fees", str(EXAMPLES / "deals.csv"), "--map", str(EXAMPLES / "map.toml")),
            *("--at", "2026-11-20"),
        )

        assert code == 0
        assert "by fee plan make_example version 1" in out
        assert "borealis-partners" in out

    def test_a_mapping_without_a_plan(self, tmp_path: Path) -> None:
        """A mapping that names no plan leaves it to the command line."""
        mapping = tmp_path / "map.toml"
        mapping.write_text('id = "deal"\nstage = "stage"\n', encoding="utf-8")

        code, _, err = run("fees", str(EXAMPLES / "deals.csv"), "--map", str(mapping))

        assert code == 2
        assert "no fee plan is given" in err

    def test_a_table_needs_a_mapping(self) -> None:
        """Nothing is guessed about the columns of a table."""
        code, _, err = run("fees", str(EXAMPLES / "deals.csv"), "--plan", "make_example")

        assert code == 2
        assert "nothing says which of its columns is what" in err

    def test_process_and_plan_are_about_the_same_records(self, quarter: Quarter) -> None:
        """A plan of leads cannot judge opportunities."""
        text = PLAN.replace("Opportunity", "Lead").replace("acv", "value")
        for moment in ("accepted_at", "won_at", "invoice_paid_at"):
            text = text.replace(moment, "converted_at")
        text = text.replace('id = "tiny"', 'id = "leads"\npayee = "id"')
        (quarter.path / "plan.toml").write_text(text, encoding="utf-8")

        code, _, err = run(
            *("fees", str(EXAMPLES / "deals.csv"), "--map", str(EXAMPLES / "map.toml")),
            *("--plan", str(quarter.path / "plan.toml")),
        )

        assert code == 2
        assert "is about records of `Lead`, and process `make` about those of `Opportunity`" in err

    @pytest.mark.parametrize("option", ["--csv", "--excel", "--statements-csv", "--ledger"])
    def test_nothing_that_is_read_is_overwritten(self, quarter: Quarter, option: str) -> None:
        """A file that is read, or written by another option, is refused."""
        deals = quarter.path / "deals.jsonl"
        written = deals.read_bytes()

        code, _, err = quarter.run(option, deals)

        assert code == 2
        assert "used for something else" in err or "holds entries already" in err
        assert deals.read_bytes() == written
        assert (
            quarter.run("--csv", quarter.path / "a.csv", "--excel", quarter.path / "a.csv")[0] == 2
        )

    @pytest.mark.parametrize(
        ("option", "name", "said"),
        [
            ("--csv", "away/out.csv", "cannot be written"),
            ("--excel", "away/out.xlsx", "cannot be written"),
            ("--excel", "out.xls", "is not named as a workbook is"),
            ("--ledger", "away/ledger.jsonl", "cannot be written"),
            ("--ledger", "ledger.csv", "is not named as a ledger is"),
        ],
    )
    def test_what_cannot_be_written(
        self, quarter: Quarter, option: str, name: str, said: str
    ) -> None:
        """It is told in words, with exit code 2."""
        code, _, err = quarter.run(option, quarter.path / name)

        assert code == 2
        assert said in err

    def test_writing_excel_asks_for_its_extra(
        self, quarter: Quarter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without its package a workbook is refused with what to install."""
        monkeypatch.setitem(sys.modules, "openpyxl", None)

        code, _, err = quarter.run("--excel", quarter.path / "out.xlsx")

        assert code == 2
        assert "pip install 'cosell[excel]'" in err

    def test_now_is_the_moment_where_none_is_given(self, quarter: Quarter) -> None:
        """The clock is read once, and only by the command line."""
        wishes = FeeWishes(quarter.path / "deals.jsonl", [str(quarter.path / "plan.toml")])

        job = prepare_fees(wishes, now=lambda: noon("2026-08-05"))

        assert job.at == noon("2026-08-05")
        assert job.period.first == date(2026, 7, 1)
        assert not job.appends

    def test_json_has_stable_keys(self, quarter: Quarter) -> None:
        """A program can rely on these keys; ``schema`` grows when one changes its meaning."""
        found = quarter.json("--statements")

        assert found["schema"] == "cosell.fees/1"
        assert set(found) == {
            *("schema", "file", "zone", "at", "plans", "warnings", "rates", "since", "deals"),
            *("partners", "entries", "differences", "open", "statements", "rejected", "rows"),
        }
        assert found["rows"] == {"rows": 3, "read": 2, "rejected": 1}
        assert Entry.model_validate(found["entries"][0]).payee == "acme"

    def test_it_runs_as_a_program(self, quarter: Quarter) -> None:
        """A deal that stands twice is rejected, and the first one stays."""
        deals = quarter.deals(won("o-1"), won("o-1"), '{"id": 7}')

        ran = spawn("fees", deals, "--plan", quarter.path / "plan.toml", "--at", "2026-09-30")

        assert ran.returncode == 1
        assert ran.stderr == b""
        assert b"3 rows: 1 read, 2 rejected." in ran.stdout
        assert "`o-1` stands on line 1 already" in flat(ran.stdout.decode())
        assert quarter.json()["rejected"][0]["id"] == "o-1"


def test_amounts_in_other_minor_units(quarter: Quarter) -> None:
    """A yen has no decimals, in every table."""
    from openpyxl import load_workbook

    quarter.deals(won("o-1", "1005 JPY"))
    out = quarter.path / "out.xlsx"
    found = quarter.json("--excel", out)

    assert found["partners"][0]["payable"] == "101"
    cell = load_workbook(out)["Partners"]["B2"]
    assert (cell.value, cell.number_format) == (101, "#,##0")


def test_a_ledger_grows_by_what_a_refund_takes_back(quarter: Quarter) -> None:
    """The balance of each payee equals the fold of the entries (BX-26)."""
    found = quarter.json("--ledger", quarter.ledger)

    balances = account_of(read_ledger(quarter.ledger)).balances

    assert {(it["payee"], it["currency"]): it["balance"] for it in found["partners"]} == {
        key: f"{money.amount:.2f}" for key, money in balances.items()
    }
    assert all(isinstance(it, Money) for it in balances.values())
    assert Decimal(found["partners"][0]["balance"]) == 100
