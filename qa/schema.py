"""The tables of a library."""

APPLICATION_ID = 0x5141  # "QA": marks the file as ours
FORMAT = 2

SCHEMA = """
CREATE TABLE library (id TEXT NOT NULL, generation INTEGER NOT NULL, model TEXT, probe BLOB);
INSERT INTO library VALUES ('{library_id}', 0, NULL, NULL);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, date TEXT, place TEXT,
    source TEXT, body_start INTEGER NOT NULL, text TEXT NOT NULL);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles (number),
    start INTEGER NOT NULL, stop INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE INDEX passages_of_article ON passages (article);
CREATE TABLE changes (
    generation INTEGER NOT NULL, first INTEGER NOT NULL, stop INTEGER NOT NULL, added INTEGER NOT NULL);
CREATE INDEX changes_in_order ON changes (generation);
{full_text}
"""
