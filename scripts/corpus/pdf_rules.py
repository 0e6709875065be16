"""How the lines of a table are drawn: from the boxes of its cells on one page."""


def strokes(page, boxes):
    page.op("0.5 w")
    for line in lines(boxes):
        page.line(*line)


def thin_rectangles(page, boxes):
    """Each side of each cell is a filled rectangle of half a point, as WPS and Word write them; neighbours draw theirs twice."""
    page.op("0 g")
    for box in boxes:
        for x0, y0, x1, y1 in sides(box):
            page.fill(x0, y0, x1 + 0.48 if x0 == x1 else x1, y1 + 0.48 if y0 == y1 else y1)


def shading(page, boxes):
    """No line at all: cells are grey panels with a point of white between them. Drawn below the text."""
    panels = []
    for box in boxes:
        grey = 0.8 if box.header else 0.9
        panels.append(f"{grey} g {box.left + 0.5:.2f} {page.height - box.bottom + 0.5:.2f} {box.right - box.left - 1:.2f} {box.bottom - box.top - 1:.2f} re f")
    page.ops[:0] = ["q", *panels, "Q"]


def bands(page, boxes):
    """No line: the header is one dark band, and every second row below a light one."""
    rows = {}
    for box in boxes:
        if box.cell.rows == 1 or box.header:
            top, bottom, _ = rows.get(round(box.bottom, 2), (box.top, box.bottom, box.header))
            rows[round(box.bottom, 2)] = (max(top, box.top), bottom, box.header)
    left, _, right, _ = outside(boxes)
    panels = []
    for index, (_, (top, bottom, header)) in enumerate(sorted(rows.items())):
        if header or index % 2:
            panels.append(f"{0.75 if header else 0.92} g {left:.2f} {page.height - bottom:.2f} {right - left:.2f} {bottom - top:.2f} re f")
    page.ops[:0] = ["q", *panels, "Q"]


def white_panels(page, boxes):
    """A white panel a row for every cell, below the text, and strokes over them."""
    page.ops[:0] = ["q 1 g", *[f"{box.left:.2f} {page.height - y - 6:.2f} {box.right - box.left:.2f} 6 re f"
                               for box in boxes for y in range(int(box.top), int(box.bottom) - 5, 6)], "Q"]
    strokes(page, boxes)


def thick_outside(page, boxes):
    strokes(page, boxes)
    left, top, right, bottom = outside(boxes)
    page.op(f"q 3 w {left:.2f} {page.height - bottom:.2f} {right - left:.2f} {bottom - top:.2f} re S Q")


def open_sides(page, boxes):
    left, _, right, _ = outside(boxes)
    page.op("0.5 w")
    for line in lines(boxes):
        if not (line[0] == line[2] and (abs(line[0] - left) < 0.1 or abs(line[0] - right) < 0.1)):
            page.line(*line)


def dashes(page, boxes):
    page.op("q 0.5 w [3 2] 0 d")
    for line in lines(boxes):
        page.line(*line)
    page.op("Q")


def dots(page, boxes):
    """Lines of short pieces, each a path of its own, as some producers write a dotted border."""
    page.op("0.6 w")
    for x0, y0, x1, y1 in lines(boxes):
        length = max(x1 - x0, y1 - y0)
        for step in range(int(length // 3) + 1):
            a, b = 3 * step / length, min((3 * step + 1.5) / length, 1)
            page.line(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a, x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)


def broken(page, boxes):
    """Each side of each cell by itself and 0.8 points short at both ends: gaps of 1.6 points at every crossing."""
    page.op("0.5 w")
    for box in boxes:
        for x0, y0, x1, y1 in sides(box):
            dx, dy = (0.8 if x1 > x0 else 0), (0.8 if y1 > y0 else 0)
            page.line(x0 + dx, y0 + dy, x1 - dx, y1 - dy)


def doubled(page, boxes):
    """Every rule twice, 1.5 points apart, and a third time over the first."""
    page.op("0.4 w")
    for x0, y0, x1, y1 in lines(boxes):
        dx, dy = (1.5, 0) if x0 == x1 else (0, 1.5)
        page.line(x0, y0, x1, y1)
        page.line(x0 + dx, y0 + dy, x1 + dx, y1 + dy)
        page.line(x0 + 0.2, y0 + 0.2, x1 + 0.2, y1 + 0.2)


def cell_boxes(page, boxes):
    """Each cell a stroked rectangle."""
    page.op("0.5 w")
    for box in boxes:
        page.op(f"{box.left:.2f} {page.height - box.bottom:.2f} {box.right - box.left:.2f} {box.bottom - box.top:.2f} re S")


def level_only(page, boxes):
    """Rules between the rows, none between the columns."""
    page.op("0.5 w")
    for x0, y0, x1, y1 in lines(boxes):
        if y0 == y1:
            page.line(x0, y0, x1, y1)


def outer_only(page, boxes):
    """One box around the whole table."""
    left, top, right, bottom = outside(boxes)
    page.op("0.7 w")
    for line in [(left, top, right, top), (left, bottom, right, bottom), (left, top, left, bottom), (right, top, right, bottom)]:
        page.line(*line)


def upright_only(page, boxes):
    """The outer box, a rule under the header and between the columns: all the rows below stand in one ruled box a column."""
    outer_only(page, boxes)
    left, top, right, bottom = outside(boxes)
    header = max((box.bottom for box in boxes if box.header), default=top)
    page.op("0.5 w")
    for line in lines([box for box in boxes if box.header]):
        page.line(*line)
    page.line(left, header, right, header)
    for x in sorted({box.left for box in boxes if not box.header} - {left}):
        page.line(x, header, x, bottom)


def three_lines(page, boxes):
    """The table of science: a rule above, one under the header, one below."""
    left, top, right, bottom = outside(boxes)
    header = max((box.bottom for box in boxes if box.header), default=top)
    page.op("0.8 w")
    for y in (top, header, bottom):
        page.line(left, y, right, y)


def none(page, boxes):
    """Nothing: the columns are known by their gaps."""


def outside(boxes):
    return min(box.left for box in boxes), min(box.top for box in boxes), max(box.right for box in boxes), max(box.bottom for box in boxes)


def sides(box):
    yield box.left, box.top, box.right, box.top
    yield box.left, box.bottom, box.right, box.bottom
    yield box.left, box.top, box.left, box.bottom
    yield box.right, box.top, box.right, box.bottom


def lines(boxes):
    """All sides of all boxes, those that touch on one line as one."""
    level, upright = {}, {}
    for box in boxes:
        for x0, y0, x1, y1 in sides(box):
            if y0 == y1:
                level.setdefault(round(y0, 2), []).append((x0, x1))
            else:
                upright.setdefault(round(x0, 2), []).append((y0, y1))
    for y, parts in sorted(level.items()):
        for x0, x1 in joined(parts):
            yield x0, y, x1, y
    for x, parts in sorted(upright.items()):
        for y0, y1 in joined(parts):
            yield x, y0, x, y1


def joined(parts):
    whole = []
    for start, end in sorted(parts):
        if whole and start <= whole[-1][1] + 0.01:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole
