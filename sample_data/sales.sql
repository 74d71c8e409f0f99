-- Questions a shop asks, written once against the wide relation `sales`.

-- name: one order  weight: 20
SELECT line_no, title, qty, price
FROM sales
WHERE order_id = 17;

-- name: a customer's orders  weight: 10
SELECT DISTINCT order_id, ordered
FROM sales
WHERE customer_id = 42;

-- name: price of a product  weight: 10
SELECT DISTINCT title, price
FROM sales
WHERE product_id = 7;

-- name: revenue by country  weight: 3
SELECT country, sum(price * qty) AS revenue
FROM sales
GROUP BY country;

-- name: revenue by month  weight: 3
SELECT substr(CAST(ordered AS varchar), 1, 7) AS month, sum(price * qty) AS revenue
FROM sales
GROUP BY 1;

-- name: best sellers  weight: 2
SELECT product_id, title, sum(qty) AS sold
FROM sales
GROUP BY product_id, title
ORDER BY sold DESC, product_id
LIMIT 10;

-- name: orders and lines by city
SELECT city, count(DISTINCT order_id) AS orders, count(*) AS lines
FROM sales
GROUP BY city;

-- name: customers by city
SELECT city, count(DISTINCT customer_id) AS customers
FROM sales
GROUP BY city;

-- name: large lines
SELECT order_id, line_no, price * qty AS amount
FROM sales
WHERE qty >= 15 AND price > 100;

-- name: price list
SELECT DISTINCT product_id, title, price
FROM sales;
