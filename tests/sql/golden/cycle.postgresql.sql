CREATE TABLE "teams" (
    "name"    text    NOT NULL,
    "captain" integer NOT NULL,
    PRIMARY KEY ("name")
);

CREATE TABLE "players" (
    "no"   integer NOT NULL,
    "team" text    NOT NULL,
    PRIMARY KEY ("no"),
    FOREIGN KEY ("team") REFERENCES "teams" ("name") DEFERRABLE INITIALLY DEFERRED
);

ALTER TABLE "teams"
    ADD FOREIGN KEY ("captain") REFERENCES "players" ("no") DEFERRABLE INITIALLY DEFERRED;
