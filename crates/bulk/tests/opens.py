"""Opens a dataset of `nianbao convert` with what analysts use, and holds it against its own datapackage.json.

Usage: opens.py FOLDER. What is not installed is left out, and said so; whatever disagrees ends the program.
"""
import csv, decimal, hashlib, importlib, json, os, shutil, sqlite3, subprocess, sys

FOLDER = sys.argv[1]
PACKAGE = json.load(open(os.path.join(FOLDER, "datapackage.json"), encoding="utf-8"))


def path(resource):
    return os.path.join(FOLDER, resource["path"])


def installed(name):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        print(f"left out: {name} ({error})")
        return None


def resources(ending):
    return [resource for resource in PACKAGE["resources"] if resource.get("type") == "table" and resource["format"] == ending]


def names(resource):
    return [field["name"] for field in resource["schema"]["fields"]]


def the_files_are_those_described():
    for resource in PACKAGE["resources"]:
        content = open(path(resource), "rb").read()
        assert len(content) == resource["bytes"], resource["name"]
        assert "sha256:" + hashlib.sha256(content).hexdigest() == resource["hash"], resource["name"]
    described = {resource["path"] for resource in PACKAGE["resources"]} | {"datapackage.json"}
    beside = {name for name in os.listdir(FOLDER) if not name.startswith(("ledger", "."))}
    assert beside == described, beside ^ described


def rows_agree_with_their_schema():
    """Types, codes, keys and references of every Parquet table, by hand: what validators do, on all formats alike."""
    duckdb = installed("duckdb")
    if not duckdb:
        return
    TYPES = {"string": "VARCHAR", "integer": "BIGINT", "boolean": "BOOLEAN", "date": "DATE"}
    for resource in resources("parquet"):
        table = f"read_parquet('{path(resource)}')"
        columns = {row[0]: row[1] for row in duckdb.sql(f"DESCRIBE SELECT * FROM {table}").fetchall()}
        assert list(columns) == names(resource), resource["name"]
        # No name needs quotes.
        duckdb.sql(f"SELECT {', '.join(names(resource))} FROM {table}").fetchall()
        for field in resource["schema"]["fields"]:
            name, constraints = field["name"], field.get("constraints", {})
            kind = TYPES.get(field["type"])
            assert columns[name] == kind or (kind is None and columns[name] in ("DOUBLE", "DECIMAL(18,6)")), (resource["name"], name, columns[name])
            if constraints.get("required"):
                assert duckdb.sql(f'SELECT count(*) FROM {table} WHERE "{name}" IS NULL').fetchall()[0][0] == 0, name
            if "enum" in constraints:
                found = {row[0] for row in duckdb.sql(f'SELECT DISTINCT "{name}" FROM {table}').fetchall()} - {None}
                assert found <= set(constraints["enum"]), (resource["name"], name, found - set(constraints["enum"]))
                assert {category["value"] for category in field["categories"]} == set(constraints["enum"])
            if "minimum" in constraints:
                least = duckdb.sql(f'SELECT min("{name}") FROM {table}').fetchall()[0][0]
                assert least is None or least >= constraints["minimum"], (resource["name"], name, least)
            if field["type"] == "string":
                assert duckdb.sql(f"""SELECT count(*) FROM {table} WHERE "{name}" = ''""").fetchall()[0][0] == 0, (resource["name"], name)
        key = ", ".join(f'"{name}"' for name in resource["schema"]["primaryKey"])
        count, distinct = duckdb.sql(f"SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT {key} FROM {table})) FROM {table}").fetchall()[0]
        assert count == distinct, resource["name"]
        for foreign in resource["schema"].get("foreignKeys", []):
            to = next(other for other in resources("parquet") if other["name"] == foreign["reference"]["resource"])
            pairs = list(zip(foreign["fields"], foreign["reference"]["fields"]))
            same = " AND ".join(f'child."{one}" = parent."{other}"' for one, other in pairs)
            there = " AND ".join(f'child."{one}" IS NOT NULL' for one, _ in pairs)
            lost = duckdb.sql(f"SELECT count(*) FROM {table} child WHERE {there} AND NOT EXISTS (SELECT 1 FROM read_parquet('{path(to)}') parent WHERE {same})").fetchall()[0][0]
            assert lost == 0, (resource["name"], foreign)
    print(f"DuckDB {duckdb.__version__}: every Parquet file agrees with its schema")
    for resource in resources("csv"):
        count = duckdb.sql(f"SELECT count(*) FROM read_csv('{path(resource)}', header=true, all_varchar=true, delim=',', quote='\"')").fetchall()[0][0]
        same = next(other for other in resources("parquet") if other["name"] + "-csv" == resource["name"])
        assert count == duckdb.sql(f"SELECT count(*) FROM read_parquet('{path(same)}')").fetchall()[0][0], resource["name"]


def value_of(figures):
    """Report and figure to (value, exact, state), from dictionaries."""
    return {(row["report"], row["figure"]): (row["value"], row["exact"], row["state"]) for row in figures}


