"""The gate of ``gate.py`` in other rule languages.

Rules that hold for every peer:

1. It is given the same thirteen criteria over the same values, as the plain table that it wants;
   rules and tables are made once, outside the timed call.
2. Missing is not yes: where a language raises or guesses on a missing value, the rule asks first,
   as its users must.
3. Amounts and days are in the cheapest exact form that all of them compare: whole cents, and
   numbers of days.

None of them says which criterion failed, nor on what value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from contest import Row, peer
from deals import Deal

__all__ = ["PEERS"]

_YEAR_END: Final = date(2026, 12, 31).toordinal()
_READ: Final = (
    "budget_confirmed",
    "need_confirmed",
    "plan",
    "region",
    "employees",
    "seats",
    "champion",
    "decision_maker",
    "discount",
    "next_step",
    "owner",
    "partner",
)
#: In the syntax that C and CEL share.
_CRITERIA: Final = (
    "budget_confirmed == true",
    "need_confirmed == true",
    "acv != null && currency == 'USD' && acv > 1000000",
    "plan in ['enterprise', 'business']",
    "region in ['emea', 'americas', 'apac']",
    "employees != null && employees >= 50",
    "seats != null && seats >= 10 && seats <= 5000",
    "champion != null",
    "decision_maker != null && decision_maker != champion",
    "(discount == null || discount <= 20)",
    "next_step != null",
    f"created_on != null && close_on != null && created_on < close_on && close_on <= {_YEAR_END}",
    "(acv <= 5000000 || owner == 'ae-3' || partner == 'acme')",
)


def _words(text: str) -> str:
    """Return a text in the syntax that spells its operators out."""
    return text.replace("&&", "and").replace("||", "or")


def _table_of(deal: Deal) -> dict[str, Any]:
    """Return the deal as plain values."""
    acv, created_on, close_on = deal.acv, deal.created_on, deal.close_on
    return {
        **{name: getattr(deal, name) for name in _READ},
        "acv": None if acv is None else int(acv.amount * 100),
        "currency": None if acv is None else acv.currency,
        "created_on": None if created_on is None else created_on.toordinal(),
        "close_on": None if close_on is None else close_on.toordinal(),
    }


def _row(name: str, ask: Callable[[Any], Any], tables: list[Any], right: list[bool]) -> Row:
    def call() -> list[Any]:
        return [ask(table) for table in tables]

    return Row(name, call, lambda found: list(map(bool, found)) == right, per=len(tables))


@peer("zen-engine")
def zen_expression(deals: list[Deal], right: list[bool]) -> Iterator[Row]:
    import zen

    expression = zen.compile_expression(_words(" && ".join(_CRITERIA)))
    yield _row("zen-engine, expression", expression.evaluate, [*map(_table_of, deals)], right)


@peer("zen-engine")
def zen_table(deals: list[Deal], right: list[bool]) -> Iterator[Row]:
    import zen

    columns = [
        {"id": f"c{number}", "name": f"c{number}", "type": "expression"}
        for number in range(len(_CRITERIA))
    ]
    cells = {column["id"]: _words(text) for column, text in zip(columns, _CRITERIA, strict=True)}
    content = {
        "hitPolicy": "first",
        "rules": [{"_id": "r1", **cells, "o": "true"}],
        "inputs": columns,
        "outputs": [{"id": "o", "name": "o", "field": "permitted", "type": "expression"}],
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def ask(table: dict[str, Any]) -> bool:
        return decision.evaluate(table)["result"].get("permitted", False)

    yield _row("zen-engine, decision table", ask, [*map(_table_of, deals)], right)


@peer("common-expression-language")
def rust_cel(deals: list[Deal], right: list[bool]) -> Iterator[Row]:
    import cel

    program = cel.compile(" && ".join(_CRITERIA))
    yield _row("common-expression-language", program.execute, [*map(_table_of, deals)], right)


@peer("cel-python")
def python_cel(deals: list[Deal], right: list[bool]) -> Iterator[Row]:
    import celpy

    # It cannot compare a value with null: what is missing is left out of the table.
    asked = [f"has(d.{name})" for name in ("budget_confirmed", "need_confirmed", "plan", "region")]
    text = " && ".join([*asked, *_CRITERIA])
    text = re.sub(r"(\w+) != null", r"has(d.\1)", text)
    text = re.sub(r"(\w+) == null", r"!has(d.\1)", text)
    fields = "|".join(_table_of(deals[0]))
    text = re.sub(rf"(?<![.'\w])({fields})\b(?!')", r"d.\1", text)
    text = text.replace("d.owner ==", "has(d.owner) && d.owner ==")
    text = text.replace("d.partner ==", "has(d.partner) && d.partner ==")
    environment = celpy.Environment()
    program = environment.program(environment.compile(text))

    def table(deal: Deal) -> dict[str, Any]:
        return {name: value for name, value in _table_of(deal).items() if value is not None}

    tables = [{"d": celpy.json_to_cel(table(deal))} for deal in deals]
    yield _row("cel-python", program.evaluate, tables, right)


@peer("rule-engine")
def rule_engine(deals: list[Deal], right: list[bool]) -> Iterator[Row]:
    import rule_engine as engine

    # In its texts a comparison of null with a number is an error, as in CEL: `and` is lazy.
    rule = engine.Rule(_words(" && ".join(_CRITERIA)))
    yield _row("rule-engine", rule.matches, [*map(_table_of, deals)], right)


@peer("json-logic-qubit")
def json_logic(deals: list[Deal], right: list[bool]) -> Iterator[Row]:
    from json_logic import jsonLogic

    rule = {"and": _json_logic_criteria()}
    tables = [*map(_table_of, deals)]
    yield _row("json-logic", lambda table: jsonLogic(rule, table), tables, right)


def _json_logic_criteria() -> list[dict[str, Any]]:
    def is_(name: str, operator: str, *values: Any) -> dict[str, Any]:
        return {operator: [{"var": name}, *values]}

    def has(name: str) -> dict[str, Any]:
        return is_(name, "!==", None)

    seats, close_on, champion = {"var": "seats"}, {"var": "close_on"}, {"var": "champion"}
    return [
        is_("budget_confirmed", "===", True),
        is_("need_confirmed", "===", True),
        {"and": [has("acv"), is_("currency", "===", "USD"), is_("acv", ">", 1_000_000)]},
        is_("plan", "in", ["enterprise", "business"]),
        is_("region", "in", ["emea", "americas", "apac"]),
        {"and": [has("employees"), is_("employees", ">=", 50)]},
        {"and": [has("seats"), {"<=": [10, seats, 5000]}]},
        has("champion"),
        {"and": [has("decision_maker"), is_("decision_maker", "!==", champion)]},
        {"or": [is_("discount", "===", None), is_("discount", "<=", 20)]},
        has("next_step"),
        {
            "and": [
                has("created_on"),
                has("close_on"),
                is_("created_on", "<", close_on),
                is_("close_on", "<=", _YEAR_END),
            ]
        },
        {
            "or": [
                is_("acv", "<=", 5_000_000),
                is_("owner", "===", "ae-3"),
                is_("partner", "===", "acme"),
            ]
        },
    ]


PEERS = (zen_expression, zen_table, rust_cel, rule_engine, json_logic, python_cel)
