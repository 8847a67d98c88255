"""How much one file may cost. What is above a limit is refused by name, before or while it is read."""

MAX_FILE_BYTES = 200_000_000
MAX_UNPACKED_BYTES = 500_000_000  # of a ZIP, DOCX or EPUB, all members together; of a compressed dump
MAX_MEMBERS = 20_000
MAX_PAGES = 5_000
MAX_TEXT = 20_000_000  # characters of one article
MEMORY_BYTES = 2_000_000_000  # address space of the process that parses
SILENT_SECONDS = 60.0  # without a document from it
