"""Side-by-side measurements; each prints a table and ends in one JSON line."""
