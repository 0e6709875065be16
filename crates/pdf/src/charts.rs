//! Where charts and drawings are: their labels and grid lines look like tables and are none.

use crate::page::{Page, Rect};
use crate::settings::{DRAWING_GAP, FRAME_SHARE, INSIDE_SHARE, LEAST_CHART, PANEL_SHARE, SEVERAL_DRAWINGS};

/// The charts of a page: slanted and curved paths that lie together, with the frame around them. `frames` are the boxes drawn on the page
/// that hold no table.
pub(crate) fn charts(page: &Page, frames: &[Rect]) -> Vec<Rect> {
    let mut charts: Vec<Rect> = Vec::new();
    for &drawing in &page.drawings {
        take_in(&mut charts, drawing);
    }
    charts.retain(|chart| chart.width().min(chart.height()) >= LEAST_CHART);
    let is_panel = |frame: &Rect| frame.area() > PANEL_SHARE * page.width * page.height;
    for &frame in frames.iter().filter(|frame| !is_panel(frame)) {
        let inside: f32 = charts.iter().map(|chart| chart.shared(frame)).sum();
        if inside >= FRAME_SHARE * frame.area() {
            charts.retain(|chart| chart.shared(frame) < INSIDE_SHARE * chart.area());
            charts.push(frame);
        }
    }
    charts
}

/// Adds a drawing to the ones that it touches.
fn take_in(charts: &mut Vec<Rect>, drawing: Rect) {
    let mut whole = drawing;
    while let Some(index) =
        charts.iter().position(|chart| chart.grown(DRAWING_GAP).shared(whole.grown(DRAWING_GAP)) > 0.0)
    {
        whole = whole.hull(charts.swap_remove(index));
    }
    charts.push(whole);
}

/// How much of `area` charts cover, as a share. Several drawings inside count with all that lies between them: lines of small charts that
/// stand side by side.
pub(crate) fn covered(area: Rect, charts: &[Rect], drawings: &[Rect]) -> f32 {
    let charts = charts.iter().map(|chart| chart.shared(area)).sum::<f32>();
    let inside = drawings.iter().filter(|drawing| area.holds(drawing.middle()));
    let several = inside.clone().count() >= SEVERAL_DRAWINGS;
    let hull = inside.copied().reduce(Rect::hull).filter(|_| several).map_or(0.0, Rect::area);
    charts.max(hull) / area.area().max(1.0)
}
