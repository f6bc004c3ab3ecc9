-- SPDX-License-Identifier: Apache-2.0
-- The bench scheme in SQLite: the same steps and units as duckdb.sql, whose
-- head says why they are exact. SQLite has no decimals: points are read as
-- doubles and at once rounded to 1/10000, which is exact for 4 places; from
-- there on everything is a 64-bit integer.

-- phase: load
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -2000000;
PRAGMA threads = 1;
CREATE TABLE orgs (code TEXT, parent TEXT, name TEXT, level TEXT, field TEXT, members INTEGER,
	residents INTEGER);
CREATE TABLE scores (org TEXT, source TEXT, rater TEXT, leader TEXT, ideas TEXT, systems TEXT,
	venue TEXT, guarantees TEXT, results TEXT, response TEXT);
CREATE TABLE ballots (org TEXT, voters TEXT, option TEXT{count_column});
.import --csv --skip 1 {orgs} orgs
.import --csv --skip 1 {scores} scores
.import --csv --skip 1 {ballots} ballots

-- phase: compute
CREATE TABLE tally (org TEXT PRIMARY KEY, cast_all INTEGER, valid INTEGER, points INTEGER)
	WITHOUT ROWID;
INSERT INTO tally
SELECT org, sum({count}), sum({count}) FILTER (WHERE option <> 'spoiled'),
	sum({count} * CASE option WHEN 'good' THEN 100 WHEN 'fair' THEN 60 WHEN 'average' THEN 30
		WHEN 'poor' THEN 10 ELSE 0 END)
FROM ballots GROUP BY org;

CREATE TABLE judged (org TEXT PRIMARY KEY, committee INTEGER, committee_raters INTEGER,
	committee_complete INTEGER, self INTEGER, self_raters INTEGER, self_complete INTEGER)
	WITHOUT ROWID;
INSERT INTO judged
SELECT org, sum(total) FILTER (WHERE source = 'committee'),
	count(*) FILTER (WHERE source = 'committee'),
	count(total) FILTER (WHERE source = 'committee'),
	sum(total) FILTER (WHERE source = 'self'), count(*) FILTER (WHERE source = 'self'),
	count(total) FILTER (WHERE source = 'self')
FROM (SELECT org, source, CASE WHEN '' NOT IN (leader, ideas, systems, venue, guarantees,
		results, response) THEN
	CAST(round(leader * 10000.0) + round(ideas * 10000.0) + round(systems * 10000.0)
	+ round(venue * 10000.0) + round(guarantees * 10000.0) + round(results * 10000.0)
	+ round(response * 10000.0) AS INTEGER) END AS total FROM scores)
GROUP BY org;

CREATE TABLE nodes (code TEXT PRIMARY KEY, parent TEXT, level TEXT, pos INTEGER) WITHOUT ROWID;
INSERT INTO nodes SELECT code, parent, level, rowid FROM orgs WHERE level <> 'unit' ORDER BY code;
CREATE TABLE towns (code TEXT PRIMARY KEY, town INTEGER, county INTEGER, city INTEGER,
	province INTEGER) WITHOUT ROWID;
INSERT INTO towns
SELECT t.code, t.pos, n.pos, c.pos, p.pos
FROM nodes t JOIN nodes n ON n.code = t.parent AND n.level = 'county'
	JOIN nodes c ON c.code = n.parent AND c.level = 'city'
	JOIN nodes p ON p.code = c.parent AND p.level = 'province'
WHERE t.level = 'township';

CREATE TABLE units (pos INTEGER PRIMARY KEY, town INTEGER, city INTEGER, category INTEGER,
	eligible INTEGER, cast_all INTEGER, valid INTEGER, points INTEGER, committee INTEGER,
	committee_raters INTEGER, self INTEGER, self_raters INTEGER, no_committee INTEGER,
	no_ballots INTEGER, no_self INTEGER);
INSERT INTO units
SELECT o.rowid, w.town, w.city,
	CASE WHEN field = 'village' THEN 0
		WHEN field IN ('community', 'agency', 'soe', 'institution', 'school', 'hospital',
			'private', 'social') THEN 1 END,
	members + residents, coalesce(t.cast_all, 0), coalesce(t.valid, 0), t.points,
	j.committee, j.committee_raters, j.self, j.self_raters,
	coalesce(j.committee_raters = 0 OR j.committee_complete < j.committee_raters, 1),
	coalesce(t.valid, 0) = 0,
	coalesce(j.self_raters = 0 OR j.self_complete < j.self_raters, 1)
