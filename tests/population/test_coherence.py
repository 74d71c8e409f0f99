"""What belongs together in one row agrees: city and country, name and e-mail address; and no declared rule breaks by it."""

from datetime import date

import pytest

from dbworkbench.data.obey import check
from dbworkbench.errors import Unsupported
from dbworkbench.population import places, words
from dbworkbench.population.populate import populate
from dbworkbench.population.shapes import Bell, Between, Seasonal, Shape, Weighted, Zipf
from dbworkbench.schema.notation import relation, schema

COUNTRY = dict(zip(places.CITIES, places.COUNTRY_OF, strict=True))
CODE = dict(zip(places.CITIES, places.CODE_OF, strict=True))
REGION = dict(zip(places.CITIES, places.CITY["region"], strict=True))
BEGINS = dict(zip(places.CITIES, places.POSTCODE_OF, strict=True))


def plain(city: str) -> str:
    """A city without the number behind its name."""
    return city.rstrip("0123456789 ")


@pytest.mark.parametrize(
    "design",
    [
        "r(*id: integer, city: text, country: text, region: text, zip: text, country_code: text(2))",
        "r(*city: text, country: text, region: text, zip: text, country_code: text)",
        "r(*id: integer, city: text, country: text, region: text, country_code: text)\n city -> country, region, country_code",
        "r(*id: integer, *line: integer, city: text, country: text, state: text, postal_code: text)\n id -> city, country",
    ],
)
def test_a_city_lies_in_its_country(design: str) -> None:
    whole = relation(design)
    with populate(whole, rows=400, seed=2) as rows:
        assert check(rows, whole)
        frame = rows.frame("r")
    cities = frame["city"].map(plain)
    assert cities.nunique() > 20
    assert (frame["country"] == cities.map(COUNTRY)).all()
    for name, wanted in (("country_code", CODE), ("region", REGION), ("state", REGION)):
        assert name not in frame or (frame[name] == cities.map(wanted)).all()
    for name in ("zip", "postal_code"):
        if name in frame:
            assert all(code.startswith(BEGINS[city]) for code, city in zip(frame[name], cities, strict=True))


@pytest.mark.parametrize(
    "design",
    [
        "r(*id: integer, name: text, email: text)",
        "r(*email: text, name: text)",
        "r(*id: integer, email: text unique, name: text)",
        "r(*name: text, email: text)",
    ],
)
def test_an_address_has_the_name_of_its_person(design: str) -> None:
    whole = relation(design)
    with populate(whole, rows=25_000, seed=2) as rows:
        assert check(rows, whole)
        wrong = rows.sql(
            "SELECT count(*) FROM r WHERE regexp_replace(split_part(email, '@', 1), '[0-9.]', '', 'g') <> "
            "lower(regexp_replace(name, '[0-9 ]', '', 'g'))"
        ).iat[0, 0]
        (people,) = rows.connection.execute("SELECT count(DISTINCT name) FROM r").fetchall()[0]
    assert wrong == 0
    assert people > 5_000


def test_first_and_last_names_go_with_the_address_and_two_places_stay_apart() -> None:
    whole = relation(
        "r(*id: integer, first_name: text, last_name: text, email: text, billing_city: text, billing_country: text, "
        "shipping_city: text, shipping_country: text)"
    )
    with populate(whole, rows=500) as rows:
        frame = rows.frame("r")
    made = (frame["first_name"] + "." + frame["last_name"]).str.lower()
    assert (frame["email"].str.split("@").str[0] == made).all()
    for whose in ("billing", "shipping"):
        assert (frame[f"{whose}_country"] == frame[f"{whose}_city"].map(COUNTRY)).all()
    assert (frame["billing_city"] != frame["shipping_city"]).mean() > 0.8


def test_what_is_asked_for_stays_what_is_asked_for() -> None:
    whole = relation("r(*id: integer, city: text, country: text check (country in ('Atlantis', 'Mu')), zip: text)")
    with populate(whole, rows=200, shapes={"r.zip": Weighted({"12345": 1})}) as rows:
        frame = rows.frame("r")
    assert set(frame["country"]) == {"Atlantis", "Mu"}
    assert set(frame["zip"]) == {"12345"}


