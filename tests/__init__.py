"""Mirrors qabot/: one file a module."""
