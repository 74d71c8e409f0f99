-- Twenty changes of the library's relations, each of another kind.
-- name: insert values
INSERT INTO books VALUES (500, 'new', 3, 2, 9.5);
-- name: insert columns
INSERT INTO books (price, title, book_id, publisher_id, author_id) VALUES (9.5, 'new', 501, 2, 3), (1, 'other', 502, 1, 1);
-- name: insert select
INSERT INTO books SELECT book_id + 1000, title, author_id, publisher_id, price FROM books WHERE price > 25;
-- name: insert select joined
INSERT INTO loans SELECT 5000 + m.member_id, k.copy_id, m.member_id, DATE '2024-09-01', NULL, 1 FROM members m JOIN copies k ON k.copy_id = m.member_id;
-- name: update by another
UPDATE books SET price = price * 2 FROM authors WHERE authors.author_id = books.author_id AND authors.country_id = 2;
-- name: update by subquery
UPDATE books SET price = (SELECT max(price) FROM books) WHERE author_id IN (SELECT author_id FROM authors WHERE country_id = 3);
-- name: update with case
UPDATE copies SET state = CASE WHEN state = 'good' THEN 'worn' ELSE 'lost' END WHERE branch_id = 2;
-- name: update all
UPDATE loans SET fee = 0 WHERE fee IS NULL;
-- name: update many
UPDATE members SET name = 'x' || name, branch_id = 1 WHERE member_id BETWEEN 5 AND 9;
-- name: move a reference
UPDATE books SET author_id = 1 WHERE book_id = 30;
-- name: delete
DELETE FROM loans WHERE returned IS NULL;
-- name: delete by subquery
DELETE FROM loans WHERE member_id IN (SELECT member_id FROM members WHERE branch_id = 2);
-- name: delete using
DELETE FROM loans USING members WHERE loans.member_id = members.member_id AND members.branch_id = 3;
-- name: delete not exists
DELETE FROM marks WHERE NOT EXISTS (SELECT 1 FROM loans l WHERE l.member_id = marks.member_id AND l.fee > 1);
-- name: upsert
INSERT INTO countries VALUES (1, 'renamed'), (77, 'new land') ON CONFLICT (country_id) DO UPDATE SET name = excluded.name;
-- name: upsert nothing
INSERT INTO countries VALUES (1, 'renamed'), (78, 'new land') ON CONFLICT DO NOTHING;
-- name: insert or replace
INSERT OR REPLACE INTO branches VALUES (1, 'elsewhere'), (9, 'new');
-- name: insert with cte
INSERT INTO books WITH cheap AS (SELECT * FROM books WHERE price < 8) SELECT book_id + 2000, title, author_id, publisher_id, price FROM cheap;
-- name: delete everything
DELETE FROM marks;
-- name: rename a country
UPDATE countries SET name = upper(name) WHERE country_id = 2;
