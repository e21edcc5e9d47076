"""What the benchmark measures beside the app still runs, and what it says of it is right."""

import os
from pathlib import Path

from tests.bench.growth import costs, table
from tests.bench.imports import import_into_empty, staging
from tests.bench.measuring import held, held_by_group
from tests.bench.report import Row, save, section, sections_of
from tests.support.rows import CODES, Code, csv_bytes


def test_an_import_and_its_peer_read_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    file.write_bytes(csv_bytes([CODES, Code("A1"), Code("A2")]))
    assert import_into_empty(tmp_path, file) > 0
    assert staging(file) > 0


def test_the_memory_of_a_group_is_that_of_its_processes_alone() -> None:
    own = held(os.getpid(), "VmRSS")
    assert held_by_group(os.getpgrp(), "VmRSS") > 0.9 * own > 0
    assert held_by_group(2**30, "VmRSS") == 0  # no such group


def test_an_exponent_says_how_a_cost_grows_from_the_smallest_scale_to_the_largest(
    tmp_path: Path,
) -> None:
    report = tmp_path / "bench.md"
    for scale, rows in {
        "1M": [
            Row("Download of all codes, 80 MB", "90 ms (80–95)", duckdb="50 ms (40–60), 0.56 ×"),
            Row("A pilot", "150 ms (149–155)"),
            Row("Memory", "1,000 MB"),
            Row("Alone", "1.0 s (0.9–1.1)"),
            Row("Speed", "173 MB/s"),
            Row("Health", "p50 5 ms, p95 10 ms"),
        ],
        "100M": [
            Row("Download of all codes, 8,000 MB", "9.0 s (8.0–9.5)"),
            Row("A pilot", "150 ms (140–160)"),
            Row("Memory", "10,000 MB"),
            Row("Speed", "198 MB/s"),
            Row("Health", "p50 6 ms, p95 12 ms"),
        ],
    }.items():
        save(report, scale, section(scale, scale, rows))
    found = costs(sections_of(report))
    assert {what: round(cost.exponent, 6) for what, cost in found.items()} == {
        "Download of all codes": 1,
        "A pilot": 0,
        "Memory": 0.5,
    }
    assert table(found).splitlines()[-5:] == [
        "| What | 1M | 100M | exponent |",
        "| --- | --- | --- | --- |",
        "| Download of all codes | 90 ms | 9.0 s | 1.00 |",
        "| A pilot | 150 ms | 150 ms | 0.00 |",
        "| Memory | 1,000 MB | 10,000 MB | 0.50 |",
    ]


def test_a_run_replaces_its_section_of_the_report_and_leaves_the_others(tmp_path: Path) -> None:
    report = tmp_path / "bench.md"
    save(report, "10M", section("10M", "10M", [Row("A page", "2.0 s")]))
    save(report, "1M", section("1M", "1M", [Row("A page", "1.0 s")]))
    save(report, "10M", section("10M", "10M", [Row("A page", "3.0 s")]))
    sections = sections_of(report)
    assert list(sections) == ["1M", "10M"]
    assert "| A page | 1.0 s |" in sections["1M"]
    assert "| A page | 3.0 s |" in sections["10M"]
