"""Web pages as sites and programs write them, each a function from blocks to markup."""

import base64
import hashlib
import quopri
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path

from case import Made, Missing
from table import Text

TAGS = {"title": "h1", "h1": "h2", "h2": "h3"}


def body(blocks, text=None, table=None):
    """All blocks. `text` and `table` write one of them."""
    text, table = text or paragraph, table or table_html
    return "\n".join(text(block) if isinstance(block, Text) else table(block) for block in blocks)


def paragraph(block):
    tag = TAGS.get(block.kind, "p")
    end = ' style="text-align:right"' if block.kind in ("sign", "date") else ""
    return f"<{tag}{end}>{lines(block.text)}</{tag}>"


def lines(text):
    return escape(text, quote=False).replace("\n", "<br>")


def spans(cell):
    return "".join(f' {name}="{value}"' for name, value in [("rowspan", cell.rows), ("colspan", cell.columns)] if value > 1)


def cell_html(cell, content=None):
    return f"<td{spans(cell)}>{lines(cell.text) if content is None else content}</td>"


def table_html(table, cell=cell_html, attributes=' border="1"', head=False):
    """`cell` writes one cell; with `head` the header rows at the top are a `thead`."""
    rows = [(row.header, f"<tr>{''.join(cell(slot[1]) for slot in slots if slot[2])}</tr>") for row, slots in table.laid_out()]
    count = next((at for at, (header, _) in enumerate(rows) if not header), 0) if head else 0
    top, rest = ("\n".join(row for _, row in part) for part in (rows[:count], rows[count:]))
    return f"<table{attributes}>\n" + (f"<thead>\n{top}\n</thead>\n" if top else "") + f"<tbody>\n{rest}\n</tbody>\n</table>"


def page(content, title="年度报告", head="", charset='<meta charset="utf-8">', encoding="utf-8"):
    """A page around its content, encoded."""
    text = f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n{charset}\n<title>{escape(title)}</title>\n{head}</head>\n<body>\n{content}\n</body>\n</html>\n'
    return text.encode(encoding)


def government(report, blocks, metadata="", title_in_body=True, names=None, date_line=True):
    """A page of a government site, in the shape that most have: our own wording, a place that does not exist."""
    names = names or {"crumb": "BreadcrumbNav", "content": "TRS_Editor", "share": "share-box", "foot": "footer"}
    site = report.agency.rstrip("局办") + "门户网站"
    links = lambda words: "".join(f'<li><a href="/{index}/">{word}</a></li>' for index, word in enumerate(words))
    title = "".join(report.title)
    rest = [block for block in blocks if not (isinstance(block, Text) and block.kind == "title")]
    head = f'<h1 class="title">{escape(title)}</h1>\n' if title_in_body else ""
    dated = f"发布日期：{report.year + 1}-01-15 16:20 &nbsp; 来源：{report.agency} &nbsp; 浏览次数：<span id=\"hits\"></span> &nbsp; 字体：【<a href=\"#\">大</a> <a href=\"#\">中</a> <a href=\"#\">小</a>】" if date_line else ""
    return f"""<div class="top"><a href="/">{site}</a> <a href="/en/">English</a> <a href="/wza/">无障碍</a></div>
<div class="header"><img src="/logo.png" alt="{site}" width="600">
<form class="search-box" action="/s"><input type="text" name="q" placeholder="请输入关键词"><input type="submit" value="搜索"></form></div>
<ul class="nav">{links(["网站首页", "机关概况", "政务公开", "办事服务", "互动交流", "专题专栏"])}</ul>
<div class="{names['crumb']}">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/nb/">政府信息公开年报</a></div>
<div class="sidebar"><h3>公开目录</h3><ul>{links(["公开指南", "公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开"])}</ul></div>
<div class="main">
{metadata}{head}<div class="info">{dated}</div>
<div class="{names['content']}">
{body(rest)}
</div>
<div class="{names['share']}">分享到：<a href="#">微信</a> <a href="#">微博</a> <a href="javascript:print()">【打印本页】</a> <a href="javascript:close()">【关闭窗口】</a></div>
<p>上一篇：<a href="/1.html">{report.agency}{report.year - 1}年政府信息公开工作年度报告</a></p>
<p>下一篇：没有了</p>
</div>
<div class="{names['foot']}"><p>主办单位：{report.agency} &nbsp; 网站标识码：0000000000</p><p>地址：青石路1号 邮编：000000 电话：0000-0000000</p>
<p>某ICP备00000000号-1 &nbsp; 某公网安备 00000000000000号</p><p>版权所有 未经书面授权不得转载</p></div>
<script>var hits = 37; document.write("<p>12</p>");</script>"""


def metadata_table(pairs):
    """Labels and values, two pairs a row."""
    rows = [pairs[at:at + 2] for at in range(0, len(pairs), 2)]
    cells = lambda row: "".join(f"<td>{label}：</td><td>{value}</td>" for label, value in row)
    return '<table class="xxgk-head">' + "".join(f"<tr>{cells(row)}</tr>" for row in rows) + "</table>\n"


# What Word writes.

WORD_HEAD = """<meta http-equiv=Content-Type content="text/html; charset={charset}">
<meta name=ProgId content=Word.Document>
<meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {{mso-style-parent:""; margin:0cm; font-size:10.5pt}} --></style>
"""


def word_run(text, size="12.0pt"):
    return f'<span lang=ZH-CN style=\'font-size:{size};font-family:宋体;mso-ascii-font-family:"Times New Roman"\'>{text}</span>'


