"""Cases that are written but that our reader does not pass yet. They stay outside the corpus until it does."""

WAITING = """
""".split()
