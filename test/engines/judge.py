"""Other engines as judges: one request a line on standard input, one answer a line on standard output.

    {"id": 1, "op": "read", "engine": "spark" | "delta-rs" | "duckdb", "location": folder, "version"?: N, "rows"?: true}
        -> {"id": 1, "version": N, "count": n, "digest": sha256, "schema": Delta schema, "rows"?: [JSON text]}
    {"id": 2, "op": "ours", "file": NDJSON of our `rows`, "schema": Delta schema, "rows"?: true}   -> the same
    {"id": 3, "op": "sql", "statements": [...], "rows"?: true}   -> the rows of the last statement, from Spark
    {"id": 4, "op": "history", "location": folder}   -> {"history": DESCRIBE HISTORY, newest first}
    {"id": 5, "op": "files", "location": folder, "version"?: N}   -> {"version": N, "numFiles": n}, from Spark

duckdb reads Parquet only: its `location` is one file or a glob. A failed request is answered with {"id", "error"}
and the judge goes on. Digests are equal exactly where the rows are (canonical.py). Spark starts at the first
request that needs it and serves all of them.

    judge.py --jars folder            requests from standard input
    judge.py --jars folder --once f   requests from a JSON list in a file, then exit
"""

import argparse
import json
import os
import shutil
import sys
import tempfile

import canonical
import session


class Judge:
    def __init__(self, jars, scratch):
        self._jars = jars
        self._scratch = scratch
        self._spark = None

    def spark(self):
        if self._spark is None:
            self._spark = session.start(self._scratch, self._jars)
        return self._spark

    def stop(self):
        if self._spark is not None:
            self._spark.stop()

    def answer(self, request):
        return getattr(self, "_" + request["op"])(request)

    def _read(self, request):
        rows, schema, version = getattr(self, "_rows_" + request["engine"].replace("-", "_"))(
            request["location"], request.get("version")
        )
        return {"version": version, "schema": schema, **_summary(rows, request)}

    def _rows_spark(self, location, version):
        rows, schema = session.read(self.spark(), location, version)
        if version is None:
            version, _ = session.snapshot(self.spark(), location)
        return rows, schema, version

    def _rows_delta_rs(self, location, version):
        import pyarrow
        from deltalake import DeltaTable, QueryBuilder

        table = DeltaTable(location, version=version)
        batches = QueryBuilder().register("t", table).execute("select * from t").read_all()
        return (
            canonical.rows_from_arrow(pyarrow.table(batches)),
            json.loads(table.schema().to_json()),
            table.version(),
        )

    def _rows_duckdb(self, location, _version):
        import duckdb

        with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
            found = connection.execute("select * from read_parquet(?, hive_partitioning=false)", [location])
            return canonical.rows_from_arrow(found.to_arrow_table()), None, None

    def _ours(self, request):
        with open(request["file"], encoding="utf-8") as handle:
            return _summary(canonical.rows_from_ours(handle.read(), request["schema"]), request)

    def _sql(self, request):
        frame = None
        for statement in request["statements"]:
            frame = self.spark().sql(statement)
        rows, schema = session.collect(frame)
        return {"schema": schema, **_summary(rows, request)}

    def _history(self, request):
        frame = self.spark().sql(f"describe history delta.`{request['location']}`")
        rows, _ = session.collect(frame.drop("timestamp"))
        return {"history": rows}

    def _files(self, request):
        version, count = session.snapshot(
            self.spark(), request["location"], request.get("version")
        )
        return {"version": version, "numFiles": count}


def _summary(rows, request):
    texts = canonical.lines(rows)
    shown = {"rows": texts} if request.get("rows") else {}
    return {"count": len(texts), "digest": canonical.digest(texts), **shown}


def _without_stack(text):
    """An engine's words without the frames of a Java stack."""
    frames = ("at ", "... ", "Suppressed:")
    lines = (line for line in text.strip().split("\n") if not line.lstrip().startswith(frames))
    return "\n".join(line for line in lines if line.strip())


def _serve(judge, requests, out):
    for request in requests:
        try:
            reply = judge.answer(request)
        except Exception as error:  # an engine's refusal is an answer, whatever its type
            reply = {"error": f"{type(error).__name__}: {_without_stack(str(error))[:2000]}"}
        out.write(json.dumps({"id": request.get("id"), **reply}) + "\n")
        out.flush()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jars", required=True)
    parser.add_argument("--once")
    arguments = parser.parse_args()
    # Spark and its JVM write to standard output as they like: answers go to a private copy of it.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    scratch = tempfile.mkdtemp(prefix="delta-clones-judge-")
    try:
        judge = Judge(arguments.jars, scratch)
        if arguments.once:
            with open(arguments.once, encoding="utf-8") as handle:
                _serve(judge, json.load(handle), out)
        else:
            _serve(judge, map(json.loads, sys.stdin), out)
        judge.stop()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
