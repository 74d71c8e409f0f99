PRAGMA foreign_keys = ON;

CREATE TABLE "teams" (
    "name"    TEXT    NOT NULL,
    "captain" INTEGER NOT NULL,
    PRIMARY KEY ("name"),
    FOREIGN KEY ("captain") REFERENCES "players" ("no") DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE "players" (
    "no"   INTEGER NOT NULL,
    "team" TEXT    NOT NULL,
    PRIMARY KEY ("no"),
    FOREIGN KEY ("team") REFERENCES "teams" ("name") DEFERRABLE INITIALLY DEFERRED
) STRICT;
