# Reads the CSV tables of a dataset with what R has of itself, as the codebook tells people to, and prints what it sees; opens.py compares.
# Usage: Rscript opens.R FOLDER TABLE...
arguments <- commandArgs(trailingOnly = TRUE)
for (table in arguments[-1]) {
  file <- file.path(arguments[1], paste0(table, ".csv"))
  frame <- read.csv(file, fileEncoding = "UTF-8-BOM", encoding = "UTF-8", na.strings = "", check.names = FALSE)
  cat("table", table, nrow(frame), paste(names(frame), collapse = ","), sep = "\t")
  cat("\n")
  if (table == "figures" && nrow(frame) > 0) {
    value <- ifelse(is.na(frame$value), "", sprintf("%.17g", frame$value))
    cat(paste("figure", frame$report, frame$figure, value, frame$state, sep = "\t"), sep = "\n")
    cat("\n")
  }
  if (table == "documents" && nrow(frame) > 0) {
    cat(paste("path", enc2utf8(frame$path), sep = "\t"), sep = "\n")
    cat("\n")
  }
}
