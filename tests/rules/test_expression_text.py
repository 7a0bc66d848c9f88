"""Reading expressions: what is refused, by name and at its place (language.md, Left out)."""

from __future__ import annotations

import string
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cosell.errors import ExpressionError
from cosell.rules import parse, text_of
from rules.expressions import Expressions


def problem_in(text: str) -> ExpressionError:
    """Return the error that reading ``text`` raises."""
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param("acv>above", "acv > above", id="spaces do not matter"),
        pytest.param("a.b.c == 1", "a.b.c == 1", id="paths are dotted"),
        pytest.param("a . b", "a.b", id="a path may be spaced out"),
        pytest.param("(a + b) * 2 - -c", "(a + b) * 2 - -c", id="brackets stay where they count"),
        pytest.param("a - (b - c)", "a - (b - c)", id="subtraction groups to the left"),
        pytest.param("((a) and (b)) or c", "a and b or c", id="brackets go where they do not"),
        pytest.param("a and (b or c)", "a and (b or c)", id="or binds less than and"),
        pytest.param("not (a == b)", "not a == b", id="not binds less than a comparison"),
        pytest.param("(not a) == b", "(not a) == b", id="a comparison of conditions"),
        pytest.param("1 < a <= 5", "1 < a <= 5", id="comparisons chain"),
        pytest.param("a in {'x', 'y'}", "a in {'x', 'y'}", id="a list in braces"),
        pytest.param("a not in ('x',)", "a not in {'x'}", id="a list in round brackets"),
        pytest.param("a in ['x', -1]", "a in {'x', -1}", id="a list in square brackets"),
        pytest.param("a in options", "a in options", id="a list by name"),
        pytest.param("a if b else c if d else e", "a if b else c if d else e", id="choices chain"),
        pytest.param(
            "(a if b else c) if d else e", "(a if b else c) if d else e", id="choice in it"
        ),
        pytest.param("f(a, b)", "f(a, b)", id="any function is read"),
        pytest.param(
            "any(x.a == 1 for x in b.c)", "any(x.a == 1 for x in b.c)", id="a list is gone through"
        ),
        pytest.param(
            "lookup(a, {'x': 0.10, 'y': 2})", "lookup(a, {'x': 0.10, 'y': 2})", id="a table"
        ),
        pytest.param("0.10 + 1_000.5", "0.10 + 1000.5", id="decimals keep their text"),
        pytest.param('"it\'s"', '"it\'s"', id="a text with an apostrophe"),
        pytest.param("True or False", "True or False", id="yes and no"),
        pytest.param("a\n  and\n\tb", "a and b", id="an expression may run over lines"),
        pytest.param("'žluťoučký' == a", "'žluťoučký' == a", id="texts hold any letters"),
    ],
)
def test_an_expression_is_read(text: str, read: str) -> None:
    """What is read is written out again in one way, and reads as the same tree."""
    assert text_of(parse(text)) == read
    assert parse(read) == parse(text)


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        pytest.param("", 1, "nothing is written here", id="nothing"),
        pytest.param(" \n\t", 1, "nothing is written here", id="only spaces"),
        pytest.param("a / b", 3, "there is no division", id="division"),
        pytest.param("a // b", 3, "there is no division", id="floor division"),
        pytest.param("a % b", 3, "there is no remainder", id="remainder"),
        pytest.param("a ** 2", 3, "there are no powers", id="power"),
        pytest.param("a & b", 3, "`&` is not an operator", id="bitwise and"),
        pytest.param("a && b", 3, "`&&` is not an operator", id="C's and"),
        pytest.param("a | b", 3, "`|` is not an operator", id="bitwise or"),
        pytest.param("a || b", 3, "`||` is not an operator", id="C's or"),
        pytest.param("a ^ b", 3, "`^` is not an operator", id="exclusive or"),
        pytest.param("~a", 1, "`~` is not an operator", id="inversion"),
        pytest.param("!a", 1, "`!` is not an operator", id="C's not"),
        pytest.param("a <> b", 3, "`<>` is not an operator", id="SQL's unequal"),
        pytest.param("a << 1", 3, "`<<` is not an operator", id="left shift"),
        pytest.param("a >> 1", 3, "`>>` is not an operator", id="right shift"),
        pytest.param("a @ b", 3, "`@` is not an operator", id="matrix product"),
        pytest.param("a = b", 3, "a single `=` sets a value", id="assignment"),
        pytest.param("f(a=1)", 4, "a single `=` sets a value", id="named argument"),
        pytest.param("(a := b)", 4, "`:=` names a value", id="walrus"),
        pytest.param("a -> b", 3, "`->` is not an operator", id="arrow"),
        pytest.param("a; b", 2, "one expression ends here", id="two expressions"),
        pytest.param("a # b", 3, "there are no comments", id="comment"),
        pytest.param("a \\\n b", 3, "there are no escapes", id="continued line"),
        pytest.param(r"a == 'x\n'", 8, "there are no escapes", id="escape"),
        pytest.param(r"a == '\d'", 7, "there are no escapes", id="escape that Python warns of"),
        pytest.param("`a`", 1, "a backtick has no meaning", id="backtick"),
        pytest.param("$5", 1, "`$` has no meaning", id="dollar"),
        pytest.param("a ? b : c", 3, "`?` has no meaning", id="C's choice"),
        pytest.param("a == 'x", 6, "this text does not end", id="open text"),
        pytest.param('a == "x\n"', 6, "this text does not end", id="text over two lines"),
        pytest.param("a == None", 6, "there is no `None`", id="None"),
        pytest.param("a is b", 3, "there is no `is`", id="is"),
        pytest.param("a == null", 6, "there is no `null`", id="null"),
        pytest.param("a == true", 6, "there is no `true`", id="true"),
        pytest.param("a == false", 6, "there is no `false`", id="false"),
        pytest.param("a AND b", 3, "`AND` is not an operator", id="SQL's and"),
        pytest.param("a OR b", 3, "`OR` is not an operator", id="SQL's or"),
        pytest.param("NOT a", 1, "`NOT` is not an operator", id="SQL's not"),
        pytest.param("a IN b", 3, "`IN` is not an operator", id="SQL's in"),
        pytest.param("lambda: 1", 1, "there are no functions inside", id="lambda"),
        pytest.param("await a", 1, "`await` has no meaning", id="await"),
        pytest.param("(yield a)", 2, "`yield` has no meaning", id="yield"),
        pytest.param("import os", 1, "`import` has no meaning", id="import"),
        pytest.param("any(x async for x in y)", 7, "`async` has no meaning", id="async"),
        pytest.param("f'{a}'", 1, "`f` before a text", id="formatted text"),
        pytest.param("a == b'x'", 6, "`b` before a text", id="bytes"),
        pytest.param("'a' 'b'", 5, "two texts stand in a row", id="joined texts"),
        pytest.param("'''a'''", 3, "two texts stand in a row", id="triple quotes"),
        pytest.param("1e5", 1, "`1e5` is not a plain number", id="exponent"),
        pytest.param("0x1F", 1, "`0x1F` is not a plain number", id="hexadecimal"),
        pytest.param("1j", 1, "`1j` is not a plain number", id="imaginary"),
        pytest.param("5.", 1, "`5.` is not a plain number", id="no digit after the point"),
        pytest.param("007", 1, "`007` is not a plain number", id="leading zeros"),
        pytest.param("1__0", 1, "`1__0` is not a plain number", id="two underscores"),
        pytest.param("a ==1and b", 5, "`1and` is not a plain number", id="number joined to a word"),
        pytest.param("a < .5", 5, "`.5` is not a plain number", id="no digit before the point"),
        pytest.param("a ž b", 3, "`ž` stands outside quotation marks", id="letter outside a text"),
        pytest.param("'ž' == ﬁeld", 8, "`ﬁ` stands outside", id="letter that Python would rewrite"),
        pytest.param("a\x00b", 2, "a control character", id="NUL"),
        pytest.param("a\rb", 2, "a control character", id="carriage return"),
        pytest.param("'\ud800'", 2, "half a character", id="lone surrogate"),
        pytest.param("(a", 1, "`(` is never closed", id="open bracket"),
        pytest.param("a)", 2, "`)` closes nothing", id="closing bracket"),
        pytest.param("(a]", 3, "`]` closes nothing", id="wrong bracket"),
        pytest.param("a) or (b", 2, "`)` closes nothing", id="brackets the wrong way round"),
        pytest.param("(" * 31 + "a" + ")" * 31, 31, "nested too deeply", id="many brackets"),
        pytest.param("not " * 11 + "a", 41, "too many signs", id="many negations"),
        pytest.param("-" * 11 + "a", 11, "too many signs", id="many signs"),
        pytest.param("+a", 1, "`+` has nothing to add to", id="sign that says nothing"),
        pytest.param("a + " * 60 + "a", 1, "nested too deeply", id="long sum"),
        pytest.param("1 if a else " * 41 + "2", 474, "nested too deeply", id="long choice"),
        pytest.param("a[1]", 1, "there are no subscripts", id="subscript"),
        pytest.param("a == b[1:2]", 6, "there are no subscripts", id="slice"),
        pytest.param("a.b()", 1, "only the functions of the language", id="method"),
        pytest.param("f(a)(b)", 1, "only the functions of the language", id="call of a call"),
        pytest.param("f(a).b", 1, "`.` follows a name only", id="field of a call"),
        pytest.param("'x'.upper", 1, "`.` follows a name only", id="field of a text"),
        pytest.param(".".join("abcdefghi"), 1, "`.` follows a name only", id="long path"),
        pytest.param("a." * 900 + "a", 1, "`.` follows a name only", id="endless path"),
        pytest.param("[a for a in b]", 1, "there are no lists built", id="list comprehension"),
        pytest.param("{a for a in b}", 1, "there are no lists built", id="set comprehension"),
        pytest.param("{a: a for a in b}", 1, "there are no tables built", id="dict comprehension"),
        pytest.param("(a for a in b)", 1, "in any(), all() or count() only", id="generator"),
        pytest.param(
            "min(a for a in b)", 4, "in any(), all() or count() only", id="wrong function"
        ),
        pytest.param("[a]", 1, "a list stands here alone", id="list"),
        pytest.param("a, b", 1, "a list stands here alone", id="tuple"),
        pytest.param("a or ()", 6, "a list stands here alone", id="empty tuple"),
        pytest.param("a == {1}", 6, "a list stands here alone", id="set"),
        pytest.param("a == {1: 2}", 6, "a table stands here alone", id="table"),
        pytest.param("f(*a)", 3, "`*` has nothing to multiply", id="starred argument"),
        pytest.param("a == ...", 6, "`...` has no value", id="ellipsis"),
        pytest.param("a in 3", 6, "a list of values stands after `in`", id="in a number"),
        pytest.param("a in ('x')", 7, "a list of values stands after `in`", id="in a text"),
        pytest.param("a in ()", 6, "a list of values stands after `in`", id="in nothing"),
        pytest.param("a in b in c", 11, "`in` cannot stand in a chain", id="in in a chain"),
        pytest.param("a < b in c", 10, "`in` cannot stand in a chain", id="in after a comparison"),
        pytest.param("any(a)", 1, "any() takes a condition on each item", id="any of a value"),
        pytest.param("count(a, b)", 1, "count() takes a condition", id="count of two values"),
        pytest.param("all(x for x in a for y in b)", 22, "one list at a time", id="two lists"),
        pytest.param("any(x for x in a if b)", 21, "there is no `if` after", id="filter"),
        pytest.param("any(x for x, y in a)", 11, "an item has one name", id="two names"),
        pytest.param("any(x for x in f(a))", 16, "the name of a list stands", id="list of a call"),
        pytest.param("a >", 3, "cannot be read as an expression", id="nothing after an operator"),
        pytest.param("a and and b", 7, "cannot be read as an expression", id="two operators"),
        pytest.param("a b", 1, "cannot be read as an expression", id="two names"),
        pytest.param("a..b", 3, "cannot be read as an expression", id="two points"),
        pytest.param("{**a}", 2, "there are no powers", id="unpacked table"),
        pytest.param("'ž' == a and\n  'ř' < b / 2", 24, "there is no division", id="second line"),
        pytest.param("'ž' == a and\n  'ř' < b[2]", 22, "there are no subscripts", id="bytes count"),
    ],
)
def test_what_the_language_does_not_have_is_refused_at_its_place(
    text: str, column: int, problem: str
) -> None:
    """Every refusal names what it refuses, points at it in characters, and says what to do."""
    error = problem_in(text)

    assert problem in error.problem
    assert error.column == column
    assert error.remedy.endswith((".", "?", ")"))


