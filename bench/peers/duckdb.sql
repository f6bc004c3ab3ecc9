-- SPDX-License-Identifier: Apache-2.0
-- The bench scheme (zhangji-bench.yaml) in DuckDB, exact, integers only.
--
-- Units: points have 4 decimals; a composite is the fraction num / den in
-- 1/1000000 points (weights in percent). `key` = floor(composite * 2^36) and
-- `ballot_key` order exactly as long as den <= 2^18: two different fractions
-- are at least 2^-36 apart. Means add floor(2^36 * fraction) with its upper
-- bound; they could be wrong only where the exact mean lies less than 2^-36 of
-- a unit under a rounding edge without being on it.
--
-- Scores and ballots are added up straight from their files and tables dropped
-- when they have been used: both save DuckDB time and memory.

-- phase: load
CREATE TABLE orgs AS FROM read_csv('{orgs}', header = true, delim = ',', quote = '"',
	columns = {'code': 'VARCHAR', 'parent': 'VARCHAR', 'name': 'VARCHAR',
		'level': 'ENUM(''province'', ''city'', ''county'', ''township'', ''unit'')',
		'field': 'VARCHAR', 'members': 'INTEGER', 'residents': 'INTEGER'});
SET preserve_insertion_order = false;
CREATE TABLE judged AS
SELECT org,
	cast(sum(total) FILTER (source = 'committee') AS BIGINT) AS committee,
	count(*) FILTER (source = 'committee') AS committee_raters,
	count(total) FILTER (source = 'committee') AS committee_complete,
	cast(sum(total) FILTER (source = 'self') AS BIGINT) AS self,
	count(*) FILTER (source = 'self') AS self_raters,
	count(total) FILTER (source = 'self') AS self_complete
FROM (SELECT org, source, cast((leader + ideas + systems + venue + guarantees + results
		+ response) * 10000 AS BIGINT) AS total
	FROM read_csv('{scores}', header = true, delim = ',', quote = '"',
		columns = {'org': 'VARCHAR', 'source': 'ENUM(''committee'', ''self'')',
			'rater': 'VARCHAR', 'leader': 'DECIMAL(7,4)', 'ideas': 'DECIMAL(7,4)',
			'systems': 'DECIMAL(7,4)', 'venue': 'DECIMAL(7,4)',
			'guarantees': 'DECIMAL(7,4)', 'results': 'DECIMAL(7,4)',
			'response': 'DECIMAL(7,4)'}))
GROUP BY org;
CREATE TABLE tally AS
SELECT org, cast(sum({count}) AS BIGINT) AS cast_all,
	cast(sum({count}) FILTER (option <> 'spoiled') AS BIGINT) AS valid,
	cast(sum({count} * CASE option WHEN 'good' THEN 100 WHEN 'fair' THEN 60
		WHEN 'average' THEN 30 WHEN 'poor' THEN 10 ELSE 0 END) AS BIGINT) AS points
FROM read_csv('{ballots}', header = true, delim = ',', quote = '"',
	columns = {'org': 'VARCHAR', 'voters': 'ENUM(''member'', ''resident'')',
		'option': 'ENUM(''good'', ''fair'', ''average'', ''poor'', ''spoiled'')'{count_column}})
GROUP BY org;

-- phase: compute
CREATE TABLE towns AS
SELECT t.rowid AS town, t.code, n.rowid AS county, c.rowid AS city, p.rowid AS province
FROM orgs t JOIN orgs n ON n.code = t.parent AND n.level = 'county'
	JOIN orgs c ON c.code = n.parent AND c.level = 'city'
	JOIN orgs p ON p.code = c.parent AND p.level = 'province'
WHERE t.level = 'township';

