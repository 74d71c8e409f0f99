CREATE TABLE "customers" (
    "id"      Int32            NOT NULL,
    "e-mail"  String           NOT NULL,
    "name"    String           NOT NULL,
    "city"    Nullable(String),
    "country" String           NOT NULL,
    "born"    Nullable(Date32),
    "since"   String           NOT NULL,
    CONSTRAINT "customers_check" CHECK ("id" > 0),
    CONSTRAINT "born_lately" CHECK (ifNull("born" IS NULL OR "born" > toDate32('1900-01-01'), true)),
    CONSTRAINT "customers_check_2" CHECK (lengthUTF8("e-mail") <= 120),
    CONSTRAINT "customers_check_3" CHECK (lengthUTF8("country") <= 2)
)
ENGINE = MergeTree
ORDER BY ("id");

CREATE TABLE "orders" (
    "id"          Int64                NOT NULL,
    "customer_id" Int32                NOT NULL,
    "placed"      DateTime64(6, 'UTC') NOT NULL DEFAULT (CURRENT_TIMESTAMP()) COMMENT 'when the customer pressed the button',
    "replaces"    Nullable(Int64),
    "status"      String               NOT NULL DEFAULT 'new',
    "paid"        Bool                 NOT NULL DEFAULT FALSE,
    "remarks"     Nullable(String),
    CONSTRAINT "orders_check" CHECK ("status" IN ('new', 'paid', 'it\'s gone')),
    CONSTRAINT "orders_check_2" CHECK (ifNull(isValidJSON("remarks"), true))
)
ENGINE = MergeTree
ORDER BY ("id") COMMENT 'What was bought;\nand by whom';

CREATE TABLE "lines" (
    "order_id" Int64             NOT NULL,
    "line_no"  Int16             NOT NULL,
    "sku"      UUID              NOT NULL,
    "price"    Decimal(10, 2)    NOT NULL,
    "qty"      Int32             NOT NULL DEFAULT 1,
    "weight"   Nullable(Float64),
    "photo"    Nullable(String),
    "picked"   Nullable(String),
    "took"     Nullable(String),
    CONSTRAINT "lines_check" CHECK ("price" * "qty" >= 0)
)
ENGINE = MergeTree
ORDER BY ("order_id", "line_no");
