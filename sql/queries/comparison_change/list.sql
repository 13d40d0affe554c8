-- The changes of a comparison, worst first.
-- params: comparison_id uuid, row_count int8
-- returns: detail text
-- uses index: change_number_is_unique
SELECT detail::text AS detail FROM comparison_change WHERE comparison_id = $1 ORDER BY number LIMIT $2
