"""Writes expectedRows.json: what pyarrow reads from the `expected` folders of the shared tables, in the forms of command-line.md.

Run by hand where the shared tables or the contract change: python makeExpectedRows.py <folder of the tables> (needs pyarrow).
Our own reader has no part in it, so that a mistake of ours cannot hide in the expectation.
"""

import base64
import decimal
import hashlib
import json
import math
import pathlib
import struct
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

decimal.getcontext().prec = 60
# Small results are kept whole, so that a difference can be read; of larger ones the digest and some rows.
WHOLE_BYTES = 6000
SAMPLE_ROWS = 3


def date_text(days):
    """Proleptic Gregorian, by walking 400-year cycles: Python's own dates end at the years 1 and 9999."""
    cycles, rest = divmod(days - 11017, 146097)  # 11017 = 2000-03-01
    centuries = min(rest // 36524, 3)
    rest -= centuries * 36524
    leaps = rest // 1461
    rest -= leaps * 1461
    years = min(rest // 365, 3)
    rest -= years * 365
    year = 2000 + 400 * cycles + 100 * centuries + 4 * leaps + years
    month = 3
    for length in (31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29):
        if rest < length:
            break
        rest -= length
        month += 1
    if month > 12:
        month, year = month - 12, year + 1
    shown = f"{year:04d}" if 0 <= year <= 9999 else f"{year:+07d}"
    return f"{shown}-{month:02d}-{rest + 1:02d}"


def timestamp_text(micros, zone):
    days, rest = divmod(micros, 86_400_000_000)
    seconds, fraction = divmod(rest, 1_000_000)
    return f"{date_text(days)}T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{fraction:06d}{zone}"


def shortest_float(value):
    """The shortest decimal that is this float32, as a double."""
    for digits in range(1, 10):
        short = float(f"{value:.{digits}g}")
        if struct.unpack("f", struct.pack("f", short))[0] == value:
            return short
    raise ValueError(value)


def number(value, single):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return shortest_float(value) if single else value


def converter(kind):
    """From a Python value (integers for dates and times) to what the JSON holds."""
    if pa.types.is_struct(kind):
        inner = [(kind.field(i).name, converter(kind.field(i).type)) for i in range(kind.num_fields)]
        return lambda v: None if v is None else {name: f(v[name]) for name, f in inner}
    if pa.types.is_map(kind):
        key, item = converter(kind.key_type), converter(kind.item_type)
        return lambda v: None if v is None else [[key(k), item(i)] for k, i in v]
    if pa.types.is_list(kind):
        element = converter(kind.value_type)
        return lambda v: None if v is None else [element(e) for e in v]
    if pa.types.is_decimal(kind):
        quantum = decimal.Decimal(1).scaleb(-kind.scale)
        return lambda v: None if v is None else format(v.quantize(quantum), "f")
    if pa.types.is_date32(kind):
        return lambda v: None if v is None else date_text(v)
    if pa.types.is_timestamp(kind):
        zone = "Z" if kind.tz else ""
        return lambda v: None if v is None else timestamp_text(v, zone)
    if pa.types.is_floating(kind):
        single = pa.types.is_float32(kind)
        return lambda v: None if v is None else number(v, single)
    if pa.types.is_binary(kind):
        return lambda v: None if v is None else base64.b64encode(v).decode()
    return lambda v: v


def countable(kind):
    """The type with days and microseconds as integers, at any depth."""
    if pa.types.is_date32(kind):
        return pa.int32()
    if pa.types.is_timestamp(kind):
        return pa.int64()
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(kind.field(i).name, countable(kind.field(i).type)) for i in range(kind.num_fields)])
    if pa.types.is_map(kind):
        return pa.map_(countable(kind.key_type), countable(kind.item_type))
    if pa.types.is_list(kind):
        return pa.list_(countable(kind.value_type))
    return kind


def rows_of(folder):
    rows = []
    for file in sorted(pathlib.Path(folder).rglob("*.parquet")):
        if file.name.startswith((".", "_")):
            continue
        table = pq.ParquetFile(file, coerce_int96_timestamp_unit="us").read()
        for i, field in enumerate(table.schema):
            if pa.types.is_timestamp(field.type) and field.type.unit != "us":
                table = table.set_column(i, field.name, pc.cast(table.column(i), pa.timestamp("us", field.type.tz)))
        convert = [(f.name, converter(f.type)) for f in table.schema]
        counted = pa.table(
            [c.cast(countable(c.type)) if c.type != countable(c.type) else c for c in table.columns], table.column_names
        )
        for row in counted.to_pylist():
            rows.append({name: f(row[name]) for name, f in convert})
    return rows


def line_of(row):
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def entry(root, name, version, content):
    lines = sorted((canonical(line_of(row)) for row in rows_of(root / content)), key=lambda line: line.encode())
    whole = "\n".join(lines)
    result = {
        "table": name,
        "version": version,
        "rows": len(lines),
        "sha256": hashlib.sha256(whole.encode()).hexdigest(),
    }
    result["lines" if len(whole.encode()) <= WHOLE_BYTES else "sample"] = (
        lines if len(whole.encode()) <= WHOLE_BYTES else lines[:SAMPLE_ROWS]
    )
    return result


def canonical(line):
    """JSON.stringify's spelling of numbers, which the test uses too."""

    def spell(value):
        if isinstance(value, dict):
            return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{spell(v)}" for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ",".join(map(spell, value)) + "]"
        if isinstance(value, float):
            return number_text(value)
        return json.dumps(value, ensure_ascii=False)

    return spell(json.loads(line))


def number_text(value):
    """ECMA-262, Number::toString."""
    if value == 0:
        return "0"
    sign, digits, exponent = decimal.Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    point = len(digits) + exponent
    head = "-" if sign else ""
    if 0 < point <= 21:
        body = text.ljust(point, "0") if len(text) <= point else f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:
        body = f"0.{'0' * -point}{text}"
    else:
        power = point - 1
        body = f"{text[0]}{'.' + text[1:] if len(text) > 1 else ''}e{'+' if power > 0 else '-'}{abs(power)}"
    return head + body


def main():
    root = pathlib.Path(sys.argv[1])
    out = []
    for table in json.loads((root / "INDEX.json").read_text()):
        expected = table.get("expected")
        if not expected:
            continue
        cases = list(expected["of"].values()) if expected["kind"] == "dat" else [expected]
        seen = set()
        for case in cases:
            if case["version"] not in seen:
                seen.add(case["version"])
                out.append(entry(root, table["name"], case["version"], case["tableContent"]))
    target = pathlib.Path(__file__).with_name("expectedRows.json")
    target.write_text("[\n" + ",\n".join(json.dumps(each, ensure_ascii=False) for each in out) + "\n]\n")
    print(f"{len(out)} expectations of {len({each['table'] for each in out})} tables")


main()
