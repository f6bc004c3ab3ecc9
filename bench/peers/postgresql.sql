-- SPDX-License-Identifier: Apache-2.0
-- The bench scheme in PostgreSQL: the same steps and units as duckdb.sql, whose
-- head says why they are exact. Points are numeric, all else is bigint. The
-- tables are unlogged and analysed as soon as they are filled. The files go
-- through the client: the server's user may not be allowed to read them.

-- phase: load
CREATE UNLOGGED TABLE orgs (pos integer GENERATED ALWAYS AS IDENTITY, code text COLLATE "C",
	parent text COLLATE "C", name text, level text, field text, members integer,
	residents integer);
CREATE UNLOGGED TABLE scores (org text COLLATE "C", source text, rater text,
	leader numeric(7,4), ideas numeric(7,4), systems numeric(7,4), venue numeric(7,4),
	guarantees numeric(7,4), results numeric(7,4), response numeric(7,4));
CREATE UNLOGGED TABLE ballots (org text COLLATE "C", voters text, option text{count_column});
\copy orgs (code, parent, name, level, field, members, residents) FROM '{orgs}' WITH (FORMAT csv, HEADER, FORCE_NOT_NULL (parent, field))
\copy scores FROM '{scores}' WITH (FORMAT csv, HEADER)
\copy ballots FROM '{ballots}' WITH (FORMAT csv, HEADER)
ANALYZE orgs, scores, ballots;

-- phase: compute
CREATE UNLOGGED TABLE tally AS
SELECT org, sum({count})::bigint AS cast_all,
	(sum({count}) FILTER (WHERE option <> 'spoiled'))::bigint AS valid,
	sum({count} * CASE option WHEN 'good' THEN 100 WHEN 'fair' THEN 60 WHEN 'average' THEN 30
		WHEN 'poor' THEN 10 ELSE 0 END)::bigint AS points
FROM ballots GROUP BY org;

CREATE UNLOGGED TABLE judged AS
SELECT org,
	(sum(total) FILTER (WHERE source = 'committee'))::bigint AS committee,
	count(*) FILTER (WHERE source = 'committee') AS committee_raters,
	count(total) FILTER (WHERE source = 'committee') AS committee_complete,
	(sum(total) FILTER (WHERE source = 'self'))::bigint AS self,
	count(*) FILTER (WHERE source = 'self') AS self_raters,
	count(total) FILTER (WHERE source = 'self') AS self_complete
FROM (SELECT org, source, ((leader + ideas + systems + venue + guarantees + results + response)
	* 10000)::bigint AS total FROM scores) s
GROUP BY org;

-- Without a table of the few upper nodes the planner scans all of orgs for each city.
CREATE UNLOGGED TABLE nodes AS SELECT pos, code, parent, level FROM orgs WHERE level <> 'unit';
ANALYZE nodes;
CREATE UNLOGGED TABLE towns AS
SELECT t.pos AS town, t.code, n.pos AS county, c.pos AS city, p.pos AS province
FROM nodes t JOIN nodes n ON n.code = t.parent AND n.level = 'county'
	JOIN nodes c ON c.code = n.parent AND c.level = 'city'
	JOIN nodes p ON p.code = c.parent AND p.level = 'province'
WHERE t.level = 'township';
ANALYZE tally, judged, towns;

CREATE UNLOGGED TABLE units AS
SELECT o.pos, w.town, w.city,
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
ANALYZE units;

CREATE UNLOGGED TABLE graded AS
SELECT pos, town, city, category, whole,
	(whole * 68719476736) + (rest * 68719476736) / den AS key,
	(rest * 68719476736) / den AS fraction, ballot_key,
	(whole + 5000) / 10000 AS score,
	CASE WHEN whole + 5000 >= 90000000 THEN 0 WHEN whole + 5000 >= 80000000 THEN 1
		WHEN whole + 5000 >= 60000000 THEN 2 ELSE 3 END AS by_score
FROM (SELECT *, num / den AS whole, num % den AS rest FROM (
	SELECT pos, town, city, category, valid * committee_raters * self_raters AS den,
		(50 * committee * self_raters + 20 * self * committee_raters) * valid
			+ 30 * 10000 * points * committee_raters * self_raters AS num,
		(points * 68719476736) / valid AS ballot_key
	FROM units
	WHERE category IS NOT NULL AND NOT no_committee AND NOT no_ballots AND NOT no_self
		AND CASE WHEN eligible < 20 THEN cast_all >= eligible
			ELSE 100 * cast_all >= 30 * eligible END) n) q;
ANALYZE graded;

CREATE UNLOGGED TABLE quota AS
SELECT town, (in_scope * 5 + 99) / 100 - coalesce(poor, 0) AS need
FROM (SELECT town, count(*) AS in_scope FROM units WHERE category IS NOT NULL GROUP BY town) s
	LEFT JOIN (SELECT town, count(*) AS poor FROM graded WHERE by_score = 3 GROUP BY town) p
	USING (town);
ANALYZE quota;