CREATE TABLE units AS
SELECT o.rowid AS pos, w.town, w.city,
	CASE WHEN field = 'village' THEN 0
		WHEN field IN ('community', 'agency', 'soe', 'institution', 'school', 'hospital',
			'private', 'social') THEN 1 END AS category,
	members + residents AS eligible,
	coalesce(t.cast_all, 0) AS cast_all, coalesce(t.valid, 0) AS valid, t.points,
	j.committee, j.committee_raters, j.self, j.self_raters,
	coalesce(j.committee_raters = 0 OR j.committee_complete < j.committee_raters, true)
		AS no_committee,
	coalesce(t.valid, 0) = 0 AS no_ballots,
	coalesce(j.self_raters = 0 OR j.self_complete < j.self_raters, true) AS no_self
FROM orgs o JOIN towns w ON w.code = o.parent
	LEFT JOIN tally t ON t.org = o.code LEFT JOIN judged j ON j.org = o.code
WHERE o.level = 'unit';
DROP TABLE tally;
DROP TABLE judged;

CREATE TABLE graded AS
SELECT pos, town, city, category, whole,
	(whole * 68719476736) + (rest * 68719476736) // den AS key,
	(rest * 68719476736) // den AS fraction, ballot_key,
	(whole + 5000) // 10000 AS score,
	CASE WHEN whole + 5000 >= 90000000 THEN 0 WHEN whole + 5000 >= 80000000 THEN 1
		WHEN whole + 5000 >= 60000000 THEN 2 ELSE 3 END AS by_score
FROM (SELECT *, num // den AS whole, num % den AS rest FROM (
	SELECT pos, town, city, category, valid * committee_raters * self_raters AS den,
		(50 * committee * self_raters + 20 * self * committee_raters) * valid
			+ 30 * 10000 * points * committee_raters * self_raters AS num,
		(points * 68719476736) // valid AS ballot_key
	FROM units
	WHERE category IS NOT NULL AND NOT no_committee AND NOT no_ballots AND NOT no_self
		AND CASE WHEN eligible < 20 THEN cast_all >= eligible
			ELSE 100 * cast_all >= 30 * eligible END));

CREATE TABLE quota AS
SELECT town, (in_scope * 5 + 99) // 100 - coalesce(poor, 0) AS need
FROM (SELECT town, count(*) AS in_scope FROM units WHERE category IS NOT NULL GROUP BY town)
	LEFT JOIN (SELECT town, count(*) AS poor FROM graded WHERE by_score = 3 GROUP BY town)
	USING (town);

CREATE TABLE demoted AS
SELECT pos FROM (
	SELECT pos, need, rank() OVER (PARTITION BY town ORDER BY key, ballot_key) AS place
	FROM graded JOIN quota USING (town) WHERE by_score < 3 AND need > 0)
WHERE place <= need;

CREATE TABLE final AS
SELECT g.* EXCLUDE (by_score), d.pos IS NOT NULL AS by_quota,
	CASE WHEN d.pos IS NOT NULL THEN 3 ELSE by_score END AS grade,
	rank() OVER (PARTITION BY category ORDER BY key DESC, ballot_key DESC) AS place
FROM graded g LEFT JOIN demoted d ON d.pos = g.pos;
DROP TABLE graded;

CREATE TABLE five AS
SELECT pos FROM (
	SELECT pos, count(*) OVER (PARTITION BY city ORDER BY key DESC, ballot_key DESC) AS filled,
		count(*) OVER (PARTITION BY city) AS good
	FROM final WHERE grade = 0)
WHERE filled <= good * 20 // 100;

CREATE TABLE result AS
SELECT u.pos, u.town, u.category, g.whole, g.fraction, g.score, g.grade, g.by_quota, g.place,
	CASE WHEN g.grade = 0 THEN CASE WHEN f.pos IS NULL THEN 4 ELSE 5 END
		WHEN g.grade = 1 THEN 3
		WHEN g.grade = 2 THEN CASE WHEN g.score >= 7000 THEN 2 ELSE 1 END
		WHEN g.grade = 3 THEN 0 END AS stars,
	CASE WHEN g.pos IS NOT NULL THEN 'graded'
		WHEN u.category IS NULL THEN 'outside'
		WHEN no_committee OR no_ballots OR no_self THEN 'missing:' || concat_ws('+',
			CASE WHEN no_committee THEN 'committee' END,
			CASE WHEN no_ballots THEN 'ballots' END, CASE WHEN no_self THEN 'self' END)
		ELSE 'turnout:member+resident' END AS status
