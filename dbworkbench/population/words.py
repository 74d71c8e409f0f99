"""Words that populated rows are made of: small lists of our own, plain ASCII, invented or common knowledge."""

__all__ = [
    "ACCOUNTS",
    "ADJECTIVES",
    "AIRLINES",
    "BLOOD_TYPES",
    "CATEGORIES",
    "CHANNELS",
    "CITIES",
    "CLUBS",
    "COLOURS",
    "COMPANY_FORMS",
    "CONDITIONS",
    "COUNTRIES",
    "COUNTRY_CODES",
    "COURSES",
    "CURRENCIES",
    "DEPARTMENTS",
    "DIAGNOSES",
    "DID",
    "DOORS",
    "DOSES",
    "FEMALE",
    "FILES",
    "FIRST",
    "FREQUENCIES",
    "GENDERS",
    "GENRES",
    "INDUSTRIES",
    "INGREDIENTS",
    "JOBS",
    "LANGUAGES",
    "LAST",
    "LEVELS",
    "LOCALES",
    "MAIL_HOSTS",
    "MARKS",
    "MATTERS",
    "MEDIA",
    "MEDIA_TYPES",
    "MEDICINES",
    "NEUTRAL",
    "PAYMENTS",
    "PRODUCTS",
    "PRODUCTS_OF",
    "PURPOSES",
    "QUALITIES",
    "QUARTERS",
    "REGIONS",
    "RESULTS",
    "ROLES",
    "SALUTATIONS",
    "SEASONS",
    "SIZES",
    "SOURCES",
    "SPECIALTIES",
    "STAGES",
    "STATED",
    "STATES",
    "STREETS",
    "STREET_KINDS",
    "SUBJECTS",
    "TAGS",
    "TASKS",
    "TOPICS",
    "TRANSACTIONS",
    "UNITS",
    "VISIBILITIES",
    "WEEKDAYS",
    "WHAT",
    "WHEN",
    "WHO",
    "YEARS",
]


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
# first names of women, and those that do not say; all others are of men
FEMALE = frozenset(
    _words(
        """Ada Aisha Alba Ana Anna Astrid Bianca Carla Chloe Clara Dana Dina Elena Elif Emma Esther Eva Fatima Fiona Frida Grace
    Greta Hana Ida Ines Jana Julia Katya Laura Lea Leila Lina Maja Maria Marta Mei Mia Mila Nadia Naomi Nina Nora Olga Petra
    Priya Rania Rosa Sara Sofia Vera Yara Zoe"""
    )
)
NEUTRAL = frozenset(("Chen", "Kai", "Sam", "Wei"))
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
# what is sold under each of the categories; the first one that names a product is its own
PRODUCTS_OF = {
    "Furniture": "Chair Table Shelf Desk Sofa Clock Vase Rug Curtain",
    "Lighting": "Lamp",
    "Kitchen": "Kettle Toaster Blender Pan Pot Knife Fork Spoon Plate Bowl Cup Mug Bottle",
    "Garden": "Bucket Broom",
    "Clothing": "Wallet Belt Scarf Glove Hat Jacket Shirt Sweater Sock",
    "Shoes": "Shoe Boot Sandal",
    "Sports": "Bicycle Helmet",
    "Outdoor": "Tent Rope Torch Compass",
    "Office": "Notebook Pencil Pen Stapler Folder",
    "Electronics": "Printer Monitor Keyboard Mouse Speaker Headset Camera Tripod Charger Cable Battery",
    "Toys": "Bicycle Helmet",
    "Books": "Notebook Pencil",
    "Music": "Speaker Headset",
    "Tools": "Drill Hammer Saw Wrench Ladder",
    "Bathroom": "Mirror Bucket Rug",
    "Bedroom": "Bed Pillow Blanket",
    "Pets": "Blanket Bowl Rope",
    "Travel": "Backpack Wallet Bottle",
    "Health": "Pillow Bottle Bed",
    "Groceries": "Bottle Cup Bowl",
}
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
# the states that a thing of each kind goes through, the usual ones first
STATES = {
    "usual": ("active", "pending", "inactive", "archived"),
    "order": ("open", "paid", "shipped", "delivered", "returned", "cancelled"),
    "invoice": ("paid", "sent", "overdue", "draft", "cancelled"),
    "ticket": ("closed", "open", "in progress", "waiting", "resolved"),
    "task": ("done", "in progress", "planned", "blocked", "cancelled"),
    "payment": ("completed", "pending", "failed", "refunded"),
    "delivery": ("delivered", "in transit", "preparing", "returned"),
    "booking": ("confirmed", "completed", "requested", "cancelled", "no show"),
    "text": ("published", "draft", "in review", "archived"),
    "loan": ("returned", "active", "overdue", "lost"),
    "trip": ("arrived", "scheduled", "departed", "delayed", "cancelled"),
    "application": ("received", "in review", "interview", "rejected", "accepted"),
    "attendance": ("present", "absent", "late", "excused"),
    "run": ("success", "failed", "running", "queued"),
    "change": ("merged", "open", "closed"),
    "machine": ("available", "in use", "maintenance", "retired"),
}
# which things have which states
STATED = {
    "order": "order sale purchase cart basket line item return fulfilment fulfillment",
    "invoice": "invoice bill quote offer",
    "ticket": "ticket issue bug incident complaint claim question",
    "task": "task todo project milestone sprint step campaign event",
    "attendance": "attendance presence",
    "run": "run build pipeline deployment backup job import export",
    "change": "merge pull patch",
    "payment": "payment transaction transfer refund charge",
    "delivery": "shipment delivery parcel package consignment",
    "booking": "booking reservation appointment visit consultation session",
    "text": "post page article comment review topic document report story news blog",
    "loan": "loan rental lending checkout borrowing",
    "trip": "flight trip journey ride voyage",
    "application": "application applicant candidate enrolment enrollment admission",
    "machine": "machine device vehicle car room bed copy seat table equipment asset",
}
PAYMENTS = ("card", "invoice", "transfer", "cash", "voucher")
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "PLN", "JPY", "CAD")
LEVELS = ("low", "medium", "high", "urgent")
SIZES = ("XS", "S", "M", "L", "XL", "XXL")
GENDERS = ("female", "male", "diverse")
UNITS = ("piece", "kg", "g", "l", "ml", "m", "box", "pair")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
AIRLINES = _words("Albatross Condorette Heron Kestrel Merlin Osprey Petrel Plover Skylark Starling Swallow Tern")
MAIL_HOSTS = ("example.com", "example.org", "example.net")
TOPICS = _words("Secret Silent Hidden Golden Broken Distant Frozen Endless Burning Forgotten Quiet Last First Lost")
SALUTATIONS = ("Ms.", "Mr.", "Dr.", "Prof.")
DOORS = ("Apartment", "Suite", "Floor", "Building")
QUARTERS = ("Centre", "North", "South", "East", "West", "Old Town", "Harbour", "Station", "Airport", "University")
CLUBS = ("United", "City", "Rovers", "Wanderers", "Athletic", "Rangers", "Lions", "Falcons")
GENRES = ("Rock", "Jazz", "Pop", "Classical", "Drama", "Comedy", "Folk", "Thriller", "Fantasy", "Documentary", "Blues")
SPECIALTIES = _phrases(
    """Cardiology, Neurology, Paediatrics, Surgery, Radiology, Oncology, Dermatology, Orthopaedics, Psychiatry, Urology,
    Ophthalmology, Anaesthesiology, Internal Medicine, Emergency Medicine"""
)
DIAGNOSES = _phrases(
    """Hypertension, Asthma, Migraine, Influenza, Type 2 diabetes, Bronchitis, Anaemia, Gastritis, Sinusitis, Arthritis,
    Back pain, Allergic rhinitis, Pneumonia, Sprained ankle, Fractured wrist, Tonsillitis, Eczema, Insomnia"""
)
MEDICINES = _words(
    """Ibuprofen Paracetamol Amoxicillin Metformin Aspirin Omeprazole Atorvastatin Amlodipine Cetirizine Salbutamol
    Prednisolone Lisinopril Ramipril Simvastatin Diclofenac Doxycycline"""
)
DOSES = ("5 mg", "10 mg", "20 mg", "50 mg", "100 mg", "250 mg", "400 mg", "500 mg")
ROLES = ("member", "editor", "viewer", "admin", "owner", "moderator", "guest")
TAGS = (
    "new",
    "popular",
    "sale",
    "beginner",
    "archive",
    "featured",
    "seasonal",
    "local",
    "limited",
    "how-to",
    "summary",
)
ACCOUNTS = ("checking", "savings", "business", "joint", "student")
TRANSACTIONS = ("transfer", "card payment", "deposit", "withdrawal", "direct debit", "fee", "interest")
MEDIA = ("audio", "video", "image", "text", "presentation")
FILES = ("pdf", "png", "jpg", "txt", "csv", "xlsx", "docx")
TASKS = _words("Update Review Prepare Check Improve Discuss Plan Replace Test Document Simplify Translate Fix Announce")
MATTERS = _phrases(
    """budget, login page, release notes, price list, onboarding guide, search results, weekly report, contact form,
    training schedule, supplier contract, backup plan, product page, survey, newsletter, checkout, stock count, import,
    room plan, annual report, style guide, mobile view, billing address, meeting notes, data export"""
)
QUALITIES = _words("practical reliable comfortable handy affordable versatile popular accessible balanced thoughtful")
PURPOSES = _phrases(
    """made for daily use, suited to small groups, with clear instructions, for beginners and experts, for home and office,
    easy to maintain, with room to grow, for the whole family, ready within a day, well liked by regulars,
    for the colder months, in a limited edition"""
)
WHO = _phrases(
    """Customer, Support, Our office, The supplier, Accounting, The warehouse, The driver, Reception, The manager,
    The applicant, A colleague, The branch, The sales team, A visitor"""
)
DID = _phrases(
    """asked for, confirmed, received, sent, checked, approved, questioned, returned, prepared, corrected, discussed,
    forwarded, signed, requested a copy of"""
)
WHAT = _phrases(
    """the invoice, a second offer, the schedule, the delivery, an update, the contract, the order, the documents,
    a refund, the address, the quantities, the quotation, a replacement, the price, the appointment, the form,
    the agreement, the photos, the deadline, the report, a receipt, the summary, the list of items, the details"""
)
WHEN = _phrases(
    """today, yesterday, last week, this morning, by phone, by e-mail, on Monday, on Tuesday, on Wednesday, on Thursday,
    on Friday, in person, after the meeting, before noon, without comment, as agreed, at short notice, once more,
    in the afternoon, with thanks"""
)
LOCALES = ("en", "de", "fr", "es", "it", "nl", "pl", "sv", "da", "pt", "tr", "ja")
MARKS = ("A", "B", "C", "D", "E", "F")
SEASONS = ("Spring", "Autumn")
YEARS = tuple(str(year) for year in range(2015, 2026))
RESULTS = ("normal", "negative", "positive", "elevated", "low", "unclear")
FREQUENCIES = ("daily", "weekly", "twice a day", "monthly", "every other day", "yearly", "as needed")
BLOOD_TYPES = ("O+", "A+", "B+", "AB+", "O-", "A-", "B-", "AB-")
CONDITIONS = ("good", "new", "fair", "worn", "damaged")
VISIBILITIES = ("public", "private", "internal")
CHANNELS = ("online", "mobile", "branch", "phone", "post")
SOURCES = ("website", "referral", "event", "advert", "partner", "newsletter")
STAGES = ("prospecting", "qualified", "proposal", "negotiation", "won", "lost")
INDUSTRIES = _phrases(
    "Manufacturing, Retail, Finance, Health Care, Education, Energy, Transport, Media, Construction, Software, Tourism"
)
INGREDIENTS = ("milk", "eggs", "peanuts", "wheat", "soy", "fish", "pollen", "penicillin", "latex", "honey", "celery")
MEDIA_TYPES = ("image/png", "image/jpeg", "application/pdf", "text/plain", "text/html", "video/mp4", "audio/mpeg")
