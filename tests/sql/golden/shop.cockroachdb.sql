CREATE TABLE "customers" (
    "id"      int4         NOT NULL,
    "e-mail"  varchar(120) NOT NULL,
    "name"    text         NOT NULL,
    "city"    text,
    "country" varchar(2)   NOT NULL,
    "born"    date,
    "since"   text         NOT NULL,
    PRIMARY KEY ("id"),
    CONSTRAINT "one_account_each" UNIQUE ("e-mail"),
    CHECK ("id" > 0),
    CONSTRAINT "born_lately" CHECK ("born" IS NULL OR "born" > CAST('1900-01-01' AS DATE))
);

CREATE TABLE "orders" (
    "id"          bigint      NOT NULL,
    "customer_id" int4        NOT NULL,
    "placed"      timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "replaces"    bigint,
    "status"      text        NOT NULL DEFAULT 'new',
    "paid"        boolean     NOT NULL DEFAULT FALSE,
    "remarks"     jsonb,
    PRIMARY KEY ("id"),
    CONSTRAINT "orders_belong" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("replaces") REFERENCES "orders" ("id") ON DELETE SET NULL ON UPDATE NO ACTION,
    CHECK ("status" IN ('new', 'paid', 'it''s gone'))
);
CREATE INDEX "orders_customer_id_placed_idx" ON "orders" ("customer_id", "placed");
CREATE INDEX "orders_open" ON "orders" ("placed") WHERE "status" = 'new';
COMMENT ON TABLE "orders" IS 'What was bought;
and by whom';
COMMENT ON COLUMN "orders"."placed" IS 'when the customer pressed the button';

CREATE TABLE "lines" (
    "order_id" bigint           NOT NULL,
    "line_no"  smallint         NOT NULL,
    "sku"      uuid             NOT NULL,
    "price"    numeric(10,2)    NOT NULL,
    "qty"      int4             NOT NULL DEFAULT 1,
    "weight"   double precision,
    "photo"    bytea,
    "picked"   time,
    "took"     interval,
    PRIMARY KEY ("order_id", "line_no"),
    FOREIGN KEY ("order_id") REFERENCES "orders" ("id") ON DELETE CASCADE,
    CHECK ("price" * "qty" >= 0)
);
