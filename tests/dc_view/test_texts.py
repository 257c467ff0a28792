"""Logs, tables and metadata: from the record, in pieces, as they are."""

from __future__ import annotations

import secrets

import pytest

from ckanext.dc_view import logs_and_tables, spooling, texts

#: Nothing that can be stored in less.
LONG = [secrets.token_hex(500) for _ in range(400)]
PAYLOAD = '"><script>alert(1)</script>'


@pytest.fixture
def ask(app):
    def get(made, route, /, **query):
        return app.get(made.route(route), query_string=query)

    return get


def test_logs_are_listed_by_name(ask, make_measurement):
    condensed = {"logs": {"dclab-condense": ["x"], "hans": ["other"]}}
    found = ask(make_measurement(condensed=condensed), "logs.json").json["logs"]
    listed = [(log["name"], log["origin"], log["lines"]) for log in found]
    assert listed == [
        ("Anna", "original", 1),
        ("dclab-condense", "condensed", 1),
        ("hans", "original", 3),
    ]


def test_what_was_cut_off_is_told(ask, make_measurement):
    note = "The log 'long' is cut off: the logs are too large."
    made = make_measurement(original={"logs": {"long": ["a"]}, "notes": [note]})
    assert ask(made, "logs.json").json["notes"] == [note]
    assert ask(make_measurement(), "logs.json").json["notes"] == []


def test_a_long_log_is_saved_whole(ask, make_measurement):
    lines = [f"line {number}" for number in range(12_000)]
    made = make_measurement(original={"logs": {"long": lines}})
    assert ask(made, "logs.txt", name="long").get_data(as_text=True).split("\n")[:-1] == lines


def test_of_a_long_log_only_a_piece_is_in_memory(ask, make_measurement, statements, monkeypatch):
    lines = [f"line {number} {'x' * 1000}" for number in range(5000)]
    made = make_measurement(original={"logs": {"long": lines}})
    seen = []
    all_lines = logs_and_tables.all_lines

    def noted(*given):
        for piece in all_lines(*given):
            seen.append(len(piece))
            yield piece

    monkeypatch.setattr(logs_and_tables, "all_lines", noted)
    shown = ask(made, "logs.json", name="long", count=5000).json["lines"]
    assert lines[: len(shown)] == shown
    assert 900 < len(shown) < 1100
    with statements() as told:
        text = ask(made, "logs.txt", name="long").get_data(as_text=True)
    assert text.split("\n")[:-1] == lines
    assert sum(seen) == 5000
    assert max(seen) < 1100
    assert len([one for one in told if "'logs'" in one]) == 1


def test_lines_come_in_pieces(ask, make_measurement):
    lines = [f"line {number}" for number in range(2500)]
    made = make_measurement(original={"logs": {"long": lines}})
    first = ask(made, "logs.json", name="long").json
    assert (first["total"], first["start"], first["lines"]) == (2500, 0, lines[:1000])
    more = ask(made, "logs.json", name="long", start=2400, count=500).json
    assert more["lines"] == lines[2400:]


def test_lines_of_the_condensed_file(ask, make_measurement):
    made = make_measurement(condensed={"logs": {"dclab-condense": ["x", "y"]}})
    assert ask(made, "logs.json", name="dclab-condense").json["lines"] == ["x", "y"]


def test_searching(ask, make_measurement):
    made = make_measurement()
    found = ask(made, "logs.json", name="hans", search="MAR").json
    assert found["matches"] == [{"line": 3, "text": "Mary"}]
    assert ask(made, "logs.json", name="hans", search="%").json["matches"] == []


def test_lines_are_unchanged(ask, make_measurement):
    lines = [PAYLOAD, "", "\ttab", "ä 中", "  spaces  "]
    made = make_measurement(original={"logs": {PAYLOAD: lines}})
    assert ask(made, "logs.json", name=PAYLOAD).json["lines"] == lines
    answer = ask(made, "logs.txt", name=PAYLOAD)
    assert answer.get_data(as_text=True).split("\n")[:-1] == lines
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "<" not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("name", ["logs.json", "logs.txt", "tables.json", "tables.csv"])
def test_unknown_names(ask, make_measurement, name):
    answer = ask(make_measurement(), name, name="nobody")
    assert answer.status_code == 404
    assert answer.json["error"] == "no-such-name"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"count": "5001"}, "too-many"),
        ({"count": "many"}, "bad-parameters"),
        ({"start": "-1"}, "bad-parameters"),
        ({"start": "9" * 20}, "bad-parameters"),
    ],
)
def test_parameters_are_checked(ask, make_measurement, query, code):
    answer = ask(make_measurement(), "logs.json", name="hans", **query)
    assert answer.status_code == 400
    assert answer.json["error"] == code


