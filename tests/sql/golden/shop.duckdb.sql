CREATE TABLE "customers" (
    "id"      INTEGER NOT NULL,
    "e-mail"  VARCHAR NOT NULL,
    "name"    VARCHAR NOT NULL,
    "city"    VARCHAR,
    "country" VARCHAR NOT NULL,
    "born"    DATE,
    "since"   VARCHAR NOT NULL,
    PRIMARY KEY ("id"),
    CONSTRAINT "one_account_each" UNIQUE ("e-mail"),
    CHECK ("id" > 0),
    CONSTRAINT "born_lately" CHECK ("born" IS NULL OR "born" > CAST('1900-01-01' AS DATE)),
    CHECK (length("e-mail") <= 120),
    CHECK (length("country") <= 2)
);

CREATE TABLE "orders" (
    "id"          BIGINT      NOT NULL,
    "customer_id" INTEGER     NOT NULL,
    "placed"      TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "replaces"    BIGINT,
    "status"      VARCHAR     NOT NULL DEFAULT 'new',
    "paid"        BOOLEAN     NOT NULL DEFAULT FALSE,
    "remarks"     JSON,
    PRIMARY KEY ("id"),
    CONSTRAINT "orders_belong" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id"),
    FOREIGN KEY ("replaces") REFERENCES "orders" ("id") ON UPDATE NO ACTION,
    CHECK ("status" IN ('new', 'paid', 'it''s gone'))
);
CREATE INDEX "orders_customer_id_placed_idx" ON "orders" ("customer_id", "placed");
CREATE INDEX "orders_open" ON "orders" ("placed");
COMMENT ON TABLE "orders" IS 'What was bought;
and by whom';
COMMENT ON COLUMN "orders"."placed" IS 'when the customer pressed the button';

CREATE TABLE "lines" (
    "order_id" BIGINT        NOT NULL,
    "line_no"  SMALLINT      NOT NULL,
    "sku"      UUID          NOT NULL,
    "price"    DECIMAL(10,2) NOT NULL,
    "qty"      INTEGER       NOT NULL DEFAULT 1,
    "weight"   DOUBLE,
    "photo"    BLOB,
    "picked"   TIME,
    "took"     INTERVAL,
    PRIMARY KEY ("order_id", "line_no"),
    FOREIGN KEY ("order_id") REFERENCES "orders" ("id"),
    CHECK ("price" * "qty" >= 0)
);
