"""Tests of the Discord bot, from pure rendering to the wire."""