CREATE UNLOGGED TABLE demoted AS
SELECT pos FROM (
	SELECT pos, need, rank() OVER (PARTITION BY town ORDER BY key, ballot_key) AS place
	FROM graded JOIN quota USING (town) WHERE by_score < 3 AND need > 0) r
WHERE place <= need;
ANALYZE demoted;

CREATE UNLOGGED TABLE final AS
SELECT g.pos, town, city, category, whole, fraction, key, ballot_key, score,
	d.pos IS NOT NULL AS by_quota,
	CASE WHEN d.pos IS NOT NULL THEN 3 ELSE by_score END AS grade,
	rank() OVER (PARTITION BY category ORDER BY key DESC, ballot_key DESC) AS place
FROM graded g LEFT JOIN demoted d ON d.pos = g.pos;
ANALYZE final;

CREATE UNLOGGED TABLE five AS
SELECT pos FROM (
	SELECT pos, count(*) OVER (PARTITION BY city ORDER BY key DESC, ballot_key DESC) AS filled,
		count(*) OVER (PARTITION BY city) AS good
	FROM final WHERE grade = 0) s
WHERE filled <= good * 20 / 100;
ANALYZE five;

CREATE UNLOGGED TABLE result AS
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
ANALYZE result;

CREATE UNLOGGED TABLE by_town AS
SELECT town, category, count(*) AS orgs, count(grade) AS graded,
	count(*) FILTER (WHERE grade = 0) AS good, count(*) FILTER (WHERE grade = 1) AS fair,
	count(*) FILTER (WHERE grade = 2) AS average, count(*) FILTER (WHERE grade = 3) AS poor,
	count(*) FILTER (WHERE stars = 0) AS s0, count(*) FILTER (WHERE stars = 1) AS s1,
	count(*) FILTER (WHERE stars = 2) AS s2, count(*) FILTER (WHERE stars = 3) AS s3,
	count(*) FILTER (WHERE stars = 4) AS s4, count(*) FILTER (WHERE stars = 5) AS s5,
	coalesce(sum(whole), 0) AS whole, coalesce(sum(fraction), 0) AS fraction
FROM result GROUP BY town, category;

CREATE UNLOGGED TABLE sums AS
SELECT n.pos, CASE WHEN NOT all_rows THEN category END AS category,
	sum(orgs) AS orgs, sum(graded) AS graded, sum(good) AS good, sum(fair) AS fair,
	sum(average) AS average, sum(poor) AS poor, sum(s0) AS s0, sum(s1) AS s1, sum(s2) AS s2,
	sum(s3) AS s3, sum(s4) AS s4, sum(s5) AS s5,
	sum(whole) + div(sum(fraction) + sum(graded), 68719476736) AS total
FROM by_town b JOIN towns w ON w.town = b.town
	CROSS JOIN LATERAL (VALUES (w.town), (w.county), (w.city), (w.province)) n(pos)
	JOIN (VALUES (true), (false)) a(all_rows) ON all_rows OR category IS NOT NULL
GROUP BY 1, 2, all_rows;

-- phase: export
COPY (
	SELECT o.code, o.name,
		CASE r.category WHEN 0 THEN 'village' WHEN 1 THEN 'other' END AS category,
		(r.score * 0.01)::numeric(9,2) AS score,
		CASE r.grade WHEN 0 THEN 'good' WHEN 1 THEN 'fair' WHEN 2 THEN 'average'
			WHEN 3 THEN 'poor' END AS grade,
		CASE WHEN r.by_quota THEN 'quota' WHEN r.grade IS NOT NULL THEN 'score' END AS grade_by,
		r.place AS rank, r.stars,
		CASE WHEN r.stars = 5 THEN 'city' WHEN r.stars >= 3 THEN 'county'
			WHEN r.stars IS NOT NULL THEN 'township' END AS approval,
		r.status
	FROM result r JOIN orgs o ON o.pos = r.pos ORDER BY r.pos
) TO '{out}' WITH (FORMAT csv, HEADER);
COPY (
	SELECT o.code, o.level, CASE s.category WHEN 0 THEN 'village' WHEN 1 THEN 'other' END AS category,
		coalesce(s.orgs, 0) AS orgs, coalesce(s.graded, 0) AS graded, coalesce(good, 0) AS good,
		coalesce(fair, 0) AS fair, coalesce(average, 0) AS average, coalesce(poor, 0) AS poor,
		coalesce(s0, 0) AS stars_0, coalesce(s1, 0) AS stars_1, coalesce(s2, 0) AS stars_2,
		coalesce(s3, 0) AS stars_3, coalesce(s4, 0) AS stars_4, coalesce(s5, 0) AS stars_5,
		CASE WHEN s.graded > 0 THEN
			(div(total + s.graded * 5000, s.graded * 10000) * 0.01)::numeric(9,2) END AS mean_score
	FROM orgs o LEFT JOIN sums s ON s.pos = o.pos
	WHERE o.level <> 'unit' ORDER BY o.pos, coalesce(s.category, -1)
) TO '{summary}' WITH (FORMAT csv, HEADER);
