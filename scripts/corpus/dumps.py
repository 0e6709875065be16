"""The grammars in which text dumps hold a table, each a function from blocks to text."""

from table import Text


def dump(blocks, table, gap="\n"):
    """All blocks as text: paragraphs a line each, tables as the grammar `table` has them, with `gap` around them."""
    text = ""
    for block in blocks:
        text += block.text + "\n" if isinstance(block, Text) else table(block) + gap
    return text


def cell_a_line(table):
    """As Tika writes a Word table: a cell a line after a tab, a blank line after each row, continuations of merged cells empty."""
    text = ""
    for _, slots in table.laid_out():
        text += "".join("\t" + (cell.text if begins else "") + "\n" for _, cell, begins in slots) + "\n"
    return text


def grid(table):
    """Every row as the texts of all its slots; a merged cell stands in its first one."""
    rows = []
    for _, slots in table.laid_out():
        row = [""] * table.columns
        for column, cell, begins in slots:
            row[column] = cell.text.replace("\n", " ") if begins else ""
        rows.append(row)
    return rows


def padded_tabs(table):
    """Every slot of the grid, parted by tabs."""
    return tabs(grid(table))


def tabs(rows):
    return "".join("\t".join(row) + "\n" for row in rows)


def present(table):
    """Every row as the texts of the cells that begin in it."""
    return [[cell.text.replace("\n", " ") for _, cell, begins in slots if begins] for _, slots in table.laid_out()]


def pipes(table):
    """As a main-text extractor writes a web table: continuations gone, the row padded at its end."""
    return pipe_rows(present(table), table.columns)


def pipe_rows(rows, columns):
    return "".join("| " + " | ".join(row) + " | " + "|" * (columns - len(row)) + "\n" for row in rows)


def blanks(table):
    """Cells parted by two blanks, continuations gone."""
    return blank_rows(present(table))


def blank_rows(rows):
    return "".join("  ".join(row) + "\n" for row in rows)


def markdown(table):
    """A Markdown table: the full grid, with the delimiter row under the first."""
    rows = ["| " + " | ".join(row) + " |" for row in grid(table)]
    return "\n".join([rows[0], "|" + " --- |" * table.columns, *rows[1:]]) + "\n"