def test_every_city_has_a_place_of_its_own() -> None:
    assert len(places.CITIES) == len(places.CODE_OF) == len(places.CITY["region"])
    assert set(places.CODE_OF) <= set(words.COUNTRY_CODES)
    assert all(1 <= digits <= 5 for digits in places.DIGITS_OF)
    assert COUNTRY["Kyoto"] == "Japan"
    assert COUNTRY["York"] == "United Kingdom"


def test_dates_follow_each_other_as_their_names_say() -> None:
    whole = relation(
        "orders(*id: integer, delivered_on: date?, placed: date, paid_at: date, shipped: date?, trip_from: timestamp, "
        "trip_to: timestamp, birthday: date)"
    )
    with populate(whole, rows=3_000, seed=3) as rows:
        wrong, apart, delivered, unknown = rows.connection.execute(
            "SELECT count(*) FILTER (paid_at < placed OR shipped < paid_at OR delivered_on < coalesce(shipped, placed) "
            "OR trip_to < trip_from), count(*) FILTER (paid_at <> placed), count(delivered_on), "
            "count(*) FILTER (shipped IS NULL) FROM orders"
        ).fetchall()[0]
    assert wrong == 0
    assert apart > 2_000
    assert 2_000 < delivered < 3_000
    assert unknown > 100


def test_a_check_that_says_otherwise_is_kept() -> None:
    whole = relation("r(*id: integer, placed: date, shipped: date) check (shipped < placed)")
    with populate(whole, rows=500) as rows:
        assert check(rows, whole)


def test_places_agree_where_there_is_little_room() -> None:
    whole = relation(
        "r(*id: integer, city: text(15), country: text(9), state: text(2), region: text(12), zip: text(5))"
    )
    with populate(whole, rows=400, seed=2) as rows:
        frame = rows.frame("r")
    for city, country, state, region, code in frame[["city", "country", "state", "region", "zip"]].itertuples(
        index=False
    ):
        assert country in {COUNTRY[city], CODE[city]}
        assert state == REGION[city][:2].upper()
        assert region in {REGION[city], city}
        assert code.startswith(BEGINS[city])


def test_least_and_greatest_are_what_they_say_and_steps_go_on() -> None:
    whole = relation(
        "jobs(*id: integer, min_salary: decimal(8,2), max_salary: decimal(8,2), check_in: date, check_out: date, "
        "created_at: timestamp, last_login: timestamp, started_at: timestamp, finished_at: timestamp)"
    )
    with populate(whole, rows=1_000) as rows:
        wrong = rows.sql(
            "SELECT count(*) FROM jobs WHERE max_salary < min_salary OR check_out < check_in OR last_login < created_at "
            "OR started_at < created_at OR finished_at < started_at"
        ).iat[0, 0]
    assert wrong == 0


TRADE = schema("""
    customers(*id: integer, name: text, created_at: timestamp)
    employees(*id: integer, hired: date)
    orders(
        *id: integer, customer_id: integer -> customers, employee_id: integer? -> employees, placed: timestamp,
        paid_at: timestamp?
    )
    lines(*order_id: integer -> orders, *no: integer, created: timestamp)
    shipments(*id: integer, order_id: integer -> orders, shipped_at: timestamp, delivered_on: date, updated_at: timestamp)
    returns(*id: integer, shipment_id: integer -> shipments, returned: date)
""")
BEFORE = (
    "orders o JOIN customers c ON c.id = o.customer_id WHERE o.placed < c.created_at",
    "orders o JOIN employees e ON e.id = o.employee_id WHERE o.placed < e.hired",
    "lines l JOIN orders o ON o.id = l.order_id WHERE l.created < o.placed",
    "shipments s JOIN orders o ON o.id = s.order_id WHERE s.shipped_at < greatest(o.placed, o.paid_at)",
    "shipments WHERE delivered_on < shipped_at OR updated_at < shipped_at",
    "returns r JOIN shipments s ON s.id = r.shipment_id WHERE r.returned < s.delivered_on",
)


def test_dates_come_after_those_of_the_rows_referred_to() -> None:
    with populate(TRADE, rows=6_000, seed=3) as rows:
        assert check(rows, TRADE)
        for one in BEFORE:
            assert rows.sql(f"SELECT count(*) FROM {one}").iat[0, 0] == 0, one
        spread = rows.sql("SELECT count(DISTINCT placed), min(placed), max(placed) FROM orders").iloc[0]
        assert spread.iloc[0] > 1_900
        assert spread.iloc[1].year == 2020
        assert str(spread.iloc[2]) < "2025-01-31", "the usual years, and thirty days for what follows late"
        counts = {name: rows.rows(name) for name in rows}
        slices = {"orders": range(1_000, 1_040), "returns": range(5, 9)}
        with populate(TRADE, rows=counts, seed=3, slices=slices) as some:
            for name, part in slices.items():
                wanted = rows.sql(f"SELECT * FROM {name} LIMIT {len(part)} OFFSET {part.start}")
                assert some.frame(name).equals(wanted), "computed again, not looked up"


