"""A world of records and a seeded source of well-typed expressions over it.

``Expressions(seed)`` writes expressions that use every node of the language; ``records(seed)``
draws records that are rich in missing values and in the constants that the expressions name.
Other interpreters of the language are held to the same pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from cosell._base import Instant, Model, Text
from cosell.errors import CalendarExhaustedError, ExpressionError
from cosell.events import Actor
from cosell.models.record import Part, Record
from cosell.money import Money, Rates
from cosell.rules import Scope, check

Score = Annotated[Decimal, Field(max_digits=9, decimal_places=3)]
Share = Annotated[Decimal, Field(max_digits=5, decimal_places=4)]


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Contact(Model, frozen=True):
    name: Text | None = None
    country: Literal["CZ", "DE", "US"] | None = None
    budget: Money | None = None
    seen_at: Instant | None = None
    age: Annotated[int, Field(ge=0, le=120)] = 0


class Person(Model, frozen=True):
    role: Literal["champion", "decision_maker"] | None = None
    level: int | None = None
    budget: Money | None = None
    met_at: Instant | None = None
    signed_on: date | None = None
    active: bool | None = None
    score: Score | None = None
    name: Text = "Ada"


class Deal(Record, frozen=True):
    acv: Money | None = None
    tcv: Money | None = None
    fee: Money = Money.parse("100 USD")
    discount: Share | None = None
    score: Score = Decimal("1.500")
    users: int | None = None
    months: int = 12
    owner: Text | None = None
    region: Text = "emea"
    kind: Literal["land", "expand"] | None = None
    size: Size = Size.SMALL
    won: bool | None = None
    hot: bool = False
    signed_on: date | None = None
    closes_on: date = date(2026, 12, 1)
    won_at: Instant | None = None
    created_at: Instant = datetime(2026, 11, 1, 9, tzinfo=UTC)
    contact: Contact | None = None
    buyer: Contact = Contact()
    poc: Part = Part()
    people: tuple[Person, ...] = ()
    tags: tuple[Literal["co_selling", "lead_sourcing"], ...] = ()
    numbers: tuple[int, ...] = ()

    @property
    def weight(self) -> int | None:
        return None if self.users is None else self.users % 7

    @property
    def is_big(self) -> bool | None:
        return None if self.acv is None else self.acv.amount > 50_000


class Weekdays:
    """A calendar of Mondays to Fridays that is known for 2026 alone."""

    covers = date(2026, 1, 1), date(2026, 12, 31)

    def count(self, start: date, end: date, /) -> int:
        first, last = self.covers
        for day in (start, end):
            if not first <= day <= last:
                raise CalendarExhaustedError("office", day, first, last)
        low, high = sorted((start, end))
        days = (low + timedelta(days=n) for n in range(1, (high - low).days + 1))
        count = sum(day.weekday() < 5 for day in days)
        return count if end >= start else -count


PARAMETERS: Final[Mapping[str, object]] = {
    "above": "50000 USD",
    "below": Money.parse("100 EUR"),
    "seats": 50,
    "rate": Decimal("0.10"),
    "rate_long": Decimal("0.1000"),
    "level_name": "gold",
    "strict": True,
    "start_on": date(2026, 11, 20),
    "start_at": datetime(2026, 11, 20, 10, tzinfo=UTC),
    "countries": ("CZ", "DE"),
    "sizes": [1, 50, 51],
    "fees": {"land": "25 USD", "expand": "50.5 EUR"},
    "shares": {1: Decimal("0.05"), 2: 1},
    "wait": 72,
}
FACTS: Final[Mapping[str, str]] = {
    "checked": "bool",
    "count": "int",
    "ratio": "decimal",
    "price": "money",
    "city": "text",
    "due_on": "date",
    "seen_at": "instant",
}
STAGES: Final = frozenset({"unopened", "open", "won"})
SCOPE: Final = Scope(
    model=Deal,
    parameters=PARAMETERS,
    facts=FACTS,
    labels={"stage": STAGES, "poc.stage": frozenset({"not_started", "running", "done"})},
    calendars={"office": Weekdays()},
    zone="Europe/Prague",
)
ACTORS: Final = (
    Actor("p-7", role="partner", party="acme"),
    Actor("v-1", role="vendor"),
)
RATES: Final = (
    None,
    Rates(),
    Rates.of(
        ("EUR", "USD", "2026-11-20", "1.08"),
        ("USD", "EUR", "2026-11-20", "0.92592593"),
        ("EUR", "USD", "2026-11-21", "2"),
    ),
)
PRAGUE: Final = ZoneInfo("Europe/Prague")
MOMENTS: Final = (
    datetime(2026, 11, 20, 22, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 11, 20, 23, tzinfo=UTC),
    datetime(2026, 11, 20, 10, tzinfo=timezone(timedelta(hours=-5))),
    # Summer time ends between these two: their wall clocks lie 73 hours apart, they do not.
    datetime(2026, 10, 23, 9, tzinfo=PRAGUE),
    datetime(2026, 10, 26, 8, tzinfo=PRAGUE),
)
DAYS: Final = (
    date(2026, 11, 20),
    date(2026, 11, 21),
    date(2026, 12, 1),
    date(2025, 12, 31),
    date(2027, 1, 1),
)
AMOUNTS: Final = tuple(
    map(
        Money.parse,
        (
            "50000 USD",
            "50000.01 USD",
            "0 USD",
            "100 EUR",
            "-5 EUR",
            "46296.2963 EUR",
            "100.0000 USD",
        ),
    )
)


def condition(seed: int, *, monotone: bool = False) -> str:
    """Return a well-typed condition; the few that need too many digits are passed over."""
    source = Expressions(seed, monotone=monotone)
    while True:
        text = source.condition()
        if not _problem(text):
            return text


def value(seed: int) -> str:
    """Return a well-typed number, amount, text, date or instant."""
    source = Expressions(seed)
    while True:
        text = source.value()
        if not _problem(text):
            return text


def _problem(text: str) -> ExpressionError | None:
    try:
        check(text, SCOPE)
    except ExpressionError as error:
        if "digits" not in error.problem:
            raise
        return error
    return None


# Text of an expression, and how deep it may still go.
_Write = Callable[["Expressions", int], str]


class Expressions:
    """Writes well-typed expressions, the same ones for the same seed.

    Args:
        seed: What decides everything.
        monotone: Whether ``recorded`` and ``default`` are left out.
    """

    def __init__(self, seed: int, *, monotone: bool = False) -> None:
        self._random = Random(seed)  # noqa: S311 - it draws examples, not secrets
        self._monotone = monotone
        self._in_item = False

    def condition(self, depth: int = 3) -> str:
        """Return a condition."""
        if depth <= 0:
            return self._one(self._flags())
        return self._one(_CONDITIONS)(self, depth - 1)

    def value(self) -> str:
        """Return anything that is not a condition."""
        write = self._one([self.number, self.money, self.text, self.day, self.instant])
        return str(write(2))

    def number(self, depth: int = 3) -> str:
        """Return a whole number or a decimal."""
        if depth <= 0:
            return self._one(self._numbers())
        return self._one(_NUMBERS)(self, depth - 1)

    def decimal(self, depth: int = 2) -> str:
        """Return a decimal."""
        return f"({self.number(depth)} + 0.5)"

    def money(self, depth: int = 3) -> str:
        """Return an amount."""
        if depth <= 0:
            return self._one(self._amounts())
        return self._one(_AMOUNTS)(self, depth - 1)

    def text(self, depth: int = 1) -> str:
        """Return a text."""
        leaves = ["owner", "region", "level_name", "facts.city", "actor.id", "actor.party"]
        leaves += ["contact.name", "buyer.name", "'gold'", '"emea"', "acv.currency"]
        if self._in_item:
            leaves += ["p.name", "p.budget.currency"]
        if depth <= 0 or self._random.random() < 0.6:
            return self._one(leaves)
        return self._choice(self.text, depth)

    def day(self, depth: int = 1) -> str:
        """Return a date."""
        leaves = ["signed_on", "closes_on", "facts.due_on", "as_of", "start_on"]
        leaves += ["date('2026-11-20')", "day(won_at, 'Europe/Prague')", "day(at, 'Asia/Tokyo')"]
        if self._in_item:
            leaves += ["p.signed_on", "day(p.met_at, 'UTC')"]
        if depth <= 0 or self._random.random() < 0.6:
            return self._one(leaves)
        if self._random.random() < 0.4:
            return f"{self._one(['min', 'max'])}({self.day(0)}, {self.day(depth - 1)})"
        return self._choice(self.day, depth)

    def instant(self, depth: int = 1) -> str:
        """Return an instant."""
        leaves = ["won_at", "created_at", "facts.seen_at", "at", "start_at", "contact.seen_at"]
        leaves += ["instant('2026-11-20T10:00:00+01:00')", "instant('2026-11-20T23:30:00.5Z')"]
        if self._in_item:
            leaves.append("p.met_at")
        if depth <= 0 or self._random.random() < 0.6:
            return self._one(leaves)
        if self._random.random() < 0.4:
            return f"{self._one(['min', 'max'])}({self.instant(0)}, {self.instant(depth - 1)})"
        return self._choice(self.instant, depth)

    # Leaves.

    def _one(self, options: Any) -> Any:
        return self._random.choice(options)

    def _flags(self) -> list[str]:
        leaves = ["won", "hot", "is_big", "facts.checked", "strict", "True", "False", "not won"]
        if not self._monotone:
            leaves += ["recorded(acv)", "recorded(contact)", "recorded(contact.name)"]
            leaves += ["recorded(region)", "recorded(weight)", "recorded(facts.checked)"]
            leaves += ["recorded(won)", "recorded(won_at)"]
        if self._in_item:
            leaves += ["p.active", "p.active"]
        return leaves

    def _numbers(self) -> list[str]:
        leaves = ["users", "months", "weight", "facts.count", "facts.ratio", "discount", "score"]
        leaves += ["seats", "rate", "rate_long", "0", "7", "2.50", "-1", "acv.amount"]
        leaves += ["contact.age", "buyer.age", "4611686018427387904", "0.01", "0.0100"]
        if self._in_item:
            leaves += ["p.level", "p.score", "p.level"]
        return leaves

    def _amounts(self) -> list[str]:
        leaves = ["acv", "tcv", "fee", "fee", "below", "facts.price", "contact.budget"]
        if self._in_item:
            leaves += ["p.budget", "p.budget"]
        return leaves

    def _amount_or_literal(self, depth: int) -> str:
        literals = ['"50000 USD"', "'100 EUR'", '"-5 USD"', "above"]
        return self._one(literals) if self._random.random() < 0.3 else self.money(depth)

    def _choice(self, write: Callable[[int], str], depth: int) -> str:
        inner = depth - 1
        if not self._monotone and self._random.random() < 0.4:
            return f"default({write(inner)}, {write(inner)})"
        return f"({write(inner)} if {self.condition(inner)} else {write(inner)})"

    def _operator(self) -> str:
        return str(self._one(["<", "<=", ">", ">=", "==", "!="]))

    # Conditions.

    def compared(self, depth: int) -> str:
        write = self._one([self.number, self.money, self.day, self.instant])
        return f"{write(depth)} {self._operator()} {write(depth)}"

    def compared_to_literal(self, depth: int) -> str:
        return f"{self.money(depth)} {self._operator()} {self._amount_or_literal(0)}"

    def chained(self, depth: int) -> str:
        write = self._one([self.number, self.money, self.day])
        parts = [write(depth), self._one(["<", "<="]), write(0), self._one(["<", "!="]), write(0)]
        return " ".join(parts)

    def texts(self, depth: int) -> str:
        return f"{self.text(depth)} {self._one(['==', '!='])} {self.text(depth)}"

    def labels(self, _: int) -> str:
        return str(
            self._one(
                [
                    "stage == 'open'",
                    "stage != 'won'",
                    "poc.stage in {'running', 'done'}",
                    "kind in {'land'}",
                    "kind == 'expand'",
                    "size not in ('large',)",
                    "contact.country in countries",
                    "buyer.country == contact.country",
                    "('land' if hot else 'expand') == kind",
                ]
            )
        )

    def listed(self, depth: int) -> str:
        word = self._one(["in", "not in"])
        options = self._one(["sizes", "{0, 7, 50}", "[1, 2.5]", "(-1, 51)"])
        days = "{date('2026-11-20'), date('2026-11-21')}"
        return str(
            self._one(
                [
                    f"{self.number(depth)} {word} {options}",
                    f"{self.text(depth)} {word} {{'gold', 'emea'}}",
                    f"{self.day(depth)} {word} {days}",
                ]
            )
        )

    def joined(self, depth: int) -> str:
        word = self._one(["and", "or"])
        parts = [self.condition(depth) for _ in range(self._random.randint(2, 3))]
        return f"({f' {word} '.join(parts)})"

    def contrary(self, depth: int) -> str:
        return f"not ({self.condition(depth)})"

    def chosen(self, depth: int) -> str:
        return self._choice(self.condition, depth + 1)

    def equal_conditions(self, depth: int) -> str:
        word = self._one(["==", "!="])
        return f"({self.condition(depth)}) {word} ({self.condition(depth)})"

    def looked_up_condition(self, _: int) -> str:
        return "lookup(kind, {'land': True, 'expand': False})"

    def elapsed(self, depth: int) -> str:
        span = self._one(["hours(72)", "hours(wait)", "minutes(30)", "hours(-1)"])
        difference = f"{self.instant(depth)} - {self.instant(depth)}"
        parts = [difference, span]
        self._random.shuffle(parts)
        return f" {self._operator()} ".join(parts)

    def quantified(self, depth: int) -> str:
        kind = self._one(["any", "all"])
        if self._in_item:
            return self.condition(0)
        return self._over_items(kind, depth)

    def _over_items(self, kind: str, depth: int) -> str:
        scalars = {
            "t in tags": ["t == 'co_selling'", "t in {'lead_sourcing'}"],
            "n in numbers": ["n > 3", "n * 2 == users", "n in sizes"],
        }
        if self._random.random() < 0.3:
            items = self._one(list(scalars))
            return f"{kind}({self._one(scalars[items])} for {items})"
        self._in_item = True
        inner = self.condition(min(depth, 1))
        role = self._one(["p.role == 'champion' and ", "p.level > 1 or ", "", ""])
        self._in_item = False
        return f"{kind}({role}{inner} for p in people)"

    # Numbers.

    def sum_of_numbers(self, depth: int) -> str:
        return f"({self.number(depth)} {self._one(['+', '-'])} {self.number(0)})"

    def product(self, _: int) -> str:
        return f"({self.number(0)} * {self._one(['3', 'rate', 'users', '-1', 'months'])})"

    def rounded(self, _: int) -> str:
        mode = self._one(["half_up", "half_even", "half_down", "up", "down", "ceiling", "floor"])
        return f"round({self.decimal(0)}, {self._random.randint(0, 3)}, '{mode}')"

    def extreme(self, depth: int) -> str:
        parts = [self.number(depth), *(self.number(0) for _ in range(self._random.randint(1, 2)))]
        return f"{self._one(['min', 'max'])}({', '.join(parts)})"

    def chosen_number(self, depth: int) -> str:
        return self._choice(self.number, depth + 1)

    def negative(self, depth: int) -> str:
        return f"(-{self.number(depth)})"

    def looked_up(self, _: int) -> str:
        return str(
            self._one(
                [
                    "lookup(kind, {'land': 0.05, 'expand': 1})",
                    "lookup(p.level, shares)" if self._in_item else "lookup(weight, shares)",
                    "lookup(owner, {'gold': 3})",
                    "lookup(closes_on, {date('2026-12-01'): 4})",
                ]
            )
        )

    def counted(self, depth: int) -> str:
        return self.number(0) if self._in_item else self._over_items("count", depth)

    def days(self, depth: int) -> str:
        start, end = self.day(depth), self.day(depth)
        if self._random.random() < 0.5:
            return f"days({start}, {end})"
        return f"business_days({start}, {end}, 'office')"

    def prorated(self, _: int) -> str:
        amount, part = self._one(self._numbers()[:7]), self._one(["92", "buyer.age"])
        whole = self._one(["365", "users", "score", "0"])
        return f"prorate({amount}, {part}, {whole}, 2, 'half_up')"

    # Amounts.

    def sum_of_money(self, depth: int) -> str:
        return f"({self.money(depth)} {self._one(['+', '-'])} {self._amount_or_literal(0)})"

    def product_of_money(self, depth: int) -> str:
        parts = [
            self.money(min(depth, 0)),
            self._one(["2", "rate", "discount", "buyer.age", "0.25"]),
        ]
        self._random.shuffle(parts)
        return f"({parts[0]} * {parts[1]})"

    def rounded_money(self, _: int) -> str:
        return f"round({self.product_of_money(0)}, 2, '{self._one(['half_up', 'half_even'])}')"

    def extreme_of_money(self, depth: int) -> str:
        parts = [self.money(depth), self._amount_or_literal(0)]
        self._random.shuffle(parts)
        return f"{self._one(['min', 'max'])}({', '.join(parts)}, {self.money(0)})"

    def chosen_money(self, depth: int) -> str:
        return self._choice(self.money, depth + 1)

    def looked_up_money(self, _: int) -> str:
        return str(
            self._one(
                [
                    "(fee + lookup(kind, fees))",
                    "(fee + lookup(kind, {'land': '25 USD', 'expand': '50 USD'}))",
                ]
            )
        )

    def prorated_money(self, _: int) -> str:
        return f"prorate({self.money(0)}, buyer.age, {self._one(['12', 'users'])}, 2, 'half_up')"

    def negative_money(self, depth: int) -> str:
        return f"(-{self.money(depth)})"


_CONDITIONS: Final[tuple[_Write, ...]] = (
    Expressions.compared,
    Expressions.compared,
    Expressions.compared_to_literal,
    Expressions.chained,
    Expressions.texts,
    Expressions.labels,
    Expressions.listed,
    Expressions.joined,
    Expressions.joined,
    Expressions.contrary,
    Expressions.chosen,
    Expressions.equal_conditions,
    Expressions.looked_up_condition,
    Expressions.elapsed,
    Expressions.quantified,
    Expressions.quantified,
)
_NUMBERS: Final[tuple[_Write, ...]] = (
    Expressions.sum_of_numbers,
    Expressions.product,
    Expressions.rounded,
    Expressions.extreme,
    Expressions.chosen_number,
    Expressions.negative,
    Expressions.looked_up,
    Expressions.counted,
    Expressions.days,
    Expressions.prorated,
)
_AMOUNTS: Final[tuple[_Write, ...]] = (
    Expressions.sum_of_money,
    Expressions.product_of_money,
    Expressions.rounded_money,
    Expressions.extreme_of_money,
    Expressions.chosen_money,
    Expressions.looked_up_money,
    Expressions.prorated_money,
    Expressions.negative_money,
)


#: What each optional field of the records is drawn from.
_OPTIONAL: Final[Mapping[str, tuple[object, ...]]] = {
    "acv": AMOUNTS,
    "tcv": AMOUNTS,
    "discount": (Decimal("0.10"), Decimal("0.1000"), Decimal(0)),
    "users": (0, 50, 51, 2**63 - 1, -7),
    "owner": ("gold", "emea", "p-7"),
    "kind": ("land", "expand"),
    "won": (True, False),
    "signed_on": DAYS,
    "won_at": MOMENTS,
}
_FACT_VALUES: Final[Mapping[str, tuple[object, ...]]] = {
    "checked": (True, False),
    "count": (0, 50, -(2**63)),
    "ratio": (Decimal("0.10"), Decimal("2.5")),
    "price": AMOUNTS,
    "city": ("gold", "USD"),
    "due_on": DAYS,
    "seen_at": MOMENTS,
}


class Call:
    """Everything one evaluation is given."""

    def __init__(self, record: Deal, actor: Actor, facts: Any, at: datetime, rates: Any) -> None:
        self.record = record
        self.actor = actor
        self.facts = facts
        self.at = at
        self.rates = rates

    @property
    def given(self) -> tuple[Any, ...]:
        """The arguments of a compiled function."""
        return self.record, None, self.actor, self.facts, self.at, self.rates


def calls(seed: int, count: int, *, missing: float = 0.35) -> list[Call]:
    """Return so many calls, the same ones for the same seed."""
    random = Random(seed)  # noqa: S311 - it draws examples, not secrets
    return [_call(random, missing) for _ in range(count)]


def _call(random: Random, missing: float) -> Call:
    facts = _some(random, _FACT_VALUES, missing)
    given = None if random.random() < 0.1 else {k: v for k, v in facts.items() if v is not None}
    return Call(
        _deal(random, missing),
        random.choice(ACTORS),
        given,
        random.choice(MOMENTS),
        random.choice(RATES),
    )


def _some(
    random: Random, table: Mapping[str, tuple[object, ...]], missing: float
) -> dict[str, object]:
    return {
        name: None if random.random() < missing else random.choice(options)
        for name, options in table.items()
    }


def _deal(random: Random, missing: float) -> Deal:
    return Deal(
        id="d-1",
        **_some(random, _OPTIONAL, missing),
        fee=random.choice(AMOUNTS),
        score=random.choice((Decimal("1.500"), Decimal("-0.005"), Decimal("999999.999"))),
        months=random.choice((0, 12, 36)),
        region=random.choice(("emea", "gold")),
        size=random.choice(list(Size)),
        hot=random.random() < 0.5,
        closes_on=random.choice(DAYS),
        created_at=random.choice(MOMENTS),
        contact=None if random.random() < missing else _contact(random, missing),
        buyer=_contact(random, missing),
        stage=random.choice(sorted(STAGES)),
        poc=Part(stage=random.choice(("not_started", "running", "done"))),
        people=tuple(_person(random, missing) for _ in range(random.randint(0, 3))),
        tags=tuple(
            random.choice(("co_selling", "lead_sourcing")) for _ in range(random.randint(0, 2))
        ),
        numbers=tuple(random.choice((0, 1, 25, 51)) for _ in range(random.randint(0, 2))),
    )


def _contact(random: Random, missing: float) -> Contact:
    table = {
        "name": ("gold", "Eva"),
        "country": ("CZ", "DE", "US"),
        "budget": AMOUNTS,
        "seen_at": MOMENTS,
    }
    return Contact(**_some(random, table, missing), age=random.choice((0, 7)))


def _person(random: Random, missing: float) -> Person:
    table: dict[str, tuple[object, ...]] = {
        "role": ("champion", "decision_maker"),
        "level": (0, 1, 2, 3),
        "budget": AMOUNTS,
        "met_at": MOMENTS,
        "signed_on": DAYS,
        "active": (True, False),
        "score": (Decimal("2.500"), Decimal("0.125")),
    }
    return Person(**_some(random, table, missing), name=random.choice(("Ada", "gold")))
