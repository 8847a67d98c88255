"""Pictures for the README, and how they are made."""
