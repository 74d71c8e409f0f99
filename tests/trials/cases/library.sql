-- Sixty questions of ten relations, each with another construct, and changes beside them.
-- name: inner joins
SELECT b.title, a.name AS author, p.name AS publisher FROM books b JOIN authors a ON a.author_id = b.author_id JOIN publishers p USING (publisher_id) WHERE b.price > 20;
-- name: left join
SELECT m.member_id, count(l.loan_id) AS n FROM members m LEFT JOIN loans l ON l.member_id = m.member_id GROUP BY m.member_id;
-- name: right join
SELECT m.member_id, l.loan_id FROM loans l RIGHT JOIN members m ON l.member_id = m.member_id AND l.returned IS NULL;
-- name: full join
SELECT a.name AS author, p.name AS publisher FROM authors a FULL JOIN publishers p ON a.country_id = p.country_id;
-- name: cross join
SELECT count(*) AS n FROM branches CROSS JOIN countries;
-- name: natural join
SELECT count(*) AS n FROM copies NATURAL JOIN branches;
-- name: self-join
SELECT s.name, b.name AS boss FROM staff s JOIN staff b ON b.staff_id = s.boss_id;
-- name: self-join outer twice
SELECT s.staff_id, b.name AS boss, bb.name AS boss_of_boss FROM staff s LEFT JOIN staff b ON b.staff_id = s.boss_id LEFT JOIN staff bb ON bb.staff_id = b.boss_id;
-- name: anti-join
SELECT m.member_id FROM members m LEFT JOIN loans l USING (member_id) WHERE l.loan_id IS NULL;
-- name: exists
SELECT a.author_id FROM authors a WHERE EXISTS (SELECT 1 FROM books b WHERE b.author_id = a.author_id AND b.price > 25);
-- name: not exists
SELECT a.author_id, a.name FROM authors a WHERE NOT EXISTS (SELECT 1 FROM books b WHERE b.author_id = a.author_id);
-- name: in
SELECT name FROM members WHERE member_id IN (SELECT member_id FROM loans WHERE returned IS NULL);
-- name: not in with unknowns
SELECT staff_id FROM staff WHERE staff_id NOT IN (SELECT boss_id FROM staff);
-- name: not in without unknowns
SELECT staff_id FROM staff WHERE staff_id NOT IN (SELECT boss_id FROM staff WHERE boss_id IS NOT NULL);
-- name: any
SELECT title FROM books WHERE price = ANY (SELECT max(price) FROM books);
-- name: all
SELECT title FROM books WHERE price >= ALL (SELECT price FROM books);
-- name: correlated scalar
SELECT b.book_id, b.price - (SELECT avg(c.price) FROM books c WHERE c.author_id = b.author_id) AS above FROM books b;
-- name: correlated in select and where
SELECT m.member_id, (SELECT max(l.taken) FROM loans l WHERE l.member_id = m.member_id) AS latest FROM members m WHERE (SELECT count(*) FROM loans l WHERE l.member_id = m.member_id) > 1;
-- name: row in
SELECT loan_id FROM loans WHERE (member_id, copy_id) IN (SELECT member_id, min(copy_id) FROM loans GROUP BY member_id);
-- name: cte
WITH busy AS (SELECT member_id, count(*) AS n FROM loans GROUP BY member_id) SELECT name, n FROM busy JOIN members USING (member_id) WHERE n > 1;
-- name: cte on cte
WITH a AS (SELECT author_id, sum(price) AS worth FROM books GROUP BY author_id), b AS (SELECT max(worth) AS top FROM a) SELECT a.author_id, worth FROM a, b WHERE worth = top;
-- name: cte that hides a relation
WITH books AS (SELECT * FROM books WHERE price < 15) SELECT count(*) AS n FROM books;
-- name: recursive chain
WITH RECURSIVE above(staff_id, boss_id, depth) AS (SELECT staff_id, boss_id, 0 FROM staff WHERE boss_id IS NULL UNION ALL SELECT s.staff_id, s.boss_id, depth + 1 FROM staff s JOIN above ON s.boss_id = above.staff_id) SELECT depth, count(*) AS n FROM above GROUP BY depth;
-- name: recursive numbers
WITH RECURSIVE days(d) AS (SELECT DATE '2024-01-01' UNION ALL SELECT CAST(d + INTERVAL 1 DAY AS DATE) FROM days WHERE d < DATE '2024-01-10') SELECT d, count(loan_id) AS n FROM days LEFT JOIN loans ON taken = d GROUP BY d;
-- name: union
SELECT name FROM authors UNION SELECT name FROM members;
-- name: union all
SELECT country_id FROM authors UNION ALL SELECT country_id FROM publishers;
-- name: intersect
SELECT country_id FROM authors INTERSECT SELECT country_id FROM publishers;
-- name: except
SELECT book_id FROM books EXCEPT SELECT book_id FROM copies;
-- name: except all
SELECT country_id FROM authors EXCEPT ALL SELECT country_id FROM publishers;
-- name: set operations nested
(SELECT author_id FROM books WHERE price > 20 EXCEPT SELECT author_id FROM books WHERE price < 12) UNION SELECT author_id FROM authors WHERE country_id = 2;
-- name: rank
SELECT book_id, rank() OVER (PARTITION BY author_id ORDER BY price DESC) AS place FROM books;
-- name: running total
SELECT loan_id, sum(fee) OVER (PARTITION BY member_id ORDER BY taken, loan_id) AS paid FROM loans;
-- name: lag
SELECT loan_id, lag(taken) OVER (PARTITION BY member_id ORDER BY taken, loan_id) AS before FROM loans;
-- name: frame
SELECT loan_id, avg(fee) OVER (ORDER BY loan_id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS smooth FROM loans;
-- name: first of each
SELECT member_id, loan_id FROM (SELECT *, row_number() OVER (PARTITION BY member_id ORDER BY taken DESC, loan_id) AS k FROM loans) AS numbered WHERE k = 1;
-- name: qualify
SELECT author_id, book_id FROM books QUALIFY row_number() OVER (PARTITION BY author_id ORDER BY price DESC, book_id) = 1;
-- name: window over groups
SELECT country_id, count(*) AS n, rank() OVER (ORDER BY count(*) DESC) AS place FROM authors GROUP BY country_id;
-- name: named window
SELECT loan_id, count(*) OVER w AS n, max(fee) OVER w AS most FROM loans WINDOW w AS (PARTITION BY copy_id);
-- name: grouping sets
SELECT c.name AS country, p.name AS publisher, count(*) AS n FROM books b JOIN publishers p USING (publisher_id) JOIN countries c ON c.country_id = p.country_id GROUP BY GROUPING SETS ((c.name, p.name), (c.name), ());
-- name: rollup
SELECT author_id, publisher_id, sum(price) AS worth FROM books GROUP BY ROLLUP (author_id, publisher_id);
-- name: cube
SELECT branch_id, state, count(*) AS n FROM copies GROUP BY CUBE (branch_id, state);
-- name: having
SELECT publisher_id, avg(price) AS mean FROM books GROUP BY publisher_id HAVING count(*) > 2 AND min(price) < 20;
-- name: filter
SELECT branch_id, count(*) FILTER (WHERE state = 'good') AS good, sum(CASE WHEN state <> 'good' THEN 1 ELSE 0 END) AS other FROM copies GROUP BY branch_id;
-- name: distinct
SELECT DISTINCT branch_id, state FROM copies;
-- name: distinct on
SELECT DISTINCT ON (member_id) member_id, loan_id, taken FROM loans ORDER BY member_id, taken DESC, loan_id;
-- name: count distinct
SELECT branch_id, count(DISTINCT book_id) AS titles FROM copies GROUP BY branch_id;
-- name: lateral
SELECT a.author_id, best.book_id FROM authors a, LATERAL (SELECT b.book_id FROM books b WHERE b.author_id = a.author_id ORDER BY b.price DESC, b.book_id LIMIT 1) AS best;
-- name: lateral outer
SELECT m.member_id, x.n FROM members m LEFT JOIN LATERAL (SELECT count(*) AS n FROM loans l WHERE l.member_id = m.member_id AND l.fee > 1) AS x ON true;
-- name: case
SELECT CASE WHEN price < 12 THEN 'cheap' WHEN price < 22 THEN 'fair' ELSE 'dear' END AS class, count(*) AS n FROM books GROUP BY 1;
-- name: null logic
SELECT loan_id, returned IS NULL AS out, coalesce(fee, 0) AS fee, nullif(fee, 1) AS other FROM loans WHERE NOT (returned > DATE '2024-06-01') OR fee IS NULL;
-- name: is distinct from
SELECT count(*) AS n FROM staff a JOIN staff b ON a.boss_id IS NOT DISTINCT FROM b.boss_id AND a.staff_id < b.staff_id;
-- name: three-valued and
SELECT count(*) AS n FROM staff WHERE boss_id <> 1 OR boss_id IS NULL AND staff_id > 3;
-- name: dates
SELECT loan_id, taken + INTERVAL 14 DAY AS due, date_diff('day', taken, returned) AS days, extract(month FROM taken) AS m FROM loans;
-- name: date groups
SELECT date_trunc('month', taken) AS month, count(*) AS n FROM loans GROUP BY 1 ORDER BY 1;
-- name: text
SELECT upper(title) AS t, length(title) AS n, substring(title, 1, 4) AS head, title || '!' AS loud FROM books WHERE title LIKE '%1%';
-- name: between and in list
SELECT book_id FROM books WHERE price BETWEEN 10 AND 20 AND publisher_id IN (1, 3, 5) AND author_id NOT IN (2);
-- name: order and limit
SELECT book_id, price FROM books ORDER BY price DESC, book_id LIMIT 7 OFFSET 3;
-- name: values
SELECT v.k, count(b.book_id) AS n FROM (VALUES (1), (2), (99)) AS v(k) LEFT JOIN books b ON b.author_id = v.k GROUP BY v.k;
-- name: derived with star
SELECT sum(x.price) AS s FROM (SELECT * FROM books WHERE publisher_id = 2) AS x;
-- name: five joins
SELECT c.name AS country, count(*) AS n, sum(l.fee) AS fees FROM loans l JOIN copies k ON k.copy_id = l.copy_id JOIN books b ON b.book_id = k.book_id JOIN publishers p ON p.publisher_id = b.publisher_id JOIN countries c ON c.country_id = p.country_id GROUP BY c.name;
-- name: two roles of one relation
SELECT b.title, ac.name AS of_author, pc.name AS of_publisher FROM books b JOIN authors a ON a.author_id = b.author_id JOIN publishers p ON p.publisher_id = b.publisher_id JOIN countries ac ON ac.country_id = a.country_id JOIN countries pc ON pc.country_id = p.country_id WHERE ac.country_id <> pc.country_id;
-- name: join on more than the key
SELECT count(*) AS n FROM books b JOIN authors a ON a.author_id = b.author_id AND a.country_id = 1;
-- name: join that is no reference
SELECT count(*) AS n FROM books b JOIN publishers p ON p.publisher_id = b.author_id;
-- name: condition on the outer side
SELECT m.member_id, l.loan_id FROM members m LEFT JOIN loans l ON l.member_id = m.member_id WHERE l.fee > 1 OR l.fee IS NULL;
-- name: aggregate of nothing
SELECT count(*) AS n, sum(fee) AS s, max(taken) AS m FROM loans WHERE fee < -1;
-- name: old comma join
SELECT b.title FROM books b, copies k, branches r WHERE b.book_id = k.book_id AND k.branch_id = r.branch_id AND r.city = 'city 1';
-- name: nested aggregates
SELECT avg(n) AS mean FROM (SELECT count(*) AS n FROM loans GROUP BY member_id) AS counts;
-- name: one name for two things
SELECT title AS name, count(*) AS title FROM books JOIN copies USING (book_id) GROUP BY books.title;
