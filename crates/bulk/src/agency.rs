//! The names of agencies made comparable, so that reports of one agency over the years can be put side by side.
//!
//! Conservative: two names become one key only where they differ in blanks, in the width of characters, or in a province that stands
//! before a city of its own (江苏省南京市 and 南京市: no two provinces have a city of the same name). Counties and districts are left as
//! they are: 鼓楼区 lies in four cities. A name that does not say which agency it is (教育局, 城关镇人民政府) has no key at all.

/// Each province with the cities and prefectures in it.
const CITIES: &str = include_str!("agency/cities.txt");

/// How the names of agencies begin that need no place, and the ministries that bear none.
const NATIONAL: [&str; 6] = ["国家", "中国", "国务院", "中华人民共和国", "最高人民", "全国"];
const MINISTRIES: [&str; 22] = [
    "外交部",
    "国防部",
    "教育部",
    "科学技术部",
    "工业和信息化部",
    "公安部",
    "民政部",
    "司法部",
    "财政部",
    "人力资源和社会保障部",
    "自然资源部",
    "生态环境部",
    "住房和城乡建设部",
    "交通运输部",
    "水利部",
    "农业农村部",
    "商务部",
    "文化和旅游部",
    "退役军人事务部",
    "应急管理部",
    "审计署",
    "海关总署",
];

/// Characters that make a word of a place's kind: 城市 is no city, 本县 names none.
const NO_PLACES: &str = "城本我全各该大都门外跨某";

/// The name made comparable; `None` where it does not say which agency it is.
pub(crate) fn key(name: &str) -> Option<String> {
    let folded = fold(name);
    let name = without_province(&folded);
    tells_which(name).then(|| name.to_owned())
}

/// The name without blanks, in characters of the plain width.
fn fold(name: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let unseen = |c: &char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}');
    name.chars().filter(|c| !unseen(c)).map(narrow).collect()
}

/// The name from its city on, where the province before it is the city's own.
fn without_province(name: &str) -> &str {
    let shorter = CITIES.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let rest = name.strip_prefix(words.next()?)?;
        words.any(|city| rest.starts_with(city)).then_some(rest)
    });
    shorter.unwrap_or(name)
}

/// Whether a name says which agency it is: it bears a province, a city, a prefecture or a county, or is one of the state's own.
fn tells_which(name: &str) -> bool {
    let national = NATIONAL.iter().any(|start| name.starts_with(start));
    national || MINISTRIES.contains(&name) || bears_a_place(name)
}

fn bears_a_place(name: &str) -> bool {
    let characters: Vec<char> = name.chars().collect();
    characters.windows(2).enumerate().any(|(before, pair)| match pair {
        [last, '市' | '县'] => !NO_PLACES.contains(*last) && is_name(&characters, before),
        [last, '省' | '盟' | '旗'] => before >= 1 && !NO_PLACES.contains(*last),
        ['治', '区' | '州'] => before >= 3,
        _ => false,
    })
}

/// Whether what stands before the kind of a place can be its name: 市、县 behind 各 or 局 is none.
fn is_name(characters: &[char], last: usize) -> bool {
    const ENDS: &str = "局厅部委办院所会市县区省及和与、()";
    characters.get(last).is_some_and(|c| !ENDS.contains(*c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn same(one: &str, other: &str) -> bool {
        key(one).is_some() && key(one) == key(other)
    }

    #[test]
    fn blanks_and_widths_do_not_count() {
        assert!(same("砚池县 水务局（本级）", "砚池县水务局(本级)"));
        assert!(same("江苏省南京市鼓楼区教育局", "南京市鼓楼区教育局"));
        assert!(same("内蒙古自治区呼和浩特市财政局", "呼和浩特市财政局"));
    }

    #[test]
    fn what_might_be_another_agency_is_kept_apart() {
        assert!(!same("南京市鼓楼区教育局", "鼓楼区教育局"));
        assert!(!same("浙江省南京市教育局", "南京市教育局"));
        assert!(!same("甲市人民政府", "甲市人民政府办公室"));
        assert!(!same("江苏省教育厅", "教育厅"));
        assert!(!same("砚池县水务局(本级)", "砚池县水务局"));
        assert!(!same("江苏省如山市教育局", "如山市教育局"), "a city that is not in the list");
    }

    #[test]
    fn a_name_that_does_not_say_which_agency_it_is_has_no_key() {
        for name in [
            "教育局",
            "市教育局",
            "市场监督管理局",
            "城市管理局",
            "县人民政府办公室",
            "城关镇人民政府",
            "鼓楼区教育局",
            "",
            "宣传部",
            "本县水务局",
            "大城市管理办公室",
        ] {
            assert_eq!(key(name), None, "{name}");
        }
        for name in [
            "甲市乙局",
            "歙县水务局",
            "教育部",
            "国家税务总局",
            "浙江省教育厅",
            "锡林郭勒盟行政公署",
            "延边朝鲜族自治州财政局",
            "宁夏回族自治区教育厅",
        ] {
            assert_eq!(key(name).as_deref(), Some(name));
        }
    }

    #[test]
    fn no_city_stands_in_two_provinces() {
        let mut seen = std::collections::BTreeMap::new();
        for line in CITIES.lines() {
            let mut words = line.split_whitespace();
            let province = words.next().unwrap();
            for city in words {
                assert_eq!(seen.insert(city, province), None, "{city}");
            }
        }
        assert!(seen.len() > 300);
    }

    fn provinces() -> Vec<&'static str> {
        let mut provinces: Vec<_> = CITIES.lines().filter_map(|line| line.split_whitespace().next()).collect();
        provinces.push("");
        provinces
    }

    fn cities() -> Vec<&'static str> {
        let mut cities: Vec<_> = CITIES.lines().flat_map(|line| line.split_whitespace().skip(1)).collect();
        cities.extend(["如山市", "砚池县", "鼓楼区", ""]);
        cities
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(name in "[省市县区局（）甲乙京江苏南 ]{0,14}", province in select(provinces()), city in select(cities())) {
            if let Some(found) = key(&format!("{province}{city}{name}")) {
                prop_assert_eq!(key(&found), Some(found.clone()));
            }
        }

        #[test]
        fn only_a_province_of_the_same_city_is_dropped(
            (one, other) in (select(provinces()), select(provinces())),
            (first, second) in (select(cities()), select(cities())),
            (this, that) in ("[区县局厅教财]{1,3}", "[区县局厅教财]{1,3}"),
            same_place in any::<bool>(),
        ) {
            let (second, that) = if same_place { (first, this.clone()) } else { (second, that) };
            let own = |province: &str, city: &str| {
                CITIES.lines().any(|line| {
                    let mut words = line.split_whitespace();
                    words.next() == Some(province) && words.any(|word| word == city)
                })
            };
            let (left, right) = (format!("{one}{first}{this}"), format!("{other}{second}{that}"));
            if left != right && same(&left, &right) {
                prop_assert_eq!(format!("{first}{this}"), format!("{second}{that}"));
                prop_assert!(one.is_empty() || own(one, first));
                prop_assert!(other.is_empty() || own(other, second));
            }
        }

        #[test]
        fn no_name_panics(name in "\\PC{0,20}") {
            let _ = key(&name);
        }
    }
}
