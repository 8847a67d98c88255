"""Lines of printed pages -> blocks: running lines, columns, hyphens, paragraphs, headings."""

from hypothesis import given
from hypothesis import strategies as st

from qabot.loaders.document import Block
from qabot.loaders.layout import Line, Page, in_columns, to_blocks, without_margins


def _line(text: str, row: float, left: float = 50, right: float = 500, size: float = 10, **kind: bool) -> Line:
    """A line at a height counted in rows of 12 points from the top of a page of 800."""
    bottom = 800 - 12 * row
    return Line(text, left, bottom, right, bottom + size, size, **kind)


def _texts(pages: list[Page]) -> list[str]:
    return [line.text for page in pages for line in page.lines]


def _blocks(*lines: Line) -> list[tuple[str, int]]:
    return [(block.text, block.depth) for block in to_blocks([Page(1, 800, lines)])]


def test_running_lines_are_dropped() -> None:
    """What returns in the margins, figures aside, and bare numbers there; the same words in the middle stay, and so do others."""
    pages = [
        Page(n, 800, (_line(f"Volume {n}", 2), _line("Volume 9", 30), _line(f"Only {'abc'[n]} once", 3), _line(f"- {n} -", 64)))
        for n in range(3)
    ]
    assert _texts(without_margins(pages)) == ["Volume 9", "Only a once", "Volume 9", "Only b once", "Volume 9", "Only c once"]
    assert _texts(without_margins([Page(1, 800, (_line("Volume 1", 2), _line("Page 1 of 9", 64)))])) == ["Volume 1"]


def test_columns_are_read_one_after_the_other() -> None:
    """Prose on both sides of one gutter: the left side first, though the file goes across; lines over the whole width part it."""
    rows = [
        [_line(f"left side has words {n}", n, 50, 240), _line(f"right side has words {n}", n, 300, 490)] for n in range(10, 14)
    ]  # fmt: skip
    lines = [_line("over all of it", 8), *(line for row in rows for line in row), _line("again over all", 15)]
    expected = ["over all of it", *(row[0].text for row in rows), *(row[1].text for row in rows), "again over all"]
    assert [line.text for line in in_columns(lines)] == expected


def test_a_table_keeps_its_rows() -> None:
    """Cells of a word or two are no columns of prose: a row is a line, and a block of its own; a lone wide space is no table."""
    table = [cell for n in range(10, 13) for cell in (_line(f"Name{n}", n, 50, 100), _line(f"{n}", n, 300, 320))]
    rows = ["Name10 | 10", "Name11 | 11", "Name12 | 12"]
    assert [line.text for line in in_columns(table)] == rows
    assert [text for text, _ in _blocks(_line("Before it.", 9), *table, _line("After it.", 13))] == ["Before it.", *rows, "After it."]
    wide = [_line("He came", 10, 50, 100), _line("late.", 10, 200, 240), _line("She left.", 11)]
    assert in_columns(wide) == wide


def test_a_table_below_columns_is_no_part_of_them() -> None:
    """The same gutter goes on after a wide step, and what stands there is another part of the page."""
    columns = [cell for n in range(10, 13) for cell in (_line(f"the left side {n}", n, 50, 240), _line(f"the right side {n}", n, 300, 490))]
    table = [cell for n in (16, 17) for cell in (_line(f"Name{n}", n, 50, 100), _line(f"{n}", n, 300, 320))]
    texts = [line.text for line in in_columns([*columns, *table])]
    assert texts[3:] == ["the right side 10", "the right side 11", "the right side 12", "Name16 | 16", "Name17 | 17"]


def test_broken_words_are_mended() -> None:
    """A hyphen at a line's end goes, unless the file has the word with it elsewhere, or what follows is a name."""
    found = _blocks(
        _line("It was a well-known and infor", 10, broken=True), _line("mative book, well", 11, broken=True),
        _line("known to Mary-", 12), _line("Ann and twen-", 13), _line("ty others, pre-", 14), _line("and post-war.", 15),
    )  # fmt: skip
    assert found == [("It was a well-known and informative book, well-known to Mary-Ann and twenty others, pre- and post-war.", 0)]


def test_paragraphs_end_at_wide_steps_and_short_last_lines() -> None:
    """A step of two rows; a finished line that is short; but not a full line."""
    found = _blocks(_line("One is here.", 10), _line("Two ends.", 11, right=100), _line("Three.", 12), _line("Four.", 14))
    assert found == [("One is here. Two ends.", 0), ("Three.", 0), ("Four.", 0)]


def test_headings_by_size_and_weight() -> None:
    """The largest is the outermost; bold in the body's size is one too; a large sentence that ends in a full stop is none."""
    body = [_line(f"Body text of the page {n} goes on and on", n) for n in range(20, 25)]
    large = _line("Great", 5, size=20), _line("Middle", 8, size=14), _line("Bold", 11, bold=True), _line("Large.", 14, size=14)
    found = _blocks(*large, *body)
    assert found[:4] == [("Great", 1), ("Middle", 2), ("Bold", 3), ("Large.", 0)]


def test_a_paragraph_goes_on_over_the_page() -> None:
    """One block, which knows where each page begins in it."""
    pages = [Page(4, 800, (_line("It goes on to the", 60),)), Page(6, 800, (_line("next one.", 3),))]
    assert to_blocks(pages) == [Block("It goes on to the next one.", 0, ((0, 4), (18, 6)))]


_LINES = st.builds(
    Line, st.text(max_size=12), st.floats(0, 600), st.floats(0, 800), st.floats(0, 600), st.floats(0, 800), st.floats(0, 40),
    st.booleans(), st.booleans(),
)  # fmt: skip


@given(st.lists(st.lists(_LINES, max_size=8), max_size=4))
def test_any_lines_make_blocks(pages: list[list[Line]]) -> None:
    """No line is lost to the order, pages are within their block, and nothing is raised."""
    made = [Page(number, 800, tuple(lines)) for number, lines in enumerate(pages, start=1)]
    for page in made:
        words = sorted(word for line in in_columns(page.lines) for word in line.text.replace(" | ", " ").split())
        assert words == sorted(word for line in page.lines for word in line.text.replace(" | ", " ").split())
    for block in to_blocks(without_margins(made)):
        assert block.pages[0][0] == 0
        assert all(0 <= at < len(block.text) for at, _ in block.pages)