def test_the_caret_stands_under_the_place() -> None:
    """The caret counts characters, also after letters that take two bytes."""
    error = problem_in("name == 'žluť' and acv / 2 > 1")

    assert error.excerpt.splitlines() == [
        "    name == 'žluť' and acv / 2 > 1",
        "                           ^",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("not " * 100_000 + "a", "at most 2000 characters", id="a MemoryError"),
        pytest.param("-" * 5_000 + "a", "at most 2000 characters", id="a RecursionError"),
        pytest.param("(" * 1_999, "nested too deeply", id="brackets without end"),
        pytest.param("a" * 2_001, "at most 2000 characters", id="one character too many"),
        pytest.param("[" * 1_000 + "]" * 1_000, "nested too deeply", id="lists in lists"),
        pytest.param("a" + "()" * 900, "only the functions", id="calls without end"),
    ],
)
def test_hostile_text_is_refused_before_python_reads_it(text: str, problem: str) -> None:
    """Text that breaks Python's own parser is an error like any other."""
    assert problem in problem_in(text).problem


def test_the_longest_text_is_read() -> None:
    """Exactly 2,000 characters are not too many."""
    assert parse("a" * 2_000)


@pytest.mark.parametrize("kind", ["memory", "recursion"])
def test_what_python_cannot_read_is_our_error(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """A parser that runs out of memory or stack is reported as too deep a nesting."""
    raised = {"memory": MemoryError, "recursion": RecursionError}[kind]

    def failing(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr("ast.parse", failing)

    assert "nested too deeply" in problem_in(f"a == '{kind}'").problem


_PIECES = st.sampled_from(
    [
        *"()[]{}.,:+-*<>=!'\"\\ \n\t#$%&;?@^_`|~/",
        *("and", "or", "not", "in", "if", "else", "for", "is", "lambda", "None", "True"),
        *(
            "any(",
            "lookup(",
            "a",
            "b.c",
            "1",
            "0.5",
            "1e9",
            "'x'",
            "ž",
            "\x00",
            "\ud800",
            "\U0001d41a",
        ),
    ]
)


@given(text=st.text() | st.lists(_PIECES, max_size=60).map("".join) | st.binary().map(repr))
@example(text="(" * 29 + "a" + ")" * 29)
@example(text="1 if 2 else 3")
def test_reading_raises_nothing_but_its_own_error(text: str) -> None:
    """Whatever the text, reading gives a tree or an error that points into the text."""
    try:
        node = parse(text)
    except ExpressionError as error:
        refused = error
    else:
        assert parse(text_of(node)) == node
        return
    assert 1 <= refused.column <= max(len(text), 1)
    assert str(refused)


@given(
    seed=st.integers(0, 10_000),
    cut=st.integers(0, 80),
    put=st.text(alphabet=string.printable, max_size=3),
)
def test_a_broken_expression_raises_nothing_but_its_own_error(
    seed: int, cut: int, put: str
) -> None:
    """A good expression with a few characters changed is read, or refused with our own error."""
    text = Expressions(seed).condition()
    place = cut % len(text)
    with suppress(ExpressionError):
        parse(text[:place] + put + text[place + 1 :])


@given(seed=st.integers(0, 10_000))
def test_an_expression_written_out_reads_as_the_same_tree(seed: int) -> None:
    """Writing out loses nothing but spaces and brackets that say nothing."""
    node = parse(Expressions(seed).condition())

    assert parse(text_of(node)) == node
