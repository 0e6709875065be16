//! Short lines that stand on every page of a site, told by their words.

use nianbao_model::leading_mark;

/// Lines longer than this are text, whatever they say.
const LONG_LINE: usize = 80;

/// Whether a short line is page furniture by its words. A line that holds a date or names where the text comes from is none: it
/// may be all that states them. Nor is one with a number before it: 三、网站地图建设 is a heading of a report.
pub(crate) fn is_furniture_line(text: &str) -> bool {
    let seen = || text.chars().filter(|c| !c.is_whitespace());
    if seen().nth(LONG_LINE).is_some() || seen().any(|c| c == '。') || leading_mark(text).is_some() {
        return false;
    }
    let text: String = seen().map(|c| if c == ':' { '：' } else { c }).collect();
    let bare = text.trim_start_matches(['【', '[', '［', '|', '>', '·']);
    // 相关信息统计表 is a heading of a report: the words must stand for themselves.
    let stands_alone =
        |rest: &str| rest.is_empty() || rest.starts_with(['：', '】', ']', '］', '|', '>']) || text.contains('>');
    let known = STARTS.iter().any(|start| bare.strip_prefix(start).is_some_and(stands_alone))
        || PARTS.iter().any(|part| text.contains(part))
        || is_registered(&text)
        || is_nothing_but_controls(&text);
    known && !states_something(&text)
}

/// What such lines begin with.
const STARTS: [&str; 47] = [
    "当前位置",
    "当前的位置",
    "您的位置",
    "您当前位置",
    "您的当前位置",
    "您现在的位置",
    "您当前的位置",
    "您所在的位置",
    "您所在位置",
    "现在位置",
    "所在位置",
    "分享到",
    "分享",
    "打印",
    "关闭",
    "上一篇",
    "下一篇",
    "上一条",
    "下一条",
    "相关链接",
    "相关文章",
    "相关新闻",
    "相关稿件",
    "相关解读",
    "相关文档",
    "相关阅读",
    "相关信息",
    "友情链接",
    "返回顶部",
    "回到顶部",
    "扫一扫",
    "浏览量",
    "阅读量",
    "点击量",
    "点击数",
    "点击次数",
    "主办",
    "主办单位",
    "承办",
    "承办单位",
    "责任编辑",
    "责编",
    "编辑",
    "初审",
    "复审",
    "终审",
    "技术支持",
];

/// What they hold.
const PARTS: [&str; 19] = [
    "分享到",
    "打印本页",
    "关闭窗口",
    "关闭本页",
    "【打印】",
    "【关闭】",
    "[打印]",
    "[关闭]",
    "我要纠错",
    "责任编辑：",
    "浏览次数：",
    "阅读次数：",
    "访问量：",
    "版权所有",
    "网站地图",
    "视力保护色",
    "字体：",
    "字号：",
    "在手机打开当前页",
];

/// Words to click on.
const CONTROLS: [&str; 50] = [
    "打印",
    "打印本页",
    "打印本文",
    "打印页面",
    "关闭",
    "关闭窗口",
    "关闭本页",
    "关闭页面",
    "收藏",
    "收藏本页",
    "加入收藏",
    "设为首页",
    "首页",
    "网站首页",
    "返回",
    "返回顶部",
    "返回首页",
    "返回列表",
    "返回上页",
    "返回上一页",
    "回到顶部",
    "字体",
    "字体大小",
    "字号",
    "分享",
    "分享到",
    "无障碍",
    "无障碍浏览",
    "无障碍阅读",
    "长者模式",
    "长者版",
    "关怀版",
    "手机版",
    "电脑版",
    "繁体版",
    "我要纠错",
    "纠错",
    "朗读",
    "语音播报",
    "视力保护色",
    "扫一扫",
    "扫描二维码",
    "上一页",
    "下一页",
    "上一篇",
    "下一篇",
    "网站地图",
    "联系我们",
    "关于我们",
    "网站声明",
];

/// Words that stand beside those, and nothing on a page when alone.
const CHOICES: [&str; 19] = [
    "大",
    "中",
    "小",
    "特大",
    "超大",
    "默认",
    "A",
    "微信",
    "微博",
    "新浪微博",
    "腾讯微博",
    "朋友圈",
    "QQ",
    "QQ空间",
    "更多",
    "没有了",
    "登录",
    "注册",
    "繁体",
];

