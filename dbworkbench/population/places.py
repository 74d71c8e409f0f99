"""Where the cities lie: country, region and how their postcodes look, in the order of `CITIES`; common knowledge."""

from dbworkbench.population import words
from dbworkbench.population.words import COUNTRIES, COUNTRY_CODES

__all__ = [
    "CITIES",
    "CITIES_BY_COUNTRY",
    "CODE_OF",
    "COUNTRY_OF",
    "DIGITS_OF",
    "FIRST_OF",
    "HOW_MANY",
    "POSTCODE_OF",
    "REGION_OF",
]

# after those that texts are drawn from, one each for countries without: a place is only looked for there in a country
CITIES = (*words.CITIES, "Accra", "Mexico City", "Montevideo", "Rabat", "Sao Paulo")

# city: country code, region, what its postcodes begin with and how many digits follow
_PLACES = """
Amsterdam NL North Holland 10 2; Athens GR Attica 10 3; Auckland NZ Auckland 10 2; Bangalore IN Karnataka 560 3;
Barcelona ES Catalonia 080 2; Basel CH Basel-Stadt 40 2; Beijing CN Beijing 100 3; Belgrade RS Belgrade 11 3;
Bergen NO Vestland 50 2; Berlin DE Berlin 10 3; Bern CH Bern 30 2; Bilbao ES Basque Country 480 2;
Bogota CO Bogota 110 3; Boston US Massachusetts 021 2; Bratislava SK Bratislava 81 3; Bremen DE Bremen 28 3;
Brussels BE Brussels 10 2; Bucharest RO Bucharest 01 4; Budapest HU Budapest 10 2; Buenos Aires AR Buenos Aires 10 2;
Cairo EG Cairo 11 3; Cape Town ZA Western Cape 80 2; Cardiff GB Wales CF 2; Chicago US Illinois 606 2;
Copenhagen DK Capital Region 10 2; Cordoba AR Cordoba 50 2; Dakar SN Dakar 12 3; Delhi IN Delhi 110 3;
Denver US Colorado 802 2; Dresden DE Saxony 01 3; Dublin IE Leinster D 2; Durban ZA KwaZulu-Natal 40 2;
Edinburgh GB Scotland EH 2; Florence IT Tuscany 501 2; Geneva CH Geneva 12 2; Genoa IT Liguria 161 2;
Ghent BE East Flanders 90 2; Glasgow GB Scotland G 2; Graz AT Styria 80 2; Hamburg DE Hamburg 20 3;
Hanoi VN Hanoi 10 3; Helsinki FI Uusimaa 00 3; Istanbul TR Istanbul 34 3; Izmir TR Izmir 35 3;
Jakarta ID Jakarta 10 3; Kigali RW Kigali 00 3; Krakow PL Lesser Poland 30 3; Kyoto JP Kyoto 600 4;
Lagos NG Lagos 100 3; Leipzig DE Saxony 04 3; Lima PE Lima 15 3; Linz AT Upper Austria 40 2;
Lisbon PT Lisbon 11 2; Ljubljana SI Ljubljana 10 2; London GB England SW 2; Lyon FR Auvergne-Rhone-Alpes 690 2;
Madrid ES Madrid 280 2; Malmo SE Skane 21 3; Manila PH Metro Manila 10 2; Marseille FR Provence 130 2;
Melbourne AU Victoria 30 2; Milan IT Lombardy 201 2; Montreal CA Quebec H 2; Mumbai IN Maharashtra 400 3;
Munich DE Bavaria 80 3; Nairobi KE Nairobi 00 3; Nantes FR Pays de la Loire 440 2; Naples IT Campania 801 2;
New York US New York 100 2; Nice FR Provence 060 2; Osaka JP Osaka 530 4; Oslo NO Oslo 01 2;
Ottawa CA Ontario K 2; Paris FR Ile-de-France 750 2; Perth AU Western Australia 60 2; Porto PT Porto 40 2;
Prague CZ Prague 11 3; Quito EC Pichincha 170 3; Reykjavik IS Capital Region 10 1; Riga LV Riga 10 2;
Rome IT Lazio 001 2; Rotterdam NL South Holland 30 2; Salzburg AT Salzburg 50 2; Santiago CL Santiago 83 5;
Seattle US Washington 981 2; Seoul KR Seoul 04 3; Seville ES Andalusia 410 2; Sofia BG Sofia 10 2;
Stockholm SE Stockholm 11 3; Stuttgart DE Baden-Wuerttemberg 70 3; Sydney AU New South Wales 20 2;
Tallinn EE Harju 10 3; Tokyo JP Tokyo 100 4; Toronto CA Ontario M 2; Trieste IT Friuli-Venezia Giulia 341 2;
Tunis TN Tunis 10 2; Turin IT Piedmont 101 2; Utrecht NL Utrecht 35 2; Valencia ES Valencia 460 2;
Vancouver CA British Columbia V 2; Vienna AT Vienna 10 2; Vilnius LT Vilnius 01 3; Warsaw PL Masovia 00 3;
Wellington NZ Wellington 60 2; York GB England YO 2; Zagreb HR Zagreb 10 3; Zurich CH Zurich 80 2;
Accra GH Greater Accra GA 3; Mexico City MX Mexico City 06 3; Montevideo UY Montevideo 11 3; Rabat MA Rabat-Sale-Kenitra 10 3;
Sao Paulo BR Sao Paulo 01 3
"""


def _read() -> dict[str, tuple[str, str, str, int]]:
    found: dict[str, tuple[str, str, str, int]] = {}
    for place in " ".join(_PLACES.split()).split("; "):
        city = next(name for name in CITIES if place.startswith(f"{name} "))
        code, *region, begins, digits = place[len(city) + 1 :].split(" ")
        found[city] = (code, " ".join(region), begins, int(digits))
    return found


_FOUND = _read()
_COUNTRY = dict(zip(COUNTRY_CODES, COUNTRIES, strict=True))
CODE_OF = tuple(_FOUND[city][0] for city in CITIES)
COUNTRY_OF = tuple(_COUNTRY[code] for code in CODE_OF)
REGION_OF = tuple(_FOUND[city][1] for city in CITIES)
POSTCODE_OF = tuple(_FOUND[city][2] for city in CITIES)
DIGITS_OF = tuple(_FOUND[city][3] for city in CITIES)

# the places of all cities, country by country in the order of `words.COUNTRIES`; where a country's begin, and how many
CITIES_BY_COUNTRY = tuple(at for country in COUNTRIES for at, name in enumerate(COUNTRY_OF) if name == country)
HOW_MANY = tuple(COUNTRY_OF.count(country) for country in COUNTRIES)
FIRST_OF = tuple(sum(HOW_MANY[:at]) for at in range(len(COUNTRIES)))