def test_a_distribution_that_is_asked_for_is_not_moved_by_other_rows() -> None:
    day = date(2021, 3, 4)
    with populate(TRADE, rows=600, shapes={"orders.placed": Between(day, day)}) as rows:
        days = rows.sql("SELECT DISTINCT CAST(placed AS DATE) AS day FROM orders")["day"]
    assert [str(one)[:10] for one in days] == ["2021-03-04"]


LOANS = schema("""
    branches(*id: integer, opened: date)
    staff(*id: integer, branch_id: integer -> branches, hired: date)
    titles(*isbn: text(13), published: date)
    copies(*isbn: text(13) -> titles, *copy_no: smallint, acquired: date)
    members(*id: integer, joined: date)
    loans(*id: integer, isbn: text(13), copy_no: smallint, member_id: integer -> members, staff_id: integer -> staff,
          borrowed: date, returned: date?)
        isbn, copy_no -> copies(isbn, copy_no)
""")
EARLY = (
    "staff s JOIN branches b ON b.id = s.branch_id WHERE s.hired < b.opened",
    "copies c JOIN titles t USING (isbn) WHERE c.acquired < t.published",
    "loans l JOIN members m ON m.id = l.member_id WHERE l.borrowed < m.joined",
    "loans l JOIN staff s ON s.id = l.staff_id WHERE l.borrowed < s.hired",
    "loans l JOIN copies c USING (isbn, copy_no) WHERE l.borrowed < c.acquired",
    "loans WHERE returned < borrowed",
)
SUMMERS = Seasonal(months=(1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 1), growth=0.2)


@pytest.mark.parametrize(
    "shapes",
    [{}, {"loans.borrowed": SUMMERS}, {"loans.borrowed": SUMMERS, "members.joined": Bell(date(2022, 1, 1), 400)}],
)
def test_dates_with_a_shape_follow_those_of_the_rows_referred_to_and_keep_it(shapes: dict[str, Shape]) -> None:
    with populate(LOANS, rows={"loans": 8_000, "titles": 300, "members": 500}, seed=4, shapes=shapes) as rows:
        for one in EARLY:
            assert rows.sql(f"SELECT count(*) FROM {one}").iat[0, 0] == 0, one
        summer, late = rows.sql(
            "SELECT avg((month(borrowed) IN (7, 8))::INTEGER), avg((year(borrowed) >= 2024)::INTEGER) FROM loans"
        ).iloc[0]
    assert late < 0.55, "not all in the last year"
    if shapes:
        assert summer == pytest.approx(6 / 16, abs=0.04)


@pytest.mark.parametrize("kind", ["date", "timestamp"])
def test_what_goes_on_mostly_has_no_end_and_most_people_live(kind: str) -> None:
    staff = relation(
        f"staff(*id: integer, hired: {kind}, left_on: {kind}? check (left_on >= hired), born: date?, died: date?)"
    )
    with populate(staff, rows=2_000, seed=2) as rows:
        assert check(rows, staff)
        (found,) = rows.connection.execute(
            "SELECT avg((left_on IS NOT NULL)::INTEGER), avg((died IS NOT NULL)::INTEGER), "
            "min(datediff('day', hired, left_on)), median(datediff('day', hired, left_on)), "
            "max(datediff('day', hired, left_on)), min(datediff('year', born, died)), max(year(died)) FROM staff"
        ).fetchall()
    left, dead, months, middle, longest, youngest, last = map(float, found)
    assert 0.2 < left < 0.3
    assert 0.15 < dead < 0.3
    assert months >= 30
    assert middle > 200
    assert longest > 1_000
    assert youngest >= 20
    assert last <= 2024


