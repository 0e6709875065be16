"""Pages of government sites of different makes: what every page of a site bears is no text of the report. The shapes are those that sites
have; the words and places are ours."""

from case import case
from report import Report
from table import Text
from web import body, lines, page

# Nothing of this is text of any section.
EVERYWHERE = ["打印", "关闭", "扫一扫", "上一篇", "下一篇", "主办", "编辑", "ICP", "相关稿件", "无障碍", "字体", "首页"]


def links(words, between=" "):
    return between.join(f'<a href="/{index}/">{word}</a>' for index, word in enumerate(words))


def untitled(report):
    return [block for block in report.blocks() if not (isinstance(block, Text) and block.kind == "title")]


def truth(report, **more):
    return [report.truth(says_not={kind: EVERYWHERE for kind in ("overview", "problems", "other")}, **more)]


@case("html/site-tables.html", "a site of the years in which pages were laid out with tables", "no part has a name; menus, way back, counters and the foot are cells")
def site_tables():
    report = Report("html-site-tables", "2019")
    title = "".join(report.title)
    menu = "\n".join(f'<tr><td height=24 background="/i/bg.gif">&nbsp;·<a href="/{index}.asp">{word}</a></td></tr>' for index, word in enumerate(["机关简介", "工作动态", "政务公开", "办事指南", "下载中心"]))
    text = lambda block: f'<p style="line-height:200%"><font face="宋体" size="3">　　{lines(block.text)}</font></p>'
    content = f"""<table width="778" border="0" align="center" cellpadding="0" cellspacing="0"><tr><td><img src="/i/top.jpg" width="778" height="120"></td></tr>
<tr><td height="28" bgcolor="#cc0000" align="center"><font color="#ffffff">{links(["首　页", "机关简介", "工作动态", "政务公开", "在线办事", "留言板"], " | ")}</font></td></tr></table>
<table width="778" border="0" align="center"><tr><td width="180" valign="top"><table width="100%">
{menu}
</table></td><td valign="top">
<table width="98%"><tr><td height="25">您现在的位置：{links(["首页", "政务公开"], " &gt;&gt; ")} &gt;&gt; 正文</td></tr>
<tr><td align="center"><font size="4"><b>{title}</b></font></td></tr>
<tr><td align="center" height="24">发布时间：{report.year + 1}-1-15 　来源：{report.agency} 　点击数：<script>count(37)</script> 　【字体：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>】</td></tr>
<tr><td>
{body(untitled(report), text)}
</td></tr>
<tr><td align="right">【<a href="javascript:window.print()">打印本页</a>】【<a href="javascript:window.close()">关闭窗口</a>】</td></tr>
<tr><td>上一篇：<a href="/2.asp">关于调整办公地点的公告</a><br>下一篇：没有了</td></tr></table>
</td></tr></table>
<table width="778" align="center"><tr><td align="center" height="60">主办：{report.agency}　地址：青石路1号　电话：0000-0000000<br>某ICP备00000000号　建议使用1024×768分辨率浏览本站。您是第 <img src="/c.gif"> 位访问者</td></tr></table>"""
    return page(content, f"{title}-{report.agency}", charset='<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', encoding="gb18030"), truth(report)


@case("html/site-editor.html", "a site of today: a bar for old people, an editor's class names, a code to scan, other papers below", "the names of its parts are those that a widespread system gives")
def site_editor():
    report = Report("html-site-editor")
    title = "".join(report.title)
    rows = [("索 引 号", "0000000/2024-00015"), ("主题分类", "政府信息公开年报"), ("发文机关", report.agency), ("成文日期", f"{report.year + 1}-01-15"), ("标　　题", title), ("发布日期", f"{report.year + 1}-01-15")]
    metadata = "".join(f"<li><b>{label}：</b><span>{value}</span></li>" for label, value in rows)
    content = f"""<div class="wza-bar"><div class="w1200"><a href="/wza">无障碍浏览</a><a href="/old">长者模式</a><a href="/login">登录</a><a href="/reg">注册</a></div></div>
<div class="xl_top"><img src="/logo.png" width="700" alt="{report.agency}"></div>
<div class="xl_menu">{links(["首页", "要闻", "公开", "服务", "互动", "数据"], "")}</div>
<div class="w1200"><div class="dqwz_box">当前位置：{links(["首页", "公开", "年报"], " &gt; ")}</div>
<div class="xl_left"><ul><li>{links(["公开指南", "公开制度", "公开内容", "公开年报", "依申请公开"], "</li><li>")}</li></ul></div>
<div class="xl_right">
<ul class="xxgk_head">{metadata}</ul>
<h2 class="xl_tit">{title}</h2>
<div class="xl_xinxi"><span>来源：{report.agency}</span><span>字号：<a>大</a><a>中</a><a>小</a></span><span><a>打印</a></span></div>
<div class="xl_cont view TRS_UEDITOR trs_paper_default trs_web">
{body(untitled(report))}
</div>
<div class="editor"><span><a href="/jiucuo">【我要纠错】</a></span><span>责任编辑：某人</span></div>
<div class="info_ewm" id="qr_container"><canvas></canvas>扫一扫在手机打开当前页</div>
<div class="xg-list"><div class="pannel-title">相关稿件</div><ul><li><a href="/a">{report.agency}公开指南</a></li><li><a href="/b">{report.agency}{report.year - 1}年政府信息公开工作年度报告</a></li></ul></div>
</div></div>
<div class="xl_dibu"><p>{links(["联系我们", "关于我们", "网站地图"], " | ")}</p><p>主办单位：{report.agency}　承办单位：某数据中心</p><p>网站标识码：0000000000　某ICP备00000000号　某公网安备 00000000000000号</p><p>本站已支持IPv6访问</p></div>"""
    return page(content, f"{title}_{report.agency}"), truth(report)


