"""Facts of the cities and countries that texts are made of, each in the order of `CITIES` or of `COUNTRIES`; common knowledge.

A city has its country, region, time zone and place on the globe, and how its postcodes look; a country has its codes, capital,
currency and continent, and the language that most people write there to strangers.
"""

from dbworkbench.population import words
from dbworkbench.population.words import COUNTRIES, COUNTRY_CODES

__all__ = [
    "CITIES",
    "CITIES_BY_COUNTRY",
    "CITY",
    "CITY_OF_POSTCODE",
    "CODE_OF",
    "COUNTRY",
    "COUNTRY_OF",
    "DIGITS_OF",
    "FIRST_OF",
    "HOW_MANY",
    "NATION_OF",
    "POSTCODE_OF",
]

# after those that texts are drawn from, one each for countries without: a place is only looked for there in a country
CITIES = (*words.CITIES, "Accra", "Mexico City", "Montevideo", "Rabat", "Sao Paulo")

# city: country code, region, what its postcodes begin with and how many digits follow, latitude, longitude, time zone
_PLACES = """
Amsterdam NL North Holland 10 2 52.37 4.90 Europe/Amsterdam; Athens GR Attica 10 3 37.98 23.73 Europe/Athens; Auckland NZ
Auckland 10 2 -36.85 174.76 Pacific/Auckland; Bangalore IN Karnataka 560 3 12.97 77.59 Asia/Kolkata; Barcelona ES
Catalonia 080 2 41.39 2.17 Europe/Madrid; Basel CH Basel-Stadt 40 2 47.56 7.59 Europe/Zurich; Beijing CN Beijing 100 3
39.90 116.41 Asia/Shanghai; Belgrade RS Belgrade 11 3 44.79 20.45 Europe/Belgrade; Bergen NO Vestland 50 2 60.39 5.32
Europe/Oslo; Berlin DE Berlin 10 3 52.52 13.40 Europe/Berlin; Bern CH Bern 30 2 46.95 7.45 Europe/Zurich; Bilbao ES Basque
Country 480 2 43.26 -2.93 Europe/Madrid; Bogota CO Bogota 110 3 4.71 -74.07 America/Bogota; Boston US Massachusetts 021 2
42.36 -71.06 America/New_York; Bratislava SK Bratislava 81 3 48.15 17.11 Europe/Bratislava; Bremen DE Bremen 28 3 53.08
8.80 Europe/Berlin; Brussels BE Brussels 10 2 50.85 4.35 Europe/Brussels; Bucharest RO Bucharest 01 4 44.43 26.10
Europe/Bucharest; Budapest HU Budapest 10 2 47.50 19.04 Europe/Budapest; Buenos Aires AR Buenos Aires 10 2 -34.60 -58.38
America/Argentina/Buenos_Aires; Cairo EG Cairo 11 3 30.04 31.24 Africa/Cairo; Cape Town ZA Western Cape 80 2 -33.92 18.42
Africa/Johannesburg; Cardiff GB Wales CF 2 51.48 -3.18 Europe/London; Chicago US Illinois 606 2 41.88 -87.63
America/Chicago; Copenhagen DK Hovedstaden 10 2 55.68 12.57 Europe/Copenhagen; Cordoba AR Cordoba 50 2 -31.42 -64.18
America/Argentina/Cordoba; Dakar SN Dakar 12 3 14.72 -17.47 Africa/Dakar; Delhi IN Delhi 110 3 28.61 77.21 Asia/Kolkata;
Denver US Colorado 802 2 39.74 -104.99 America/Denver; Dresden DE Saxony 01 3 51.05 13.74 Europe/Berlin; Dublin IE
Leinster D 2 53.35 -6.26 Europe/Dublin; Durban ZA KwaZulu-Natal 40 2 -29.86 31.02 Africa/Johannesburg; Edinburgh GB
Scotland EH 2 55.95 -3.19 Europe/London; Florence IT Tuscany 501 2 43.77 11.26 Europe/Rome; Geneva CH Geneva 12 2 46.20
6.14 Europe/Zurich; Genoa IT Liguria 161 2 44.41 8.93 Europe/Rome; Ghent BE East Flanders 90 2 51.05 3.73 Europe/Brussels;
Glasgow GB Scotland G 2 55.86 -4.25 Europe/London; Graz AT Styria 80 2 47.07 15.44 Europe/Vienna; Hamburg DE Hamburg 20 3
53.55 9.99 Europe/Berlin; Hanoi VN Hanoi 10 3 21.03 105.85 Asia/Ho_Chi_Minh; Helsinki FI Uusimaa 00 3 60.17 24.94
Europe/Helsinki; Istanbul TR Istanbul 34 3 41.01 28.98 Europe/Istanbul; Izmir TR Izmir 35 3 38.42 27.14 Europe/Istanbul;
Jakarta ID Jakarta 10 3 -6.21 106.85 Asia/Jakarta; Kigali RW Kigali 00 3 -1.94 30.06 Africa/Kigali; Krakow PL Lesser
Poland 30 3 50.06 19.94 Europe/Warsaw; Kyoto JP Kyoto 600 4 35.01 135.77 Asia/Tokyo; Lagos NG Lagos 100 3 6.52 3.38
Africa/Lagos; Leipzig DE Saxony 04 3 51.34 12.37 Europe/Berlin; Lima PE Lima 15 3 -12.05 -77.04 America/Lima; Linz AT
Upper Austria 40 2 48.31 14.29 Europe/Vienna; Lisbon PT Lisbon 11 2 38.72 -9.14 Europe/Lisbon; Ljubljana SI Ljubljana 10 2
46.06 14.51 Europe/Ljubljana; London GB England SW 2 51.51 -0.13 Europe/London; Lyon FR Auvergne-Rhone-Alpes 690 2 45.76
4.84 Europe/Paris; Madrid ES Madrid 280 2 40.42 -3.70 Europe/Madrid; Malmo SE Skane 21 3 55.60 13.00 Europe/Stockholm;
Manila PH Metro Manila 10 2 14.60 120.98 Asia/Manila; Marseille FR Provence 130 2 43.30 5.37 Europe/Paris; Melbourne AU
Victoria 30 2 -37.81 144.96 Australia/Melbourne; Milan IT Lombardy 201 2 45.46 9.19 Europe/Rome; Montreal CA Quebec H 2
45.50 -73.57 America/Toronto; Mumbai IN Maharashtra 400 3 19.08 72.88 Asia/Kolkata; Munich DE Bavaria 80 3 48.14 11.58
Europe/Berlin; Nairobi KE Nairobi 00 3 -1.29 36.82 Africa/Nairobi; Nantes FR Pays de la Loire 440 2 47.22 -1.55
Europe/Paris; Naples IT Campania 801 2 40.85 14.27 Europe/Rome; New York US New York 100 2 40.71 -74.01 America/New_York;
Nice FR Provence 060 2 43.71 7.26 Europe/Paris; Osaka JP Osaka 530 4 34.69 135.50 Asia/Tokyo; Oslo NO Oslo 01 2 59.91
10.75 Europe/Oslo; Ottawa CA Ontario K 2 45.42 -75.70 America/Toronto; Paris FR Ile-de-France 750 2 48.86 2.35
Europe/Paris; Perth AU Western Australia 60 2 -31.95 115.86 Australia/Perth; Porto PT Porto 40 2 41.15 -8.61
Europe/Lisbon; Prague CZ Prague 11 3 50.08 14.44 Europe/Prague; Quito EC Pichincha 170 3 -0.18 -78.47 America/Guayaquil;
Reykjavik IS Capital Region 10 1 64.15 -21.94 Atlantic/Reykjavik; Riga LV Riga 10 2 56.95 24.11 Europe/Riga; Rome IT Lazio
001 2 41.90 12.50 Europe/Rome; Rotterdam NL South Holland 30 2 51.92 4.48 Europe/Amsterdam; Salzburg AT Salzburg 50 2
47.81 13.06 Europe/Vienna; Santiago CL Santiago 83 5 -33.45 -70.67 America/Santiago; Seattle US Washington 981 2 47.61
-122.33 America/Los_Angeles; Seoul KR Seoul 04 3 37.57 126.98 Asia/Seoul; Seville ES Andalusia 410 2 37.39 -5.98
Europe/Madrid; Sofia BG Sofia 10 2 42.70 23.32 Europe/Sofia; Stockholm SE Stockholm 11 3 59.33 18.07 Europe/Stockholm;
Stuttgart DE Baden-Wuerttemberg 70 3 48.78 9.18 Europe/Berlin; Sydney AU New South Wales 20 2 -33.87 151.21
Australia/Sydney; Tallinn EE Harju 10 3 59.44 24.75 Europe/Tallinn; Tokyo JP Tokyo 100 4 35.68 139.69 Asia/Tokyo; Toronto
CA Ontario M 2 43.65 -79.38 America/Toronto; Trieste IT Friuli-Venezia Giulia 341 2 45.65 13.78 Europe/Rome; Tunis TN
Tunis 10 2 36.81 10.18 Africa/Tunis; Turin IT Piedmont 101 2 45.07 7.69 Europe/Rome; Utrecht NL Utrecht 35 2 52.09 5.12
Europe/Amsterdam; Valencia ES Valencia 460 2 39.47 -0.38 Europe/Madrid; Vancouver CA British Columbia V 2 49.28 -123.12
America/Vancouver; Vienna AT Vienna 10 2 48.21 16.37 Europe/Vienna; Vilnius LT Vilnius 01 3 54.69 25.28 Europe/Vilnius;
Warsaw PL Masovia 00 3 52.23 21.01 Europe/Warsaw; Wellington NZ Wellington 60 2 -41.29 174.78 Pacific/Auckland; York GB
England YO 2 53.96 -1.08 Europe/London; Zagreb HR Zagreb 10 3 45.81 15.98 Europe/Zagreb; Zurich CH Zurich 80 2 47.37 8.54
Europe/Zurich; Accra GH Greater Accra GA 3 5.60 -0.19 Africa/Accra; Mexico City MX Mexico City 06 3 19.43 -99.13
America/Mexico_City; Montevideo UY Montevideo 11 3 -34.90 -56.16 America/Montevideo; Rabat MA Rabat-Sale-Kenitra 10 3
34.02 -6.84 Africa/Casablanca; Sao Paulo BR Sao Paulo 01 3 -23.55 -46.63 America/Sao_Paulo
"""

