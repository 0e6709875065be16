//! What belongs to the page and not to what is published on it: navigation, the way back to the home page, sharing bars, search
//! boxes, lists of other pages, footers.
//!
//! Four witnesses: the element (`nav`, `footer`), the names that sites give their parts (`breadcrumb`, `TRS_Editor`), how much of
//! a text is links, and the words of short lines (【打印】【关闭】). None of them may take a figure or a sentence away: each names its
//! bounds, and what is beyond them stays.

use crate::tag::{Attribute, Element, Tag};

/// What a part of a page is, as its element and its names say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hint {
    /// What is published.
    Content,
    /// Ways to other pages.
    Navigation,
    /// Where the page stands in the site.
    Breadcrumb,
    /// Sharing, printing, the size of letters.
    Sharing,
    /// A search box.
    Search,
    /// The name of the site.
    Banner,
    /// Who runs the site.
    Footer,
    /// Other pages, such as the one before and the one after.
    Related,
}

impl Hint {
    /// What an element says of itself.
    pub(crate) fn of(element: &Element, classes: &mut Classes) -> Option<Self> {
        let by_tag = match element.tag {
            Tag::Nav => Some(Self::Navigation),
            Tag::Footer => Some(Self::Footer),
            Tag::Header => Some(Self::Banner),
            Tag::Aside => Some(Self::Related),
            Tag::Article | Tag::Main => Some(Self::Content),
            Tag::Block | Tag::Ul | Tag::Cell { .. } | Tag::Table | Tag::Tr | Tag::Inline => None,
            _ => return None,
        };
        let by_role = || match element.attribute(Attribute::Role)? {
            "navigation" | "menubar" | "menu" => Some(Self::Navigation),
            "banner" => Some(Self::Banner),
            "contentinfo" => Some(Self::Footer),
            "search" => Some(Self::Search),
            "main" | "article" => Some(Self::Content),
            _ => None,
        };
        let by_content = || (element.attribute(Attribute::Itemprop)? == "articleBody").then_some(Self::Content);
        let by_class = || classes.hint(element.attribute(Attribute::Class)?);
        let by_id = || element.attribute(Attribute::Id)?.split_whitespace().find_map(named);
        by_tag.or_else(by_role).or_else(by_content).or_else(by_class).or_else(by_id)
    }

    /// Whether a part that says this is furniture, from what it holds.
    pub(crate) const fn fits(self, held: &Held) -> bool {
        let plain = held.text - held.linked;
        match self {
            Self::Content => false,
            Self::Navigation | Self::Search => plain <= 200 && held.stops == 0,
            Self::Breadcrumb => held.text <= 200 && held.stops == 0,
            // A bar often begins with the date of the page: then its lines are judged one by one.
            Self::Sharing => plain <= 120 && held.stops == 0 && held.digits < 8,
            Self::Banner => plain <= 100 && held.stops == 0 && (held.headings == 0 || held.links >= 3),
            Self::Footer => plain <= 800 && held.headings == 0,
            Self::Related => held.linked * 2 >= held.text && held.stops == 0,
        }
    }
}

/// What classes say. Thousands of elements in a row bear the same ones, so the last answer is kept.
#[derive(Debug, Default)]
pub(crate) struct Classes {
    last: String,
    hint: Option<Hint>,
}

impl Classes {
    fn hint(&mut self, classes: &str) -> Option<Hint> {
        if self.last != classes {
            classes.clone_into(&mut self.last);
            self.hint = classes.split_whitespace().find_map(named);
        }
        self.hint
    }
}

/// What a part of a page holds, hidden text aside. Characters, blanks not counted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Held {
    pub(crate) text: u32,
    /// How much of the text is links.
    pub(crate) linked: u32,
    pub(crate) links: u32,
    /// Ends of sentences: 。
    pub(crate) stops: u32,
    pub(crate) digits: u32,
    pub(crate) headings: u32,
    /// Paragraphs and line breaks.
    pub(crate) blocks: u32,
    /// Tables that hold data.
    pub(crate) tables: u32,
    /// One of these tables holds figures, or text that is no link.
    pub(crate) has_figures: bool,
    /// The title of what is published stands here.
    pub(crate) has_title: bool,
    /// Words stand here that every site must print at its foot, and nobody else does.
    pub(crate) has_footer_words: bool,
}

