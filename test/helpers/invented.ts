/** Invented people and things, the same at every run. Any likeness to somebody is chance. */

/** A small seeded generator (mulberry32): numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of the items, by the generator. */
export function pick<T>(random: () => number, items: readonly [T, ...T[]]): T {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

const firstSyllables = [
  'Ar',
  'Bel',
  'Cor',
  'Da',
  'El',
  'Fen',
  'Gal',
  'Ha',
  'Is',
  'Jo',
  'Ka',
  'Lo',
  'Mi',
  'No',
  'Or',
  'Pe',
  'Ri',
  'Sa',
  'Ta',
  'Ve',
  'Wi',
  'Yo',
  'Za',
] as const;
const lastSyllables = [
  'dan',
  'ena',
  'ika',
  'lin',
  'mar',
  'nor',
  'ola',
  'ric',
  'sha',
  'tis',
  'ula',
  'ven',
  'wyn',
  'xa',
] as const;
const familyStarts = [
  'Ash',
  'Birch',
  'Cold',
  'Dun',
  'Elm',
  'Fair',
  'Glen',
  'Hollow',
  'Iron',
  'Kings',
  'Lake',
  'Marsh',
  'North',
  'Oak',
  'Pine',
  'Quill',
  'Rook',
  'Stone',
  'Thorn',
  'Under',
  'Vale',
  'Wind',
] as const;
const familyEnds = [
  'bank',
  'brook',
  'by',
  'combe',
  'dale',
  'field',
  'ford',
  'gate',
  'ham',
  'hurst',
  'low',
  'mere',
  'ridge',
  'shaw',
  'wick',
] as const;

/** A made-up name of a person. */
export function inventedName(random: () => number): string {
  return `${pick(random, firstSyllables)}${pick(random, lastSyllables)} ${pick(random, familyStarts)}${pick(random, familyEnds)}`;
}
