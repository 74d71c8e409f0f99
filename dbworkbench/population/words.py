"""Words that populated rows are made of: small lists of our own, plain ASCII, invented or common knowledge."""

__all__ = [
    "ADJECTIVES", "AIRLINES", "CATEGORIES", "CITIES", "COLOURS", "COMPANY_FORMS", "COUNTRIES", "COUNTRY_CODES",
    "COURSES", "CURRENCIES", "DEPARTMENTS", "FIRST", "GENDERS", "JOBS", "LANGUAGES", "LAST", "LEVELS", "MAIL_HOSTS",
    "PAYMENTS", "PRODUCTS", "REGIONS", "SIZES", "STATUSES", "STREETS", "STREET_KINDS", "SUBJECTS", "TOPICS", "UNITS",
    "VERBS", "WEEKDAYS",
]  # fmt: skip


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split(",") if phrase.strip())


FIRST = _words(
    """Ada Adam Aisha Alba Amir Ana Andrei Anna Arjun Astrid Ben Bianca Carla Carlos Chen Chloe Clara Daan Dana Daniel
    David Dina Diego Elena Elif Elias Emil Emma Erik Esther Eva Farid Fatima Felix Fiona Frida Gabriel Grace Greta Hana
    Hassan Hugo Ida Ines Ivan Jakob James Jan Jana Jonas Joao Julia Kai Karim Katya Kofi Lars Laura Lea Leila Leo
    Lina Lucas Luis Maja Malik Marco Maria Marta Mei Mia Mila Milan Nadia Naomi Nils Nina Noah Nora Olga Oliver Omar
    Oscar Paul Petra Priya Rania Ravi Rosa Sam Sara Sofia Soren Tariq Theo Tomas Vera Victor Wei Yara Yusuf Zoe"""
)
LAST = _words(
    """Abbott Adeyemi Ahmed Almeida Andersen Arslan Bakker Banerjee Becker Bennett Berg Bianchi Blanc Bosch Brandt Brown
    Carter Castro Chen Clarke Cohen Costa Cruz Dahl Danso Das Diaz Dubois Dvorak Eriksen Evans Farah Fernandez Ferrari
    Fischer Flores Fontaine Foster Garcia Ghosh Gomez Gruber Gupta Haddad Hall Hansen Haas Hoffman Horvat Hughes Huber
    Ibrahim Ivanova Jansen Jensen Johnson Kaya Keller Khan Kim Klein Kovacs Kowalski Kumar Lang Larsen Lee Lehmann Li
    Lindgren Lopez Maier Marino Martin Mendes Meyer Miller Mori Moreau Morgan Mueller Murphy Nagy Nakamura Nielsen Novak
    Okafor Oliveira Olsen Osei Patel Pereira Perez Petrov Popescu Quinn Ramos Reyes Ricci Roberts Rossi Roux Ruiz Russo
    Sato Schmidt Schneider Shah Silva Singh Smith Sousa Stein Suzuki Tanaka Taylor Torres Tran Turner Varga Vogel Wagner
    Walker Wang Weber White Wilson Wolf Wood Wright Yilmaz Young Zhang Zimmer"""
)
CITIES = _phrases(
    """Amsterdam, Athens, Auckland, Bangalore, Barcelona, Basel, Beijing, Belgrade, Bergen, Berlin, Bern, Bilbao, Bogota,
    Boston, Bratislava, Bremen, Brussels, Bucharest, Budapest, Buenos Aires, Cairo, Cape Town, Cardiff, Chicago,
    Copenhagen, Cordoba, Dakar, Delhi, Denver, Dresden, Dublin, Durban, Edinburgh, Florence, Geneva, Genoa, Ghent,
    Glasgow, Graz, Hamburg, Hanoi, Helsinki, Istanbul, Izmir, Jakarta, Kigali, Krakow, Kyoto, Lagos, Leipzig, Lima,
    Linz, Lisbon, Ljubljana, London, Lyon, Madrid, Malmo, Manila, Marseille, Melbourne, Milan, Montreal, Mumbai, Munich,
    Nairobi, Nantes, Naples, New York, Nice, Osaka, Oslo, Ottawa, Paris, Perth, Porto, Prague, Quito, Reykjavik, Riga,
    Rome, Rotterdam, Salzburg, Santiago, Seattle, Seoul, Seville, Sofia, Stockholm, Stuttgart, Sydney, Tallinn, Tokyo,
    Toronto, Trieste, Tunis, Turin, Utrecht, Valencia, Vancouver, Vienna, Vilnius, Warsaw, Wellington, York, Zagreb,
    Zurich"""
)
COUNTRIES = _phrases(
    """Argentina, Australia, Austria, Belgium, Brazil, Bulgaria, Canada, Chile, China, Colombia, Croatia, Czechia,
    Denmark, Ecuador, Egypt, Estonia, Finland, France, Germany, Ghana, Greece, Hungary, Iceland, India, Indonesia,
    Ireland, Italy, Japan, Kenya, Latvia, Lithuania, Mexico, Morocco, Netherlands, New Zealand, Nigeria, Norway, Peru,
    Philippines, Poland, Portugal, Romania, Rwanda, Senegal, Serbia, Slovakia, Slovenia, South Africa, South Korea,
    Spain, Sweden, Switzerland, Tunisia, Turkey, United Kingdom, United States, Uruguay, Vietnam"""
)
COUNTRY_CODES = _words(
    """AR AU AT BE BR BG CA CL CN CO HR CZ DK EC EG EE FI FR DE GH GR HU IS IN ID IE IT JP KE LV LT MX MA NL NZ NG NO PE
    PH PL PT RO RW SN RS SK SI ZA KR ES SE CH TN TR GB US UY VN"""
)
STREETS = _words(
    """Oak Elm Maple Cedar Birch Willow Lime Chestnut Station Church School Mill Market Bridge Garden Park River Lake
    Hill Forest Meadow Castle Tower Harbour Spring Summer Winter North South East West King Queen Bishop Abbey Rose Lily
    Fountain Library Museum Orchard Vineyard Quarry Canal Ferry Lantern Mason Potter Weaver Cooper Baker"""
)
STREET_KINDS = ("Street", "Road", "Lane", "Avenue", "Square", "Way")
PRODUCTS = _words(
    """Chair Table Lamp Shelf Desk Sofa Bed Mirror Clock Vase Rug Curtain Pillow Blanket Kettle Toaster Blender Pan Pot
    Knife Fork Spoon Plate Bowl Cup Mug Bottle Backpack Wallet Belt Scarf Glove Hat Jacket Shirt Sweater Sock Shoe Boot
    Sandal Bicycle Helmet Tent Rope Torch Compass Notebook Pencil Pen Stapler Folder Printer Monitor Keyboard Mouse
    Speaker Headset Camera Tripod Charger Cable Battery Drill Hammer Saw Wrench Ladder Bucket Broom"""
)
ADJECTIVES = _words(
    """Classic Compact Cosy Deluxe Durable Elegant Essential Folding Handmade Heavy Light Modern Natural Organic
    Portable Premium Quiet Robust Round Rustic Simple Sleek Slim Smart Soft Solid Sturdy Urban Vintage Woven"""
)
COLOURS = _words(
    "black white grey silver red orange yellow green teal blue navy purple pink brown beige gold olive turquoise ivory"
)
CATEGORIES = _phrases(
    """Furniture, Lighting, Kitchen, Garden, Clothing, Shoes, Sports, Outdoor, Office, Electronics, Toys, Books, Music,
    Tools, Bathroom, Bedroom, Pets, Travel, Health, Groceries"""
)
COMPANY_FORMS = ("Ltd", "GmbH", "Inc", "SA", "AB", "BV", "& Sons", "Group")
DEPARTMENTS = _phrases(
    """Sales, Marketing, Finance, Research, Production, Purchasing, Logistics, Support, Legal, Human Resources, Quality,
    Design, Engineering, Security, Facilities, Training"""
)
SUBJECTS = _phrases(
    """Databases, Algorithms, Statistics, Calculus, Logic, Networks, Compilers, Graphics, Robotics, Optics, Mechanics,
    Chemistry, Genetics, Ecology, History, Philosophy, Economics, Law, Linguistics, Music Theory"""
)
COURSES = ("Introduction to", "Advanced", "Applied", "Topics in", "Foundations of", "Seminar on")
JOBS = _phrases(
    """analyst, engineer, clerk, manager, designer, technician, driver, nurse, teacher, accountant, buyer, developer,
    consultant, assistant, planner, inspector"""
)
LANGUAGES = _words(
    "English German French Spanish Italian Dutch Polish Swedish Danish Greek Turkish Arabic Hindi Japanese Korean"
)
REGIONS = ("North", "South", "East", "West", "Central", "Coast", "Highlands", "Islands")
STATUSES = ("open", "paid", "shipped", "delivered", "returned", "cancelled")
PAYMENTS = ("card", "invoice", "transfer", "cash", "voucher")
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "PLN", "JPY", "CAD")
LEVELS = ("low", "medium", "high", "urgent")
SIZES = ("XS", "S", "M", "L", "XL", "XXL")
GENDERS = ("female", "male", "diverse")
UNITS = ("piece", "kg", "g", "l", "ml", "m", "box", "pair")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
AIRLINES = _words("Albatross Condorette Heron Kestrel Merlin Osprey Petrel Plover Skylark Starling Swallow Tern")
MAIL_HOSTS = ("example.com", "example.org", "example.net")
VERBS = _words("sees finds builds carries paints repairs counts opens keeps brings writes moves draws follows")
TOPICS = _words("Secret Silent Hidden Golden Broken Distant Frozen Endless Burning Forgotten Quiet Last First Lost")
