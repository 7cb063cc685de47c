//! Which sizes are taken, what their names mean, and what is suggested for the others.

use serde_json::{Value, json};
use wanvas::proto::error::{ErrorCode, Result};
use wanvas::proto::facts::Facts;
use wanvas::proto::given::size::pixels;
use wanvas::proto::size::Size;

use crate::harness::{facts, json, read_request};

/// A preset word, its ratio, and what it means at AIML API and at Vtrix.
type Row = (&'static str, &'static str, [u32; 2], [u32; 2]);

const PRESETS: [Row; 6] = [
    ("square", "1:1", [1280, 1280], [1280, 1280]),
    ("square_hd", "1:1", [1440, 1440], [1440, 1440]),
    ("portrait_4_3", "3:4", [1056, 1408], [1104, 1472]),
    ("portrait_16_9", "9:16", [736, 1312], [960, 1696]),
    ("landscape_4_3", "4:3", [1408, 1056], [1472, 1104]),
    ("landscape_16_9", "16:9", [1312, 736], [1696, 960]),
];

#[test]
fn preset_words_mean_each_gateways_own_legal_sizes() {
    for (name, ratio, aimlapi, vtrix) in PRESETS {
        for (provider, [width, height]) in [("aimlapi", aimlapi), ("vtrix", vtrix)] {
            let size = Size::new(width, height);
            assert_eq!(parse(provider, name), Ok(size), "{provider} {name}");
            assert!(facts(provider).size_rule.allows(size), "{provider} {name}");
            let mut presets = facts(provider).presets.iter();
            let preset = presets.find(|preset| preset.name == name).expect("it is in the menu");
            let (across, down) = preset.ratio;
            assert_eq!((preset.size, format!("{across}:{down}")), (size, ratio.to_owned()));
        }
    }
}

#[test]
fn a_menu_offers_the_preset_words_and_nothing_else() {
    for provider in ["aimlapi", "vtrix"] {
        assert_eq!(facts(provider).presets.len(), PRESETS.len());
    }
}

#[test]
fn the_default_size_is_1280_squared() {
    for provider in ["aimlapi", "vtrix"] {
        assert_eq!(read(provider, Value::Null), Ok(Size::new(1280, 1280)));
    }
}

#[test]
fn the_vendors_recommended_sizes_pass_although_some_lie_below_its_stated_minimum() {
    let recommended =
        [(1280, 1280), (1104, 1472), (1472, 1104), (960, 1696), (1696, 960), (768, 2700)];
    for (width, height) in recommended {
        let size = Size::new(width, height);
        assert_eq!(parse("vtrix", &size.to_string()), Ok(size));
    }
}

#[test]
fn a_size_of_another_gateway_is_refused_with_the_nearest_legal_one() {
    let error = parse("aimlapi", "1104x1472").expect_err("not a multiple of 32");
    assert_eq!(error.code, ErrorCode::InvalidRequest);
    assert_eq!(error.field.as_deref(), Some("size"));
    assert_eq!(error.suggestion, Some(Size::new(1056, 1408)));
    let told = ["1104x1472", "512", "1440", "32", "1056x1408"];
    assert!(told.iter().all(|word| error.message.contains(word)), "{}", error.message);
}

#[test]
fn pixels_are_read_in_every_way_people_write_them() {
    let forms =
        ["1440x512", "1440X512", "1440*512", "1440×512", "1440 x 512", " 1440 × 512 ", "01440x512"];
    for form in forms {
        assert_eq!(parse("aimlapi", form), Ok(Size::new(1440, 512)), "{form}");
    }
    let object = json!({"width": 1440, "height": 512});
    assert_eq!(read("aimlapi", object), Ok(Size::new(1440, 512)));
}

