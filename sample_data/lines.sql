-- A few questions about sales lines that need no date and no country: for the small relation in the README.

-- name: one order  weight: 20
SELECT line_no, title, qty, price FROM sales WHERE order_id = '17';

-- name: revenue by city
SELECT city, sum(price * qty) AS revenue FROM sales GROUP BY city;

-- name: price list
SELECT DISTINCT product_id, title, price FROM sales;
