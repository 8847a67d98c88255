"""The bundled article holds every date, name and figure of its source."""

import pytest

from qabot.articles import read
from tests.conftest import ROOT

FACTS = [
    # names
    "Juan José Torres González", "Hugo Banzer", "J.J.", "Jota-Jota", "Operation Condor", "Alfredo Ovando", "Juan Velasco", "Omar Torrijos",
    "Juan Lechín", "Salvador Allende", "Régis Debray", "Ernest V. Siracusa", "Jacobo Arbenz", "Jorge Videla", "Gulf Oil",
    "Asamblea del Pueblo", "People's Assembly", "Central Obrera Boliviana", "Bolivian Workers' Union", "COB", "Guantanamito",
    "United States Strategic Communications Centre", "Non-Aligned Movement", "US Peace Corps", "World Bank",
    "Inter-American Development Bank", "CIA", "MNR", "Phalangist party", "Aymara-Mestizo", "mestizo", "Brazilian military regime",
    # places
    "Bolivia", "Buenos Aires", "Cochabamba", "Brazil", "Uruguay", "La Paz", "Peru", "Panama", "Guatemala", "Argentina", "Latin America",
    "Parliament",
    # dates and figures
    "5 March 1920", "2 June 1976", "50th president", "1970 to 1971", "joined the army in 1941", "From 1964", "from 1965 to 1966",
    "In 1966 he was appointed Labor Minister", "September 1969", "In 1969", "6 October 1970", "13 hard months", "10 difficult",
    "In 1970 Torres attended", "1954 coup", "in 1968", "less than a year", "October 1970", "next seven years", "March 1976",
    "early June 1976", "100 kilometers east of Buenos Aires", "In 1983", "four pillars",
    # offices, deeds and circumstances
    "military attaché", "ambassador to Uruguay", "finance ministers", "commander-in-chief", "right-hand man", "socialist politician",
    "nationalist and reformist", "denounced capitalism", "dependent on foreign countries", "nationalization of Gulf Oil", "headquarters",
    "foreign embassy", "proletarian", "miners", "unionized teachers", "students", "peasants", "virtual soviets", "Trotskyist", "strikes",
    "workers, academics, peasants and the military", "natural resources", "sugar industry", "university budget", "access to the sea",
    "amnesty", "American-owned property", "financial blockade", "industrial development", "middle class", "wealthy classes",
    "military spending to finance education", "death squads", "acquiesced", "bridge", "poorest strata", "smiling general",
    "state funeral", "shot to death", "kidnapped", "supported",
]  # fmt: skip


@pytest.fixture(scope="module")
def prose() -> str:
    """The sections' text as one line."""
    article = read(ROOT / "data" / "juan-jose-torres.md")
    return " ".join(" ".join(article.text[s.start : s.end] for s in article.sections).split())


@pytest.mark.parametrize("fact", FACTS)
def test_the_article_says(prose: str, fact: str) -> None:
    """Each fact stands in the prose that is searched, not only in front matter or a heading."""
    assert fact in prose


def test_origin_and_licence_are_named() -> None:
    """Credit goes where the facts come from."""
    article = read(ROOT / "data" / "juan-jose-torres.md")
    assert article.title == "Juan José Torres"
    assert article.url == "https://en.wikipedia.org/wiki/Juan_Jos%C3%A9_Torres"
    assert article.licence == "CC BY-SA 4.0"
    assert "Wikipedia" in article.text.split("---")[1]
