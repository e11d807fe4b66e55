"""Makes test/fixtures: small tables written by other engines, each with what that engine itself reads from it.

    node test/engines/run.mjs --fixtures [name ...]

Every function below named spark_* or rs_* makes one table; its docstring is the table's row in the README. Names
given on the command line limit the run to those tables. File names, ids and times differ at every run, so a run
replaces what is committed: make only what has to change.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile

import canonical
import session

VALUES = ["plain", "a b", "50%", "a:b", "a+b", "é", "a/b", "#1", "q?x", "x=y", "100%25", "{c}"]


def spark_partitioned(make):
    """Partitioned by a string with every awkward character (space % : + é / # ? = { }), and by a date; null and empty values; DELETE of one partition; replaceWhere"""
    make.sql("create table {t} (id long, note string, p string, d date) using delta partitioned by (p, d)")
    rows = ", ".join(f"({i}, 'n{i}', '{v}', date'2026-10-{1 + i % 3:02d}')" for i, v in enumerate(VALUES))
    make.insert(rows + ", (90, 'null', null, date'2026-10-01'), (91, 'null date', 'plain', null)")
    make.insert("(100, 'more', 'a b', date'2026-10-02'), (101, 'more', 'a:b', date'2026-10-01')")
    make.sql("delete from {t} where p = '50%'")
    frame = make.spark.sql("select 7L id, 'replaced' note, 'q?x' p, date'2026-10-03' d")
    frame.write.format("delta").mode("overwrite").option("replaceWhere", "p = 'q?x'").save(make.path)
    make.clone_shape()
    make.restore_shape(1)


def spark_deletion_vectors(make):
    """Deletion vectors: DELETE, UPDATE, a second DELETE that replaces a vector, an append, and a DELETE that leaves one row of a file"""
    make.sql("create table {t} (id int, v string) using delta tblproperties ('delta.enableDeletionVectors'='true')")
    make.frame("select cast(id as int) id, concat('v', id) v from range(20)")
    make.frame("select cast(id as int) id, concat('w', id) v from range(20, 40)")
    make.sql("delete from {t} where id % 5 = 0")
    make.sql("update {t} set v = 'changed' where id in (7, 27)")
    make.sql("delete from {t} where id in (1, 2, 3)")
    make.frame("select cast(id as int) id, 'last' v from range(40, 43)")
    make.sql("delete from {t} where id > 20 and id < 39")
    make.restore_shape(3)


def spark_checkpoint_classic(make):
    """Classic checkpoint at version 10 and two commits after it; txn actions of an idempotent writer; tombstones in the checkpoint"""
    make.sql("create table {t} (id int, v string) using delta")
    for index in range(12):
        if index == 5:
            make.sql("delete from {t} where id = 2")
        else:
            frame = make.spark.sql(f"select {index} id, 'v{index}' v").coalesce(1)
            options = {"txnAppId": "loader", "txnVersion": index} if index % 2 else {}
            frame.write.format("delta").mode("append").options(**options).save(make.path)


def spark_checkpoint_multipart(make):
    """A multi-part classic checkpoint (three parts) at version 4, made with a part size of 2 actions"""
    make.conf("spark.databricks.delta.checkpoint.partSize", "2")
    make.sql("create table {t} (id int) using delta tblproperties ('delta.checkpointInterval'='4')")
    for index in range(5):
        make.insert(f"({index})")


def spark_checkpoint_v2(make):
    """V2 checkpoints in Parquet with sidecars at versions 3 and 6, struct statistics, one commit after"""
    make.sql(
        "create table {t} (id int, v string) using delta"
        " tblproperties ('delta.checkpointPolicy'='v2', 'delta.checkpointInterval'='3')"
    )
    for index in range(6):
        make.insert(f"({index}, 'v{index}')")
    make.sql("delete from {t} where id = 3")


def spark_checkpoint_v2_json(make):
    """V2 checkpoint whose top-level file is JSON, with sidecars, at version 3, one commit after"""
    make.conf("spark.databricks.delta.checkpointV2.topLevelFileFormat", "json")
    make.sql(
        "create table {t} (id int, v string) using delta"
        " tblproperties ('delta.checkpointPolicy'='v2', 'delta.checkpointInterval'='3')"
    )
    for index in range(4):
        make.insert(f"({index}, 'v{index}')")


def spark_restore(make):
    """RESTORE to version 2 across deletion vectors and an overwrite, then an append, then RESTORE to version 4 by version"""
    make.sql("create table {t} (id int, v string) using delta tblproperties ('delta.enableDeletionVectors'='true')")
    make.frame("select cast(id as int) id, 'first' v from range(10)")
    make.sql("delete from {t} where id < 3")
    make.sql("delete from {t} where id < 5")
    make.sql("insert overwrite {t} values (50, 'overwritten')")
    make.sql("restore table {t} to version as of 2")
    make.insert("(60, 'after restore')")
    make.sql("restore table {t} to version as of 4")


def spark_column_mapping_name(make):
    """Column mapping by name: a partition column and data columns with spaces and commas, RENAME, DROP and ADD COLUMN, nested rename, change data in between"""
    make.sql(
        "create table {t} (id int, `a b,;c` string, s struct<x: int, `y z`: string>, `p q` string) using delta"
        " partitioned by (`p q`) tblproperties ('delta.columnMapping.mode'='name')"
    )
    make.insert("(1, 'one', struct(1, 'y1'), 'p 1'), (2, 'two', struct(2, 'y2'), 'p:2')")
    make.sql("alter table {t} rename column id to `key`")
    make.sql("alter table {t} rename column s.x to `x x`")
    make.insert("(3, 'three', struct(3, 'y3'), null)")
    make.sql("alter table {t} drop column `a b,;c`")
    make.sql("alter table {t} add column (id double)")
    make.insert("(4, struct(4, 'y4'), 'p 1', 4.5)", "(`key`, s, `p q`, id)")
    make.sql("alter table {t} rename column `p q` to part")
    make.clone_shape()
    make.restore_shape(1)


def spark_column_mapping_id(make):
    """Column mapping by id with a rename"""
    make.sql("create table {t} (id int, v string) using delta tblproperties ('delta.columnMapping.mode'='id')")
    make.insert("(1, 'one'), (2, 'two')")
    make.sql("alter table {t} rename column v to name")
    make.insert("(3, 'three')")


def spark_row_tracking(make):
    """Row tracking with deletion vectors: inserts, UPDATE (materialised row ids), DELETE, OPTIMIZE"""
    make.sql(
        "create table {t} (id int, v string) using delta"
        " tblproperties ('delta.enableRowTracking'='true', 'delta.enableDeletionVectors'='true')"
    )
    make.insert("(1, 'one'), (2, 'two'), (3, 'three')")
    make.insert("(4, 'four'), (5, 'five')")
    make.sql("update {t} set v = 'TWO' where id = 2")
    make.sql("delete from {t} where id = 5")
    make.sql("optimize {t}")
    make.clone_shape()
    make.restore_shape(2)


def spark_in_commit_timestamps(make):
    """In-commit timestamps from version 0"""
    make.sql("create table {t} (id int) using delta tblproperties ('delta.enableInCommitTimestamps'='true')")
    make.insert("(1)")
    make.insert("(2)")
    make.clone_shape()
    make.restore_shape(1)


def spark_in_commit_timestamps_late(make):
    """In-commit timestamps enabled at version 2 (enablement version and timestamp in the configuration)"""
    make.sql("create table {t} (id int) using delta")
    make.insert("(1)")
    make.sql("alter table {t} set tblproperties ('delta.enableInCommitTimestamps'='true')")
    make.insert("(2)")
    make.clone_shape()
    make.restore_shape(1)


def spark_type_zoo(make):
    """Every type: integers at their ends, NaN and infinities, decimals up to 38 digits, years 1 to 9999 and before 1582, timestamp_ntz, binary, nested arrays, maps and structs, empty and null of each"""
    make.conf("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    make.sql(ZOO_TABLE)
    make.frame(ZOO_ROWS)


def spark_timestamps_int96(make):
    """Timestamps as INT96 in Parquet, before and after 1582 and 1970, with a timestamp partition column"""
    make.conf("spark.sql.parquet.outputTimestampType", "INT96")
    make.conf("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED")
    make.sql("create table {t} (id int, t timestamp, p timestamp) using delta partitioned by (p)")
    make.insert(
        "(1, timestamp'1500-03-01 12:00:00.000001Z', timestamp'2026-10-01 10:30:00Z'),"
        " (2, timestamp'1969-12-31 23:59:59.999999Z', timestamp'2026-10-01 10:30:00.123456Z'),"
        " (3, timestamp'2026-11-01 00:00:00Z', null)"
    )


def spark_identity(make):
    """Identity columns (always, and by default with step -2), a generated column, a column default"""
    from delta.tables import DeltaTable, IdentityGenerator

    (
        DeltaTable.create(make.spark)
        .location(make.path)
        .addColumn("id", "bigint", generatedAlwaysAs=IdentityGenerator(10, 5))
        .addColumn("down", "bigint", generatedByDefaultAs=IdentityGenerator(-1, -2))
        .addColumn("t", "timestamp")
        .addColumn("d", "date", generatedAlwaysAs="cast(t as date)")
        .addColumn("v", "string")
        .property("delta.feature.allowColumnDefaults", "supported")
        .execute()
    )
    make.sql("alter table {t} alter column v set default 'none'")
    make.insert("(timestamp'2026-10-01 10:00:00Z', 'one')", "(t, v)")
    make.insert("(timestamp'2026-10-02 11:00:00Z'), (timestamp'2026-10-03 12:00:00Z')", "(t)")
    make.clone_shape()
    make.restore_shape(2)


def spark_constraints(make):
    """CHECK constraint, NOT NULL, appendOnly off and on, a table comment and a column comment"""
    make.sql("create table {t} (id int not null comment 'key', v int) using delta comment 'with rules'")
    make.insert("(1, 10), (2, 20)")
    make.sql("alter table {t} add constraint positive check (v > 0)")
    make.insert("(3, 30)")
    make.sql("alter table {t} set tblproperties ('delta.appendOnly'='true', 'custom.owner'='nobody')")


def spark_clustered(make):
    """Liquid clustering (domain delta.clustering), clustered by OPTIMIZE, then by other columns"""
    make.sql("create table {t} (id int, v string) using delta cluster by (id)")
    make.insert("(1, 'one'), (2, 'two')")
    make.insert("(3, 'three')")
    make.sql("optimize {t}")
    make.sql("alter table {t} cluster by (v)")
    make.clone_shape()
    make.restore_shape(1)


def spark_type_widening(make):
    """Type widening: int to long, float to double and decimal(5,2) to decimal(10,4), with files of both types"""
    make.sql(
        "create table {t} (a int, b float, c decimal(5,2)) using delta"
        " tblproperties ('delta.enableTypeWidening'='true')"
    )
    make.insert("(1, 1.5, 1.25)")
    make.sql("alter table {t} alter column a type bigint")
    make.sql("alter table {t} alter column b type double")
    make.sql("alter table {t} alter column c type decimal(10,4)")
    make.insert("(9007199254740993, 2.5, 2.1234)")
    make.restore_shape(1)


def spark_change_data_feed(make):
    """Change data feed: UPDATE, DELETE and MERGE with cdc files"""
    make.sql("create table {t} (id int, v string) using delta tblproperties ('delta.enableChangeDataFeed'='true')")
    make.insert("(1, 'one'), (2, 'two'), (3, 'three')")
    make.sql("update {t} set v = 'ONE' where id = 1")
    make.sql("delete from {t} where id = 3")
    make.sql(
        "merge into {t} t using (select 2 id, 'TWO' v union all select 4, 'four') s on t.id = s.id"
        " when matched then update set v = s.v when not matched then insert *"
    )


def spark_variant(make):
    """A variant column: objects, arrays, numbers, strings, JSON null and SQL null"""
    make.sql("create table {t} (id int, v variant) using delta")
    make.frame(
        "select 1 id, parse_json('{\"a\": 1, \"b\": [true, null, \"x\"]}') v union all select 2, parse_json('12.5')"
        " union all select 3, parse_json('null') union all select 4, null union all select 5, parse_json('\"text\"')"
    )


def spark_shallow_clone_source(make):
    """Source of the shallow clone shapes: partitioned, deletion vectors; see shapes/"""
    make.sql(
        "create table {t} (id int, p string) using delta partitioned by (p)"
        " tblproperties ('delta.enableDeletionVectors'='true', 'delta.logRetentionDuration'='interval 9 days')"
    )
    make.frame("select cast(id as int) id, if(id < 4, 'a b', '50%') p from range(8)")
    make.sql("delete from {t} where id in (1, 5)")
    make.clone_shape()
    make.clone_shape(1)


def rs_simple(make):
    """delta-rs: appends, DELETE, checkpoint at version 3, compaction, one commit after"""
    from deltalake import DeltaTable

    make.write({"id": [1, 2, 3], "v": ["one", "two", "three"]})
    make.write({"id": [4, 5], "v": ["four", None]})
    make.write({"id": [6], "v": ["six"]})
    DeltaTable(make.path).delete("id = 2")
    DeltaTable(make.path).create_checkpoint()
    DeltaTable(make.path).optimize.compact()
    make.write({"id": [7], "v": ["seven"]})


def rs_partitioned(make):
    """delta-rs: partitioned by a string with awkward characters and null, overwrite of the whole table, RESTORE to version 0"""
    from deltalake import DeltaTable

    values = [*VALUES, None]
    make.write({"id": list(range(len(values))), "p": values}, partition_by=["p"])
    make.write({"id": [50], "p": ["a b"]}, mode="overwrite")
    DeltaTable(make.path).restore(0)


ZOO_TABLE = """create table {t} (
  id int, bo boolean, ti tinyint, si smallint, bi bigint, fl float, db double,
  d5 decimal(5,2), d18 decimal(18,4), d38 decimal(38,10), d380 decimal(38,0), st string, vc varchar(10), bn binary,
  da date, ts timestamp, tn timestamp_ntz, ar array<int>, ad array<decimal(20,3)>, aa array<array<string>>,
  ma map<string, int>, mb map<int, struct<a: date, b: timestamp>>,
  sc struct<a: int, b: struct<c: string, d: array<double>>>
) using delta"""

_ZOO = [
    """1, true, 127Y, 32767S, 9223372036854775807L, cast('NaN' as float), cast('NaN' as double),
    999.99, 99999999999999.9999, cast('9999999999999999999999999999.9999999999' as decimal(38,10)),
    cast('99999999999999999999999999999999999999' as decimal(38,0)), 'text', 'ten chars', X'00FF10',
    date'9999-12-31', timestamp'9999-12-31 23:59:59.999999Z', timestamp_ntz'9999-12-31 23:59:59.999999',
    array(1, null, 3), array(cast(1.5 as decimal(20,3))), array(array('a', null), array()),
    map('k', 1), map(1, named_struct('a', date'1500-02-28', 'b', timestamp'1500-02-28 01:02:03.000004Z')),
    named_struct('a', 1, 'b', named_struct('c', 'x', 'd', array(1.5D, double('NaN'), double('-Infinity'))))""",
    """2, false, -128Y, -32768S, -9223372036854775808L, cast('Infinity' as float), cast('-Infinity' as double),
    -999.99, -0.0001, cast('-0.0000000001' as decimal(38,10)),
    cast('-99999999999999999999999999999999999999' as decimal(38,0)), 'Ünïcødé 日本 \\U0001F600 "q" \\\\ \\n', '', X'',
    date'0001-01-01', timestamp'0001-01-01 00:00:00Z', timestamp_ntz'0001-01-01 00:00:00',
    cast(array() as array<int>), cast(array() as array<decimal(20,3)>), cast(array() as array<array<string>>),
    cast(map() as map<string, int>), map(2, null), named_struct('a', null, 'b', null)""",
    """3, true, 0Y, 0S, 9007199254740993L, float(0.1), 5e-324D,
    0, 0, 0, 0, '', 'x', X'DEADBEEF',
    date'1582-10-10', timestamp'1582-10-10 12:00:00Z', timestamp_ntz'1500-01-01 12:34:56.789',
    array(2147483647, -2147483648), array(null), null, map('only', null), null,
    named_struct('a', 3, 'b', named_struct('c', null, 'd', cast(array() as array<double>)))""",
    """4, false, 1Y, 1S, 1152921504606846976L, float(3.4028235e38), 1.7976931348623157e308D,
    1.10, 12345678901234.5678, 1.5, 1, 'null below', 'y', X'01',
    date'1969-12-31', timestamp'1969-12-31 23:59:59.999999Z', timestamp_ntz'1969-12-31 23:59:59.999999',
    array(1), array(cast(-0.001 as decimal(20,3))), array(), map('z', 9), map(3, named_struct('a', null, 'b', null)),
    null""",
    "5" + ", null" * 22,
]
ZOO_ROWS = " union all ".join(f"select {row}" for row in _ZOO)


class Make:
    """What one fixture function works with: its table's folder, and shortcuts for statements on it."""

    def __init__(self, scratch, name, start, shapes):
        self.path = os.path.join(scratch, name)
        self._scratch = scratch
        self._start = start
        self._shapes = shapes
        self._changed = []

    @property
    def spark(self):
        return self._start()

    def sql(self, text):
        return self.spark.sql(text.replace("{t}", f"delta.`{self.path}`"))

    def insert(self, rows, columns=""):
        """One commit; the rows of a partition land in one file."""
        self.sql(f"insert into {{t}} {columns} values {rows}")

    def frame(self, query):
        """Appends a query's rows as one file (a partition)."""
        frame = self.spark.sql(query).coalesce(1)
        names = [field.name for field in self.spark.read.format("delta").load(self.path).schema]
        frame.toDF(*names).createOrReplaceTempView("rows_of_fixture")
        self.sql("insert into {t} select * from rows_of_fixture")

    def conf(self, key, value):
        self.spark.conf.set(key, value)
        self._changed.append(key)

    def write(self, columns, **options):
        import pyarrow
        from deltalake import write_deltalake

        write_deltalake(self.path, pyarrow.table(columns), **{"mode": "append", **options})

    def clone_shape(self, version=None):
        """Keeps only the commit of Spark's shallow clone, as text: absolute paths cannot be moved here."""
        clone = self.path + ".clone"
        at = "" if version is None else f" version as of {version}"
        self.sql(f"create table delta.`{clone}` shallow clone {{t}}{at}")
        self._keep_shape("clone" if version is None else f"clone-v{version}", clone, 0)
        shutil.rmtree(clone)

    def restore_shape(self, version):
        """Keeps only the commit of Spark's RESTORE, made on a copy of the table."""
        copy = self.path + ".copy"
        shutil.copytree(self.path, copy)
        self.spark.sql(f"restore table delta.`{copy}` to version as of {version}")
        self._keep_shape(f"restore-v{version}", copy, session.snapshot(self.spark, copy)[0])
        shutil.rmtree(copy)

    def _keep_shape(self, kind, location, version):
        with open(os.path.join(location, "_delta_log", f"{version:020d}.json"), encoding="utf-8") as handle:
            text = handle.read().replace(location, "/ROOT/made").replace(self.path, "/ROOT/source")
        if self._scratch in text:
            raise ValueError("a path of this machine is left in the shape")
        name = f"{os.path.basename(self.path)}.{kind}.ndjson"
        with open(os.path.join(self._shapes, name), "w", encoding="utf-8") as handle:
            handle.write(text)

    def finish(self):
        for key in self._changed:
            self.spark.conf.unset(key)


def expected_by_spark(spark, path):
    latest, _ = session.snapshot(spark, path)
    for version in range(latest + 1):
        rows, schema = session.read(spark, path, version)
        yield version, session.snapshot(spark, path, version)[1], rows, schema


def expected_by_delta_rs(path):
    import pyarrow
    from deltalake import DeltaTable, QueryBuilder

    for version in range(DeltaTable(path).version() + 1):
        table = DeltaTable(path, version=version)
        batches = QueryBuilder().register("t", table).execute("select * from t").read_all()
        rows = canonical.rows_from_arrow(pyarrow.table(batches))
        yield version, len(table.file_uris()), rows, json.loads(table.schema().to_json())


def write_expected(target, engine, states):
    """expected.json, one row a line so that a change of it can be read."""
    states = list(states)
    latest = states[-1]
    with open(os.path.join(target, "expected.json"), "w", encoding="utf-8") as out:
        out.write(f'{{\n"engine": {json.dumps(engine)},\n"version": {latest[0]},\n"numFiles": {latest[1]},\n')
        out.write(f'"schema": {json.dumps(latest[3], ensure_ascii=False)},\n"versions": [\n')
        shown = []
        for version, files, rows, _ in states:
            texts = canonical.lines(rows)
            body = "\n" + ",\n".join(texts) + "\n" if texts else ""
            head = f'"version": {version}, "numFiles": {files}, "count": {len(texts)}'
            shown.append(f'{{{head}, "rows": [{body}]}}')
        out.write(",\n".join(shown) + "\n]\n}\n")


def remove_empty(folder):
    """Spark's empty folders would not survive a checkout: they are not part of the table."""
    for inner, _, _ in os.walk(folder, topdown=False):
        if not os.listdir(inner):
            os.rmdir(inner)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jars", required=True)
    parser.add_argument("--out", required=True, help="the folder test/fixtures")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    tables, shapes = (os.path.join(arguments.out, part) for part in ("tables", "shapes"))
    for folder in (tables, shapes):
        os.makedirs(folder, exist_ok=True)
    makers = {
        key.replace("_", "-"): value
        for key, value in globals().items()
        if key.startswith(("spark_", "rs_")) and callable(value)
    }
    unknown = set(arguments.names) - set(makers)
    if unknown:
        sys.exit(f"no fixture named {', '.join(sorted(unknown))}; there are: {', '.join(makers)}")
    scratch = tempfile.mkdtemp(prefix="delta-clones-fixtures-")
    started = []

    def start():
        if not started:
            started.append(session.start(scratch, arguments.jars))
        return started[0]

    failed = []
    try:
        for name in arguments.names or makers:
            print(name, file=sys.stderr)
            make = Make(scratch, name, start, shapes)
            try:
                makers[name](make)
                if name.startswith("spark-"):
                    states = expected_by_spark(start(), make.path)
                    engine = "spark"
                else:
                    states = expected_by_delta_rs(make.path)
                    engine = "delta-rs"
                write_expected(make.path, engine, states)
                target = os.path.join(tables, name)
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(make.path, target)
                remove_empty(target)
            except Exception as error:
                failed.append(name)
                print(f"  failed: {type(error).__name__}: {str(error)[:1500]}", file=sys.stderr)
            finally:
                make.finish()
    finally:
        if started:
            started[0].stop()
        shutil.rmtree(scratch, ignore_errors=True)
    write_readme(arguments.out, makers)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def write_readme(out, makers):
    """The table of tables in test/fixtures/README.md, from the docstrings above."""
    path = os.path.join(out, "README.md")
    with open(path, encoding="utf-8") as handle:
        head, _ = handle.read().split("<!-- tables -->\n")
    rows = [("table", "latest version", "files", "what it shows")]
    for name, maker in makers.items():
        source = os.path.join(out, "tables", name, "expected.json")
        if os.path.exists(source):
            with open(source, encoding="utf-8") as handle:
                found = json.load(handle)
            rows.append((name, str(found["version"]), str(found["numFiles"]), maker.__doc__))
    widths = [max(map(len, column)) for column in zip(*rows)]
    rows.insert(1, tuple("-" * width for width in widths))
    with open(path, "w", encoding="utf-8") as handle:
        handle.write(head + "<!-- tables -->\n\n")
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths))
            handle.write(f"| {' | '.join(cells)} |\n")


if __name__ == "__main__":
    main()
