"""The same tables, ruled otherwise."""

import pdf_rules
from case import case
from pdf_layout import Style, file
from report import Report


def barely_ruled(name, rules, form="2021", **style):
    """A form of thirty rows, merged cells and a label down its side, of which hardly a line is drawn: what cannot be told may be lost, and
    is never guessed."""
    report = Report("pdf-" + name, form)
    truth = report.truth(None, may_be_lost=list(report.figures))
    del truth["headings"]
    return file(report.blocks(), Style(rules=rules, cell_size=8, padding=4, **style)), [truth]


def ruled(name, rules, form="2021", **style):
    report = Report("pdf-" + name, form)
    return file(report.blocks(), Style(rules=rules, **style)), [report.truth()]


@case("pdf/rules-thin-rectangles.pdf", "rules drawn as thin filled rectangles", "as WPS and Word write them: each cell its four, so most stand twice")
def thin_rectangles():
    return ruled("rules-thin-rectangles", pdf_rules.thin_rectangles)


@case("pdf/rules-cell-rectangles.pdf", "each cell a stroked rectangle", "the sides of neighbours lie on one another")
def cell_rectangles():
    return ruled("rules-cell-rectangles", pdf_rules.cell_boxes, "2019")


@case("pdf/rules-shading.pdf", "cells known by their shading alone", "no line anywhere: panels with a point of white between them")
def shading():
    return ruled("rules-shading", pdf_rules.shading)


@case("pdf/rules-shading-touching.pdf", "header and every second row shaded, no lines", "the sides of the panels are sides of rows, and columns are known by gaps")
def shading_bands():
    return barely_ruled("rules-shading-touching", pdf_rules.bands)


@case("pdf/rules-dashed.pdf", "dashed rules", "a dash pattern is still one rule")
def dashed():
    return ruled("rules-dashed", pdf_rules.dashes)


@case("pdf/rules-dotted.pdf", "rules of many short strokes", "a dotted border written piece by piece is one rule")
def dotted():
    return ruled("rules-dotted", pdf_rules.dots)


@case("pdf/rules-broken.pdf", "rules with gaps at every crossing", "sides that stop 0.8 points short of the corners belong together")
def broken():
    return ruled("rules-broken", pdf_rules.broken)


@case("pdf/rules-doubled.pdf", "every rule drawn two and three times", "twins a point and a half apart are one rule, not a thin column")
def doubled():
    return ruled("rules-doubled", pdf_rules.doubled, "2019")


@case("pdf/rules-open-sides.pdf", "tables without their left and right side", "the common look of printed statistics: the outermost columns are open")
def open_sides():
    return ruled("rules-open-sides", pdf_rules.open_sides)


@case("pdf/rules-level-only.pdf", "rules between the rows, none between the columns", "columns are known by the gaps between figures")
def level_only():
    return barely_ruled("rules-level-only", pdf_rules.level_only)


@case("pdf/rules-outer-only.pdf", "one box around each table and no rule inside", "rows and columns are known by gaps inside the box")
def outer_only():
    return barely_ruled("rules-outer-only", pdf_rules.outer_only)


@case("pdf/rules-upright-only.pdf", "a ruled header, below it only upright rules", "many rows stand in one ruled box a column")
def upright_only():
    return barely_ruled("rules-upright-only", pdf_rules.upright_only)


@case("pdf/rules-three.pdf", "three rules a table: above, below the header, below the last row", "the table of science")
def three():
    return barely_ruled("rules-three", pdf_rules.three_lines)


@case("pdf/rules-none.pdf", "tables without any rule", "columns by gaps, rows by lines; labels of several lines are one row")
def none():
    return barely_ruled("rules-none", pdf_rules.none)


@case("pdf/rules-none-2019.pdf", "tables of the 2019 form without any rule", "five blocks of different headers in four columns, nothing drawn")
def none_2019():
    return barely_ruled("rules-none-2019", pdf_rules.none, "2019")


@case("pdf/rules-thick-outside.pdf", "a thick border around thin rules", "a rule of 3 points is a rule, not a panel")
def thick_outside():
    return ruled("rules-thick-outside", pdf_rules.thick_outside)


@case("pdf/rules-white-fills.pdf", "a white panel behind every cell, black rules over it", "what is not seen is no evidence: merged cells have a panel each row")
def white_fills():
    return ruled("rules-white-fills", pdf_rules.white_panels)


@case("pdf/rules-under-words.pdf", "underlined words in cells and in prose", "a line under a word is no rule of a table")
def underlined():
    report = Report("pdf-rules-under-words")

    def text(page, x, y, size, text, font):
        page.text(x, y, size, text, font)
        if size > 9 or text.isdigit():
            page.op("0.4 w")
            page.line(x, y + 1.5, x + font.advance(text) * size, y + 1.5)

    return file(report.blocks(), Style(text=text)), [report.truth()]
