"""The same task done with other libraries, each a script of its own in an environment of its own (`make bench-peers`)."""
