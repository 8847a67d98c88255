"""Indexes on Milvus: from a local file to a cluster, one client and one setting (`pip install 'qabot[milvus]'`).

Only this package imports pymilvus, when it connects.

client.py       the connection: every failure is one line
collection.py   one generation's two collections: how they are made, filled, checked
filling.py      how a generation is written
index.py        the stages over a collection: vectors, words, passages
lease.py        one writer at a time, without clocks
store.py        generations, alias, rollback
"""
