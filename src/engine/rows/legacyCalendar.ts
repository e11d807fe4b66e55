/**
 * Dates of the hybrid calendar: Julian before 1582-10-15. Spark wrote days and times so up to version 3 (INT96 up to 3.1), and later
 * where it was told to; then the footer says it. What is meant is the date that a person would have read, so the same year, month
 * and day are shown in the proleptic Gregorian calendar. Source: Apache Spark, "Migration Guide: SQL", Upgrading from 2.4 to 3.0.
 */
import { daysOf } from './calendar';

export interface LegacyCalendar {
  readonly hasLegacyDates: boolean;
  readonly hasLegacyTimestamps: boolean;
}

/** 1582-10-15, the first day on which both calendars agree, in days from 1970-01-01. */
const firstSharedDay = -141_427;
const dayMicros = 86_400_000_000n;

/** What the key-value metadata of a data file tells. A file without Spark's version is taken to hold what it says, as Spark 4 does. */
export function legacyCalendar(keyValues: ReadonlyMap<string, string>): LegacyCalendar {
  const version = /^(\d+)\.(\d+)/.exec(keyValues.get('org.apache.spark.version') ?? '');
  if (version === null) return { hasLegacyDates: false, hasLegacyTimestamps: false };
  const written = Number(version[1]) * 1000 + Number(version[2]);
  const hasLegacyDates = written < 3000 || keyValues.has('org.apache.spark.legacyDateTime');
  // Spark never writes an Arrow schema: the Parquet handler adds it to files with INT96, which had a rule of its own.
  const hasLegacyTimestamps = keyValues.has('ARROW:schema')
    ? written < 3001 || keyValues.has('org.apache.spark.legacyINT96')
    : hasLegacyDates;
  return { hasLegacyDates, hasLegacyTimestamps };
}

/** The day whose proleptic Gregorian date is the hybrid date of `days`. */
export function rebaseDays(days: number): number {
  if (days >= firstSharedDay) return days;
  // Years of the Julian calendar begin in March here, so that a leap day is the last one; day 0 is March 1 of the year 0.
  const shifted = days + 719_470;
  const cycle = Math.floor(shifted / 1461);
  const ofCycle = shifted - cycle * 1461;
  const yearOfCycle = Math.min(Math.floor(ofCycle / 365), 3);
  const ofYear = ofCycle - yearOfCycle * 365;
  const monthFromMarch = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = cycle * 4 + yearOfCycle + (month <= 2 ? 1 : 0);
  // February 29 of a year that is none of Gregory's leap years becomes March 1.
  return (daysOf(year, month, 1) ?? 0) + day - 1;
}

/** As {@link rebaseDays} for microseconds; the time of the day (in UTC) stays. */
export function rebaseMicros(micros: bigint): bigint {
  if (micros >= BigInt(firstSharedDay) * dayMicros) return micros;
  const ofDay = ((micros % dayMicros) + dayMicros) % dayMicros;
  return BigInt(rebaseDays(Number((micros - ofDay) / dayMicros))) * dayMicros + ofDay;
}