@pytest.mark.parametrize(
    ("design", "name", "most"),
    [
        ("fines(*id: integer, amount: decimal(7, 2) check (amount > 0))", "amount", 50),
        ("rides(*id: integer, tip: decimal(7, 2))", "tip", 50),
        ("rides(*id: integer, fee: integer)", "fee", 50),
        ("stays(*id: integer, deposit: float)", "deposit", 205),
    ],
)
def test_small_amounts_are_small(design: str, name: str, most: int) -> None:
    with populate(relation(design), rows=500) as rows:
        (table,) = rows
        assert rows.sql(f"FROM {table} WHERE {name} <= 0 OR {name} > {most + 1}").empty


def test_a_branch_is_called_after_its_own_city() -> None:
    design = schema("""
        branches(*id: integer, name: text, city: text, country: text)
        towns(*id: integer, city: text)
        shops(*id: integer, town: integer -> towns, name: text)
    """)
    with populate(design, rows=300, seed=2) as rows:
        assert check(rows, design)
        for name, city in rows.sql("SELECT name, city FROM branches").itertuples(index=False):
            assert str(name).startswith(f"{plain(city)} ")
        pairs = rows.sql("SELECT s.name, t.city FROM shops s JOIN towns t ON t.id = s.town")
        for name, city in pairs.itertuples(index=False):
            assert str(name).startswith(f"{plain(city)} ")
        assert len(rows.sql("SELECT DISTINCT name FROM branches")) > 100


WORLD = schema("""
    countries(*id: integer, name: text)
    cities(*id: integer, country_id: integer -> countries, city: text(20))
    addresses(*id: integer, city_id: integer -> cities, street: text, district: text, region: text(30), postal_code: text(10))
    shops(*id: integer, country_id: integer -> countries, city: text, state: text, zip: text)
""")


def test_places_lie_in_those_that_are_referred_to() -> None:
    with populate(WORLD, rows={"countries": 40, "cities": 300, "addresses": 900, "shops": 400}, seed=4) as rows:
        assert check(rows, WORLD)
        cities = rows.sql("SELECT c.city, n.name FROM cities c JOIN countries n ON n.id = c.country_id")
        addresses = rows.sql("SELECT a.*, c.city FROM addresses a JOIN cities c ON c.id = a.city_id")
        shops = rows.sql("SELECT s.*, n.name FROM shops s JOIN countries n ON n.id = s.country_id")
    known = set(places.COUNTRY_OF)
    assert all(COUNTRY[city] == name for city, name in cities.itertuples(index=False) if name in known)
    assert (addresses["region"] == addresses["city"].map(REGION)).all()
    assert all(
        code.startswith(BEGINS[city]) for code, city in zip(addresses["postal_code"], addresses["city"], strict=True)
    )
    assert (shops["state"] == shops["city"].map(REGION)).all()
    assert all(COUNTRY[city] == name for city, name in shops[["city", "name"]].itertuples(index=False) if name in known)
    assert cities["city"].nunique() > 30


COUNTRIES = dict(zip(words.COUNTRY_CODES, words.COUNTRIES, strict=True))


@pytest.mark.parametrize(
    "design",
    [
        "r(*id: integer, region: text, country: text, country_code: text)",
        "r(*country_code: char(2), country: text)",
        "r(*country_code: char(2), country: text unique)",
        "r(*id: integer, country: text, country_code: text, zip: text)\n country -> country_code",
    ],
)
def test_without_a_city_a_country_leads(design: str) -> None:
    whole = relation(design)
    with populate(whole, rows=50, seed=2) as rows:
        assert check(rows, whole)
        frame = rows.frame("r")
    assert (frame["country_code"].map(COUNTRIES) == frame["country"]).all()
    if "region" in frame:
        lying = set(zip(places.COUNTRY_OF, places.CITY["region"], strict=True))
        assert set(zip(frame["country"], frame["region"], strict=True)) <= lying


def test_a_country_with_a_shape_has_its_cities() -> None:
    with populate(
        relation("r(*id: integer, city: text, region: text, country: text)"), rows=500, shapes={"country": Zipf(1.0)}
    ) as rows:
        frame = rows.frame("r")
    assert (frame["city"].map(COUNTRY) == frame["country"]).all()
    assert (frame["city"].map(REGION) == frame["region"]).all()
    assert frame["country"].value_counts().iloc[0] > 80