FROM orgs o CROSS JOIN towns w ON w.code = o.parent
	LEFT JOIN tally t ON t.org = o.code LEFT JOIN judged j ON j.org = o.code
WHERE o.level = 'unit';

CREATE TABLE graded (pos INTEGER PRIMARY KEY, town INTEGER, city INTEGER, category INTEGER,
	whole INTEGER, key INTEGER, fraction INTEGER, ballot_key INTEGER, score INTEGER,
	by_score INTEGER);
INSERT INTO graded
SELECT pos, town, city, category, whole,
	(whole * 68719476736) + (rest * 68719476736) / den, (rest * 68719476736) / den, ballot_key,
	(whole + 5000) / 10000,
	CASE WHEN whole + 5000 >= 90000000 THEN 0 WHEN whole + 5000 >= 80000000 THEN 1
		WHEN whole + 5000 >= 60000000 THEN 2 ELSE 3 END
FROM (SELECT *, num / den AS whole, num % den AS rest FROM (
	SELECT pos, town, city, category, valid * committee_raters * self_raters AS den,
		(50 * committee * self_raters + 20 * self * committee_raters) * valid
			+ 30 * 10000 * points * committee_raters * self_raters AS num,
		(points * 68719476736) / valid AS ballot_key
	FROM units
	WHERE category IS NOT NULL AND NOT no_committee AND NOT no_ballots AND NOT no_self
		AND CASE WHEN eligible < 20 THEN cast_all >= eligible
			ELSE 100 * cast_all >= 30 * eligible END));

CREATE TABLE quota (town INTEGER PRIMARY KEY, need INTEGER);
INSERT INTO quota
SELECT town, (in_scope * 5 + 99) / 100 - coalesce(poor, 0)
FROM (SELECT town, count(*) AS in_scope FROM units WHERE category IS NOT NULL GROUP BY town)
	LEFT JOIN (SELECT town, count(*) AS poor FROM graded WHERE by_score = 3 GROUP BY town)
	USING (town);

CREATE TABLE demoted (pos INTEGER PRIMARY KEY);
INSERT INTO demoted
SELECT pos FROM (
	SELECT pos, need, rank() OVER (PARTITION BY town ORDER BY key, ballot_key) AS place
	FROM graded JOIN quota USING (town) WHERE by_score < 3 AND need > 0)
WHERE place <= need;

CREATE TABLE final (pos INTEGER PRIMARY KEY, city INTEGER, key INTEGER, ballot_key INTEGER,
	whole INTEGER, fraction INTEGER, score INTEGER, by_quota INTEGER, grade INTEGER,
	place INTEGER);
INSERT INTO final
SELECT g.pos, city, key, ballot_key, whole, fraction, score, d.pos IS NOT NULL,
	CASE WHEN d.pos IS NOT NULL THEN 3 ELSE by_score END,
	rank() OVER (PARTITION BY category ORDER BY key DESC, ballot_key DESC)
FROM graded g LEFT JOIN demoted d ON d.pos = g.pos;

CREATE TABLE five (pos INTEGER PRIMARY KEY);
INSERT INTO five
SELECT pos FROM (
	SELECT pos, count(*) OVER (PARTITION BY city ORDER BY key DESC, ballot_key DESC) AS filled,
		count(*) OVER (PARTITION BY city) AS good
	FROM final WHERE grade = 0)
WHERE filled <= good * 20 / 100;

CREATE TABLE result (pos INTEGER PRIMARY KEY, town INTEGER, category INTEGER, whole INTEGER,
	fraction INTEGER, score INTEGER, grade INTEGER, by_quota INTEGER, place INTEGER,
	stars INTEGER, status TEXT);
INSERT INTO result
SELECT u.pos, u.town, u.category, g.whole, g.fraction, g.score, g.grade, g.by_quota, g.place,
	CASE WHEN g.grade = 0 THEN CASE WHEN f.pos IS NULL THEN 4 ELSE 5 END
		WHEN g.grade = 1 THEN 3
		WHEN g.grade = 2 THEN CASE WHEN g.score >= 7000 THEN 2 ELSE 1 END
		WHEN g.grade = 3 THEN 0 END,
	CASE WHEN g.pos IS NOT NULL THEN 'graded'
		WHEN u.category IS NULL THEN 'outside'
		WHEN no_committee OR no_ballots OR no_self THEN 'missing:' || substr(
			CASE WHEN no_committee THEN '+committee' ELSE '' END
			|| CASE WHEN no_ballots THEN '+ballots' ELSE '' END
			|| CASE WHEN no_self THEN '+self' ELSE '' END, 2)
		ELSE 'turnout:member+resident' END
