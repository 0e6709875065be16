//! Paragraphs and runs (ECMA-376 Part 1, 17.3).

use std::rc::Rc;

use nianbao_story::{Draft, check, symbol};

use super::{Body, What};
use crate::field;
use crate::paragraph::{ParagraphProperties, read_text};
use crate::styles::Resolved;
use crate::xml::{self, Damage, Node, Space, Stop, Tag};

/// Paragraphs.
impl<'a> Body<'a, '_, '_> {
    pub(super) fn begin_paragraph(&mut self, is_empty: bool) -> Result<(), Stop> {
        check(self.script.paragraphs(), "paragraphs")?;
        self.script.begin_paragraph();
        self.push_open(What::Paragraph, is_empty);
        Ok(())
    }

    pub(super) fn paragraph_properties(&mut self, tag: &Tag<'a>) -> Result<(), Stop> {
        if self.xml.pass_over(tag, ParagraphProperties::matters)? {
            return Ok(());
        }
        if self.innermost() != Some(What::Paragraph) {
            return Ok(self.xml.skip(tag)?);
        }
        let properties = ParagraphProperties::read(&mut self.xml, tag)?;
        let style = properties.style.as_deref().map(|id| self.style(id));
        let style = style.unwrap_or_default();
        if properties.mark_deleted {
            self.script.notices.deletion(self.script.here());
        }
        if let Some(draft) = self.script.draft() {
            draft.role = properties.role(&style);
            draft.is_open = properties.mark_deleted;
            draft.is_hidden = style.properties.hidden.unwrap_or_default();
        }
        if !properties.mark_deleted && !properties.mark_hidden {
            self.number(&properties, &style);
        }
        Ok(())
    }

    pub(super) fn style(&mut self, id: &str) -> Rc<Resolved> {
        if let Some(style) = self.styles.get(id) {
            return Rc::clone(style);
        }
        let style = Rc::new(self.parts.styles().resolved(id));
        self.styles.insert(id.to_owned(), Rc::clone(&style));
        style
    }

    /// Writes the automatic number of the paragraph that is being read.
    pub(super) fn number(&mut self, properties: &ParagraphProperties, style: &Resolved) {
        let Some(id) = properties.numbering(style) else {
            return;
        };
        let (styles, numbering) = self.parts.numbering();
        let mut bound = || {
            let style = style.numbered_by.as_deref()?;
            numbering.level_of_style(id, style, styles)
        };
        // A style's level is the one that the numbering binds to it (17.9.23); only then what it says itself.
        let level = match properties.own.level {
            Some(level) => level,
            None if properties.own.number.is_some() => 0,
            None => bound().or(style.properties.level).unwrap_or(0),
        };
        if let Some(label) = numbering.next(id, level, styles) {
            self.script.number(label);
        }
    }
}

/// Runs and what is in them.
impl<'a> Body<'a, '_, '_> {
    pub(super) fn run_properties(&mut self, tag: &Tag<'a>) -> Result<(), Stop> {
        let matters = |local: &[u8]| matches!(local, b"vanish" | b"rStyle");
        if self.xml.pass_over(tag, matters)? {
            return Ok(());
        }
        if !matches!(self.innermost(), Some(What::Run { .. })) {
            return Ok(self.xml.skip(tag)?);
        }
        let end = self.xml.depth();
        let (mut hidden, mut style) = (None, None);
        while self.xml.depth() >= end {
            let node = self.xml.step()?;
            let (Node::Start(tag) | Node::Empty(tag)) = &node else {
                continue;
            };
            match self.xml.name(tag) {
                (Space::Word, b"vanish") => hidden = Some(xml::is_on(tag)),
                (Space::Word, b"rStyle") => style = xml::attribute(tag, "val"),
                _ => {}
            }
            if matches!(node, Node::Start(_)) {
                self.xml.skip(tag)?;
            }
        }
        if let Some(id) = style.filter(|_| hidden.is_none()) {
            hidden = self.style(&id).properties.hidden;
        }
        self.is_hidden = hidden.unwrap_or(self.is_hidden);
        Ok(())
    }

    /// Whether what is read now is shown; says so where it is hidden.
    pub(super) fn is_shown(&mut self) -> bool {
        self.script.shows(self.is_hidden)
    }

    pub(super) fn text(&mut self, tag: &Tag<'a>) -> Result<(), Damage> {
        self.read += 1;
        if !self.is_shown() {
            return self.xml.skip(tag);
        }
        let Some(draft) = self.script.draft() else {
            return self.xml.skip(tag);
        };
        let xml = &mut self.xml;
        let result = draft.write(|line| read_text(xml, tag, line));
        self.script.take_place();
        result
    }

