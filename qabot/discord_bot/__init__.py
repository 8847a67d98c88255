"""The Discord bot: everything that imports discord, thin; no logic of answering is in it.

    a question:  asking -> admission -> answering: queue -> engine (a worker thread) -> state -> rendering -> layout -> Discord

`run.serve` starts it. `neutral`, `card`, `links`, `rendering`, `strings`, `archive`, `state` and `admission` know nothing of Discord's
types and are tested without it.
"""
