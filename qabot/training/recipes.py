"""The settings of each training run, in one place."""

from dataclasses import dataclass, field

from qabot.training.mixture import CONTRAST, OWN_WORDS, QAMR, RETRIEVED, SWAPPED, WRONG_PARAGRAPH


@dataclass(frozen=True, slots=True)
class Recipe:
    """One run's settings. `shares` sum to 1; `max_tokens` counts question and window together."""

    pairs: int = 24_000
    shares: dict[str, float] = field(
        default_factory=lambda: {
            "squad": 0.44,
            "unanswerable": 0.18,
            "new_wiki": 0.20,
            "nq": 0.06,
            WRONG_PARAGRAPH: 0.12,
        }
    )
    epochs: int = 1
    batch_size: int = 24
    learning_rate: float = 1.5e-4
    warmup: float = 0.06
    weight_decay: float = 0.01
    dropout: float = 0.0  # each pair is seen once, and drawing it costs a quarter of the time on a CPU
    max_tokens: int = 320
    seed: int = 17
    checkpoint_every: int = 100


# Each goes on from what the one before made; the model card has the lines that made the shipped reader.
RECIPES = {
    "first": Recipe(),
    "second": Recipe(
        pairs=30_000,
        shares={
            "squad": 0.45,
            "unanswerable": 0.14,
            "new_wiki": 0.12,
            "nq": 0.06,
            "reddit": 0.04,
            "amazon_reviews": 0.03,
            WRONG_PARAGRAPH: 0.04,
            RETRIEVED: 0.12,
        },
        learning_rate=1.2e-4,
        seed=29,
    ),
    "third": Recipe(  # from the second's reader: half of SQuAD, and half of its questions that only look answerable
        pairs=95_000,
        shares={
            "squad": 0.52,
            "unanswerable": 0.22,
            "new_wiki": 0.065,
            "nq": 0.055,
            "reddit": 0.04,
            "amazon_reviews": 0.04,
            WRONG_PARAGRAPH: 0.01,
            RETRIEVED: 0.05,
        },
        learning_rate=1.5e-4,
        seed=41,
    ),
    "fourth": Recipe(  # from the third's reader: nearly all of SQuAD; twice, the second time with --seed 67, and averaged
        pairs=110_000,
        shares={
            "squad": 0.59,
            "unanswerable": 0.30,
            "new_wiki": 0.04,
            "nq": 0.02,
            "reddit": 0.015,
            "amazon_reviews": 0.015,
            RETRIEVED: 0.02,
        },
        learning_rate=1.4e-4,
        seed=53,
    ),
    "fifth": Recipe(  # from the fourth's mean: plain questions (QAMR), more of what a retriever brings; twice, and averaged with it
        pairs=64_000,
        shares={
            "squad": 0.46,
            "unanswerable": 0.24,
            "new_wiki": 0.05,
            "nq": 0.03,
            "reddit": 0.03,
            "amazon_reviews": 0.03,
            QAMR: 0.07,
            RETRIEVED: 0.09,
        },
        learning_rate=1.2e-4,
        seed=83,
    ),
    "own_words": Recipe(  # from the sixth pass's mean on: questions as people type them, with enough of the rest that it is not forgotten
        pairs=12_500,
        shares={
            OWN_WORDS: 0.55,
            "squad": 0.18,
            "unanswerable": 0.10,
            "new_wiki": 0.03,
            "nq": 0.05,
            "reddit": 0.01,
            "amazon_reviews": 0.01,
            QAMR: 0.01,
            RETRIEVED: 0.06,
        },
        learning_rate=1.0e-4,
        seed=401,
    ),
    "contrast": Recipe(  # from the eighth pass's mean on: what differs in one point from a question that is answered
        pairs=12_500,
        shares={
            CONTRAST: 0.45,
            SWAPPED: 0.13,
            OWN_WORDS: 0.12,
            "squad": 0.10,
            "unanswerable": 0.08,
            "new_wiki": 0.04,
            "nq": 0.03,
            "reddit": 0.01,
            "amazon_reviews": 0.01,
            QAMR: 0.01,
            RETRIEVED: 0.02,
        },
        learning_rate=1.0e-4,
        seed=701,
    ),
}
