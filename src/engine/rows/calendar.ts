/**
 * Dates and times as text, in the proleptic Gregorian calendar and UTC. Years from 0 to 9999 have four digits; others have a sign
 * and at least six, as ISO 8601 writes expanded years.
 */

const dayMicros = 86_400_000_000;

/** `YYYY-MM-DD` of a day counted from 1970-01-01. */
export function dateText(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) /
      365,
  );
  const ofYear =
    ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${yearText(year)}-${two(month)}-${two(day)}`;
}

/** Days from 1970-01-01 to a date, or undefined where the calendar has no such day. */
export function daysOf(year: number, month: number, day: number): number | undefined {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const ofEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + ofYear;
  const days = era * 146_097 + ofEra - 719_468;
  return dateText(days) === `${yearText(year)}-${two(month)}-${two(day)}` ? days : undefined;
}

let lastDay = 0;
let lastDayText = '1970-01-01';

/** `YYYY-MM-DDTHH:MM:SS.ffffff` of microseconds since the epoch, without a zone. */
export function microsText(micros: bigint): string {
  let days: number;
  let rest: number;
  const exact = Number(micros);
  if (Number.isSafeInteger(exact)) {
    days = Math.floor(exact / dayMicros);
    rest = exact - days * dayMicros;
  } else {
    const ofDay = ((micros % 86_400_000_000n) + 86_400_000_000n) % 86_400_000_000n;
    days = Number((micros - ofDay) / 86_400_000_000n);
    rest = Number(ofDay);
  }
  // Neighbouring rows are mostly of the same day.
  if (days !== lastDay) {
    lastDayText = dateText(days);
    lastDay = days;
  }
  const seconds = Math.floor(rest / 1_000_000);
  const fraction = rest - seconds * 1_000_000;
  return (
    `${lastDayText}T${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}` +
    `:${two(seconds % 60)}.${String(fraction).padStart(6, '0')}`
  );
}

/** Nanoseconds as microseconds, rounded down, so that time keeps its order also before 1970. */
export function nanosToMicros(nanos: bigint): bigint {
  const micros = nanos / 1000n;
  return nanos < 0n && micros * 1000n !== nanos ? micros - 1n : micros;
}

/** Days of `[+-]Y...-M-D`, or undefined. */
export function parseDate(text: string): number | undefined {
  const match = /^([+-]?\d{1,7})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  return daysOf(Number(match[1]), Number(match[2]), Number(match[3]));
}

const timestampPattern =
  /^([+-]?\d{1,7}-\d{1,2}-\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/;

/**
 * Microseconds since the epoch of a timestamp text in either spelling of the protocol, with or without a zone; without one it is
 * taken as UTC. Digits beyond microseconds are cut. Undefined where it is none.
 */
export function parseTimestamp(text: string): bigint | undefined {
  const match = timestampPattern.exec(text);
  if (match === null) return undefined;
  const [, date = '', hours = '0', minutes = '0', seconds = '0', fraction = '', zone = 'Z'] = match;
  const days = parseDate(date);
  if (days === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
    return undefined;
  }
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  const offsetMinutes =
    offset === null
      ? 0
      : (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
  const ofDay = (Number(hours) * 60 + Number(minutes) - offsetMinutes) * 60 + Number(seconds);
  return (
    BigInt(days) * 86_400_000_000n +
    BigInt(ofDay) * 1_000_000n +
    BigInt(fraction.padEnd(6, '0').slice(0, 6))
  );
}

function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
