"""Training of the reader that ships with the package: `python -m qa.train --help`.

The only part of the package that needs the extra `[train]`; nothing else imports it.
"""
