"""One small Spark session with Delta, for the judge and for the fixtures."""

import os
import sys
import time

from canonical import rows_from_arrow


def start(scratch, jars):
    """A local Spark with one worker thread, no web page, and every file it makes below `scratch`."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ["TZ"] = "UTC"
    time.tzset()
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "1g",
        "spark.driver.extraClassPath": os.path.join(jars, "*"),
        "spark.driver.extraJavaOptions": f"-Duser.timezone=UTC -Dderby.system.home={scratch}/derby "
        f"-Djava.io.tmpdir={scratch} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.local.dir": scratch,
        "spark.sql.warehouse.dir": os.path.join(scratch, "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
        "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
        "spark.databricks.delta.snapshotPartitions": "1",
        # Fixtures grow old: their versions have to stay readable past the table's retention.
        "spark.databricks.delta.vacuum.enforceTimeTravelWithinDeletedFileRetentionDuration": "false",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    builder = SparkSession.builder.master("local[1]").appName("delta-clones-engines")
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def snapshot(spark, location, version=None):
    """(version, number of files) of a table's snapshot, from Delta's own log object."""
    log = spark._jvm.org.apache.spark.sql.delta.DeltaLog.forTable(spark._jsparkSession, location)
    none = spark._jvm.scala.Option.empty()
    if version is None:
        found = log.update(False, none, none)
    else:
        found = log.getSnapshotAt(version, none, none, False)
    return found.version(), found.numOfFiles()


def read(spark, location, version=None):
    """A table's rows in the canonical form, with its Spark schema."""
    reader = spark.read.format("delta")
    if version is not None:
        reader = reader.option("versionAsOf", version)
    return collect(reader.load(location))


def collect(frame):
    """Rows of a data frame in the canonical form, with its schema as Delta writes schemas."""
    schema = frame.schema.jsonValue()
    variants = [field["name"] for field in schema["fields"] if field["type"] == "variant"]
    shown = [
        f"to_json({quoted(f['name'])}) as {quoted(f['name'])}" if f["name"] in variants else quoted(f["name"])
        for f in schema["fields"]
    ]
    table = frame.selectExpr(*shown).toArrow() if shown else frame.toArrow()
    return rows_from_arrow(table, variants), schema


def quoted(name):
    return "`" + name.replace("`", "``") + "`"
