"""One annual report: its words (ours, none of them copied), its figures, and what is true of it."""

import random
from decimal import Decimal

import forms
from table import Cell, Table, Text

KINDS = ["overview", "disclosure", "requests", "remedies", "problems", "other"]
HEADINGS = {
    "overview": "一、总体情况",
    "disclosure": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "remedies": "四、政府信息公开行政复议、行政诉讼情况",
    "problems": "五、存在的主要问题及改进情况",
    "other": "六、其他需要报告的事项",
}
NOTICE = {"2021": "国办公开办函〔2021〕30号", "2019": "国办公开办函〔2019〕60号"}
# Places that do not exist.
PLACES = ["青枫市白鹭区", "云汀县", "石榴溪市", "澄碧市南屏区", "松雪县", "鹤岭市", "梧桐湾区", "砚池县"]
OFFICES = ["水务局", "交通运输局", "文化和旅游局", "市场监督管理局", "农业农村局", "统计局", "医疗保障局", "应急管理局"]


class Report:
    def __init__(self, name, form="2021", year=None, agency=None, sparse=False, single_other=False):
        self.name, self.form = name, form
        self.year = year or (2023 if form == "2021" else 2020)
        self.groups = list(forms.outcome_groups(form))
        if single_other:
            self.groups = self.groups[:-1] + forms.SINGLE_OTHER
        rng = random.Random("words of " + name)
        self.agency = agency or rng.choice(PLACES) + rng.choice(OFFICES)
        self.articles = rng.randrange(120, 990)
        self.figures = forms.figures(form, self.groups, name, sparse)
        self.shown, self.states, self.may_be_lost = {}, {}, []
        self.labels = {}  # label of the form -> label as printed here
        self.told = {}  # numbers of the narrative that differ from the table
        self.title = [f"{self.agency}{self.year}年政府信息公开工作年度报告"]
        self.headings = dict(HEADINGS)
        self.notice = NOTICE[form]
        self.period = f"{self.year}年1月1日起至{self.year}年12月31日止"
        self.date = f"{self.year + 1}年1月15日"
        self.published = f"{self.year + 1}-01-15"
        self.head_line = ""
        self.sign = self.agency

    # Figures.

    def show(self, key, text, state=None):
        """Prints `text` in place of the bare figure. With a state, the figure is not a number: blank, dash or lost."""
        assert key in self.figures, key
        self.shown[key] = text
        if state:
            self.states[key] = state
            self.figures[key] = None

    def lose(self, *keys):
        """The document no longer says what stood here."""
        for key in keys:
            assert key in self.figures, key
            self.states[key] = "lost"
            self.figures[key] = None

    def printed(self, key):
        value = self.shown.get(key, self.figures[key])
        if isinstance(value, int) and key.endswith(".change") and value > 0:
            return f"+{value}"
        return str(value)

    def row(self, row):
        """The seven keys of one row of table 3."""
        return [f"requests.{row}.{who}" for who in forms.WHO]

    def label(self, text):
        return self.labels.get(text, text)

    def number(self, key):
        return self.told.get(key, self.figures[key] or 0)

    # Tables.

    def disclosure_tables(self):
        """The blocks of table 2, each a table of its own."""
        return [self.disclosure_block(*block) for block in forms.disclosure_blocks(self.form)]

    def disclosure_block(self, article, headers, rows):
        table = Table(4)
        table.add(Cell(self.label(article), 4), header=True)
        table.add(Cell(self.label("信息内容")), *self.spread([Cell(self.label(h)) for h in headers]), header=True)
        for label, keys in rows:
            table.add(Cell(self.label(label)), *self.spread([self.figure("disclosure." + key) for key in keys]))
        return table

    def spread(self, cells):
        """Up to three cells over the three columns beside the labels."""
        cells[-1].columns += 3 - len(cells)
        return cells

    def figure(self, key):
        return Cell(self.printed(key), key=key)

    def disclosure_table(self):
        table = Table(4)
        for block in self.disclosure_tables():
            table.rows += block.rows
        return table

    def requests_table(self):
        table = Table(10)
        leaves = [Cell(self.label(label)) for label in forms.WHO_LABELS]
        leaves[0].rows = leaves[-1].rows = 2
        table.add(Cell(self.label(forms.CORNER), 3, 3), Cell("申请人情况", 7), header=True)
        table.add(leaves[0], Cell(self.label("法人或其他组织"), 5), leaves[-1], header=True)
        table.add(*leaves[1:-1], header=True)
        table.add(Cell(self.label(forms.RECEIVED), 3), *self.request_figures("received"))
        table.add(Cell(self.label(forms.CARRIED_IN), 3), *self.request_figures("carried_in"))
        outcome = Cell(self.label(forms.OUTCOME), 1, 1 + sum(len(rows) for _, rows in self.groups))
        in_front = [outcome]
        for group, rows in self.groups:
            if group:
                in_front.append(Cell(self.label(group), 1, len(rows)))
            for key, label in rows:
                cell = Cell(self.label(label), 1 if group else 2)
                table.add(*in_front, cell, *self.request_figures("outcome." + key))
                in_front = []
        table.add(Cell(self.label("（七）总计"), 2), *self.request_figures("outcome.total"))
        table.add(Cell(self.label(forms.CARRIED_OUT), 3), *self.request_figures("carried_out"))
        return table

    def request_figures(self, row):
        return [self.figure(key) for key in self.row(row)]

    def remedies_table(self):
        table = Table(15)
        results = lambda rows: [Cell(self.label(label), 1, rows) for label in forms.RESULT_LABELS]
        table.add(Cell("行政复议", 5), Cell("行政诉讼", 10), header=True)
        table.add(*results(2), Cell(self.label("未经复议直接起诉"), 5), Cell(self.label("复议后起诉"), 5), header=True)
        table.add(*results(1), *results(1), header=True)
        table.add(*[self.figure(key) for key in forms.remedy_keys()])
        return table

    # Words.

    def preamble(self):
        return [Text("p", f"本报告按照《中华人民共和国政府信息公开条例》和现行年度报告格式（{self.notice}）写成，由{self.agency}编制。"
                          f"报告中的数据统计期限为{self.period}。")]

    def overview(self):
        n = lambda row: self.number(f"requests.{row}.total")
        suits = self.number("remedies.litigation.direct.total") + self.number("remedies.litigation.after_reconsideration.total")
        return [
            Text("h2", "（一）主动公开"),
            Text("p", f"{self.year}年，本机关通过门户网站发布各类信息{self.articles}条，做到一事一发、发后必核。"),
            Text("h2", "（二）依申请公开"),
            Text("p", f"全年新收政府信息公开申请{n('received')}件，上年结转{n('carried_in')}件；本年度办结{n('outcome.total')}件，"
                      f"结转下年度继续办理{n('carried_out')}件。"),
            Text("p", f"因政府信息公开引起的行政复议{self.number('remedies.reconsideration.total')}件，行政诉讼{suits}件。"),
            Text("h2", "（三）政府信息管理"),
            Text("p", "凡拟公开的文件先由起草科室填写审查单，再由办公室登记编号，最后由分管负责人签发。"),
            Text("h2", "（四）政府信息公开平台建设"),
            Text("p", "网站专栏按主题重排，旧链接逐一核对，打不开的当周修好。"),
            Text("h2", "（五）监督保障"),
            Text("p", "每季度抽查一次已发布的信息，抽查结果在机关内部通报。"),
        ]

    def problems(self):
        return [
            Text("p", "主要问题：一是个别科室报送信息偏晚；二是解读材料偏长，群众读起来费力。"),
            Text("p", "改进打算：给每类信息定下报送期限，解读材料一律不超过一页，并附一张图表。"),
        ]

    def other(self):
        return [Text("p", "本年度没有收取政府信息公开信息处理费。")]

    def content(self, kind):
        return {
            "overview": self.overview,
            "disclosure": lambda: [self.disclosure_table()],
            "requests": lambda: [self.requests_table()],
            "remedies": lambda: [self.remedies_table()],
            "problems": self.problems,
            "other": self.other,
        }[kind]()

    def blocks(self, **replaced):
        """The whole report, in order. A section's content can be replaced by its kind."""
        blocks = [Text("title", line) for line in self.title]
        if self.head_line:
            blocks.append(Text("p", self.head_line))
        blocks += self.preamble()
        for kind, heading in self.headings.items():
            blocks.append(Text("h1", heading))
            blocks += replaced[kind] if kind in replaced else self.content(kind)
        if self.sign:
            blocks.append(Text("sign", self.sign))
        if self.date:
            blocks.append(Text("date", self.date))
        return blocks

    # Truth.

    def truth(self, status="ok", findings=(), **more):
        """What is known of this report because it was written here. `None` for a status that is not claimed."""
        if findings == () and status == "ok":
            self.check_sound()
        rows = {}
        for key, value in self.figures.items():
            row, _, column = key.rpartition(".")
            rows.setdefault(row, {})[column] = float(value) if isinstance(value, Decimal) else value
        truth = {
            "form": self.form,
            "title": "".join("".join(self.title).split()) or None,
            "agency": self.agency,
            "year": self.year,
            "published": self.published,
            "status": status,
            "headings": [heading.strip() for heading in self.headings.values()],
            "figures": rows,
            "states": self.states,
            "may_be_lost": self.may_be_lost,
            "findings": list(findings),
        }
        truth.update(more)
        if truth["status"] is None:
            del truth["status"]
        return truth

    def check_sound(self):
        broken = forms.broken_equations(self.groups, self.figures)
        assert not broken, f"{self.name}: meant to be sound, but {broken}"
