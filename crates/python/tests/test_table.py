"""Tables: as they stand, and as columns; spans and places are kept."""

import unittest

import nianbao
from support import CORPUS, REPORT


class Tables(unittest.TestCase):
    def setUp(self):
        self.tables = nianbao.tables(CORPUS / "docx/plain-2021.docx")

    def test_rows_hold_every_text_once(self):
        for table in self.tables:
            texts = [text for row in table.rows for text in row if text is not None]
            self.assertEqual(texts, [cell.text for cell in table.cells])
            self.assertEqual((len(table.rows), len(table.rows[0])), table.shape)

    def test_every_place_of_the_grid_has_an_origin(self):
        for table in self.tables:
            self.assertTrue(all(place for row in table.origins for place in row))
            for span in table.spans:
                places = {
                    table.origins[row][col]
                    for row in range(span.row, span.row + span.row_span)
                    for col in range(span.col, span.col + span.col_span)
                }
                self.assertEqual(len(places), 1)

    def test_columns_bear_the_names_of_their_headers(self):
        table = self.tables[1]
        frame = table.to_pandas()
        self.assertEqual(frame.columns[3], "申请人情况 · 自然人")
        self.assertEqual(frame.columns[-1], "申请人情况 · 总计")
        self.assertEqual(len(frame), table.shape[0] - 3)
        filled = table.to_pandas(fill=True)
        self.assertFalse(filled.isna().any().any())
        self.assertTrue(frame.isna().any().any())

    def test_all_three_say_the_same(self):
        for table in self.tables:
            for wishes in ({}, {"fill": True}, {"cells": True}):
                arrow, polars = table.to_arrow(**wishes), table.to_polars(**wishes)
                self.assertEqual(arrow.column_names, polars.columns)
                self.assertEqual(arrow.to_pylist(), polars.to_dicts())
                self.assertEqual(list(table.to_pandas(**wishes).columns), polars.columns)

    def test_cells_keep_spans_and_places(self):
        for table in self.tables:
            rows = table.to_arrow(cells=True).to_pylist()
            told = [(of["row"], of["col"], of["row_span"], of["col_span"], of["text"] or "", of["place"]) for of in rows]
            kept = [(of.row, of.col, of.row_span, of.col_span, of.text, of.at) for of in table.cells]
            self.assertEqual(told, kept)

    def test_pages_and_boxes_of_a_pdf(self):
        table = nianbao.tables(CORPUS / "pdf/plain-2021.pdf")[0]
        self.assertEqual(table.page, 1)
        left, top, right, bottom = table.bbox
        self.assertTrue(left < right and top < bottom)
        self.assertTrue(all(cell.at.startswith("p") for cell in table.cells))

    def test_a_page_merges_and_escapes(self):
        page = self.tables[1]._repr_html_()
        self.assertIn("rowspan='3' colspan='3'", page)
        nasty = b"<html><body><table><tr><td>&lt;script&gt;</td><td title='x'>b</td></tr></table></body></html>"
        [table] = nianbao.tables(nasty)
        self.assertIn("&lt;script&gt;", table._repr_html_())
        self.assertNotIn("<script>", table._repr_html_())

    def test_a_file_of_no_report_has_tables_and_an_archive_those_of_all(self):
        self.assertEqual(nianbao.tables("没有表格".encode()), [])
        self.assertGreater(len({table.path for table in nianbao.tables(CORPUS / "bundle/nested.zip")}), 1)
        self.assertEqual(len(nianbao.tables(REPORT)), 1)
        with self.assertRaises(nianbao.EncryptedError):
            nianbao.tables(CORPUS / "pdf/encrypted-password.pdf")


if __name__ == "__main__":
    unittest.main()
