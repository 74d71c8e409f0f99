CREATE TABLE `customers` (
    `id`      INT          NOT NULL,
    `e-mail`  VARCHAR(120) NOT NULL,
    `name`    LONGTEXT     NOT NULL,
    `city`    LONGTEXT,
    `country` VARCHAR(2)   NOT NULL,
    `born`    DATE,
    `since`   LONGTEXT     NOT NULL,
    PRIMARY KEY (`id`),
    CONSTRAINT `one_account_each` UNIQUE (`e-mail`),
    CONSTRAINT `customers_check` CHECK (`id` > 0),
    CONSTRAINT `born_lately` CHECK (`born` IS NULL OR `born` > CAST('1900-01-01' AS DATE))
);

CREATE TABLE `orders` (
    `id`          BIGINT       NOT NULL,
    `customer_id` INT          NOT NULL,
    `placed`      DATETIME(6)  NOT NULL DEFAULT (UTC_TIMESTAMP(6)) COMMENT 'when the customer pressed the button',
    `replaces`    BIGINT,
    `status`      VARCHAR(255) NOT NULL DEFAULT 'new',
    `paid`        TINYINT(1)   NOT NULL DEFAULT FALSE,
    `remarks`     JSON,
    PRIMARY KEY (`id`),
    CONSTRAINT `orders_belong` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE CASCADE,
    CONSTRAINT `orders_replaces_fkey` FOREIGN KEY (`replaces`) REFERENCES `orders` (`id`) ON DELETE SET NULL ON UPDATE NO ACTION,
    CONSTRAINT `orders_check` CHECK (`status` IN ('new', 'paid', 'it\'s gone'))
) COMMENT 'What was bought;\nand by whom';
CREATE INDEX `orders_customer_id_placed_idx` ON `orders` (`customer_id`, `placed`);
CREATE INDEX `orders_open` ON `orders` (`placed`);

CREATE TABLE `lines` (
    `order_id` BIGINT        NOT NULL,
    `line_no`  SMALLINT      NOT NULL,
    `sku`      UUID          NOT NULL,
    `price`    DECIMAL(10,2) NOT NULL,
    `qty`      INT           NOT NULL DEFAULT 1,
    `weight`   DOUBLE,
    `photo`    LONGBLOB,
    `picked`   TIME(6),
    `took`     VARCHAR(60),
    PRIMARY KEY (`order_id`, `line_no`),
    CONSTRAINT `lines_order_id_fkey` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE CASCADE,
    CONSTRAINT `lines_check` CHECK (`price` * `qty` >= 0)
);
