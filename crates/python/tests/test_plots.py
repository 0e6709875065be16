"""The example under scripts/, from a folder to three plots."""

import os
import subprocess
import sys
import unittest

from support import ROOT, InFolder

try:
    import matplotlib  # noqa: F401
    import pandas  # noqa: F401
except ImportError as missing:
    raise unittest.SkipTest(f"{missing.name} is not installed: no plots") from missing


class Plots(InFolder):
    def test_a_folder_becomes_three_plots(self):
        environment = {**os.environ, "MPLCONFIGDIR": str(self.folder)}
        program = [sys.executable, ROOT / "scripts/plots.py", ROOT / "corpus", self.folder]
        ran = subprocess.run(program, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
        self.assertEqual(ran.returncode, 0, ran.stdout)
        for name in ("requests-by-year", "refusal-grounds", "share-disclosed"):
            picture = (self.folder / f"{name}.png").read_bytes()
            self.assertTrue(picture.startswith(b"\x89PNG"), name)
            self.assertGreater(len(picture), 5000, name)


if __name__ == "__main__":
    unittest.main()