FROM units u LEFT JOIN final g ON g.pos = u.pos LEFT JOIN five f ON f.pos = u.pos;

CREATE TABLE by_town AS
SELECT town, category, count(*) AS orgs, count(grade) AS graded,
	count(*) FILTER (WHERE grade = 0) AS good, count(*) FILTER (WHERE grade = 1) AS fair,
	count(*) FILTER (WHERE grade = 2) AS average, count(*) FILTER (WHERE grade = 3) AS poor,
	count(*) FILTER (WHERE stars = 0) AS s0, count(*) FILTER (WHERE stars = 1) AS s1,
	count(*) FILTER (WHERE stars = 2) AS s2, count(*) FILTER (WHERE stars = 3) AS s3,
	count(*) FILTER (WHERE stars = 4) AS s4, count(*) FILTER (WHERE stars = 5) AS s5,
	coalesce(sum(whole), 0) AS whole, coalesce(sum(fraction), 0) AS fraction
FROM result GROUP BY town, category;

CREATE TABLE sums (pos INTEGER, category INTEGER, orgs INTEGER, graded INTEGER, good INTEGER,
	fair INTEGER, average INTEGER, poor INTEGER, s0 INTEGER, s1 INTEGER, s2 INTEGER, s3 INTEGER,
	s4 INTEGER, s5 INTEGER, total INTEGER);
CREATE INDEX sums_pos ON sums (pos);
INSERT INTO sums
SELECT pos, CASE WHEN NOT all_rows THEN category END, sum(orgs), sum(graded), sum(good), sum(fair),
	sum(average), sum(poor), sum(s0), sum(s1), sum(s2), sum(s3), sum(s4), sum(s5),
	sum(whole) + (sum(fraction) + sum(graded)) / 68719476736
FROM (SELECT w.town AS pos, b.* FROM by_town b JOIN towns w ON w.town = b.town
	UNION ALL SELECT w.county, b.* FROM by_town b JOIN towns w ON w.town = b.town
	UNION ALL SELECT w.city, b.* FROM by_town b JOIN towns w ON w.town = b.town
	UNION ALL SELECT w.province, b.* FROM by_town b JOIN towns w ON w.town = b.town)
	JOIN (SELECT 1 AS all_rows UNION ALL SELECT 0) ON all_rows OR category IS NOT NULL
GROUP BY pos, CASE WHEN NOT all_rows THEN category END, all_rows;

-- phase: export
-- Not `.mode csv`: it puts every Chinese name in quotes. No cell here needs any.
.mode list
.separator , "\n"
.headers on
.output {out}
SELECT o.code, o.name,
	CASE r.category WHEN 0 THEN 'village' WHEN 1 THEN 'other' END AS category,
	CASE WHEN r.score IS NOT NULL THEN printf('%d.%02d', r.score / 100, r.score % 100) END AS score,
	CASE r.grade WHEN 0 THEN 'good' WHEN 1 THEN 'fair' WHEN 2 THEN 'average' WHEN 3 THEN 'poor'
		END AS grade,
	CASE WHEN r.by_quota THEN 'quota' WHEN r.grade IS NOT NULL THEN 'score' END AS grade_by,
	r.place AS rank, r.stars,
	CASE WHEN r.stars = 5 THEN 'city' WHEN r.stars >= 3 THEN 'county'
		WHEN r.stars IS NOT NULL THEN 'township' END AS approval,
	r.status
FROM result r JOIN orgs o ON o.rowid = r.pos ORDER BY r.pos;
.output {summary}
SELECT o.code, o.level, CASE s.category WHEN 0 THEN 'village' WHEN 1 THEN 'other' END AS category,
	coalesce(s.orgs, 0) AS orgs, coalesce(s.graded, 0) AS graded, coalesce(good, 0) AS good,
	coalesce(fair, 0) AS fair, coalesce(average, 0) AS average, coalesce(poor, 0) AS poor,
	coalesce(s0, 0) AS stars_0, coalesce(s1, 0) AS stars_1, coalesce(s2, 0) AS stars_2,
	coalesce(s3, 0) AS stars_3, coalesce(s4, 0) AS stars_4, coalesce(s5, 0) AS stars_5,
	CASE WHEN s.graded > 0 THEN printf('%d.%02d',
		(total + s.graded * 5000) / (s.graded * 10000) / 100,
		(total + s.graded * 5000) / (s.graded * 10000) % 100) END AS mean_score
FROM orgs o LEFT JOIN sums s ON s.pos = o.rowid
WHERE o.level <> 'unit' ORDER BY o.rowid, coalesce(s.category, -1);