def test_tables_are_listed(ask, make_measurement):
    found = ask(make_measurement(), "tables.json").json["tables"]
    assert found == [{"name": "monitor", "columns": ["time", "pressure"], "rows": 2}]


def test_rows_are_flat(ask, make_measurement):
    found = ask(make_measurement(), "tables.json", name="monitor").json
    assert found["rows"] == [[1.0, 0.5], [2.0, None]]
    assert found["total"] == 2


def test_tables_as_files(ask, make_measurement):
    made = make_measurement()
    csv = ask(made, "tables.csv", name="monitor")
    assert csv.get_data(as_text=True) == "time,pressure\r\n1.0,0.5\r\n2.0,\r\n"
    tsv = ask(made, "tables.tsv", name="monitor")
    assert tsv.get_data(as_text=True).splitlines()[0] == "time\tpressure"


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("logs.txt?name=hans", 200),
        ("logs.txt?name=peter", 404),
        ("tables.csv?name=monitor", 200),
        ("tables.csv?name=peter", 404),
    ],
)
def test_to_know_of_files_none_is_made(app, make_measurement, monkeypatch, question, status):
    monkeypatch.setattr(spooling, "spooled", None)
    answer = app.flask_app.test_client().head(make_measurement().route(question))
    assert (answer.status_code, answer.get_data()) == (status, b"")
    if status == 200:
        assert "attachment" in answer.headers["Content-Disposition"]
        assert "Content-Length" not in answer.headers


def test_spreadsheets_execute_nothing(ask, make_measurement):
    table = [["=1+1", "x"], [["@SUM(A1)", -5.0]]]
    made = make_measurement(original={"tables": {"t": table}})
    lines = ask(made, "tables.csv", name="t").get_data(as_text=True).splitlines()
    assert lines == ["'=1+1,x", "'@SUM(A1),-5.0"]


def test_tables_of_other_kinds_do_not_exist(ask, make_measurement):
    assert ask(make_measurement(), "tables.exe", name="monitor").status_code == 404


def test_without_logs_and_tables(ask, make_measurement):
    made = make_measurement(original={"logs": {}, "tables": {}})
    assert ask(made, "logs.json").json == {"logs": [], "notes": []}
    assert ask(made, "tables.json").json == {"tables": []}


def test_before_the_measurement_is_described(ask, make_resource):
    made = make_resource()
    assert ask(made, "logs.json").json == {"logs": [], "notes": []}
    assert ask(made, "metadata.json").json == {"sections": []}


def test_metadata(ask, make_measurement):
    fields = {"dc:experiment:event count": 123456, "dc:setup:channel width": 20.0}
    sections = ask(make_measurement(fields=fields), "metadata.json").json["sections"]
    assert [section["title"] for section in sections] == ["Experiment", "Setup"]
    count = sections[0]["rows"][0]
    assert (count["label"], count["value"]) == ("Number of recorded events", 123456)
    width = sections[1]["rows"][0]
    assert (width["text"], width["unit"]) == ("20", "µm")


def test_metadata_that_only_the_file_has(ask, make_measurement):
    metadata = {"user": {"a:b": "<i>", "weird": [1, None]}, "experiment": {"run index": 0}}
    sections = ask(make_measurement(original={"metadata": metadata}), "metadata.json").json[
        "sections"
    ]
    assert [section["section"] for section in sections] == ["user"]
    assert [row["text"] for row in sections[0]["rows"]] == ["<i>", "1, \N{EN DASH}"]


def test_tables_come_in_pieces(ask, make_measurement):
    rows = [[[float(number), None]] for number in range(2500)]
    made = make_measurement(original={"tables": {"long": [["a", "b"], rows]}})
    flat = [row for (row,) in rows]
    assert ask(made, "tables.json", name="long").json["rows"] == flat[:1000]
    found = ask(made, "tables.json", name="long", start=2400, count=500).json
    assert (found["total"], found["start"], found["rows"]) == (2500, 2400, flat[2400:])
    for beyond in ({"start": 2500}, {"start": 10**15 - 1}, {"count": 0}):
        assert ask(made, "tables.json", name="long", **beyond).json["rows"] == []


