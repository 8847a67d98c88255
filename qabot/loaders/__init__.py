"""Files of every other kind than Markdown and plain text -> documents: blocks of prose and headings.

`sandbox` runs `worker` in a process of its own, with limits of time and memory, which calls the format's `parse`; `archive` and
`jsonl` need none. `document.compose` turns what they give into articles.
"""