def test_a_city_lies_in_the_country_whose_code_its_row_refers_to() -> None:
    design = schema(
        "countries(*country_id: char(2), country_name: text)\n"
        "locations(*id: integer, city: text, state_province: text, country_id: char(2) -> countries)"
    )
    with populate(design, rows={"locations": 400, "countries": 40}) as rows:
        frame = rows.sql("SELECT * FROM locations JOIN countries USING (country_id)")
    assert (frame["country_id"].map(COUNTRIES) == frame["country_name"]).all()
    assert (frame["city"].map(COUNTRY) == frame["country_name"]).all()
    assert (frame["city"].map(REGION) == frame["state_province"]).all()


def test_what_rows_tell_that_were_tried_against_checks_is_followed_too() -> None:
    design = schema("""
        countries(*id: integer, country: text) check (id % 7 <> 3)
        customers(*id: integer, city: text, created_at: timestamp, country_id: integer -> countries) check (id % 5 > 0)
        orders(*id: integer, customer_id: integer -> customers, placed_at: timestamp, shipped_on: date?)
        items(*order_id: integer -> orders, *line: integer, shipped_at: timestamp) check (line % 9 <> 8)
        returns(*id: integer, order_id: integer, line: integer, returned_at: timestamp) order_id, line -> items
    """)
    with populate(design, rows=2_000, seed=4) as rows:
        assert check(rows, design)
        late = rows.sql("""SELECT count(*) FILTER (placed_at < created_at) + count(*) FILTER (shipped_at < placed_at)
            + count(*) FILTER (returned_at < shipped_at) AS n, count(*) AS many FROM returns JOIN items USING (order_id, line)
            JOIN orders o ON o.id = order_id JOIN customers c ON c.id = customer_id""")
        there = rows.sql("SELECT city, country FROM customers c JOIN countries k ON k.id = country_id")
    assert (late["n"][0], late["many"][0]) == (0, 2_000)
    assert (there["city"].map(COUNTRY) == there["country"].map(plain)).all()


def test_dates_follow_however_many_are_before_them() -> None:
    text = "s0(*id: integer, created_at: timestamp)\n"
    for at in range(1, 8):
        before = range(max(0, at - 3), at)
        text += (
            f"s{at}(*id: integer, {', '.join(f'p{one}: integer -> s{one}' for one in before)}, created_at: timestamp)\n"
        )
    with (
        populate(schema(text), rows=500) as whole,
        populate(schema(text), rows=500, slices={"s7": range(90, 95)}) as part,
    ):
        for at in range(1, 8):
            for one in range(max(0, at - 3), at):
                early = f"SELECT count(*) AS n FROM s{at} a JOIN s{one} b ON a.p{one} = b.id WHERE a.created_at < b.created_at"
                assert whole.sql(early)["n"][0] == 0, (at, one)
        assert part.frame("s7").equals(whole.sql("SELECT * FROM s7 WHERE id BETWEEN 91 AND 95"))
    with pytest.raises(
        Unsupported, match="'s6' follow what rows of 's5' tell, which have to be looked up, so no slice"
    ):
        populate(schema(text), rows=500, slices={"s5": range(3)})


def by_country(kind: str) -> dict[str, str]:
    """What each country has of a kind."""
    return dict(zip(places.COUNTRY["country"], places.COUNTRY[kind], strict=True))


def test_facts_are_those_of_the_world() -> None:
    for kind, germany, peru in (
        ("currency", "EUR", "PEN"),
        ("calling code", "+49", "+51"),
        ("country code of three", "DEU", "PER"),
        ("capital", "Berlin", "Lima"),
        ("continent", "Europe", "South America"),
        ("language", "German", "Spanish"),
    ):
        assert (by_country(kind)["Germany"], by_country(kind)["Peru"]) == (germany, peru)
    tokyo = {kind: said[places.CITIES.index("Tokyo")] for kind, said in places.CITY.items()}
    assert tokyo == {"region": "Tokyo", "latitude": "35.68", "longitude": "139.69", "time zone": "Asia/Tokyo"}
    assert words.PRODUCTS_OF.keys() == set(words.CATEGORIES)
    assert set(" ".join(words.PRODUCTS_OF.values()).split()) == set(words.PRODUCTS)
    assert set(words.FIRST) >= words.FEMALE | words.NEUTRAL