#[test]
fn text_that_is_no_size_is_refused() {
    let texts = [
        "",
        " ",
        "large",
        "1280",
        "x",
        "1280x",
        "x1280",
        "0x1280",
        "1280x0",
        "-1280x1280",
        "+1280x1280",
        "1280.0x1280",
        "1280xx1280",
        "1280x1280x1",
        "1280,1280",
        "16/9",
        "16:",
        ":9",
        "0:1",
        "1:0",
        "16:9:1",
        "Square",
        "4294967296x1280",
        "1280x99999999999999999999",
        "1 280x1",
    ];
    for text in texts {
        for provider in ["aimlapi", "vtrix"] {
            let error = parse(provider, text).expect_err(text);
            assert_eq!(error.field.as_deref(), Some("size"), "{text}");
        }
    }
}

#[test]
fn an_object_that_is_no_size_is_refused() {
    let objects = [
        "{}",
        r#"{"width": 1280}"#,
        r#"{"width": 1280, "height": "1280"}"#,
        r#"{"width": 1280.5, "height": 1280}"#,
        r#"{"width": 0, "height": 1280}"#,
        r#"{"width": -1280, "height": 1280}"#,
        r#"{"width": 1280, "height": 4294967296}"#,
        r#"{"width": 1280, "height": 1280, "depth": 1}"#,
    ];
    for object in objects {
        let error = pixels(&json(object)).expect_err(object);
        assert_eq!(error.field.as_deref(), Some("size"), "{object}");
    }
}

#[test]
fn a_ratio_is_met_by_each_gateways_own_size() {
    for (provider, landscape) in [("aimlapi", (1312, 736)), ("vtrix", (1696, 960))] {
        let landscape = Size::new(landscape.0, landscape.1);
        for text in ["16:9", "32:18", " 16 : 9 "] {
            assert_eq!(parse(provider, text), Ok(landscape), "{text}");
        }
        assert_eq!(parse(provider, "7:7"), Ok(Size::new(1280, 1280)));
    }
}

#[test]
fn a_ratio_without_a_preset_is_met_within_a_percent_near_the_default_area() {
    for (provider, width, height) in [
        ("vtrix", 21, 9),
        ("vtrix", 3, 2),
        ("vtrix", 5, 4),
        ("vtrix", 4, 1),
        ("vtrix", 1, 4),
        ("aimlapi", 21, 9),
        ("aimlapi", 3, 2),
        ("aimlapi", 5, 4),
        ("aimlapi", 2, 3),
    ] {
        let text = format!("{width}:{height}");
        let size = parse(provider, &text).expect("a size");
        assert!(facts(provider).size_rule.allows(size), "{provider} {text}: {size:?}");
        let off = ratio(size) / (f64::from(width) / f64::from(height));
        assert!((0.99..1.01).contains(&off), "{provider} {text}: {size:?}");
        let area = size.area() as f64 / f64::from(1280 * 1280);
        let (least, most) = if provider == "vtrix" { (0.95, 1.05) } else { (0.45, 1.1) };
        assert!((least..most).contains(&area), "{provider} {text}: {size:?}");
    }
}

#[test]
fn a_ratio_out_of_reach_is_refused_with_the_nearest_size() {
    for (provider, text, width, height) in [
        ("aimlapi", "3:1", 1440, 512),
        ("aimlapi", "1:4", 512, 1440),
        ("vtrix", "5:1", 2560, 640),
        ("vtrix", "1:4294967295", 640, 2560),
    ] {
        let error = parse(provider, text).expect_err(text);
        assert_eq!(error.suggestion, Some(Size::new(width, height)), "{provider} {text}");
    }
}