/// Whether a line without blanks holds words to click on, and nothing else: 【大中小】打印|关闭.
fn is_nothing_but_controls(text: &str) -> bool {
    const MARKS: [char; 19] =
        ['【', '】', '[', ']', '［', '］', '(', ')', '（', '）', '|', '｜', '/', '·', '>', '：', '-', '+', '、'];
    let longest = |words: &[&str], rest: &str| {
        words.iter().filter(|word| rest.starts_with(**word)).map(|word| word.len()).max().unwrap_or(0)
    };
    let mut rest = text.trim_start_matches(MARKS);
    let mut has_control = false;
    while !rest.is_empty() {
        let (control, choice) = (longest(&CONTROLS, rest), longest(&CHOICES, rest));
        if control.max(choice) == 0 {
            return false;
        }
        has_control |= control > choice;
        rest = rest.get(control.max(choice)..).unwrap_or_default().trim_start_matches(MARKS);
    }
    has_control
}

/// Whether a short text bears the number of a register that every site must stand in, and print at its foot: the words alone
/// (落实ICP备案要求) are text.
pub(super) fn is_registered(text: &str) -> bool {
    const REGISTERS: [&str; 3] = ["ICP备", "公网安备", "网站标识码"];
    REGISTERS.iter().any(|words| {
        text.split(words).skip(1).any(|behind| {
            let number =
                behind.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '案' | '号' | '：' | ':'));
            // ICP备案号：某ICP备00000000号 says it twice.
            number.starts_with(|c: char| c.is_ascii_alphanumeric())
        })
    })
}

/// Whether a line names a date or an agency, which may stand nowhere else.
fn states_something(text: &str) -> bool {
    const LABELS: [&str; 8] = ["日期", "时间", "来源", "发布机构", "发文机关", "公开机构", "发布单位", "信息提供单位"];
    /// Those of a site's own: whoever runs it is not whoever publishes.
    const FOOTER: [&str; 2] = ["主办单位", "版权所有"];
    !is_registered(text)
        && !FOOTER.iter().any(|word| text.contains(word))
        && (LABELS.iter().any(|label| text.contains(label)) || holds_date(text))
}

/// Four digits that are a year, and a month behind them: 2024年1, 2024-01, 2024/1.
fn holds_date(text: &str) -> bool {
    behind_years(text).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// A year, a month and a day: 2024年1月15日, 2024-1-5. The years 2018-2024 are none.
pub(super) fn holds_day(text: &str) -> bool {
    behind_years(text).any(|rest| {
        let day = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let months = rest.len() - day.len();
        (1..=2).contains(&months)
            && day.strip_prefix(MARKS_OF_DATES).is_some_and(|day| day.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// What parts the numbers of a date.
const MARKS_OF_DATES: [char; 5] = ['年', '月', '-', '/', '.'];

/// What stands behind each year of this century and the mark after it.
fn behind_years(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("20").filter_map(|(at, _)| {
        let year = text.get(at..at + 4)?;
        let is_year = year.bytes().all(|byte| byte.is_ascii_digit());
        text.get(at + 4..).filter(|_| is_year)?.strip_prefix(MARKS_OF_DATES)
    })
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
            "ICP备案号： 澄ICP备00000000号",
            "澄公网安备 00000000000000号",
            "扫一扫在手机打开当前页",
            "扫一扫在手机打开当前页面",
            "【我要纠错】责任编辑：某人",
            "编辑：某人 审核：某人",
            "打印 | 关闭 | 收藏",
            "[ 大 中 小 ] 打印本页 关闭窗口",
            "无障碍浏览 长者模式 登录 注册",
            "上一页 下一页",
            "视力保护色：",
            "点击数：37",
            "承办：澄碧市数据中心",
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
            "（三）网站地图和版权所有声明",
            "1.微博",
            "落实ICP备案、公网安备案要求，核对网站标识码",
            "大 中 小",
            "微信",
            "无",
            "",
        ] {
            assert!(!is_furniture_line(line), "{line}");
        }
    }

    #[test]
    fn days_are_told_from_years() {
        for text in ["2024年1月15日", "2024-01-15", "公开于2024/1/5"] {
            assert!(holds_day(text), "{text}");
        }
        for text in ["2018-2024", "2023年度", "2024年1月", "020-2024-0000", ""] {
            assert!(!holds_day(text), "{text}");
        }
    }
}
