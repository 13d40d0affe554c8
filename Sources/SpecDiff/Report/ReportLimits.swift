/// What reports for people hold at most. Nothing is left out silently: where one of these cuts, the report says so.
enum ReportLimits {
    /// Changes that an HTML page shows together with the source; the rest are listed without it.
    static let excerptsMax = 2_000
    /// Lines of a stretch of source that an excerpt shows.
    static let excerptLinesMax = 9
    /// Lines before and after that stretch.
    static let contextLines = 2
    /// UTF-16 units of one line that an excerpt shows: a JSON document may be one line of many megabytes.
    static let lineUnitsMax = 240
    /// UTF-16 units that are shown before the changed place where a long line is cut.
    static let unitsBeforePlace = 80
}