#[test]
fn bounds_are_inclusive() {
    let legal = [
        ("aimlapi", 512, 512),
        ("aimlapi", 1440, 1440),
        ("aimlapi", 512, 1440),
        ("vtrix", 768, 768),
        ("vtrix", 1440, 1440),
        ("vtrix", 768, 2700),
        ("vtrix", 384, 1536),
        ("vtrix", 2880, 720),
        ("vtrix", 720, 2880),
        ("vtrix", 1001, 1003),
    ];
    for (provider, width, height) in legal {
        assert!(facts(provider).size_rule.allows(Size::new(width, height)), "{width}x{height}");
    }
    let illegal = [
        ("aimlapi", 480, 512),
        ("aimlapi", 512, 1472),
        ("aimlapi", 513, 512),
        ("aimlapi", 528, 512),
        ("vtrix", 767, 768),
        ("vtrix", 1440, 1441),
        ("vtrix", 383, 1540),
        ("vtrix", 384, 1537),
        ("vtrix", 2881, 719),
        ("vtrix", 0, 0),
        ("vtrix", u32::MAX, u32::MAX),
        ("aimlapi", 0, 512),
    ];
    for (provider, width, height) in illegal {
        assert!(!facts(provider).size_rule.allows(Size::new(width, height)), "{width}x{height}");
    }
}

#[test]
fn the_nearest_size_is_legal_whatever_is_wished_and_the_wish_itself_if_that_is_legal() {
    for provider in ["aimlapi", "vtrix"] {
        let rule = &facts(provider).size_rule;
        let mut legal = 0;
        for wanted in wishes(60) {
            let nearest = rule.nearest(wanted);
            assert!(rule.allows(nearest), "{provider} {wanted:?}: {nearest:?}");
            if rule.allows(wanted) {
                legal += 1;
                assert_eq!(nearest, wanted);
            }
            assert_eq!(rule.nearest(nearest), nearest);
        }
        assert!(legal > 0, "some wishes are legal at {provider}");
    }
}

#[test]
fn no_legal_size_of_the_grid_is_nearer_by_ratio_first_and_area_second() {
    for provider in ["aimlapi", "vtrix"] {
        let rule = &facts(provider).size_rule;
        let grid = legal_grid(facts(provider));
        for wanted in wishes(14).into_iter().filter(|wanted| !rule.allows(*wanted)) {
            let nearest = distance(rule.nearest(wanted), wanted);
            for size in &grid {
                let other = distance(*size, wanted);
                let closer = other.0 < nearest.0 - 1e-9;
                let same = (other.0 - nearest.0).abs() <= 1e-9;
                let better = closer || same && other.1 < nearest.1 - 0.5;
                assert!(!better, "{provider} {wanted:?}: {size:?}, not {nearest:?}");
            }
        }
    }
}

fn parse(provider: &str, text: &str) -> Result<Size> {
    read(provider, text.into())
}

/// The size of a request that gives it so.
fn read(provider: &str, size: Value) -> Result<Size> {
    let request = json!({"prompt": "A boat", "size": size});
    read_request(provider, &request).map(|request| request.size)
}

fn ratio(size: Size) -> f64 {
    f64::from(size.width) / f64::from(size.height)
}

/// Wishes of every shape, among them the smallest, the greatest, and legal ones.
fn wishes(steps: u32) -> Vec<Size> {
    let sides: Vec<u32> = (0..steps)
        .flat_map(|step| [1 + step * step, 32 * (step + 1)])
        .chain([767, 768, 1104, 1280, 1440, 1472, 2700, u32::MAX - 1, u32::MAX])
        .collect();
    let sizes =
        sides.iter().flat_map(|width| sides.iter().map(|height| Size::new(*width, *height)));
    sizes.collect()
}

fn legal_grid(facts: &Facts) -> Vec<Size> {
    let rule = &facts.size_rule;
    let sides = || (1..=rule.side.1 / rule.grid).map(|step| step * rule.grid);
    let sizes = sides().flat_map(|width| sides().map(move |height| Size::new(width, height)));
    sizes.filter(|size| rule.allows(*size)).collect()
}

/// How far a size is from a wish: by ratio, where half a percent is nothing, and by area. A wish
/// outside of 1:4 to 4:1 is met at that limit.
fn distance(size: Size, wanted: Size) -> (f64, f64) {
    let quotient = ratio(size) / ratio(wanted).clamp(0.25, 4.0);
    let off = quotient.max(1.0 / quotient) - 1.0;
    let area = (size.area() as f64 - wanted.area() as f64).abs();
    (if off < 0.005 { 0.0 } else { off }, area)
}
