"""The settings of each training run, in one place."""

from dataclasses import dataclass, field

from qabot.training.mixture import RETRIEVED, WRONG_PARAGRAPH


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
    max_tokens: int = 320
    seed: int = 17
    checkpoint_every: int = 100


# The shipped reader is the first recipe from the encoder's weights, then the second from the first's reader.
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
    "third": Recipe(  # a longer pass from the second's reader, with more questions that only look answerable
        pairs=90_000,
        shares={
            "squad": 0.42,
            "unanswerable": 0.20,
            "new_wiki": 0.07,
            "nq": 0.06,
            "reddit": 0.05,
            "amazon_reviews": 0.04,
            WRONG_PARAGRAPH: 0.04,
            RETRIEVED: 0.12,
        },
        learning_rate=1e-4,
        seed=41,
    ),
}