def test_a_long_table_is_saved_whole_by_one_statement(ask, make_measurement, statements):
    rows = [[float(number)] for number in range(12_000)]
    made = make_measurement(original={"tables": {"long": [None, rows]}})
    with statements() as seen:
        text = ask(made, "tables.csv", name="long").get_data(as_text=True)
    assert text.splitlines() == [f"{number}.0" for number in range(12_000)]
    assert len([one for one in seen if "'tables'" in one]) == 1


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([[1, 2.5], [None, -3]], ["1,2.5", ",-3"]),
        ([[[1, 2.5]], [[None, -3]]], ["1,2.5", ",-3"]),
        ([[[1], [2]], [[3], [4]]], ["1,2", "3,4"]),
        ([[1, 2], [[3, 4]]], ["1,2", "3,4"]),
        ([1, 2], ["1", "2"]),
        ([[1], [None]], ["1", '""']),
        ([[True, 1], [False, 2]], ["True,1", "False,2"]),
        ([["], [", 1], ["a,b", 2]], ['"], [",1', '"a,b",2']),
        ([["=1+1"], ["null"]], ["'=1+1", "null"]),
        ([[1e-9, 1e20]], ["0.000000001,100000000000000000000"]),
        ([[1e-300, 1e300, -2.5e-200, 7]], ["1e-300,1e+300,-2.5e-200,7"]),
        ([[" =1+1", "\n=1+1", "\u2003@x"]], ["' =1+1,\"'\n=1+1\",'\u2003@x"]),
    ],
)
def test_rows_as_lines(ask, make_measurement, rows, lines):
    made = make_measurement(original={"tables": {"t": [None, rows]}})
    text = ask(made, "tables.csv", name="t").get_data(as_text=True)
    assert text == "".join(f"{line}\r\n" for line in lines)


def test_pieces_of_wide_tables_have_fewer_rows(app, ask, make_measurement):
    rows = [[1.2345678901234567e-300] * 60 for _ in range(5000)]
    made = make_measurement(original={"tables": {"wide": [None, rows], "narrow": [None, rows[:9]]}})
    found = ask(made, "tables.json", name="wide", count=5000).json
    assert found["total"] == 5000
    assert 100 < len(found["rows"]) < 2000
    assert {tuple(row) for row in found["rows"]} == {tuple(rows[0])}
    assert len(ask(made, "tables.json", name="narrow").json["rows"]) == 9


def test_a_small_record_of_long_numbers_is_saved_in_few_bytes(ask, make_measurement, lengths):
    rows = [[1.2345678901234567e-300] * 60 for _ in range(5000)]
    made = make_measurement(original={"tables": {"wide": [None, rows]}})
    text = ask(made, "tables.csv", name="wide").get_data(as_text=True)
    assert len(text) < 8e6
    assert set(text.split("\r\n")[:-1]) == {",".join(60 * [repr(rows[0][0])])}
    assert max(lengths) < 27e6


@pytest.fixture
def lengths(monkeypatch):
    """How long the pieces of tables are that are in memory."""
    seen = []
    delimited = texts.delimited

    def noted(rows, delimiter):
        seen.append(len(rows))
        return delimited(rows, delimiter)

    monkeypatch.setattr(texts, "delimited", noted)
    return seen


@pytest.mark.parametrize("question", ["tables.json?name=t&start=1", "tables.csv?name=t"])
def test_rows_as_long_as_no_table_has_them_are_refused(app, make_measurement, question):
    made = make_measurement(original={"tables": {"t": [None, [[1], [1e-300] * 500_000]]}})
    answer = app.get(made.route(question))
    assert (answer.status_code, answer.json["error"]) == (422, "unreadable")


def test_large_is_also_what_is_stored_in_few_bytes(app, make_measurement, somebody_else):
    made = make_measurement(original={"tables": {"t": [None, [[1e-300] * 100] * 1000]}})
    assert somebody_else(1)
    assert app.get(made.route("tables.csv?name=t")).status_code == 503


@pytest.mark.parametrize(
    "question",
    [
        "metadata.json",
        "logs.json",
        "logs.json?name=long",
        "logs.json?name=long&search=x",
        "logs.txt?name=long",
        "tables.json",
        "tables.json?name=monitor",
        "tables.csv?name=monitor",
    ],
)
def test_large_records_wait_for_a_turn(app, make_measurement, somebody_else, question):
    small, large = make_measurement(), make_measurement(original={"logs": {"long": LONG}})
    assert app.get(large.route(question)).status_code == 200
    assert somebody_else(1)
    answer = app.get(large.route(question))
    assert (answer.status_code, answer.json["error"]) == (503, "busy")
    assert app.get(small.route(question.replace("long", "hans"))).status_code == 200
