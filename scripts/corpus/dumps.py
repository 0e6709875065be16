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


def bare(table, gap="\n"):
    """A cell a line and nothing in front of it; a continuation is a blank line."""
    return "".join((cell.text.replace("\n", " ") if begins else "") + gap for _, slots in table.laid_out() for _, cell, begins in slots)


def filled(table):
    """Every slot of the grid, a merged cell's text in each of its own."""
    return [[cell.text.replace("\n", " ") for _, cell, _ in slots] for _, slots in table.laid_out()]


def ruled(table, widest=8):
    """A drawn grid: cells broken after `widest` characters, a line under each row."""
    rows = [[chunks(text, widest) for text in row] for row in grid(table)]
    widths = [max(width(line) for row in rows for line in row[column]) for column in range(table.columns)]
    rule = "+" + "".join("-" * (each + 2) + "+" for each in widths) + "\n"
    return rule + "".join(drawn(row, widths) + rule for row in rows)


def drawn(row, widths):
    height = max(len(lines) for lines in row)
    cells = [lines + [""] * (height - len(lines)) for lines in row]
    line = lambda at: "".join("| " + cell[at] + " " * (each - width(cell[at]) + 1) for cell, each in zip(cells, widths)) + "|\n"
    return "".join(line(at) for at in range(height))


def narrow(table, widest=6):
    """As a page with narrow columns prints: labels broken after `widest` characters, the figures on the first line of their row."""
    text = ""
    for row in present(table):
        figures = [cell for cell in row if cell[:1].isdigit() and cell[-1:].isdigit()]
        *groups, label = [cell for cell in row if cell not in figures] or [""]
        begin, *rest = chunks(label, widest)
        text += "".join(line + "\n" for group in groups for line in chunks(group, widest))
        text += " ".join([begin] * bool(begin) + figures) + "\n" + "".join(line + "\n" for line in rest)
    return text


def chunks(text, widest):
    return [text[at:at + widest] for at in range(0, len(text), widest)] or [""]


def width(text):
    """How many columns of a terminal the text takes."""
    return sum(2 if ord(c) > 0x2000 else 1 for c in text)
