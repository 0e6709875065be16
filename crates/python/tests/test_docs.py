"""The examples of the documentation are what they say, and the stubs what the engine is."""

import doctest
import importlib
import os
import pathlib
import tempfile
import unittest

import nianbao
from support import CORPUS, ROOT

MODULES = ["nianbao"] + [f"nianbao.{name}" for name in ("_convert", "_errors", "_forms", "_report", "_table")]


class Examples(unittest.TestCase):
    def test_every_example_prints_what_it_says(self):
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(ROOT)
        with tempfile.TemporaryDirectory() as folder:
            names = {"nianbao": nianbao, "dataset_folder": pathlib.Path(folder) / "dataset"}
            tried = 0
            for name in MODULES:
                module = importlib.import_module(name)
                result = doctest.testmod(module, extraglobs=names, optionflags=doctest.ELLIPSIS)
                self.assertEqual(result.failed, 0, name)
                tried += result.attempted
        self.assertGreater(tried, 20)

    def test_what_is_public_is_documented(self):
        for name in nianbao.__all__:
            self.assertTrue((getattr(nianbao, name).__doc__ or "").strip(), name)

    def test_the_forms_are_those_of_the_program(self):
        self.assertEqual([form.name for form in nianbao.forms()], ["2021", "2019"])
        report = nianbao.extract(CORPUS / "docx/plain-2021.docx")
        keys = [field.key for field in nianbao.forms()[0].fields if not field.alternative]
        self.assertEqual(list(report), keys)
        self.assertEqual(nianbao.schema()["$schema"], "https://json-schema.org/draft/2020-12/schema")


if __name__ == "__main__":
    unittest.main()