# country code: code of three letters, currency, language, calling code, continent, capital
_NATIONS = """
AR ARG ARS Spanish 54 South America, Buenos Aires; AU AUS AUD English 61 Oceania, Canberra; AT AUT EUR German 43 Europe,
Vienna; BE BEL EUR Dutch 32 Europe, Brussels; BR BRA BRL Portuguese 55 South America, Brasilia; BG BGR EUR Bulgarian 359
Europe, Sofia; CA CAN CAD English 1 North America, Ottawa; CL CHL CLP Spanish 56 South America, Santiago; CN CHN CNY
Chinese 86 Asia, Beijing; CO COL COP Spanish 57 South America, Bogota; HR HRV EUR Croatian 385 Europe, Zagreb; CZ CZE CZK
Czech 420 Europe, Prague; DK DNK DKK Danish 45 Europe, Copenhagen; EC ECU USD Spanish 593 South America, Quito; EG EGY EGP
Arabic 20 Africa, Cairo; EE EST EUR Estonian 372 Europe, Tallinn; FI FIN EUR Finnish 358 Europe, Helsinki; FR FRA EUR
French 33 Europe, Paris; DE DEU EUR German 49 Europe, Berlin; GH GHA GHS English 233 Africa, Accra; GR GRC EUR Greek 30
Europe, Athens; HU HUN HUF Hungarian 36 Europe, Budapest; IS ISL ISK Icelandic 354 Europe, Reykjavik; IN IND INR Hindi 91
Asia, New Delhi; ID IDN IDR Indonesian 62 Asia, Jakarta; IE IRL EUR English 353 Europe, Dublin; IT ITA EUR Italian 39
Europe, Rome; JP JPN JPY Japanese 81 Asia, Tokyo; KE KEN KES English 254 Africa, Nairobi; LV LVA EUR Latvian 371 Europe,
Riga; LT LTU EUR Lithuanian 370 Europe, Vilnius; MX MEX MXN Spanish 52 North America, Mexico City; MA MAR MAD Arabic 212
Africa, Rabat; NL NLD EUR Dutch 31 Europe, Amsterdam; NZ NZL NZD English 64 Oceania, Wellington; NG NGA NGN English 234
Africa, Abuja; NO NOR NOK Norwegian 47 Europe, Oslo; PE PER PEN Spanish 51 South America, Lima; PH PHL PHP Filipino 63
Asia, Manila; PL POL PLN Polish 48 Europe, Warsaw; PT PRT EUR Portuguese 351 Europe, Lisbon; RO ROU RON Romanian 40
Europe, Bucharest; RW RWA RWF Kinyarwanda 250 Africa, Kigali; SN SEN XOF French 221 Africa, Dakar; RS SRB RSD Serbian 381
Europe, Belgrade; SK SVK EUR Slovak 421 Europe, Bratislava; SI SVN EUR Slovenian 386 Europe, Ljubljana; ZA ZAF ZAR English
27 Africa, Pretoria; KR KOR KRW Korean 82 Asia, Seoul; ES ESP EUR Spanish 34 Europe, Madrid; SE SWE SEK Swedish 46 Europe,
Stockholm; CH CHE CHF German 41 Europe, Bern; TN TUN TND Arabic 216 Africa, Tunis; TR TUR TRY Turkish 90 Asia, Ankara; GB
GBR GBP English 44 Europe, London; US USA USD English 1 North America, Washington; UY URY UYU Spanish 598 South America,
Montevideo; VN VNM VND Vietnamese 84 Asia, Hanoi
"""


