//! What belongs to the page and not to what is published on it: navigation, the way back to the home page, sharing bars, search
//! boxes, lists of other pages, footers.
//!
//! Four witnesses: the element (`nav`, `footer`), the names that sites give their parts (`breadcrumb`, `TRS_Editor`), how much of
//! a text is links, and the words of short lines (【打印】【关闭】). None of them may take a figure or a sentence away: each names its
//! bounds, and what is beyond them stays.

mod line;

pub(crate) use line::is_furniture_line;

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
            Self::Sharing => plain <= 120 && held.stops == 0 && held.digits < 8 && !held.has_day,
            Self::Banner => plain <= 100 && held.stops == 0 && (held.headings == 0 || held.links >= 3),
            // Some sites sign what is published at the foot of their page.
            Self::Footer => plain <= 800 && held.headings == 0 && (held.has_footer_words || !held.has_day),
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
    /// A number stands here that every site must print at its foot, and nobody else does.
    pub(crate) has_footer_words: bool,
    /// A day stands here, in a short text.
    pub(crate) has_day: bool,
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
        self.has_day |= other.has_day;
    }

    /// Counts in a text.
    pub(crate) fn add_text(&mut self, text: &str, is_link: bool) {
        let mut count = 0_u32;
        let mut digits = 0_u32;
        for c in text.chars() {
            match c {
                '0'..='9' | '０'..='９' => digits = digits.saturating_add(1),
                '。' => self.stops = self.stops.saturating_add(1),
                _ if c.is_whitespace() => continue,
                _ => {}
            }
            count = count.saturating_add(1);
        }
        self.text = self.text.saturating_add(count);
        self.digits = self.digits.saturating_add(digits);
        // A number of the registers that sites stand in has more digits than a day.
        if count < 100 && digits > 5 {
            self.has_footer_words |= line::is_registered(text);
            self.has_day |= line::holds_day(text);
        }
        if is_link {
            self.linked = self.linked.saturating_add(count);
        }
    }

    /// Short, and with the number of a footer, whatever its name. Some say there which window fits the site best.
    pub(crate) const fn is_footer(&self) -> bool {
        self.has_footer_words && self.text <= 400 && self.stops < 2 && self.headings == 0
    }

    /// Nearly nothing but ways to other pages.
    pub(crate) const fn is_list_of_links(&self) -> bool {
        self.links >= 4 && self.linked >= self.text / 5 * 4 && self.stops == 0
    }
}

/// What the name of a part says, as sites use it. Nothing here is enough alone: see [`Hint::fits`].
fn named(name: &str) -> Option<Hint> {
    /// Names that are meant as a whole.
    const WHOLE: [(&str, Hint); 43] = [
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
        ("ewm", Hint::Sharing),
        ("qrcode", Hint::Sharing),
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
        ("xglist", Hint::Related),
        ("xg-list", Hint::Related),
        ("xg_list", Hint::Related),
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
    const PART: [(&str, Hint); 27] = [
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
        ("detail_content", Hint::Content),
        ("contenttext", Hint::Content),
        ("nrcontent", Hint::Content),
        ("article_zw", Hint::Content),
        ("xl_cont", Hint::Content),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parts() {
        assert_eq!(named("TRS_Editor"), Some(Hint::Content));
        assert_eq!(named("BreadcrumbNav"), Some(Hint::Breadcrumb));
        assert_eq!(named("bdsharebuttonbox"), Some(Hint::Sharing));
        assert_eq!(named("page-footer"), Some(Hint::Footer));
        assert_eq!(named("MsoNormal"), None);
    }
}
