"""Addresses of sources: the text fragment where it fits, the plain address where not, none where Discord would refuse it."""

from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from qabot.discord_bot.links import MAX_URL, source_url

URL = "https://en.wikipedia.org/wiki/Juan_Jos%C3%A9_Torres"


def test_a_short_sentence_is_whole_a_long_one_has_two_ends() -> None:
    """Up to eight words as they are; else the first and the last four, with the comma between them alone."""
    assert source_url(URL, "He joined in 1941.") == f"{URL}#:~:text=He%20joined%20in%201941."
    assert source_url(URL, "a, b c-d e f g h i j") == f"{URL}#:~:text=a%2C%20b%20c%2Dd%20e,g%20h%20i%20j"
    assert source_url(f"{URL}#Life", "He left.") == f"{URL}#Life:~:text=He%20left."


def test_what_discord_refuses_is_no_link() -> None:
    """Other schemes, no host, blanks, letters beyond ASCII, and addresses that are too long."""
    for url in (
        None,
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://a b",
        "https://ñ.org",
        "http://[",
        f"{URL}/{'x' * 500}",
    ):
        assert source_url(url, "He left.") is None


@given(st.text(max_size=2_000), st.integers(0, 470))
def test_never_too_long(sentence: str, padding: int) -> None:
    """The fragment is left out where it does not fit; what stands in it can be read back."""
    url = URL + "x" * min(padding, MAX_URL - len(URL))
    made = source_url(url, sentence)
    assert made is not None
    assert len(made) <= MAX_URL
    assert made.startswith(url)
    assert made.isascii()
    words = sentence.encode("utf-8", "replace").decode().split()
    if ":~:text=" in made:
        first = unquote(made.split(":~:text=")[1].split(",")[0])
        assert " ".join(words).startswith(first)
