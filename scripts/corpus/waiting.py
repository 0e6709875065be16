"""Cases that are written but that our reader does not pass yet. They stay outside the corpus until it does."""

WAITING = """
pdf/libreoffice-mid-row-2019.pdf
""".split()
