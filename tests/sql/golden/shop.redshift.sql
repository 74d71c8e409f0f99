CREATE TABLE "customers" (
    "id"      integer        NOT NULL,
    "e-mail"  varchar(480)   NOT NULL,
    "name"    varchar(65535) NOT NULL,
    "city"    varchar(65535),
    "country" varchar(8)     NOT NULL,
    "born"    date,
    "since"   varchar(65535) NOT NULL,
    PRIMARY KEY ("id"),
    CONSTRAINT "one_account_each" UNIQUE ("e-mail")
);

CREATE TABLE "orders" (
    "id"          bigint        NOT NULL,
    "customer_id" integer       NOT NULL,
    "placed"      timestamptz   NOT NULL DEFAULT GETDATE(),
    "replaces"    bigint,
    "status"      varchar(1020) NOT NULL DEFAULT 'new',
    "paid"        boolean       NOT NULL DEFAULT FALSE,
    "remarks"     super,
    PRIMARY KEY ("id"),
    CONSTRAINT "orders_belong" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id"),
    FOREIGN KEY ("replaces") REFERENCES "orders" ("id")
);
COMMENT ON TABLE "orders" IS 'What was bought;\nand by whom';
COMMENT ON COLUMN "orders"."placed" IS 'when the customer pressed the button';

CREATE TABLE "lines" (
    "order_id" bigint           NOT NULL,
    "line_no"  smallint         NOT NULL,
    "sku"      char(36)         NOT NULL,
    "price"    numeric(10,2)    NOT NULL,
    "qty"      integer          NOT NULL DEFAULT 1,
    "weight"   double precision,
    "photo"    varbyte(65535),
    "picked"   time,
    "took"     varchar(60),
    PRIMARY KEY ("order_id", "line_no"),
    FOREIGN KEY ("order_id") REFERENCES "orders" ("id")
);
