"""The steps of the state's schema, in order. A step that was released is never changed; the next one is added below it."""

import sqlite3

STEPS = (
    """
    create table answers (
        answer_id text primary key, channel_id integer not null, user_id integer not null, guild_id integer, message_id integer,
        created real not null, question text not null, standalone text not null, answer text, title text,
        generation text not null, sure real not null, reply text not null
    );
    create index answers_by_conversation on answers (channel_id, user_id, created);
    create index answers_by_guild on answers (guild_id, created);
    create index answers_by_message on answers (message_id);
    create index answers_by_user on answers (user_id);
    create index answers_by_age on answers (created);
    create table votes (
        answer_id text not null references answers on delete cascade, user_id integer not null, is_right integer not null,
        reason text not null default '', created real not null, primary key (answer_id, user_id)
    ) without rowid;
    create index votes_by_user on votes (user_id);
    create table guilds (guild_id integer primary key, private integer not null, mode text not null, channels text not null);
    create table facts (name text primary key, value text not null) without rowid;
    """,
    "create table identifies (at real not null); create index identifies_by_age on identifies (at);",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema to the newest step, each step whole or not at all."""
    done: int = connection.execute("pragma user_version").fetchone()[0]
    for number, step in enumerate(STEPS[done:], start=done + 1):
        connection.executescript(f"begin immediate; {step}; pragma user_version = {number}; commit;")