def pandas_and_polars_read_the_same_figures():
    figures = next(resource for resource in resources("parquet") if resource["name"] == "figures")
    read = {}
    if pandas := installed("pandas"):
        if installed("pyarrow"):
            frame = pandas.read_parquet(path(figures))
            assert list(frame.columns) == names(figures)
            rows = frame[["report", "figure", "value", "exact", "state"]].astype(object)
            read["pandas"] = value_of(rows.where(rows.notna(), None).to_dict("records"))
            pandas.read_parquet(path(figures), dtype_backend="pyarrow")
    if polars := installed("polars"):
        frame = polars.read_parquet(path(figures))
        assert frame.columns == names(figures)
        assert frame["exact"].dtype == polars.Decimal(18, 6)
        read["polars"] = value_of(frame.select("report", "figure", "value", "exact", "state").to_dicts())
    if duckdb := installed("duckdb"):
        found = duckdb.sql(f"SELECT report, figure, value, exact, state FROM read_parquet('{path(figures)}')").fetchall()
        read["duckdb"] = {(row[0], row[1]): tuple(row[2:]) for row in found}
    tools = list(read)
    for tool in tools[1:]:
        assert read[tool] == read[tools[0]], (tool, tools[0])
    if tools:
        for value, exact, state in read[tools[0]].values():
            assert (value is None) == (state != "read")
            assert exact is None or isinstance(exact, decimal.Decimal) and float(exact) == value
        print(f"{', '.join(tools)}: the same {len(read[tools[0]])} figures")


def csv_holds_what_parquet_holds():
    pandas = installed("pandas")
    if not pandas or not installed("pyarrow"):
        return
    for resource in resources("csv"):
        same = next(other for other in resources("parquet") if other["name"] + "-csv" == resource["name"])
        encoding = "utf-8-sig" if open(path(resource), "rb").read(3) == b"\xef\xbb\xbf" else "utf-8"
        with open(path(resource), encoding=encoding, newline="") as file:
            rows = list(csv.DictReader(file))
        frame = pandas.read_parquet(path(same), dtype_backend="pyarrow")
        texts = [field["name"] for field in same["schema"]["fields"] if field["type"] == "string"]
        for name in texts:
            wanted = ["" if value is None or value is pandas.NA else value for value in frame[name].tolist()]
            found = [row[name][1:] if row[name].startswith("'") else row[name] for row in rows]
            assert found == wanted, (resource["name"], name)
        numbers = [field["name"] for field in same["schema"]["fields"] if field["type"] in ("integer", "number")]
        for name in numbers:
            wanted = [None if value is None or value is pandas.NA else float(value) for value in frame[name].tolist()]
            assert [float(row[name]) if row[name] else None for row in rows] == wanted, (resource["name"], name)
    if resources("csv"):
        print("CSV: the same as Parquet")


def r_reads_the_same():
    if not resources("csv"):
        return
    if not shutil.which("Rscript"):
        print("left out: R (there is no Rscript)")
        return
    tables = [resource["name"].removesuffix("-csv") for resource in resources("csv")]
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "opens.R")
    # Without a locale of UTF-8, R shows no Chinese.
    surroundings = {**os.environ, "LC_ALL": "C.UTF-8"}
    said = subprocess.run(["Rscript", "--vanilla", script, FOLDER, *tables], capture_output=True, env=surroundings)
    assert said.returncode == 0, said.stderr.decode(errors="replace")
    seen = {}
    for line in said.stdout.decode("utf-8").split("\n"):
        kind, *cells = line.split("\t")
        seen.setdefault(kind, []).append(cells)
    rows = {}
    for name, resource in zip(tables, resources("csv")):
        with open(path(resource), encoding="utf-8-sig", newline="") as file:
            rows[name] = list(csv.DictReader(file))
    assert seen["table"] == [[name, str(len(rows[name])), ",".join(names(resource))] for name, resource in zip(tables, resources("csv"))]
    if rows["documents"]:
        assert [cells[0] for cells in seen["path"]] == [row["path"] for row in rows["documents"]]
    if rows["figures"]:
        number = lambda text: float(text) if text else None
        found = [(report, figure, number(value), state) for report, figure, value, state in seen["figure"]]
        assert found == [(row["report"], row["figure"], number(row["value"]), row["state"]) for row in rows["figures"]]
    print(f"R: the same {len(rows['figures'])} figures")


def sqlite_is_sound():
    file = os.path.join(FOLDER, "nianbao.sqlite")
    if not os.path.exists(file):
        return
    base = sqlite3.connect(file)
    assert base.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    for resource in resources("parquet"):
        base.execute(f"SELECT {', '.join(names(resource))} FROM {resource['name']} LIMIT 1").fetchall()
    for (view,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
        base.execute(f'SELECT * FROM "{view}" LIMIT 5').fetchall()
    print(f"SQLite {sqlite3.sqlite_version}: sound")


def frictionless_finds_it_valid():
    """The description itself, the CSV files as they lie there (bytes, hashes, rows, keys, references), and the rows of the Parquet files.

    Those are handed over as values: frictionless reads Parquet through pandas, which turns whole numbers beside missing ones into floats.
    """
    frictionless = installed("frictionless")
    if not frictionless:
        return
    frictionless.Package.from_descriptor(PACKAGE, basepath=FOLDER)
    checked = 0
    if resources("csv"):
        package = frictionless.Package.from_descriptor({**PACKAGE, "resources": resources("csv")}, basepath=FOLDER)
        valid(package.validate())
        checked += len(resources("csv"))
    if parquet := installed("pyarrow.parquet"):
        for resource in resources("parquet"):
            schema = frictionless.Schema.from_descriptor({key: value for key, value in resource["schema"].items() if key != "foreignKeys"})
            columns = parquet.read_table(path(resource)).to_pydict()
            rows = [list(columns), *map(list, zip(*columns.values()))]
            valid(frictionless.Resource(name=resource["name"], data=rows, schema=schema).validate())
            checked += 1
    print(f"frictionless {frictionless.__version__}: {checked} tables valid")


def valid(report):
    errors = report.flatten(["type", "note", "fieldName", "rowNumber"])
    assert report.valid, [task.name for task in report.tasks if not task.valid] + errors[:12]


the_files_are_those_described()
rows_agree_with_their_schema()
pandas_and_polars_read_the_same_figures()
csv_holds_what_parquet_holds()
r_reads_the_same()
sqlite_is_sound()
frictionless_finds_it_valid()
