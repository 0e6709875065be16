#!/usr/bin/env python3
# %% [markdown]
# From a folder of attachments to three plots: requests by year, grounds of refusal, share disclosed.
#
#     pip install ./crates/python pandas matplotlib
#     scripts/plots.py [FOLDER [OUT]]        corpus/ where no folder is named; plots go to OUT, or to a window
#
# The cells run one by one in an editor that knows `# %%`, or all together as a program.

# %% The folder becomes a dataset. What was read by an earlier run is not read again.
import pathlib
import sys
import tempfile

import matplotlib
import pandas

import nianbao

arguments = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
folder = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).parents[1] / "corpus"
out = pathlib.Path(arguments[1]) if len(arguments) > 1 else None
if out:
    matplotlib.use("Agg")
from matplotlib import pyplot

dataset = pathlib.Path(tempfile.gettempdir()) / "nianbao-plots" if out is None else out / "dataset"
summary = nianbao.convert(folder, dataset)
print(f"{summary.documents.all} documents, {summary.reports.ok} reports that hold together, {summary.reports.review} to review")

# %% Only figures of reports whose arithmetic holds: what is in doubt is for people, not for plots.
reports = pandas.read_parquet(dataset / "reports.parquet").query("status == 'ok'").dropna(subset=["year"])
figures = pandas.read_parquet(dataset / "figures.parquet", columns=["report", "figure", "value"])
values = figures[figures.report.isin(reports.report)].pivot(index="report", columns="figure", values="value")
values["year"] = reports.set_index("report").year.astype(int)
labels = {field.key: field.label_en for form in nianbao.forms() for field in form.fields}


def show(name):
    """The plot that was drawn last, into a file or a window."""
    pyplot.tight_layout()
    if out is None:
        pyplot.show()
    else:
        pyplot.savefig(out / f"{name}.png", dpi=120)
    pyplot.close()


# %% Requests by year. The years differ in how many reports there are, so that is told too.
by_year = values.groupby("year")["requests.received.total"].agg(["sum", "count"])
bars = pyplot.bar(by_year.index.astype(str), by_year["sum"], color="#4878a8")
pyplot.bar_label(bars, [f"{count} reports" for count in by_year["count"]])
pyplot.title("Requests received, by year")
pyplot.ylabel("requests")
show("requests-by-year")

# %% Grounds of refusal, all years together.
denied = [key for key in values if key.startswith("requests.outcome.denied.") and key.endswith(".total")]
grounds = values[denied].sum().rename(lambda key: labels[key].split(" · ")[0]).sort_values()
pyplot.barh(grounds.index, grounds, color="#a85448")
pyplot.title("Requests denied, by ground")
pyplot.xlabel("requests")
show("refusal-grounds")

# %% The share of concluded requests that were granted, in whole or in part, one point a report.
granted = values["requests.outcome.granted.total"] + values["requests.outcome.partially_granted.total"]
share = (granted / values["requests.outcome.total.total"]).replace([float("inf")], float("nan")).dropna()
years = sorted(values.year[share.index].unique())
pyplot.boxplot([share[values.year == year] for year in years], tick_labels=[str(year) for year in years])
pyplot.title("Share of concluded requests that were granted, in whole or in part")
pyplot.ylim(0, 1)
show("share-disclosed")