@pytest.mark.parametrize(
    ("design", "rules"),
    [
        ("r(*id: integer, city: text, country: text, currency: text)", ""),
        ("r(*id: integer, city: text, country: text, currency: text)", "id -> city, city -> country, country -> currency"),
        ("r(*city: text, country: text, currency: text)", "city -> country, country -> currency"),
        ("r(*id: integer, zip: text, city: text, state: text, country: text, currency: text)",
         "zip -> city, city -> state, state -> country, country -> currency"),
        ("r(*zip: text, city: text, state: text, country: text, currency: text)", ""),
        ("r(*id: integer, country: text, currency: text)", ""),
        ("r(*id: integer, country_code: text(2), country: text, currency_code: text(3))", "country_code -> country"),
        ("r(*country_code: text(2), country: text, currency: text)", "country -> currency"),
    ],
)  # fmt: skip
def test_chains_of_places_hold_and_are_true(design: str, rules: str) -> None:
    lines = [f"  {rule}" for rule in rules.split(", ") if rule]
    whole = relation("\n".join([design, *lines]))
    with populate(whole, rows=50 if "*country_code" in design else 3_000, seed=4) as rows:
        assert check(rows, whole)
        frame = rows.frame("r")
    country = frame["country"].map(plain)
    assert country.nunique() > 10
    money = frame["currency" if "currency" in frame else "currency_code"]
    assert (money == country.map(by_country("currency"))).all()
    if "city" in frame:
        assert (country == frame["city"].map(plain).map(COUNTRY)).all()
    if "state" in frame:
        assert (frame["state"] == frame["city"].map(plain).map(REGION)).all()
        begins = frame["city"].map(plain).map(BEGINS)
        assert all(code.startswith(start) for code, start in zip(frame["zip"], begins, strict=True))
    if "country_code" in frame:
        assert (frame["country_code"] == country.map(by_country("country code"))).all()


def test_what_a_city_has_lies_where_it_does() -> None:
    whole = relation(
        "r(*id: integer, city: text, timezone: text, latitude: decimal(9, 6) check (latitude between -90 and 90), lng: float, "
        "phone_code: text, iso3: text(3), language: text, continent: text)"
    )
    with populate(whole, rows=500) as rows:
        frame = rows.frame("r")
    at = frame["city"].map(plain).map(places.CITIES.index)
    for name, kind in (("latitude", "latitude"), ("lng", "longitude")):
        assert (abs(frame[name].astype(float) - at.map(lambda one, k=kind: float(places.CITY[k][one]))) <= 0.05).all()
    assert (frame["timezone"] == at.map(lambda one: places.CITY["time zone"][one])).all()
    country = frame["city"].map(plain).map(COUNTRY)
    for name, kind in (("phone_code", "calling code"), ("iso3", "country code of three"), ("language", "language")):
        assert (frame[name] == country.map(by_country(kind))).all()


def test_a_name_is_of_a_man_or_a_woman() -> None:
    whole = relation(
        "r(*id: integer, first_name: text, last_name: text, email: text, gender: enum('F', 'M', 'X'), "
        "title: enum('Mr', 'Mrs', 'Dr'), salutation: text)"
    )
    with populate(whole, rows=2_000) as rows:
        assert check(rows, whole)
        frame = rows.frame("r")
    plainly = frame[~frame["first_name"].isin(words.NEUTRAL)]
    women = plainly["first_name"].isin(words.FEMALE)
    for name, of_women, of_men in (("gender", "F", "M"), ("title", "Mrs", "Mr"), ("salutation", "Ms.", "Mr.")):
        assert not (plainly[name][women] == of_men).any()
        assert not (plainly[name][~women] == of_women).any()
        assert set(frame[name]) > {of_women, of_men}
    neutral = frame[frame["first_name"].isin(words.NEUTRAL)]
    assert {"F", "M"} <= set(neutral["gender"])


def test_a_product_stands_in_its_category() -> None:
    whole = schema(
        "categories(*id: integer, name: text)\n"
        "products(*id: integer, name: text, category_id: integer -> categories)\n"
        "lines(*id: integer, product_name: text, category: text)\n  product_name -> category\n"
    )
    with populate(whole, rows={"categories": 20, "products": 500, "lines": 500}) as rows:
        assert check(rows, whole)
        apart = rows.sql("SELECT p.name AS p, c.name AS c FROM products p JOIN categories c ON c.id = p.category_id")
        together = rows.frame("lines")
    for product, category in zip(apart["p"], apart["c"], strict=True):
        assert product.split()[1] in words.PRODUCTS_OF[plain(category)].split()
    for product, category in zip(together["product_name"], together["category"], strict=True):
        assert product.split()[1] in words.PRODUCTS_OF[category].split()
    assert together["category"].nunique() > 8


