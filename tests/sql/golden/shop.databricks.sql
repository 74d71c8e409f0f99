CREATE TABLE `customers` (
    `id`      INT    NOT NULL,
    `e-mail`  STRING NOT NULL,
    `name`    STRING NOT NULL,
    `city`    STRING,
    `country` STRING NOT NULL,
    `born`    DATE,
    `since`   STRING NOT NULL,
    CONSTRAINT `customers_pkey` PRIMARY KEY (`id`)
)
USING DELTA
TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported');
ALTER TABLE `customers` ADD CONSTRAINT `customers_check` CHECK (`id` > 0);
ALTER TABLE `customers` ADD CONSTRAINT `born_lately` CHECK (coalesce(`born` IS NULL OR `born` > CAST('1900-01-01' AS DATE), true));
ALTER TABLE `customers` ADD CONSTRAINT `customers_check_2` CHECK (length(`e-mail`) <= 120);
ALTER TABLE `customers` ADD CONSTRAINT `customers_check_3` CHECK (length(`country`) <= 2);

CREATE TABLE `orders` (
    `id`          BIGINT    NOT NULL,
    `customer_id` INT       NOT NULL,
    `placed`      TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP() COMMENT 'when the customer pressed the button',
    `replaces`    BIGINT,
    `status`      STRING    NOT NULL DEFAULT 'new',
    `paid`        BOOLEAN   NOT NULL DEFAULT FALSE,
    `remarks`     VARIANT,
    CONSTRAINT `orders_pkey` PRIMARY KEY (`id`),
    CONSTRAINT `orders_belong` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`),
    CONSTRAINT `orders_replaces_fkey` FOREIGN KEY (`replaces`) REFERENCES `orders` (`id`)
)
USING DELTA
TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported') COMMENT 'What was bought;\nand by whom';
ALTER TABLE `orders` ADD CONSTRAINT `orders_check` CHECK (`status` IN ('new', 'paid', 'it\'s gone'));

CREATE TABLE `lines` (
    `order_id` BIGINT        NOT NULL,
    `line_no`  SMALLINT      NOT NULL,
    `sku`      STRING        NOT NULL,
    `price`    DECIMAL(10,2) NOT NULL,
    `qty`      INT           NOT NULL DEFAULT 1,
    `weight`   DOUBLE,
    `photo`    BINARY,
    `picked`   STRING,
    `took`     STRING,
    CONSTRAINT `lines_pkey` PRIMARY KEY (`order_id`, `line_no`),
    CONSTRAINT `lines_order_id_fkey` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`)
)
USING DELTA
TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported');
ALTER TABLE `lines` ADD CONSTRAINT `lines_check` CHECK (`price` * `qty` >= 0);