    pub(super) fn push_text(&mut self, text: &str) {
        self.shown(|draft| draft.push(text));
        self.script.take_place();
    }

    /// Does something to the paragraph, unless what is read now is not shown.
    pub(super) fn shown(&mut self, change: impl FnOnce(&mut Draft)) {
        if self.script.draft().is_none() || !self.is_shown() {
            return;
        }
        if let Some(draft) = self.script.draft() {
            change(draft);
        }
    }

    pub(super) fn line_break(&mut self, tag: &Tag<'_>) {
        match xml::attribute(tag, "type").as_deref() {
            Some("page" | "column") => self.shown(Draft::break_page),
            _ => self.shown(Draft::break_line),
        }
    }

    pub(super) fn symbol(&mut self, tag: &Tag<'_>) {
        let font = xml::attribute(tag, "font").unwrap_or_default();
        let code = xml::attribute(tag, "char").and_then(|code| u32::from_str_radix(code.trim(), 16).ok());
        if let Some(c) = code.and_then(|code| symbol(&font, code)) {
            self.push_text(c.encode_utf8(&mut [0; 4]));
        }
    }

    pub(super) fn field_character(&mut self, tag: &Tag<'_>, is_empty: bool) -> Result<(), Stop> {
        if !is_empty && let Some(shown) = field::form_field(&mut self.xml)? {
            self.push_text(&shown);
        }
        let kind = xml::attribute(tag, "fldCharType").unwrap_or_default();
        self.script.fields.take(&kind, self.script.flow.fields());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::{extracted, main_part, printed};

    fn run(text: &str) -> String {
        format!("<w:r><w:t>{text}</w:t></w:r>")
    }

    /// The paragraphs of a body whose one paragraph has this content.
    fn paragraph(content: &str) -> String {
        let printed = printed(&format!("<w:p>{content}</w:p>"));
        let lines = printed.lines().skip(1).map(|line| line.split("  @").next().unwrap_or_default());
        lines.collect::<Vec<_>>().join("; ")
    }

    const NUMBERING: &str = r#"<w:numbering xmlns:w="urn:w">
        <w:abstractNum w:abstractNumId="3">
          <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
          <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="second"/><w:lvlText w:val="（%2）"/></w:lvl>
        </w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="3"/></w:num></w:numbering>"#;

    const STYLES: &str = r#"<w:styles xmlns:w="urn:w">
        <w:style w:styleId="first"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
        <w:style w:styleId="second"><w:name w:val="heading 2"/><w:basedOn w:val="first"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
        <w:style w:styleId="child"><w:name w:val="own"/><w:basedOn w:val="first"/></w:style>
        <w:style w:styleId="secret"><w:name w:val="secret"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"#;

    fn styled(body: &str) -> String {
        let parts =
            [("word/document.xml", &*main_part(body)), ("word/styles.xml", STYLES), ("word/numbering.xml", NUMBERING)];
        nianbao_model::print(&extracted(&parts).unwrap())
    }

    #[test]
    fn numbers_come_from_styles_and_their_parents() {
        let with = |properties: &str, text: &str| format!("<w:p><w:pPr>{properties}</w:pPr>{}</w:p>", run(text));
        let body = [
            with("<w:pStyle w:val='first'/>", "总体情况"),
            with("<w:pStyle w:val='second'/>", "主动公开"),
            with("<w:pStyle w:val='second'/>", "依申请公开"),
            with("<w:pStyle w:val='child'/>", "主动公开情况"),
            with("<w:pStyle w:val='first'/><w:numPr><w:numId w:val='0'/></w:numPr>", "无编号"),
            with("<w:numPr><w:ilvl w:val='1'/><w:numId w:val='1'/></w:numPr>", "直接"),
        ];
        let printed = styled(&body.concat());
        for line in [
            "H1 |一、总体情况|",
            "H2 |（一）主动公开|",
            "H2 |（二）依申请公开|",
            "H1 |二、主动公开情况|",
            "H1 |无编号|",
            "¶ |（一）直接|",
        ] {
            assert!(printed.contains(line), "{line} in {printed}");
        }
    }

    #[test]
    fn a_heading_is_told_by_its_outline() {
        assert_eq!(paragraph(&format!("<w:pPr><w:outlineLvl w:val='1'/></w:pPr>{}", run("a"))), "H2 |a|");
        assert_eq!(paragraph(&format!("<w:pPr><w:outlineLvl w:val='9'/></w:pPr>{}", run("a"))), "¶ |a|");
    }

    #[test]
    fn deleted_and_moved_text_is_not_read() {
        let content = format!(
            "<w:del><w:r><w:delText>1</w:delText></w:r></w:del><w:ins>{}</w:ins><w:moveFrom>{}</w:moveFrom><w:moveTo>{}</w:moveTo>",
            run("2"),
            run("3"),
            run("4")
        );
        let text = paragraph(&content);
        assert!(text.starts_with("¶ |24|; ! changes_accepted"), "{text}");
    }

    #[test]
    fn a_deleted_paragraph_mark_joins_two_paragraphs() {
        let deleted = "<w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>";
        let body = format!(
            "<w:p>{deleted}{}</w:p><w:p><w:pPr><w:outlineLvl w:val='0'/></w:pPr>{}</w:p>",
            run("总体"),
            run("情况")
        );
        let joined = printed(&body);
        assert!(joined.contains("H1 |总体情况|  @ paragraph 1, paragraph 2"), "{joined}");
        let last = format!("<w:tbl><w:tr><w:tc><w:p>{deleted}{}</w:p></w:tc></w:tr></w:tbl>", run("末"));
        assert!(printed(&last).contains("C1 |末|"));
    }

    #[test]
    fn fields_show_their_result() {
        let character = |kind: &str| format!("<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>");
        let content = [
            character("begin"),
            "<w:r><w:instrText>IF </w:instrText></w:r>".to_owned(),
            character("begin"),
            character("separate"),
            run("inner"),
            character("end"),
            character("separate"),
            run("shown"),
            character("end"),
            "<w:fldSimple w:instr='PAGE'><w:r><w:t>5</w:t></w:r></w:fldSimple>".to_owned(),
        ];
        assert_eq!(paragraph(&content.concat()), "¶ |shown5|");
    }

    #[test]
    fn a_field_that_never_ends_takes_nothing_with_it() {
        let printed =
            printed(&format!("<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r></w:p><w:p>{}</w:p>", run("text")));
        assert!(printed.contains("|text|"), "{printed}");
    }

    #[test]
    fn form_fields_show_what_was_chosen() {
        let field = |data: &str| {
            format!(
                "<w:r><w:fldChar w:fldCharType='begin'><w:ffData>{data}</w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
            )
        };
        let boxes = field("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>")
            + &field("<w:checkBox><w:default w:val='0'/></w:checkBox>");
        let list =
            field("<w:ddList><w:result w:val='1'/><w:listEntry w:val='甲'/><w:listEntry w:val='乙'/></w:ddList>");
        assert_eq!(paragraph(&(boxes + &list)), "¶ |☑□乙|");
    }

    #[test]
    fn special_characters_are_read() {
        let content = "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>c</w:t><w:br/>\
            <w:sym w:font='Wingdings' w:char='F0FE'/><w:cr/><w:t>&lt;&#x5E74;</w:t></w:r>";
        assert_eq!(paragraph(content), "¶ |a\tb-c⏎☑⏎<年|");
    }

    #[test]
    fn of_a_word_with_its_reading_only_the_word_is_read() {
        let content =
            format!("<w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>", run("nián"), run("年"));
        assert_eq!(paragraph(&content), "¶ |年|");
    }

    #[test]
    fn a_formula_is_its_characters() {
        assert_eq!(paragraph("<m:oMath><m:r><w:rPr><w:b/></w:rPr><m:t>a+b</m:t></m:r></m:oMath>"), "¶ |a+b|");
    }

    #[test]
    fn hidden_text_is_left_out_whoever_hides_it() {
        let by_run = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>a</w:t></w:r>";
        let text = paragraph(by_run);
        assert!(text.starts_with("¶ |a|; ! hidden_text_left_out"), "{text}");
        let by_style = "<w:p><w:r><w:rPr><w:rStyle w:val='secret'/></w:rPr><w:t>x</w:t></w:r><w:r><w:t>b</w:t></w:r></w:p>\
            <w:p><w:pPr><w:pStyle w:val='secret'/></w:pPr><w:r><w:t>x</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>c</w:t></w:r></w:p>";
        let printed = styled(by_style);
        assert!(printed.contains("|b|") && printed.contains("|c|") && !printed.contains("|x"), "{printed}");
    }

    #[test]
    fn old_formatting_hides_nothing() {
        let content = "<w:r><w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>a</w:t></w:r>";
        assert_eq!(paragraph(content), "¶ |a|");
    }
}
