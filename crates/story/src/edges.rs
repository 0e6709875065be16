//! Columns of a table whose rows say only where the edges of their cells are.
//!
//! Each row has edges of its own. Those that stand in one place, or so near that nobody sees the difference, are one edge of the grid; a
//! cell covers as many columns as the grid has between its edges.

/// How far apart two edges may stand and still be one, in twips (1/1440 inch). Programs round, people drag: 50 twips are less than a
/// millimetre, and no column that holds a figure is so narrow.
const SAME: i32 = 50;

/// The edge of the grid, from 0, that each edge of each row stands at, and how many columns the grid has. The edges of a row rise from
/// left to right: no two of them become one.
pub fn grid(rows: &[Vec<i32>]) -> (Vec<Vec<usize>>, usize) {
    let mut edges: Vec<(i32, usize)> =
        rows.iter().enumerate().flat_map(|(row, edges)| edges.iter().map(move |&edge| (edge, row))).collect();
    edges.sort_unstable();
    let mut indices: Vec<Vec<usize>> = rows.iter().map(|row| Vec::with_capacity(row.len())).collect();
    let mut first = None;
    let mut index = 0;
    for (edge, row) in edges {
        let Some(of_row) = indices.get_mut(row) else { continue };
        let starts_anew = first.is_some_and(|first| edge.saturating_sub(first) > SAME) || of_row.last() == Some(&index);
        if first.is_none() || starts_anew {
            index += usize::from(first.is_some());
            first = Some(edge);
        }
        of_row.push(index);
    }
    (indices, index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_that_stand_in_one_place_are_one() {
        let rows = vec![vec![0, 3000, 4000], vec![-5, 1000, 2010, 3004, 4002], vec![0, 2000, 4010]];
        let (indices, columns) = grid(&rows);
        assert_eq!(columns, 4);
        assert_eq!(indices, [vec![0, 3, 4], vec![0, 1, 2, 3, 4], vec![0, 2, 4]]);
    }

    #[test]
    fn the_edges_of_a_row_stay_apart() {
        let (indices, columns) = grid(&[vec![0, 20, 1000], vec![10, 1010], vec![0, 20, 1000]]);
        assert_eq!(columns, 2);
        assert_eq!(indices, [vec![0, 1, 2], vec![0, 2], vec![0, 1, 2]]);
    }

    #[test]
    fn no_rows_have_no_grid() {
        assert_eq!(grid(&[]), (Vec::new(), 0));
    }
}
