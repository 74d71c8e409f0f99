PRAGMA foreign_keys = ON;

CREATE TABLE "customers" (
    "id"      INTEGER NOT NULL,
    "e-mail"  TEXT    NOT NULL,
    "name"    TEXT    NOT NULL,
    "city"    TEXT,
    "country" TEXT    NOT NULL,
    "born"    TEXT,
    "since"   TEXT    NOT NULL,
    PRIMARY KEY ("id"),
    CONSTRAINT "one_account_each" UNIQUE ("e-mail"),
    CHECK ("id" > 0),
    CONSTRAINT "born_lately" CHECK ("born" IS NULL OR "born" > '1900-01-01'),
    CHECK (length("e-mail") <= 120),
    CHECK (length("country") <= 2)
) STRICT;

-- What was bought; and by whom
CREATE TABLE "orders" (
    "id"          INTEGER NOT NULL,
    "customer_id" INTEGER NOT NULL,
    "placed"      TEXT    NOT NULL DEFAULT CURRENT_TIMESTAMP,  -- when the customer pressed the button
    "replaces"    INTEGER,
    "status"      TEXT    NOT NULL DEFAULT 'new',
    "paid"        INTEGER NOT NULL DEFAULT FALSE,
    "remarks"     TEXT,
    PRIMARY KEY ("id"),
    CONSTRAINT "orders_belong" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("replaces") REFERENCES "orders" ("id") ON DELETE SET NULL ON UPDATE NO ACTION,
    CHECK ("status" IN ('new', 'paid', 'it''s gone')),
    CHECK ("paid" IN (0, 1)),
    CHECK ("remarks" IS NULL OR json_valid("remarks"))
) STRICT;
CREATE INDEX "orders_customer_id_placed_idx" ON "orders" ("customer_id", "placed");
CREATE INDEX "orders_open" ON "orders" ("placed") WHERE "status" = 'new';

CREATE TABLE "lines" (
    "order_id" INTEGER NOT NULL,
    "line_no"  INTEGER NOT NULL,
    "sku"      TEXT    NOT NULL,
    "price"    REAL    NOT NULL,
    "qty"      INTEGER NOT NULL DEFAULT 1,
    "weight"   REAL,
    "photo"    BLOB,
    "picked"   TEXT,
    "took"     TEXT,
    PRIMARY KEY ("order_id", "line_no"),
    FOREIGN KEY ("order_id") REFERENCES "orders" ("id") ON DELETE CASCADE,
    CHECK ("price" * "qty" >= 0)
) STRICT;