@case("html/site-zoom.html", "a site whose text stands in #zoom, signed at the foot of the page", "the bar above it: source, count, letters, a colour for the eyes; a part named bottom holds agency and date")
def site_zoom():
    report = Report("html-site-zoom")
    title = "".join(report.title)
    blocks = [block for block in untitled(report) if block.__class__ is not Text or block.kind not in ("sign", "date")]
    sign, date = report.sign, report.date
    content = f"""<table id="head" width="1000"><tr><td><a href="/">返回首页</a> <a href="/m">手机版</a> <a href="/f">繁体版</a></td></tr></table>
<div class="bt_position">当前位置：{links(["首页", "信息公开目录", "年度报告"], " &gt; ")}</div>
<!--文章开始-->
<div class="main-fl bt-left"><div class="article_title">{title}</div>
<div class="bt-art-info"><span>信息来源：{report.agency}</span> <span>浏览次数：<b id="hits"></b></span> <span>字体：[ <a>大</a> <a>中</a> <a>小</a> ]</span> <span>视力保护色：<i></i><i></i></span></div>
<div id="zoom">
<!--正文内容开始-->
{body(blocks)}
<!--正文内容结束-->
</div>
<div class="bottom"><p align="right">{sign}</p><p align="right">{date}</p></div>
<div class="bt-tools"><a>打印</a> | <a>关闭</a> | <a>收藏</a></div>
<div class="bt-tools"><a>返回列表</a></div>
</div>
<div class="link-box"><select><option>友情链接</option><option>某市门户</option></select></div>
<div id="foot"><div>主办：{report.agency}</div><div>编辑：某人 审核：某人</div><div>ICP备案号：某ICP备00000000号</div></div>"""
    return page(content, title), truth(report)


@case("html/site-plain-parts.html", "a page of div and span alone, no part has a name", "short lines of controls stand among the paragraphs; one of the report's own speaks of registers and of printing")
def site_plain_parts():
    report = Report("html-site-plain-parts")
    title = "".join(report.title)
    text = lambda block: f"<div><span>{lines(block.text)}</span></div>"
    blocks = untitled(report)
    at = next(index for index, block in enumerate(blocks) if isinstance(block, Text) and block.text.startswith("六、"))
    own = ["（一）规范网站标识码、ICP备案信息", "（二）打印公开指南300份"]
    blocks[at + 1:at + 1] = [Text("p", line) for line in own]
    content = f"""<div><div><div><span><a href="/">首页</a></span><span><a href="/1">公开</a></span><span><a href="/2">服务</a></span><span><a href="/3">互动</a></span><span><a href="/4">数据</a></span></div></div>
<div><div>您当前位置：{links(["首页", "公开", "年报"], " / ")} / 正文</div></div>
<div><div><div>{title}</div><div>{report.year + 1}-01-15 09:30　来源：{report.agency}　阅读：37</div></div>
<div>
{body(blocks, text)}
</div>
<div>分享：<span>微信</span><span>微博</span></div>
<div><span>打印</span> <span>关闭</span> <span>返回顶部</span></div>
<div>扫一扫在手机打开当前页面</div></div>
<div><div>主办单位：{report.agency}</div><div>地址：青石路1号　邮编：000000</div><div>某ICP备00000000号-1</div><div>某公网安备00000000000000号</div></div></div>"""
    known = truth(report, says={"other": own[0]})
    known[0]["says_not"]["other"] = [word for word in EVERYWHERE if not any(word in line for line in own)]
    return page(content, title), known
