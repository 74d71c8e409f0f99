CREATE TABLE `customers` (
    `id`      INT64       NOT NULL,
    `e_mail`  STRING(120) NOT NULL,
    `name`    STRING      NOT NULL,
    `city`    STRING,
    `country` STRING(2)   NOT NULL,
    `born`    DATE,
    `since`   STRING      NOT NULL,
    PRIMARY KEY (`id`) NOT ENFORCED
);

CREATE TABLE `orders` (
    `id`          INT64                                 NOT NULL,
    `customer_id` INT64                                 NOT NULL,
    `placed`      TIMESTAMP DEFAULT CURRENT_TIMESTAMP() NOT NULL OPTIONS(description='when the customer pressed the button'),
    `replaces`    INT64,
    `status`      STRING    DEFAULT 'new'               NOT NULL,
    `paid`        BOOL      DEFAULT FALSE               NOT NULL,
    `remarks`     JSON,
    PRIMARY KEY (`id`) NOT ENFORCED,
    CONSTRAINT `orders_belong` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) NOT ENFORCED,
    FOREIGN KEY (`replaces`) REFERENCES `orders` (`id`) NOT ENFORCED
) OPTIONS(description='What was bought;\nand by whom');

CREATE TABLE `lines` (
    `order_id` INT64                    NOT NULL,
    `line_no`  INT64                    NOT NULL,
    `sku`      STRING(36)               NOT NULL,
    `price`    NUMERIC(10, 2)           NOT NULL,
    `qty`      INT64          DEFAULT 1 NOT NULL,
    `weight`   FLOAT64,
    `photo`    BYTES,
    `picked`   TIME,
    `took`     INTERVAL,
    PRIMARY KEY (`order_id`, `line_no`) NOT ENFORCED,
    FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) NOT ENFORCED
);
