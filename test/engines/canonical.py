"""One canonical JSON form for rows, whoever read them.

The form is that of our command line's `rows` verb: integers with all digits, NaN and the infinities as
strings, decimals as strings at the column's scale, dates YYYY-MM-DD, timestamps YYYY-MM-DDTHH:MM:SS.ffffffZ
(without Z for timestamp_ntz), binary as base64, struct as object, array as array, map as pairs, variant as its
JSON value. Two things are fixed here that the contract leaves open, so that equal rows have equal text: pairs
of a map are sorted by their text, and minus zero is written 0. Numbers are written as JavaScript writes them.
"""

import base64
import datetime
import decimal
import hashlib
import json
import math
import struct


_LARGEST_SINGLE = 3.4028235677973366e38  # more rounds to infinity, which pack refuses
_EPOCH = datetime.date(1970, 1, 1)
_EPOCH_INSTANT = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def date_text(days):
    """Days since 1970-01-01 as YYYY-MM-DD, any year (proleptic Gregorian; six digits and a sign past 0 to 9999)."""
    era, of_era = divmod(days + 719468, 146097)
    year_of_era = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = year_of_era + era * 400 + (1 if month <= 2 else 0)
    shown = f"{year:04d}" if 0 <= year <= 9999 else f"{year:+07d}"
    return f"{shown}-{month:02d}-{of_year - (153 * shifted + 2) // 5 + 1:02d}"


def timestamp_text(micros):
    """Microseconds since 1970 as YYYY-MM-DDTHH:MM:SS.ffffff."""
    days, rest = divmod(micros, 86_400_000_000)
    seconds, fraction = divmod(rest, 1_000_000)
    return f"{date_text(days)}T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{fraction:06d}"


def number_text(value):
    """A double as ECMAScript's Number::toString writes it: shortest digits, exponent from 1e21 and below 1e-6."""
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    _, digit_tuple, exponent = decimal.Decimal(repr(abs(value))).as_tuple()
    digits = "".join(map(str, digit_tuple))
    stripped = digits.rstrip("0")
    exponent += len(digits) - len(stripped)
    digits = stripped
    point = len(digits) + exponent
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    shown = point - 1
    mantissa = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{sign}{mantissa}e{'+' if shown > 0 else '-'}{abs(shown)}"


def _dump(value):
    """JSON text without spaces, with floats by number_text (json.dumps has no hook for them)."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(map(_dump, value)) + "]"
    return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{_dump(v)}" for k, v in value.items()) + "}"


def _float(value, single):
    if isinstance(value, str):
        return value
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return _shortest_single(value) if single else value


def _shortest_single(value):
    """The double with the fewest digits that reads back as the same float."""
    wanted = struct.pack("f", value)
    for digits in range(1, 10):
        short = float(f"{value:.{digits}g}")
        if abs(short) <= _LARGEST_SINGLE and struct.pack("f", short) == wanted:
            return short
    return value


def _pairs(pairs):
    return sorted(pairs, key=_dump)


def from_arrow(value, kind):
    """One Python value from pyarrow's `to_pylist`, by its Arrow type, in the canonical form."""
    import pyarrow.types as t

    if value is None:
        return None
    if t.is_dictionary(kind):
        return from_arrow(value, kind.value_type)
    if t.is_boolean(kind) or t.is_integer(kind):
        return value
    if t.is_floating(kind):
        return _float(value, t.is_float32(kind))
    if t.is_decimal(kind):
        with decimal.localcontext() as context:
            context.prec = 76
            return format(value.quantize(decimal.Decimal(1).scaleb(-kind.scale)), "f")
    if t.is_date(kind):
        return date_text(value if isinstance(value, int) else (value - _EPOCH).days)
    if t.is_timestamp(kind):
        if not isinstance(value, int):
            zone = datetime.timezone.utc
            value = (value if kind.tz else value.replace(tzinfo=zone)) - _EPOCH_INSTANT
            value = value // datetime.timedelta(microseconds=1)
        return timestamp_text(value) + ("Z" if kind.tz else "")
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(bytes(value)).decode()
    if t.is_map(kind):
        return _pairs([from_arrow(k, kind.key_type), from_arrow(v, kind.item_type)] for k, v in value)
    if t.is_struct(kind):
        return {field.name: from_arrow(value[field.name], field.type) for field in kind}
    if isinstance(value, list):
        return [from_arrow(item, kind.value_type) for item in value]
    raise TypeError(f"no canonical form for {kind}")


def rows_from_arrow(table, variants=()):
    """Rows of a pyarrow table; columns named in `variants` hold JSON text and become JSON values."""
    fields = list(table.schema)
    out = []
    for row in _countable(table).to_pylist():
        shown = {}
        for field in fields:
            value = row[field.name]
            if field.name in variants:
                shown[field.name] = None if value is None else _variant(json.loads(value))
            else:
                shown[field.name] = from_arrow(value, field.type)
        out.append(shown)
    return out


def _countable(table):
    """The table with days and microseconds as integers: Python's dates end at the years 1 and 9999."""
    import pyarrow

    for index, field in enumerate(table.schema):
        column = table.column(index)
        if pyarrow.types.is_date32(field.type):
            column = column.cast(pyarrow.int32())
        elif pyarrow.types.is_timestamp(field.type):
            column = column.cast(pyarrow.timestamp("us", field.type.tz), safe=False).cast(pyarrow.int64())
        table = table.set_column(index, field.name, column)
    return table


def _variant(value):
    """A variant's JSON value: object keys have no order, numbers no type."""
    if isinstance(value, dict):
        return {key: _variant(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_variant(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def from_ours(value, kind):
    """One value as our command line printed it, by the Delta type of its column, in the canonical form."""
    if value is None:
        return None
    if isinstance(kind, dict):
        if kind["type"] == "struct":
            return {f["name"]: from_ours(value[f["name"]], f["type"]) for f in kind["fields"]}
        if kind["type"] == "array":
            return [from_ours(item, kind["elementType"]) for item in value]
        if kind["type"] == "map":
            return _pairs([from_ours(k, kind["keyType"]), from_ours(v, kind["valueType"])] for k, v in value)
        raise TypeError(f"unknown type {kind}")
    if kind in ("float", "double"):
        return _float(value, kind == "float")
    if kind == "variant":
        return _variant(value)
    return value


def rows_from_ours(text, schema):
    """Rows of our command line's NDJSON; every column of `schema` has to be there, in its order."""
    names = [field["name"] for field in schema["fields"]]
    out = []
    for line in text.split("\n"):
        if not line:
            continue
        row = json.loads(line)
        if list(row) != names:
            raise ValueError(f"columns are {list(row)}, the schema has {names}")
        out.append({f["name"]: from_ours(row[f["name"]], f["type"]) for f in schema["fields"]})
    return out


def lines(rows):
    """Sorted JSON texts of the rows: rows of a table have no order."""
    return sorted(map(_dump, rows))


def digest(texts):
    """A digest that is equal exactly where the sorted lines are."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
