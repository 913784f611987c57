"""A sweep's report: as text for people, as JSON, and as an HTML page that needs nothing else."""

from __future__ import annotations

import html
import json
import shlex

from seize.sweep.verdict import FINDINGS, MEANINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from seize.sweep.sweep import Report

    Record = dict[str, Any]

_FORMAT = 1
_STYLE = """\
body { font: 15px/1.4 sans-serif; margin: 2em; color: #222; background: #fff; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { border: 1px solid #bbb; padding: 0.3em 0.6em; text-align: left; vertical-align: top; }
th { background: #eee; }
code, pre { font: 13px/1.4 monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
.bad td:first-child { background: #fbd5d5; font-weight: bold; }
.good td:first-child { background: #dff0d8; }
"""


def as_json(report: Report) -> str:
    """The report as one JSON object (docs/sweep.md)."""
    told = {
        "format": _FORMAT,
        "command": list(report.settings.command),
        "baseline": report.baseline,
        "notes": report.notes,
        "counts": report.counts,
        "findings": [record["key"] for record in report.findings],
        "runs": report.records,
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def as_text(report: Report) -> str:
    """The findings, each with how to see it again, and the numbers."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    for record, *others in _alike(report.findings):
        yield f"{record['verdict'].upper()}: {_where(record)}"
        yield f"    {record['text']}"
        yield f"    {record['what']}"
        yield from (f"    {line}" for line in _places(record))
        if record["reproduce"]:
            yield f"    again: {record['reproduce']}"
        if others:
            yield f"    also: {' '.join(other['key'] for other in others)}"
        yield ""
    yield from (f"note: {note}" for note in report.notes)
    yield summary(report)


def _places(record: Record) -> Iterator[str]:
    """Where the call was made, and where the program crashed or closed something twice."""
    for name, label in (("stack", "called from"), ("place", record["verdict"] + " in")):
        if record[name]:
            yield f"{label} {' < '.join(record[name])}"


def _alike(findings: list[Record]) -> list[list[Record]]:
    """The findings by verdict, call and place in the program."""
    groups: dict[tuple[object, ...], list[Record]] = {}
    for record in findings:
        places = (*record["stack"], "", *record["place"]) if record["stack"] else (record["key"],)
        kind = record["verdict"], record["role"], record["call"], record["about"], *places
        groups.setdefault(kind, []).append(record)
    return list(groups.values())


def _where(record: Record) -> str:
    about = f" on {record['about']}" if record["about"] else ""
    fault = f" with {record['fault']}" if record["fault"] else ""
    return f"{record['call']} {record['ordinal']} of thread {record['role']}{about}{fault}"


def summary(report: Report) -> str:
    """One line: how many runs, and how they went."""
    counts = report.counts
    order = (*FINDINGS, *(verdict for verdict in MEANINGS if verdict not in FINDINGS))
    parts = [f"{counts[verdict]} {verdict}" for verdict in order if verdict in counts]
    number = sum(counts.values())
    found = plural(len(report.findings), "finding")
    return f"{plural(number, 'run')}, {found}: {', '.join(parts) or 'nothing to do'}"


def plural(number: int, word: str) -> str:
    """``1 run``, ``2 runs``."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def as_html(report: Report) -> str:
    """A page of one table, the findings first."""
    title = html.escape(f"seize sweep: {shlex.join(report.settings.command)}")
    order = (*FINDINGS, *(verdict for verdict in MEANINGS if verdict not in FINDINGS))
    records = sorted(report.records, key=lambda record: order.index(record["verdict"]))
    baseline = report.baseline
    facts = (
        f"Without a failure: exit status {baseline['status']}, {baseline['calls']} system calls, "
        f"{baseline['fallible']} of them may fail ({baseline['startup']} of those are the dynamic "
        f"loader's), {baseline['seconds']} s under trace."
    )
    notes = "".join(f"<li>{html.escape(note)}</li>\n" for note in report.notes)
    meanings = "".join(
        f"<tr><td>{verdict}</td><td>{report.counts[verdict]}</td><td>{html.escape(text)}</td></tr>\n"
        for verdict, text in MEANINGS.items()
        if verdict in report.counts
    )
    rows = "".join(_row(record) for record in records)
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
{_STYLE}</style>
</head>
<body>
<h1>{title}</h1>
<p>{html.escape(summary(report))}.</p>
<p>{html.escape(facts)}</p>
<ul>
{notes}</ul>
<table>
<tr><th>Verdict</th><th>Runs</th><th>What it says</th></tr>
{meanings}</table>
<table>
<tr><th>Verdict</th><th>Call</th><th>Failure</th><th>What happened</th><th>Again</th></tr>
{rows}</table>
</body>
</html>
"""


def _row(record: Record) -> str:
    messages = record["stderr"].strip()
    told = f"<pre>{html.escape(messages)}</pre>" if messages else ""
    places = "".join(f"<br>{html.escape(line)}" for line in _places(record))
    ways = [record[name] for name in ("reproduce", "inject") if record[name]]
    again = "".join(f"<pre>{html.escape(way)}</pre>" for way in ways)
    kind = "bad" if record["finding"] else "good"
    return (
        f'<tr class="{kind}"><td>{record["verdict"]}</td>'
        f"<td><code>{html.escape(record['text'])}</code><br>{html.escape(_where(record))}</td>"
        f"<td>{html.escape(record['fault'])}</td>"
        f"<td>{html.escape(record['what'])}{places}{told}</td><td>{again}</td></tr>\n"
    )