impl Held {
    /// Counts in what stands in a part of this part.
    pub(crate) const fn add(&mut self, other: &Self) {
        self.text = self.text.saturating_add(other.text);
        self.linked = self.linked.saturating_add(other.linked);
        self.links = self.links.saturating_add(other.links);
        self.stops = self.stops.saturating_add(other.stops);
        self.digits = self.digits.saturating_add(other.digits);
        self.headings = self.headings.saturating_add(other.headings);
        self.blocks = self.blocks.saturating_add(other.blocks);
        self.tables = self.tables.saturating_add(other.tables);
        self.has_figures |= other.has_figures;
        self.has_title |= other.has_title;
        self.has_footer_words |= other.has_footer_words;
    }

    /// Counts in a text.
    pub(crate) fn add_text(&mut self, text: &str, is_link: bool) {
        let mut count = 0_u32;
        for c in text.chars() {
            match c {
                '0'..='9' | '０'..='９' => self.digits = self.digits.saturating_add(1),
                '。' => self.stops = self.stops.saturating_add(1),
                _ if c.is_whitespace() => continue,
                _ => {}
            }
            count = count.saturating_add(1);
        }
        self.text = self.text.saturating_add(count);
        self.has_footer_words |= count < 100 && FOOTER_WORDS.iter().any(|words| text.contains(words));
        if is_link {
            self.linked = self.linked.saturating_add(count);
        }
    }

    /// Short, and with the words of a footer, whatever its name.
    pub(crate) const fn is_footer(&self) -> bool {
        self.has_footer_words && self.text <= 400 && self.stops == 0 && self.headings == 0
    }

    /// Nearly nothing but ways to other pages.
    pub(crate) const fn is_list_of_links(&self) -> bool {
        self.links >= 4 && self.linked >= self.text / 5 * 4 && self.stops == 0
    }
}

const FOOTER_WORDS: [&str; 3] = ["ICP备", "公网安备", "网站标识码"];

/// What the name of a part says, as sites use it. Nothing here is enough alone: see [`Hint::fits`].
fn named(name: &str) -> Option<Hint> {
    /// Names that are meant as a whole.
    const WHOLE: [(&str, Hint); 38] = [
        ("zoom", Hint::Content),
        ("article", Hint::Content),
        ("view", Hint::Content),
        ("nav", Hint::Navigation),
        ("menu", Hint::Navigation),
        ("daohang", Hint::Navigation),
        ("location", Hint::Breadcrumb),
        ("position", Hint::Breadcrumb),
        ("path", Hint::Breadcrumb),
        ("wz", Hint::Breadcrumb),
        ("print", Hint::Sharing),
        ("tool", Hint::Sharing),
        ("tools", Hint::Sharing),
        ("toolbar", Hint::Sharing),
        ("fontsize", Hint::Sharing),
        ("operate", Hint::Sharing),
        ("top", Hint::Banner),
        ("head", Hint::Banner),
        ("header", Hint::Banner),
        ("banner", Hint::Banner),
        ("logo", Hint::Banner),
        ("toubu", Hint::Banner),
        ("topbar", Hint::Banner),
        ("foot", Hint::Footer),
        ("bottom", Hint::Footer),
        ("dibu", Hint::Footer),
        ("links", Hint::Related),
        ("link", Hint::Related),
        ("yqlj", Hint::Related),
        ("xgxx", Hint::Related),
        ("xgwj", Hint::Related),
        ("xgyd", Hint::Related),
        ("left", Hint::Related),
        ("right", Hint::Related),
        ("side", Hint::Related),
        ("sidebar", Hint::Related),
        ("prev", Hint::Related),
        ("next", Hint::Related),
    ];
    /// Names that tell themselves by a part of them.
    const PART: [(&str, Hint); 22] = [
        ("trs_editor", Hint::Content),
        ("trs_ueditor", Hint::Content),
        ("ucapcontent", Hint::Content),
        ("fontcontent", Hint::Content),
        ("article-content", Hint::Content),
        ("article_content", Hint::Content),
        ("articlecontent", Hint::Content),
        ("news_content", Hint::Content),
        ("detail-content", Hint::Content),
        ("pages_content", Hint::Content),
        ("crumb", Hint::Breadcrumb),
        ("dqwz", Hint::Breadcrumb),
        ("weizhi", Hint::Breadcrumb),
        ("share", Hint::Sharing),
        ("fenxiang", Hint::Sharing),
        ("search", Hint::Search),
        ("footer", Hint::Footer),
        ("copyright", Hint::Footer),
        ("navbar", Hint::Navigation),
        ("navigation", Hint::Navigation),
        ("menu", Hint::Navigation),
        ("related", Hint::Related),
    ];
    let name = name.to_ascii_lowercase();
    let whole = WHOLE.iter().find(|(known, _)| *known == name);
    whole.or_else(|| PART.iter().find(|(known, _)| name.contains(known))).map(|&(_, hint)| hint)
}

/// Lines longer than this are text, whatever they say.
const LONG_LINE: usize = 80;

