"""What can go wrong, in words a user can act on.

QAError
├── ArticleError    a source cannot be read as an article
├── QuestionError   a question has no words, or too many
├── ModelError      a model cannot be loaded
└── LibraryError    a library cannot be opened, read or written

Every message names the value and the next step, on one line.
"""


class QAError(Exception):
    """Any failure that the user of the library can do something about."""


class ArticleError(QAError):
    """A source is missing, empty, or not text."""


class QuestionError(QAError):
    """A question has no words in it, or more than a model reads."""


class ModelError(QAError):
    """A model is not there, is not what it says it is, or does not load."""


class LibraryError(QAError):
    """A library cannot be opened, read or written, or was made with another model."""
