"""Reading the guidelines PDF: numbering, contents, appendix and line joining, on invented lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from codesets.errors import FormatError, StorageError
from codesets.formats.guidelines import read_guidelines
from codesets.formats.guidelines_appendix import appendix_sections
from codesets.formats.guidelines_contents import ContentsEntry, check_contents, read_contents
from codesets.formats.guidelines_numbers import follows, markers
from codesets.formats.pdf_text import Line, join_lines
from codesets.official_guidelines import (
    OfficialGuidelines,
    compiled_path,
    install,
    installed,
    open_installed,
)

_FULL = "word " * 17  # as wide as the column, so that the next word had no room


def _line(text: str, y: float, x: float = 72.0, size: float = 12.0, page: int = 1) -> Line:
    return Line(page, x, y, size, False, text)


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([_line(f"{_FULL}end", 700), _line("of it.", 686)], f"{_FULL}end of it."),
        ([_line("One.", 700), _line("Two.", 672)], "One.\n\nTwo."),
        ([_line("List:", 700), _line("• a", 686), _line("• b", 672)], "List:\n• a\n• b"),
        ([_line(f"{_FULL}non-", 700), _line("respiratory", 686)], f"{_FULL}non-respiratory"),
        ([_line(f"{_FULL}A00-", 700), _line("B99 codes", 686)], f"{_FULL}A00-B99 codes"),
        ([_line(f"{_FULL}X37.0-", 700), _line("and so", 686)], f"{_FULL}X37.0- and so"),
        ([_line("Short", 700), _line("item", 686)], "Short\nitem"),
        ([_line(f"{_FULL}on", 60), _line("and on", 740, page=2)], f"{_FULL}on and on"),
        ([_line("It ends.", 60), _line("Next", 740, page=2)], "It ends.\n\nNext"),
    ],
)
def test_lines_join_as_they_were_set(lines: list[Line], text: str) -> None:
    assert join_lines(lines) == text


def test_a_letter_follows_h_where_a_numeral_would_begin() -> None:
    letter, numeral = markers("(i) Testing")
    before = markers("(h) Pregnancy")[0]
    assert follows(before, letter)
    assert follows(None, numeral)
    assert not follows(None, letter)
    assert markers("(A) No such style") == ()


_CONTENTS = [
    "Guidelines ....................................... 1",
    "Section I. Conventions ........................... 7",
    "A. Conventions for all ........................... 7",
    "1. A title that runs over",
    "   two lines and ends . 8",
    "2. Next in chapter 19",
    "of all codes 9",
    "Section II. Selection ...........................10",
    "A. Symptoms ......................................10",
    "Appendix I 12",
]


def _entries(texts: list[str]) -> list[ContentsEntry]:
    lines = [_line(text, 700 - 14 * i, page=2) for i, text in enumerate(texts)]
    return read_contents(Path("guidelines.pdf"), lines)


_PAGES = {"I": 7, "I.A": 7, "I.A.1": 8, "I.A.2": 9, "II": 10, "II.A": 10}


def test_contents_are_numbered_as_they_nest() -> None:
    entries = _entries(_CONTENTS)
    assert {entry.number: entry.page for entry in entries} == _PAGES
    assert entries[2].title == "A title that runs over two lines and ends"


def test_contents_out_of_sequence_are_refused() -> None:
    with pytest.raises(FormatError, match=r'page 2: expected the entry before "3\. Late'):
        _entries([*_CONTENTS[:5], "3. Late ..... 9"])


@pytest.mark.parametrize(
    ("pages", "bookmarked", "expected"),
    [
        (_PAGES, set(), None),
        ({**_PAGES, "I.A.1.a": 8}, set(), None),
        ({**_PAGES, "I.A.3": 9}, {"I.A.3"}, None),
        ({**_PAGES, "I.A.3": 9}, set(), (9, "no section I.A.3")),
        (
            {k: v for k, v in _PAGES.items() if k != "I.A.2"},
            set(),
            (9, "section I.A.2, Next in"),
        ),
        ({**_PAGES, "II.A": 11}, set(), (10, "section II.A here")),
    ],
)
def test_sections_are_held_against_the_contents(
    pages: dict[str, int], bookmarked: set[str], expected: tuple[int, str] | None
) -> None:
    entries = _entries(_CONTENTS)
    problem = check_contents(entries, pages, bookmarked)
    if expected is None:
        assert problem is None
    else:
        assert problem is not None
        assert problem[0] == expected[0]
        assert problem[1].startswith(expected[1])


def test_the_appendix_is_cut_at_its_unnumbered_headings(tmp_path: Path) -> None:
    lines = [
        _line("Appendix I", 720, 267, 16),
        _line("Present on Arrival", 700, 165, 16),
        _line("Introduction", 680, 72, 14),
        _line("Some words.", 660),
        _line("General Requirements", 630, 72, 14),
        _line("More words.", 610, 108),
        _line("Options", 580, 72),
        _line("Y - Yes", 566, 108),
        _line("Assigning It", 540, 72, 14),
        _line("A heading that is long and", 520, 108),
        _line("has two lines", 506, 108),
        _line("Assign Y.", 490, 144),
        _line("Another", 460, 108, page=2),
        _line("Assign N.", 446, 144, page=2),
    ]
    sections = appendix_sections(tmp_path / "x.pdf", lines, "FY2030")
    assert [(s.number, s.text) for s in sections] == [
        ("POA", "Some words."),
        ("POA.general-requirements", "More words."),
        ("POA.options", "Y - Yes"),
        ("POA.assigning-it", ""),
        ("POA.a-heading-that-is-long-and", "Assign Y."),
        ("POA.another", "Assign N."),
    ]
    assert sections[0].title == "Present on Arrival"
    assert sections[-1].page_from == 2
    with pytest.raises(FormatError, match="page 1: expected headings in the appendix"):
        appendix_sections(tmp_path / "x.pdf", lines[:4], "FY2030")


@pytest.mark.parametrize("content", [b"", b"not a PDF at all", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_no_pdf_is_refused_and_installs_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "guidelines.pdf"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=r"guidelines\.pdf.*expected"):
        read_guidelines(path)
    with pytest.raises(FormatError):
        install(path, tmp_path / "home")
    assert installed(tmp_path / "home") == ()


def test_a_damaged_store_says_what_to_do(tmp_path: Path) -> None:
    assert open_installed(tmp_path, "FY2026") is None
    path = compiled_path(tmp_path, "FY2026")
    with pytest.raises(StorageError, match="does not exist"):
        OfficialGuidelines.open(path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"damage")
    with pytest.raises(StorageError, match="damaged"):
        open_installed(tmp_path, "FY2026")