/// Whether a short line is page furniture by its words. A line that holds a date or names where the text comes from is none: it
/// may be all that states them.
pub(crate) fn is_furniture_line(text: &str) -> bool {
    /// What such lines begin with.
    const STARTS: [&str; 26] = [
        "当前位置",
        "您的位置",
        "您现在的位置",
        "您当前的位置",
        "您所在的位置",
        "您所在位置",
        "现在位置",
        "所在位置",
        "分享到",
        "分享：",
        "打印",
        "关闭",
        "上一篇",
        "下一篇",
        "上一条",
        "下一条",
        "相关链接",
        "相关文章",
        "相关阅读",
        "相关信息",
        "返回顶部",
        "回到顶部",
        "扫一扫",
        "主办单位",
        "责任编辑",
        "技术支持",
    ];
    /// What they hold.
    const PARTS: [&str; 18] = [
        "分享到",
        "打印本页",
        "关闭窗口",
        "关闭本页",
        "【打印】",
        "【关闭】",
        "[打印]",
        "[关闭]",
        "浏览次数：",
        "阅读次数：",
        "访问量：",
        "版权所有",
        "ICP备",
        "公网安备",
        "网站标识码",
        "网站地图",
        "字体：",
        "字号：",
    ];
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if c == ':' { '：' } else { c })
        .take(LONG_LINE + 1)
        .collect();
    if text.is_empty() || text.chars().count() > LONG_LINE || text.contains('。') {
        return false;
    }
    let bare = text.trim_start_matches(['【', '[', '［', '|', '>', '·']);
    // 相关信息统计表 is a heading of a report: the words must stand for themselves.
    let stands_alone =
        |rest: &str| rest.is_empty() || rest.starts_with(['：', '】', ']', '］', '|', '>']) || text.contains('>');
    let known = STARTS.iter().any(|start| bare.strip_prefix(start).is_some_and(stands_alone))
        || PARTS.iter().any(|part| text.contains(part));
    known && !states_something(&text)
}

/// Whether a line names a date or an agency, which may stand nowhere else.
fn states_something(text: &str) -> bool {
    const LABELS: [&str; 8] = ["日期", "时间", "来源", "发布机构", "发文机关", "公开机构", "发布单位", "信息提供单位"];
    /// Those of a site's own: whoever runs it is not whoever publishes.
    const FOOTER: [&str; 4] = ["主办单位", "版权所有", "ICP备", "公网安备"];
    !FOOTER.iter().any(|word| text.contains(word))
        && (LABELS.iter().any(|label| text.contains(label)) || holds_date(text))
}

/// Four digits that are a year, and a month behind them: 2024年1, 2024-01, 2024/1.
fn holds_date(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find("20") {
        let tail = rest.get(at..).unwrap_or_default();
        let mut chars = tail.chars();
        let year = chars.by_ref().take(4).filter(char::is_ascii_digit).count() == 4;
        let mark = chars.next().is_some_and(|c| matches!(c, '年' | '-' | '/' | '.'));
        if year && mark && chars.next().is_some_and(|c| c.is_ascii_digit()) {
            return true;
        }
        rest = tail.get(2..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_every_page_has() {
        for line in [
            "当前位置：首页 > 政务公开 > 政府信息公开年报",
            "【字体：大 中 小】 【打印】 【关闭】",
            "分享到：微信 微博",
            "访问量:37",
            "相关链接",
            "上一篇：2022年政府信息公开工作年度报告",
            "主办单位：澄碧市人民政府办公室 网站标识码：0000000000",
            "澄ICP备00000000号-1",
        ] {
            assert!(is_furniture_line(line), "{line}");
        }
    }

    #[test]
    fn lines_that_state_something_stay() {
        for line in [
            "相关信息统计表",
            "网站总访问量12万次",
            "打印宣传册300份",
            "发布日期：2024-01-15 来源：澄碧市水务局 浏览次数：35 字体：大 中 小 打印本页",
            "2024年1月15日 字体：大 中 小",
            "全年印制宣传册，打印3000份，已分享到各社区。",
            "澄碧市水务局",
            "主要问题：一是个别科室报送信息偏晚",
            "",
        ] {
            assert!(!is_furniture_line(line), "{line}");
        }
    }

    #[test]
    fn names_of_parts() {
        assert_eq!(named("TRS_Editor"), Some(Hint::Content));
        assert_eq!(named("BreadcrumbNav"), Some(Hint::Breadcrumb));
        assert_eq!(named("bdsharebuttonbox"), Some(Hint::Sharing));
        assert_eq!(named("page-footer"), Some(Hint::Footer));
        assert_eq!(named("MsoNormal"), None);
    }
}