def word_digits(text):
    """Digits in runs of their own, as Word writes what stands in another font."""
    out = ""
    for c in text:
        out += f'<span lang=EN-US style=\'font-size:12.0pt;font-family:"Times New Roman",serif\'>{c}</span>' if c.isascii() and c.isalnum() else word_run(lines(c)) if c != "\n" else "<br>"
    return out


def word_text(block):
    end = " align=right" if block.kind in ("sign", "date") else ""
    return f"<p class=MsoNormal{end} style='text-indent:24.0pt;mso-char-indent-count:2.0'>{word_digits(block.text)}<span\nlang=EN-US style='font-size:12.0pt'><o:p></o:p></span></p>\n"


def word_table(table):
    def cell(cell):
        content = word_digits(cell.text) if cell.text else ""
        return f" <td width=64{spans(cell)} style='width:47.9pt;border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt 0cm 5.4pt'>\n <p class=MsoNormal align=center>{content}<span lang=EN-US><o:p>{'' if content else '&nbsp;'}</o:p></span></p>\n </td>\n"
    return table_html(table, cell, " class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'")


def word_page(blocks, charset="gb2312", encoding="gb18030"):
    content = body(blocks, word_text, word_table)
    text = f'<html xmlns:v="urn:schemas-microsoft-com:vml"\nxmlns:o="urn:schemas-microsoft-com:office:office"\nxmlns:w="urn:schemas-microsoft-com:office:word"\nxmlns="http://www.w3.org/TR/REC-html40">\n\n<head>\n{WORD_HEAD.format(charset=charset)}</head>\n\n<body lang=ZH-CN style=\'tab-interval:21.0pt\'>\n\n<div class=WordSection1 style=\'layout-grid:15.6pt\'>\n\n{content}\n</div>\n\n</body>\n\n</html>\n'
    return text.encode(encoding)


# What Excel writes.

def excel_page(blocks, charset="gb2312", encoding="gb18030", extra=""):
    rows, widest = [], max(block.columns for block in blocks if not isinstance(block, Text))
    for block in blocks:
        if isinstance(block, Text):
            rows.append(f" <tr height=19 style='height:14.25pt'>\n  <td colspan={widest} class=xl65 style='mso-ignore:colspan'>{lines(block.text)}</td>\n </tr>")
            continue
        for _, slots in block.laid_out():
            cells = ""
            for at, (_, cell, begins) in enumerate(slots):
                if begins:
                    number = " x:num" if cell.text.isdigit() else " x:str" if cell.text else ""
                    cells += f"\n  <td{spans(cell)} class=xl66{number}>{lines(cell.text)}</td>"
            rows.append(f" <tr height=19 style='mso-height-source:userset'>{cells}\n </tr>")
    widths = "".join("\n  <td width=72 style='width:54pt'></td>" for _ in range(widest))
    rows.append(f" <![if supportMisalignedColumns]>\n <tr height=0 style='display:none'>{widths}\n </tr>\n <![endif]>")
    text = f'<html xmlns:o="urn:schemas-microsoft-com:office:office"\nxmlns:x="urn:schemas-microsoft-com:office:excel"\nxmlns="http://www.w3.org/TR/REC-html40">\n<head>\n<meta http-equiv=Content-Type content="text/html; charset={charset}">\n<meta name=ProgId content=Excel.Sheet>\n<style><!--table {{mso-displayed-decimal-separator:"\\.";}}\n.xl66 {{mso-number-format:"0_ ";}}--></style>\n{extra}</head>\n<body>\n<table x:str border=0 cellpadding=0 cellspacing=0 width=720 style=\'border-collapse:collapse;table-layout:fixed\'>\n' + "\n".join(rows) + "\n</table>\n</body>\n</html>\n"
    return text.replace("{{", "{").replace("}}", "}").encode(encoding)


# One file.

def mhtml(parts, start=None):
    """Parts in one file: (location, content type, encoding of transfer, bytes)."""
    boundary = "----=_NextPart_000_0000_01DA4B00.00000000"
    more = f'; start="<{start}>"' if start else ""
    out = f'From: "Saved by us"\r\nSubject: =?utf-8?B?{base64.b64encode("年报".encode()).decode()}?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html";\r\n\tboundary="{boundary}"{more}\r\n\r\nThis is a multi-part message in MIME format.\r\n'.encode()
    for location, kind, transfer, content in parts:
        packed = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes, "8bit": bytes}[transfer](content)
        packed = packed.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        out += f"\r\n--{boundary}\r\nContent-Location: {location}\r\nContent-ID: <{location.rsplit('/', 1)[-1]}>\r\nContent-Transfer-Encoding: {transfer}\r\nContent-Type: {kind}\r\n\r\n".encode() + packed
    return out + f"\r\n--{boundary}--\r\n".encode()


# What LibreOffice writes.

class MadePage(Made):
    """The mark of a page is a comment behind its end."""

    def mark(self):
        return f"<!-- made by {self.tool} from {hashlib.sha256(self.source).hexdigest()} -->\n".encode()


def libreoffice(document):
    """Saved as a web page by LibreOffice Writer from a DOCX; its dates are taken out."""
    def make():
        if not shutil.which("soffice"):
            raise Missing("soffice is not installed")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "document.docx"
            path.write_bytes(document)
            subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "html:HTML (StarWriter)", "--outdir", folder, str(path)],
                           check=True, timeout=240, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            page = path.with_suffix(".html").read_bytes()
        return b"\n".join(line for line in page.split(b"\n") if b'name="created"' not in line and b'name="changed"' not in line and b'name="generator"' not in line)
    return MadePage("LibreOffice", document, make)
