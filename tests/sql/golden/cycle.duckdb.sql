CREATE TABLE "teams" (
    "name"    VARCHAR NOT NULL,
    "captain" INTEGER NOT NULL,
    PRIMARY KEY ("name")
);

CREATE TABLE "players" (
    "no"   INTEGER NOT NULL,
    "team" VARCHAR NOT NULL,
    PRIMARY KEY ("no"),
    FOREIGN KEY ("team") REFERENCES "teams" ("name")
);
