CREATE TABLE "customers" (
    "id"      NUMBER(10,0) NOT NULL,
    "e-mail"  VARCHAR(120) NOT NULL,
    "name"    VARCHAR      NOT NULL,
    "city"    VARCHAR,
    "country" VARCHAR(2)   NOT NULL,
    "born"    DATE,
    "since"   VARCHAR      NOT NULL,
    PRIMARY KEY ("id"),
    CONSTRAINT "one_account_each" UNIQUE ("e-mail")
);

CREATE TABLE "orders" (
    "id"          NUMBER(19,0)    NOT NULL,
    "customer_id" NUMBER(10,0)    NOT NULL,
    "placed"      TIMESTAMP_TZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(),
    "replaces"    NUMBER(19,0),
    "status"      VARCHAR         NOT NULL DEFAULT 'new',
    "paid"        BOOLEAN         NOT NULL DEFAULT FALSE,
    "remarks"     VARIANT,
    PRIMARY KEY ("id"),
    CONSTRAINT "orders_belong" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("replaces") REFERENCES "orders" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
);
COMMENT ON TABLE "orders" IS 'What was bought;\nand by whom';
COMMENT ON COLUMN "orders"."placed" IS 'when the customer pressed the button';

CREATE TABLE "lines" (
    "order_id" NUMBER(19,0) NOT NULL,
    "line_no"  NUMBER(5,0)  NOT NULL,
    "sku"      VARCHAR(36)  NOT NULL,
    "price"    NUMBER(10,2) NOT NULL,
    "qty"      NUMBER(10,0) NOT NULL DEFAULT 1,
    "weight"   FLOAT,
    "photo"    BINARY,
    "picked"   TIME(6),
    "took"     VARCHAR(60),
    PRIMARY KEY ("order_id", "line_no"),
    FOREIGN KEY ("order_id") REFERENCES "orders" ("id") ON DELETE CASCADE
);