FROM units u LEFT JOIN final g ON g.pos = u.pos LEFT JOIN five f ON f.pos = u.pos;
DROP TABLE units;
DROP TABLE final;

CREATE TABLE by_town AS
SELECT town, category, count(*) AS orgs, count(grade) AS graded,
	count(*) FILTER (grade = 0) AS good, count(*) FILTER (grade = 1) AS fair,
	count(*) FILTER (grade = 2) AS average, count(*) FILTER (grade = 3) AS poor,
	count(*) FILTER (stars = 0) AS s0, count(*) FILTER (stars = 1) AS s1,
	count(*) FILTER (stars = 2) AS s2, count(*) FILTER (stars = 3) AS s3,
	count(*) FILTER (stars = 4) AS s4, count(*) FILTER (stars = 5) AS s5,
	sum(whole) AS whole, sum(fraction) AS fraction
FROM result GROUP BY town, category;

CREATE TABLE sums AS
SELECT pos, CASE WHEN NOT all_rows THEN category END AS category,
	sum(orgs) AS orgs, sum(graded) AS graded, sum(good) AS good, sum(fair) AS fair,
	sum(average) AS average, sum(poor) AS poor, sum(s0) AS s0, sum(s1) AS s1, sum(s2) AS s2,
	sum(s3) AS s3, sum(s4) AS s4, sum(s5) AS s5,
	sum(whole) + (sum(fraction) + sum(graded)) // 68719476736 AS total
FROM (SELECT unnest([b.town, w.county, w.city, w.province]) AS pos, b.* EXCLUDE (town)
		FROM by_town b JOIN towns w ON w.town = b.town) b
	JOIN (VALUES (true), (false)) a(all_rows) ON all_rows OR category IS NOT NULL
GROUP BY 1, 2, all_rows;

-- phase: export
SET preserve_insertion_order = true;
COPY (
	SELECT o.code, o.name,
		CASE r.category WHEN 0 THEN 'village' WHEN 1 THEN 'other' END AS category,
		cast(r.score AS DECIMAL(9,0)) * 0.01 AS score,
		CASE r.grade WHEN 0 THEN 'good' WHEN 1 THEN 'fair' WHEN 2 THEN 'average'
			WHEN 3 THEN 'poor' END AS grade,
		CASE WHEN r.by_quota THEN 'quota' WHEN r.grade IS NOT NULL THEN 'score' END AS grade_by,
		r.place AS rank, r.stars,
		CASE WHEN r.stars = 5 THEN 'city' WHEN r.stars >= 3 THEN 'county'
			WHEN r.stars IS NOT NULL THEN 'township' END AS approval,
		r.status
	FROM result r JOIN orgs o ON o.rowid = r.pos ORDER BY r.pos
) TO '{out}' (HEADER);
COPY (
	SELECT o.code, o.level, CASE s.category WHEN 0 THEN 'village' WHEN 1 THEN 'other' END AS category,
		coalesce(s.orgs, 0) AS orgs, coalesce(s.graded, 0) AS graded, coalesce(good, 0) AS good,
		coalesce(fair, 0) AS fair, coalesce(average, 0) AS average, coalesce(poor, 0) AS poor,
		coalesce(s0, 0) AS stars_0, coalesce(s1, 0) AS stars_1, coalesce(s2, 0) AS stars_2,
		coalesce(s3, 0) AS stars_3, coalesce(s4, 0) AS stars_4, coalesce(s5, 0) AS stars_5,
		CASE WHEN s.graded > 0 THEN cast((total + s.graded * 5000) // (s.graded * 10000)
			AS DECIMAL(9,0)) * 0.01 END AS mean_score
	FROM orgs o LEFT JOIN sums s ON s.pos = o.rowid
	WHERE o.level <> 'unit' ORDER BY o.rowid, coalesce(s.category, -1)
) TO '{summary}' (HEADER);
