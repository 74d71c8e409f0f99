"""The TPC-H benchmark's eight tables, by its published distributions: keys, dates, prices and words as it defines them.

Reference: TPC Benchmark H, Standard Specification, revision 3, clauses 1.4 (the relations) and 4.2 (their rows). The
rows are not those of the TPC's own program, which draws them from a sequence: here each is a function of its number
(see `numbers`), so answers have the published sizes and shares but not its published values. Comments are words in a
row, without the specification's grammar, with the phrases in them that its questions look for.
"""

from dbworkbench.data.tables import Tables
from dbworkbench.errors import DesignError
from dbworkbench.population.coding import texts, whole_numbers
from dbworkbench.population.numbers import below, constant, hashed

__all__ = ["tpch"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_COLOURS = _words(
    """almond antique aquamarine azure beige bisque black blanched blue blush brown burlywood burnished chartreuse
    chiffon chocolate coral cornflower cornsilk cream cyan dark deep dim dodger drab firebrick floral forest
    frosted gainsboro ghost goldenrod green grey honeydew hot indian ivory khaki lace lavender lawn lemon light
    lime linen magenta maroon medium metallic midnight mint misty moccasin navajo navy olive orange orchid pale
    papaya peach peru pink plum powder puff purple red rose rosy royal saddle salmon sandy seashell sienna sky
    slate smoke snow spring steel tan thistle tomato turquoise violet wheat white yellow"""
)
_KINDS = tuple(
    f"{one} {two} {three}"
    for one in ("STANDARD", "SMALL", "MEDIUM", "LARGE", "ECONOMY", "PROMO")
    for two in ("ANODIZED", "BURNISHED", "PLATED", "POLISHED", "BRUSHED")
    for three in ("TIN", "NICKEL", "BRASS", "STEEL", "COPPER")
)
_CONTAINERS = tuple(
    f"{one} {two}"
    for one in ("SM", "LG", "MED", "JUMBO", "WRAP")
    for two in ("CASE", "BOX", "BAG", "JAR", "PKG", "PACK", "CAN", "DRUM")
)
_SEGMENTS = ("AUTOMOBILE", "BUILDING", "FURNITURE", "MACHINERY", "HOUSEHOLD")
_PRIORITIES = ("1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW")
_INSTRUCTIONS = ("DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN")
_MODES = ("REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB")
_REGIONS = ("AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST")
_NATIONS = (  # and the number of the region of each
    ("ALGERIA", 0), ("ARGENTINA", 1), ("BRAZIL", 1), ("CANADA", 1), ("EGYPT", 4), ("ETHIOPIA", 0), ("FRANCE", 3),
    ("GERMANY", 3), ("INDIA", 2), ("INDONESIA", 2), ("IRAN", 4), ("IRAQ", 4), ("JAPAN", 2), ("JORDAN", 4), ("KENYA", 0),
    ("MOROCCO", 0), ("MOZAMBIQUE", 0), ("PERU", 1), ("CHINA", 2), ("ROMANIA", 3), ("SAUDI ARABIA", 4), ("VIETNAM", 2),
    ("RUSSIA", 3), ("UNITED KINGDOM", 3), ("UNITED STATES", 1),
)  # fmt: skip
_WORDS = _words(
    """accounts deposits packages theodolites ideas requests foxes pinto beans instructions dependencies excuses
    platelets asymptotes courts dolphins multipliers sauternes warthogs frets dinos attainments sleep wake
    haggle nag detect integrate maintain cajole engage affix doze snooze boost among about above across after
    against along furious sly careful blithe quick fluffy slow quiet ruthless thin close dogged daring brave
    stealthy permanent regular final ironic even bold silent special pending express unusual"""
)
_DAYS = 2406  # from the first order, 1992-01-01, to the last, 151 days before 1998-12-31
_TODAY = "DATE '1995-06-17'"


def tpch(scale: float = 0.01, *, seed: int = 0) -> Tables:
    """The tables of TPC-H at a scale factor: 1 has 6,000,000 lines of 1,500,000 orders, about 1 GB as text.

    The same scale and seed give the same rows on any machine. Below a scale of 0.01 there are 100 suppliers and 1,500
    customers still, so that every question has something to find. Raises DesignError for a scale of 0 or less.

    >>> with tpch(0.001) as tables:
    ...     tables.rows("orders"), tables.rows("partsupp")
    (1500, 800)
    """
    if not isinstance(scale, int | float) or not scale > 0:
        raise DesignError(f"a scale of {scale!r} makes no rows — give a number above 0")
    tables = Tables()
    try:
        for statement in _statements(scale, seed):
            tables.connection.execute(statement)
    except BaseException:
        tables.close()
        raise
    return tables


def _statements(scale: float, seed: int) -> tuple[str, ...]:
    """All that is run, one table after another; lines before the orders that sum them up."""
    suppliers, parts = max(100, round(10_000 * scale)), max(200, round(200_000 * scale))
    customers, orders = max(1_500, round(150_000 * scale)), max(1, round(1_500_000 * scale))
    clerks, most = max(1, round(1_000 * scale)), max(suppliers, 4 * parts, customers, orders)
    return (
        f"CREATE TEMP TABLE {_NUMBERS} AS SELECT range AS i FROM range({most})",
        _regions(),
        _nations(),
        _suppliers(suppliers, _Drawn(seed, "supplier")),
        _parts(parts, _Drawn(seed, "part")),
        _offers(parts, suppliers, _Drawn(seed, "partsupp")),
        _customers(customers, _Drawn(seed, "customer")),
        _EMPTY,
        _lines((parts, suppliers, orders), _Drawn(seed, "orders"), _Drawn(seed, "lineitem")),
        _orders((orders, customers, clerks), _Drawn(seed, "orders")),
        f"DROP TABLE {_NUMBERS}",
    )


_EMPTY = """CREATE TABLE orders (o_orderkey INTEGER, o_custkey INTEGER, o_orderstatus VARCHAR,
    o_totalprice DECIMAL(15, 2), o_orderdate DATE, o_orderpriority VARCHAR, o_clerk VARCHAR, o_shippriority INTEGER,
    o_comment VARCHAR)"""
_NUMBERS = '"numbers of tpch"'  # a table, since DuckDB draws from range() in one thread


class _Drawn:
    """Random values of one relation's rows as SQL; `i` is the number of the row there."""

    def __init__(self, seed: int, relation: str) -> None:
        self._seed, self._relation = seed, relation

    def bits(self, name: str) -> str:
        """64 random bits of an attribute."""
        return hashed("i", constant("tpch", self._seed, self._relation, name))

    def whole(self, name: str, low: int, high: int) -> str:
        """A whole number, each from `low` to `high` as likely."""
        return f"({low} + {below(self.bits(name), high - low + 1)})"

    def one_of(self, name: str, options: tuple[str, ...]) -> str:
        """One of some texts."""
        return f"{texts(options)}[{self.whole(name, 1, len(options))}]"

    def comment(self, low: int, high: int) -> str:
        """Words in a row, cut to a length."""
        bits = self.bits("comment")
        pieces = [f"{texts(_PHRASES)}[1 + ({bits} >> {9 * at} & 511)::BIGINT]" for at in range(-(-high // _SHORTEST))]
        return f"substr(concat({', '.join(pieces)}), 1, {self.whole('length', low, high)})"

    def address(self) -> str:
        """10 to 40 letters and digits."""
        return (
            f"substr(concat(md5(({self.bits('address')})::VARCHAR), md5(i::VARCHAR)), 1, {self.whole('wide', 10, 40)})"
        )

    def phone(self, nation: str) -> str:
        """A telephone number, whose first two digits tell the nation."""
        parts = [self.whole(f"phone {at}", 10 ** (at - 1), 10**at - 1) for at in (3, 4)]
        return f"concat({nation} + 10, '-', {self.whole('area', 100, 999)}, '-', {parts[0]}, '-', {parts[1]})"


_SHORTEST = 30


def _phrase(number: int) -> str:
    """Words in a row, a blank after each, together not shorter than `_SHORTEST`."""
    said, at = "", 0
    while len(said) < _SHORTEST:
        said += _WORDS[constant("tpch words", number, at) // 2 % len(_WORDS)] + " "
        at += 1
    return said


_PHRASES = tuple(_phrase(number) for number in range(512))


def _cents(number: str) -> str:
    return f"(({number})::DECIMAL(13, 0) * 0.01::DECIMAL(2, 2))::DECIMAL(15, 2)"


def _tagged(name: str, number: str) -> str:
    return f"concat('{name}#', lpad(({number})::VARCHAR, 9, '0'))"


def _retail(part: str) -> str:
    """The price of a part in cents."""
    return f"(90000 + ({part} // 10) % 20001 + 100 * ({part} % 1000))"


def _supplier(part: str, number: str, suppliers: int) -> str:
    """The key of one of a part's four suppliers."""
    return f"(({part} + {number} * ({suppliers // 4} + ({part} - 1) // {suppliers})) % {suppliers} + 1)"


def _regions() -> str:
    return (
        f"CREATE TABLE region AS SELECT (r - 1)::INTEGER AS r_regionkey, {texts(_REGIONS)}[r] AS r_name, "
        f"{texts(_PHRASES)}[r] AS r_comment FROM range(1, {len(_REGIONS) + 1}) AS numbers(r)"
    )


def _nations() -> str:
    names, regions = texts(name for name, _ in _NATIONS), whole_numbers(region for _, region in _NATIONS)
    return (
        f"CREATE TABLE nation AS SELECT (n - 1)::INTEGER AS n_nationkey, {names}[n] AS n_name, "
        f"{regions}[n]::INTEGER AS n_regionkey, {texts(_PHRASES)}[n + 10] AS n_comment "
        f"FROM range(1, {len(_NATIONS) + 1}) AS numbers(n)"
    )


def _suppliers(count: int, drawn: _Drawn) -> str:
    said, told = drawn.comment(25, 80), drawn.bits("told")
    comment = (
        f"CASE {told} % 2000 WHEN 0 THEN concat('Customer ', {said}, ' Complaints') "
        f"WHEN 1 THEN concat('Customer ', {said}, ' Recommends') ELSE {said} END"
    )
    return (
        f"CREATE TABLE supplier AS SELECT (i + 1)::INTEGER AS s_suppkey, {_tagged('Supplier', 'i + 1')} AS s_name, "
        f"{drawn.address()} AS s_address, nation::INTEGER AS s_nationkey, {drawn.phone('nation')} AS s_phone, "
        f"{_cents(drawn.whole('balance', -99_999, 999_999))} AS s_acctbal, {comment} AS s_comment "
        f"FROM (SELECT i, {drawn.whole('nation', 0, 24)} AS nation FROM {_NUMBERS} WHERE i < {count})"
    )


def _parts(count: int, drawn: _Drawn) -> str:
    colours, many = texts(_COLOURS), len(_COLOURS)
    # five different ones: a walk around all of them, whose steps cannot meet
    words = ", ' ', ".join(f"{colours}[1 + (first + {at} * (1 + 2 * (walk % 11))) % {many}]" for at in range(5))
    return (
        f"CREATE TABLE part AS SELECT (i + 1)::INTEGER AS p_partkey, concat({words}) AS p_name, "
        f"concat('Manufacturer#', maker) AS p_mfgr, concat('Brand#', maker, {drawn.whole('brand', 1, 5)}) AS p_brand, "
        f"{drawn.one_of('type', _KINDS)} AS p_type, {drawn.whole('size', 1, 50)}::INTEGER AS p_size, "
        f"{drawn.one_of('container', _CONTAINERS)} AS p_container, {_cents(_retail('(i + 1)'))} AS p_retailprice, "
        f"{drawn.comment(5, 22)} AS p_comment FROM (SELECT i, {drawn.whole('maker', 1, 5)} AS maker, "
        f"({drawn.bits('name')} % {many})::BIGINT AS first, ({drawn.bits('walk')} % 1000)::BIGINT AS walk "
        f"FROM {_NUMBERS} WHERE i < {count})"
    )


def _offers(parts: int, suppliers: int, drawn: _Drawn) -> str:
    return (
        f"CREATE TABLE partsupp AS SELECT part::INTEGER AS ps_partkey, "
        f"{_supplier('part', '(i % 4)', suppliers)}::INTEGER AS ps_suppkey, "
        f"{drawn.whole('quantity', 1, 9_999)}::INTEGER AS ps_availqty, "
        f"{_cents(drawn.whole('cost', 100, 100_000))} AS ps_supplycost, {drawn.comment(49, 198)} AS ps_comment "
        f"FROM (SELECT i, i // 4 + 1 AS part FROM {_NUMBERS} WHERE i < {4 * parts})"
    )


def _customers(count: int, drawn: _Drawn) -> str:
    return (
        f"CREATE TABLE customer AS SELECT (i + 1)::INTEGER AS c_custkey, {_tagged('Customer', 'i + 1')} AS c_name, "
        f"{drawn.address()} AS c_address, nation::INTEGER AS c_nationkey, {drawn.phone('nation')} AS c_phone, "
        f"{_cents(drawn.whole('balance', -99_999, 999_999))} AS c_acctbal, "
        f"{drawn.one_of('segment', _SEGMENTS)} AS c_mktsegment, {drawn.comment(29, 116)} AS c_comment "
        f"FROM (SELECT i, {drawn.whole('nation', 0, 24)} AS nation FROM {_NUMBERS} WHERE i < {count})"
    )


def _order_key(order: str) -> str:
    """The first 8 of each 32 numbers are keys of orders."""
    return f"({order} // 8 * 32 + {order} % 8 + 1)"


def _lines(counts: tuple[int, int, int], order: _Drawn, drawn: _Drawn) -> str:
    parts, suppliers, orders = counts
    day = f"DATE '1992-01-01' + {order.whole('date', 0, _DAYS - 1)}::INTEGER"
    rows = (
        f"SELECT i AS o, {day} AS day, unnest(range({order.whole('lines', 1, 7)})) AS line "
        f"FROM {_NUMBERS} WHERE i < {orders}"
    )
    first = (
        f"SELECT o, line, day, {drawn.whole('part', 1, parts)} AS part, {drawn.whole('quantity', 1, 50)} AS quantity, "
        f"day + {drawn.whole('ship', 1, 121)}::INTEGER AS ship, i FROM (SELECT *, o * 8 + line AS i FROM ({rows}))"
    )
    second = f"SELECT *, ship + {drawn.whole('receipt', 1, 30)}::INTEGER AS receipt FROM ({first})"
    returned = f"CASE WHEN receipt > {_TODAY} THEN 'N' WHEN {drawn.bits('flag')} % 2 = 0 THEN 'R' ELSE 'A' END"
    return (
        f"CREATE TABLE lineitem AS SELECT {_order_key('o')}::INTEGER AS l_orderkey, part::INTEGER AS l_partkey, "
        f"{_supplier('part', drawn.whole('supplier', 0, 3), suppliers)}::INTEGER AS l_suppkey, "
        f"(line + 1)::INTEGER AS l_linenumber, quantity::DECIMAL(15, 2) AS l_quantity, "
        f"{_cents('quantity * ' + _retail('part'))} AS l_extendedprice, {_cents(drawn.whole('discount', 0, 10))} AS "
        f"l_discount, {_cents(drawn.whole('tax', 0, 8))} AS l_tax, {returned} AS l_returnflag, "
        f"CASE WHEN ship > {_TODAY} THEN 'O' ELSE 'F' END AS l_linestatus, ship AS l_shipdate, "
        f"day + {drawn.whole('commit', 30, 90)}::INTEGER AS l_commitdate, receipt AS l_receiptdate, "
        f"{drawn.one_of('instruction', _INSTRUCTIONS)} AS l_shipinstruct, {drawn.one_of('mode', _MODES)} AS l_shipmode, "
        f"{drawn.comment(10, 43)} AS l_comment FROM ({second})"
    )


def _orders(counts: tuple[int, int, int], drawn: _Drawn) -> str:
    """Orders, a third of the customers having none; their state and price are those of their lines."""
    orders, customers, clerks = counts
    pick = drawn.whole("customer", 0, customers // 3 * 2 - 1)
    told = (
        "SELECT l_orderkey, sum(l_extendedprice * (1 - l_discount) * (1 + l_tax))::DECIMAL(15, 2) AS price, "
        "bool_and(l_linestatus = 'F') AS done, bool_or(l_linestatus = 'F') AS begun FROM lineitem GROUP BY l_orderkey"
    )
    return (
        f"INSERT INTO orders SELECT {_order_key('i')}::INTEGER, (pick // 2 * 3 + pick % 2 + 1)::INTEGER, "
        f"CASE WHEN done THEN 'F' WHEN begun THEN 'P' ELSE 'O' END, price, "
        f"DATE '1992-01-01' + {drawn.whole('date', 0, _DAYS - 1)}::INTEGER, {drawn.one_of('priority', _PRIORITIES)}, "
        f"{_tagged('Clerk', drawn.whole('clerk', 1, clerks))}, 0, {drawn.comment(19, 78)} "
        f"FROM (SELECT i, {pick} AS pick FROM {_NUMBERS} WHERE i < {orders}) "
        f"JOIN ({told}) ON l_orderkey = {_order_key('i')} ORDER BY i"
    )