def _read() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for place in " ".join(_PLACES.split()).split("; "):
        city = next(name for name in CITIES if place.startswith(f"{name} "))
        code, *region, begins, digits, north, east, zone = place[len(city) + 1 :].split(" ")
        found[city] = (code, " ".join(region), begins, digits, north, east, zone)
    return found


def _nations() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for nation in " ".join(_NATIONS.split()).split("; "):
        said, capital = nation.split(", ")
        code, three, currency, language, calling, continent = said.split(" ", 5)
        found[code] = (three, currency, language, f"+{calling}", continent, capital)
    return found


_FOUND, _NATION = _read(), _nations()
_COUNTRY = dict(zip(COUNTRY_CODES, COUNTRIES, strict=True))
CODE_OF = tuple(_FOUND[city][0] for city in CITIES)
COUNTRY_OF = tuple(_COUNTRY[code] for code in CODE_OF)
POSTCODE_OF = tuple(_FOUND[city][2] for city in CITIES)
DIGITS_OF = tuple(int(_FOUND[city][3]) for city in CITIES)

# what a city tells, and what a country does, by kind
CITY = {
    kind: tuple(_FOUND[city][at] for city in CITIES)
    for kind, at in (("region", 1), ("latitude", 4), ("longitude", 5), ("time zone", 6))
}
COUNTRY = {"country": COUNTRIES, "country code": COUNTRY_CODES} | {
    kind: tuple(_NATION[code][at] for code in COUNTRY_CODES)
    for at, kind in enumerate(("country code of three", "currency", "language", "calling code", "continent", "capital"))
}
NATION_OF = tuple(COUNTRY_CODES.index(code) for code in CODE_OF)

# the places of all cities, country by country in the order of `words.COUNTRIES`; where a country's begin, and how many
CITIES_BY_COUNTRY = tuple(at for country in COUNTRIES for at, name in enumerate(COUNTRY_OF) if name == country)
HOW_MANY = tuple(COUNTRY_OF.count(country) for country in COUNTRIES)
FIRST_OF = tuple(sum(HOW_MANY[:at]) for at in range(len(COUNTRIES)))

# what a postcode begins with, but for its last two digits, and the place of the city that it is of: one for each beginning
CITY_OF_POSTCODE = dict(
    reversed(
        [
            (begins + "0" * (digits - 2), at)
            for at, (begins, digits) in enumerate(zip(POSTCODE_OF, DIGITS_OF, strict=True))
            if digits >= 2 and at < len(words.CITIES)
        ]
    )
)
