CREATE TABLE "customers" (
    "id"      NUMBER(10)         NOT NULL,
    "e-mail"  VARCHAR2(120 CHAR) NOT NULL,
    "name"    CLOB               NOT NULL,
    "city"    CLOB,
    "country" VARCHAR2(2 CHAR)   NOT NULL,
    "born"    DATE,
    "since"   CLOB               NOT NULL,
    PRIMARY KEY ("id"),
    CONSTRAINT "one_account_each" UNIQUE ("e-mail"),
    CHECK ("id" > 0),
    CONSTRAINT "born_lately" CHECK ("born" IS NULL OR "born" > DATE '1900-01-01'),
    CHECK ("born" = TRUNC("born"))
);

CREATE TABLE "orders" (
    "id"          NUMBER(19)                                            NOT NULL,
    "customer_id" NUMBER(10)                                            NOT NULL,
    "placed"      TIMESTAMP(6) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "replaces"    NUMBER(19),
    "status"      VARCHAR2(255 CHAR)          DEFAULT 'new'             NOT NULL,
    "paid"        BOOLEAN                     DEFAULT FALSE             NOT NULL,
    "remarks"     JSON,
    PRIMARY KEY ("id"),
    CONSTRAINT "orders_belong" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("replaces") REFERENCES "orders" ("id") ON DELETE SET NULL,
    CHECK ("status" IN ('new', 'paid', 'it''s gone'))
);
CREATE INDEX "orders_customer_id_placed_idx" ON "orders" ("customer_id", "placed");
CREATE INDEX "orders_open" ON "orders" ("placed");
COMMENT ON TABLE "orders" IS 'What was bought;
and by whom';
COMMENT ON COLUMN "orders"."placed" IS 'when the customer pressed the button';

CREATE TABLE "lines" (
    "order_id" NUMBER(19)                             NOT NULL,
    "line_no"  NUMBER(5)                              NOT NULL,
    "sku"      RAW(16)                                NOT NULL,
    "price"    NUMBER(10,2)                           NOT NULL,
    "qty"      NUMBER(10)                   DEFAULT 1 NOT NULL,
    "weight"   BINARY_DOUBLE,
    "photo"    BLOB,
    "picked"   INTERVAL DAY(0) TO SECOND(6),
    "took"     INTERVAL DAY(9) TO SECOND(6),
    PRIMARY KEY ("order_id", "line_no"),
    FOREIGN KEY ("order_id") REFERENCES "orders" ("id") ON DELETE CASCADE,
    CHECK ("price" * "qty" >= 0)
);
