"""The errors that a user can meet. A message names the values and the fix; front ends print it as one line."""


class QabotError(Exception):
    """The root: its text is meant for the user, and everything that is not of this family is a bug."""


class ArticleError(QabotError):
    """An article cannot be read: missing, empty, binary, not UTF-8, or too large."""


class IndexFolderError(QabotError):
    """The index cannot be used or written: missing, incomplete, corrupt, of another encoder or another format."""


class ModelError(QabotError):
    """The encoder or the reader cannot be loaded."""


class QuestionError(QabotError):
    """A question cannot be asked: blank, or not a line of the documented form."""


class SettingsError(QabotError):
    """A setting has a value that cannot be used."""