def test_places_agree_across_references() -> None:
    whole = schema(
        "countries(*code: text(2), name: text unique, currency: text)\n"
        "customers(*id: integer, country_code: text(2) -> countries, city: text, timezone: text)\n"
        "orders(*id: integer, customer_id: integer -> customers, currency: text, phone_code: text)\n"
    )
    with populate(whole, rows={"countries": 40, "customers": 200, "orders": 500}) as rows:
        assert check(rows, whole)
        frame = rows.sql(
            "SELECT n.name, n.currency, n.code, c.city, c.timezone, o.currency AS paid, o.phone_code "
            "FROM orders o JOIN customers c ON c.id = o.customer_id JOIN countries n ON n.code = c.country_code"
        )
    for name, kind in (
        ("currency", "currency"),
        ("paid", "currency"),
        ("code", "country code"),
        ("phone_code", "calling code"),
    ):
        assert (frame[name] == frame["name"].map(by_country(kind))).all()
    assert (frame["city"].map(COUNTRY) == frame["name"]).all()
    zone = dict(zip(places.CITIES, places.CITY["time zone"], strict=True))
    assert (frame["timezone"] == frame["city"].map(zone)).all()


def test_amounts_follow_from_each_other_and_from_what_is_sold() -> None:
    whole = schema(
        "products(*id: integer, name: text, cost: decimal(10, 2), price: decimal(10, 2), list_price: decimal(10, 2))\n"
        "orders(*id: integer, subtotal: decimal(10, 2), tax_rate: decimal(4, 3), tax: decimal(10, 2), shipping: decimal(8, 2), "
        "total: decimal(12, 2))\n"
        "lines(*order_id: integer -> orders, *line_no: integer, product_id: integer -> products, unit_price: decimal(10, 2), "
        "quantity: integer, discount: decimal(3, 2), line_total: decimal(12, 2) check (line_total > 0))\n"
    )
    with populate(whole, rows={"products": 60, "orders": 300, "lines": 1_500}, seed=2) as rows:
        assert check(rows, whole)
        wrong = rows.sql(
            "SELECT (SELECT count(*) FROM products WHERE price < cost OR list_price < price), "
            "(SELECT count(*) FROM orders WHERE abs(tax - subtotal * tax_rate) > 0.0051 OR total <> subtotal + tax + shipping), "
            "(SELECT count(*) FROM lines WHERE abs(line_total - unit_price * quantity * (1 - discount)) > 0.0051), "
            "(SELECT count(*) FROM lines l JOIN products p ON p.id = l.product_id WHERE l.unit_price <> p.price)"
        )
        whole_lines = rows.frame("lines")
    assert not wrong.to_numpy().any()
    with populate(
        whole, rows={"products": 60, "orders": 300, "lines": 1_500}, seed=2, slices={"lines": range(700, 800)}
    ) as rows:
        assert rows.frame("lines").equals(whole_lines[700:800].reset_index(drop=True))


def test_an_amount_stays_within_its_type_and_may_be_unknown() -> None:
    whole = relation(
        "r(*id: integer, qty: integer, price: decimal(8, 2), total: decimal(4, 1)?, birth_date: date, age: smallint)"
    )
    with populate(whole, rows=2_000) as rows:
        assert check(rows, whole)
        most, unknown, wrong, old = rows.connection.execute(
            "SELECT max(total), avg((total IS NULL)::INTEGER), count(*) FILTER (total <> least(round(price * qty, 1), 999.9)), "
            "count(*) FILTER (age <> datesub('year', birth_date, DATE '2025-01-01')) FROM r"
        ).fetchall()[0]
    assert float(most) == 999.9
    assert 0.05 < unknown < 0.2
    assert wrong == old == 0


def test_an_amount_that_stands_in_a_rule_or_has_a_shape_is_its_own() -> None:
    whole = relation(
        "r(*id: integer, quantity: integer, price: decimal(8, 2), total: decimal(10, 2) unique, amount: decimal(10, 2), "
        "age: integer, born: date)\n  amount -> quantity"
    )
    with populate(whole, rows=300, shapes={"r.age": Between(30, 40)}) as rows:
        assert check(rows, whole)
        frame = rows.frame("r")
    assert frame["age"].between(30, 40).all()
