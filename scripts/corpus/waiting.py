"""Cases that are written but that our reader does not pass yet. They stay outside the corpus until it does."""

WAITING = """
pdf/table-unruled-header.pdf
pdf/table-unruled-wrapped.pdf
pdf/two-columns-prose.pdf
pdf/two-columns.pdf
""".split()
