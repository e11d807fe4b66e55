/**
 * What the judges say about tables, and how two answers are held against each other.
 *
 * @param {ReturnType<import('./judgeClient.mjs').startJudge>} judge
 * @param {ReturnType<import('./product.mjs').commandLine>} product
 */
export function createJudges(judge, product) {
  const read = (engine, location, version, rows = false) =>
    judge.ask({ op: 'read', engine, location, version, rows });

  async function ours(location, schema, version) {
    const file = await product.rowsFile(location, version);
    const answer = await judge.ask({ op: 'ours', file, schema });
    return { ...answer, again: () => judge.ask({ op: 'ours', file, schema, rows: true }) };
  }

  return {
    spark: async (location, version) => {
      const answer = await read('spark', location, version);
      return { ...answer, again: () => read('spark', location, version, true) };
    },
    deltaRs: async (location, version) => {
      const answer = await read('delta-rs', location, version);
      return { ...answer, again: () => read('delta-rs', location, version, true) };
    },
    parquet: (location) => read('duckdb', location, undefined, true),
    ours,
    /** The rows of the last of some statements, as JSON texts; `{name}` is the table at that location. */
    sql: async (statements, tables) => {
      const filled = statements.map((text) =>
        text.replace(/\{(\w+)\}/g, (_, name) => `delta.\`${tables[name]}\``),
      );
      return (await judge.ask({ op: 'sql', statements: filled, rows: true })).rows;
    },
    history: async (location) => (await judge.ask({ op: 'history', location })).history,
    files: (location, version) => judge.ask({ op: 'files', location, version }),
    same,
    must,
  };
}

/** Fails unless both answers hold the same rows; shows the first that differ. */
async function same(found, wanted, words) {
  if (found.digest === wanted.digest) return;
  const [got, want] = [(await found.again()).rows, (await wanted.again()).rows];
  const [extra, lacking] = [difference(got, want), difference(want, got)];
  const show = (rows) => rows.slice(0, 3).join('\n  ').slice(0, 1500) || 'none';
  throw new Error(
    `${words}: ${got.length} rows, ${want.length} wanted\n` +
      `only found (${extra.length}):\n  ${show(extra)}\nonly wanted (${lacking.length}):\n  ${show(lacking)}`,
  );
}

function difference(rows, others) {
  const counts = new Map();
  for (const row of others) counts.set(row, (counts.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const left = counts.get(row) ?? 0;
    counts.set(row, left - 1);
    return left <= 0;
  });
}

/** Fails with both values unless they are equal as JSON. */
function must(found, wanted, words) {
  const [got, want] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (got !== want) throw new Error(`${words}: ${got}, wanted ${want}`);
}
