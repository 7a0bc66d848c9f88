"""TOML and JSON are read with the line of each thing, or refused with a reason, quickly."""

from __future__ import annotations

import json
from decimal import Decimal
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosell.definition.text import Format, Source, read_text
from cosell.errors import DefinitionError, UnknownNameError

FORMATS: tuple[Format, ...] = ("toml", "json")

TOML = '''\
# a comment with [brackets] and "quotes"
id = "make" # [not a header]

roles = [
  "partner",  # the first
  "manager", "ae",
  [
    "nested",
  ],
  { id = "table" },
]
text = """
[not.a.header]
not = "a key"
"""
'''

MORE = '''
"a key" = 1
'another.key' = 2
dotted . key = 3
ends = """a\\""""
tail = """b"""""
literal = \'\'\'c\'\'\'\'
after = ["]", '[', "#", """]"""]

[stages]  # a table
one = { id = "a", more = [ "x", "y" ] }

[[gates.accept.criteria]]
id = "first"

  [[gates.accept.criteria]]
  id = "second"
  [gates.accept.criteria.deep]
  x = 1

[ "quoted" . header ]
y = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        pytest.param(("id",), 2, id="a key"),
        pytest.param(("roles",), 4, id="a list that spans lines"),
        pytest.param(("roles", 0), 5, id="its first item"),
        pytest.param(("roles", 1), 6, id="its second item"),
        pytest.param(("roles", 2), 6, id="two items in one line"),
        pytest.param(("roles", 3), 7, id="a list in the list"),
        pytest.param(("roles", 3, 0), 7, id="an item of that is where the inner list begins"),
        pytest.param(("roles", 4), 10, id="a table in the list"),
        pytest.param(("roles", 4, "id"), 10, id="a key of that table"),
        pytest.param(("text",), 12, id="a text that looks like TOML"),
        pytest.param(("a key",), 17, id="a quoted key"),
        pytest.param(("another.key",), 18, id="a key with a dot"),
        pytest.param(("another", "key"), 18, id="the same as a path"),
        pytest.param(("dotted", "key"), 19, id="a dotted key"),
        pytest.param(("ends",), 20, id="a text with an escaped quote"),
        pytest.param(("tail",), 21, id="a text that ends in two quotes of its own"),
        pytest.param(("literal",), 22, id="a literal text that ends in one of its own"),
        pytest.param(("after",), 23, id="what comes after these"),
        pytest.param(("after", 3), 23, id="an item in the same line"),
        pytest.param(("stages",), 25, id="a header"),
        pytest.param(("stages", "one"), 26, id="a key under a header"),
        pytest.param(("stages", "one", "more", 1), 26, id="deep in one line"),
        pytest.param(("gates", "accept", "criteria", 0), 28, id="the first of repeated tables"),
        pytest.param(("gates", "accept", "criteria", 0, "id"), 29, id="a key of the first"),
        pytest.param(("gates", "accept", "criteria", 1), 31, id="the second, indented"),
        pytest.param(("gates", "accept", "criteria", 1, "id"), 32, id="a key of the second"),
        pytest.param(("gates", "accept", "criteria", 1, "deep", "x"), 34, id="a table under it"),
        pytest.param(("gates", "accept", "criteria"), 28, id="a list of tables, at its first"),
        pytest.param(("gates",), 28, id="a table without a line of its own"),
        pytest.param(("dotted",), 19, id="what a dotted key opens"),
        pytest.param(("quoted", "header", "y"), 37, id="under a quoted header"),
        pytest.param(("stages", "two", "id"), 25, id="what is missing is where its table is"),
        pytest.param(("nothing",), None, id="what is nowhere"),
    ],
)
def test_the_line_of_a_thing_in_toml(path: tuple[str | int, ...], line: int | None) -> None:
    """The place of a thing is the line of its key, or of the table or list it opens."""
    assert read_text(TOML + MORE).line_of(path) == line


def test_lines_are_found_with_windows_ends() -> None:
    """A carriage return before the end of a line changes nothing."""
    unix = read_text(TOML + MORE)
    windows = read_text((TOML + MORE).replace("\n", "\r\n"))

    assert windows.lines == unix.lines


JSON = """{
  "id": "ma[k]e", "version": 1,
  "roles": ["a,", "b]",
    "c", {"x":
      [1, 2]}
  ],
  "empty": {}, "none": [],
  "esc\\"aped\\u0041": -1.5e3,
  "dotted.key": true
}
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        pytest.param(("id",), 2, id="a key"),
        pytest.param(("version",), 2, id="another in its line"),
        pytest.param(("roles", 1), 3, id="an item"),
        pytest.param(("roles", 2), 4, id="an item in the next line"),
        pytest.param(("roles", 3, "x"), 5, id="a list deep inside"),
        pytest.param(("roles", 3, "x", 1), 5, id="an item of that"),
        pytest.param(("empty",), 7, id="an empty table"),
        pytest.param(("none", 3), 7, id="what is missing in a list"),
        pytest.param(('esc"apedA',), 8, id="a key with escapes"),
        pytest.param(("dotted", "key"), 9, id="a key with a dot, as a path"),
        pytest.param((), 1, id="the whole"),
        pytest.param(("nothing",), 1, id="what is nowhere is in the whole"),
    ],
)
def test_the_line_of_a_thing_in_json(path: tuple[str | int, ...], line: int | None) -> None:
    """Each value stands in the line in which it begins."""
    assert read_text(JSON, format="json").line_of(path) == line


def test_numbers_with_a_point_are_decimals() -> None:
    """There are no floats, in TOML as in JSON."""
    assert read_text("a = 0.10\nb = 1e2\nc = 7").content == {
        "a": Decimal("0.10"),
        "b": Decimal("1e2"),
        "c": 7,
    }
    assert read_text('{"a": 0.10, "c": 7}', format="json").content == {"a": Decimal("0.10"), "c": 7}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("a = ", "x.toml:1: invalid value.", id="a value is missing"),
        pytest.param("\n\na", "x.toml:3: expected '=' after a key", id="an equals sign is missing"),
        pytest.param('a = "', "x.toml:1: unterminated string", id="a text has no end"),
        pytest.param("a = [1", "x.toml:1: unclosed array", id="a list has no end"),
        pytest.param("a = 1\na = 2", "x.toml:2: cannot overwrite a value", id="a key stands twice"),
        pytest.param("[a.b]\n[a.b]", "x.toml:2: cannot declare `a.b` twice", id="a table twice"),
        pytest.param(
            "a = { x = 1 }\n[a.b]", "x.toml:2: cannot declare `a.b` twice", id="a closed table"
        ),
        pytest.param("a = 'x\x00'", "found invalid character '\\x00'", id="a NUL"),
        pytest.param(r'a = "\ud800"', "is not a Unicode scalar value", id="half a character"),
        pytest.param("a = '\ud800'", "x.toml:1: a: a text holds NUL or half", id="half, as it is"),
        pytest.param(f"a = {'9' * 5000}", "number of thousands of digits", id="a huge number"),
        pytest.param(f"a = 0x{'f' * 5000}", "a: this number needs more than 64", id="a huge hex"),
        pytest.param("a = 9223372036854775808", "needs more than 64 bits", id="65 bits"),
        pytest.param("a = 1e999999", "no number of at most 38 digits", id="a huge exponent"),
        pytest.param("a = 1e99999999999999999999", "at most 38 digits", id="beyond all decimals"),
        pytest.param("a = inf", "no number of at most 38 digits", id="infinity"),
        pytest.param("a = nan", "no number of at most 38 digits", id="no number"),
        pytest.param("b = 1\na = 0.1e-39", "x.toml:2: a: this is no number", id="a tiny number"),
        pytest.param(f"{'k' * 501} = 1", "cannot stand as a key", id="a huge key"),
        pytest.param('"\\u0000" = 1', "`\\x00` cannot stand as a key", id="a NUL in a key"),
        pytest.param(f"a = {'[' * 5000}", "nested too deeply", id="brackets without end"),
        pytest.param(f"a = {'{a=' * 5000}", "nested too deeply", id="braces without end"),
        pytest.param(f"a = {'[' * 41}{']' * 41}", "nested too deeply", id="41 levels"),
        pytest.param(".".join("a" * 42) + " = 1", "nested too deeply", id="a key of 42 parts"),
        pytest.param(f"[{'.'.join('a' * 99_999)}]", "nested too deeply", id="a deep header"),
        pytest.param("x = { " + '"a".' * 999 + "a = 1 }", "too deeply", id="quoted keys"),
        pytest.param("a" * 1_000_001, "more than 1000000 characters", id="a megabyte"),
        pytest.param("\ufeffa = 1", "x.toml:1: invalid statement", id="a byte order mark"),
    ],
)
def test_toml_that_cannot_be_used(text: str, problem: str) -> None:
    """What cannot be read, or must not be, is refused with its line."""
    with pytest.raises(DefinitionError) as caught:
        read_text(text, file="x.toml")

    assert problem in str(caught.value)
    assert caught.value.subject == "`x.toml`"
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", "1: expecting value", id="nothing"),
        pytest.param("[]", "1: it holds no table. Start with `{`.", id="no table"),
        pytest.param("5", "1: it holds no table", id="a number"),
        pytest.param('{"a":\n1,}', "2: ", id="a comma too many"),
        pytest.param('{"a": 1} x', "1: extra data", id="more after the end"),
        pytest.param('{"a": 1,\n"a": 2}', "2: a: the key `a` stands twice. Keep one.", id="twice"),
        pytest.param('{"a": NaN}', "1: a: this is no number", id="no number"),
        pytest.param('{"a": -Infinity}', "1: a: this is no number", id="infinity"),
        pytest.param('{"a":\n1e999999}', "2: a: this is no number", id="a huge exponent"),
        pytest.param(f'{{"a": {"9" * 5000}}}', "thousands of digits", id="a huge number"),
        pytest.param(r'{"a": "\ud800"}', "1: a: a text holds NUL or half", id="half a character"),
        pytest.param(r'{"a": ["\u0000"]}', "1: a[0]: a text holds NUL", id="a NUL"),
        pytest.param(r'{"\ud800": 1}', "`\\ud800` cannot stand as a key", id="half a key"),
        pytest.param("[" * 99_999, "nested too deeply", id="brackets without end"),
        pytest.param('{"a":' * 99_999, "nested too deeply", id="braces without end"),
        pytest.param("[" * 42 + "]" * 42, "nested too deeply", id="42 levels"),
        pytest.param("\ufeff{}", "1: unexpected UTF-8 BOM", id="a byte order mark"),
    ],
)
def test_json_that_cannot_be_used(text: str, problem: str) -> None:
    """What cannot be read, or must not be, is refused with its line."""
    with pytest.raises(DefinitionError) as caught:
        read_text(text, format="json")

    assert problem in str(caught.value)
    assert caught.value.subject == "the text"


def test_all_keys_that_stand_twice_are_named() -> None:
    """Every doubled key is a problem of its own."""
    with pytest.raises(DefinitionError) as caught:
        read_text('{"a": 1, "b": {"c": 1, "c": 2},\n "a": 3}', format="json")

    assert [problem.path for problem in caught.value.problems] == ["b.c", "a"]


def test_all_values_that_must_not_stand_are_named() -> None:
    """Everything wrong is said at once, in the order of the text."""
    with pytest.raises(DefinitionError) as caught:
        read_text(r'a = "\u0000"' + '\nb = [1, nan]\n[c]\n"\\u0000" = 1\nd = 1e99')

    assert [(problem.path, problem.line) for problem in caught.value.problems] == [
        ("a", 1),
        ("b[1]", 2),
        ("c", 3),
        ("c.d", 5),
    ]


def test_the_column_of_a_syntax_error_is_given() -> None:
    """A host can put the cursor where reading stopped."""
    with pytest.raises(DefinitionError) as caught:
        read_text("a = 1\nb = !")
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (2, 5)

    with pytest.raises(DefinitionError) as caught:
        read_text('{"a":\n !}', format="json")
    assert (caught.value.problems[0].line, caught.value.problems[0].column) == (2, 2)


def test_another_format_is_refused() -> None:
    """There is no format but the two; YAML's aliases are one reason."""
    with pytest.raises(UnknownNameError, match="no format `yaml`"):
        read_text("a: &a [*a]", format="yaml")  # type: ignore[arg-type]  # that is the point


def test_sources_are_equal() -> None:
    """Where a definition stands is no part of what it says."""
    one, other = read_text("a = 1"), read_text("b = 2", file="x")

    assert one == other
    assert hash(one) == hash(other)
    assert one != "a = 1"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 300_000, id="one long word"),
        pytest.param("a." * 115_000, id="one long dotted word"),
        pytest.param("a = [" + "1," * 100_000 + "]", id="a long list"),
        pytest.param("a = [" + "\n{}," * 60_000 + "]", id="a long list of tables"),
        pytest.param('a = "' + "\\n" * 100_000 + '"', id="a long text of escapes"),
        pytest.param("a = '" + "'" * 300_000, id="nothing but quotes"),
        pytest.param('a = "' + '"' * 300_000, id="nothing but double quotes"),
        pytest.param("\n".join(f"[t{n}]\na = 1" for n in range(15_000)), id="many tables"),
        pytest.param("[[a]]\n" * 30_000, id="many repeated tables"),
        pytest.param("#" * 300_000, id="one long comment"),
        pytest.param("\n" * 300_000, id="nothing but lines"),
        pytest.param("a = 1979-05-27T" + "0" * 300_000, id="a long moment"),
        pytest.param("\n".join(f'k{n} = "\\u0000"' for n in range(20_000)), id="all of it wrong"),
        pytest.param("a = 0." + "1" * 300_000, id="a long number"),
        pytest.param("=" * 300_000, id="nothing but equals signs"),
        pytest.param('"\\' * 100_000, id="strings that never end"),
    ],
)
def test_a_hostile_text_is_done_with_quickly(text: str) -> None:
    """Hundreds of kilobytes of anything take seconds at most: the time grows with the length."""
    for form in FORMATS:
        started = process_time()
        try:
            read_text(text, format=form)
        except DefinitionError as error:
            assert len(error.problems) <= 200  # noqa: PT017 - either outcome is right
        assert process_time() - started < 20


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    """Return a table as TOML and JSON can both write it."""
    scalars = (
        st.integers(-(2**63), 2**63 - 1)
        | st.booleans()
        | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
    )
    keys = st.text(st.sampled_from("ab.[]#\"' ="), min_size=1, max_size=4)
    values = st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=8,
    )
    return draw(st.dictionaries(keys, values, max_size=4))


@given(tables(), st.booleans())
def test_what_is_written_is_read(table: dict[str, Any], spread: bool) -> None:  # noqa: FBT001
    """Whatever the keys and the layout, the content comes back, and each place is a line of it."""
    text = json.dumps(table, indent=2 if spread else None)
    source = read_text(text, format="json")

    assert source.content == table
    assert all(1 <= line <= text.count("\n") + 1 for line in source.lines.values())
    for key in table:
        assert json.dumps(key) in text.splitlines()[(source.line_of((key,)) or 1) - 1]


@given(tables())
def test_a_toml_key_is_found_in_its_line(table: dict[str, Any]) -> None:
    """A key is found whatever it holds: brackets, quotes, dots, the sign of a comment."""
    lines = [f"{json.dumps(key)} = {_toml(value)}" for key, value in table.items()]
    source = read_text("\n".join(lines))

    assert source.content == table
    assert [source.line_of((key,)) for key in table] == list(range(1, len(table) + 1))


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        items = (f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items())
        return f"{{ {', '.join(items)} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


@given(st.text(max_size=60) | st.text("[]{}=.,#\"'\\\n\r ab1-:T", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever the text, in either format, there is a table or an error of ours."""
    for form in FORMATS:
        try:
            source = read_text(text, format=form)
        except DefinitionError as error:
            assert str(error).encode()  # noqa: PT017 - either outcome is right
        else:
            assert isinstance(source, Source)
