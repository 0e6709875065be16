//! From bytes to a checked report.
