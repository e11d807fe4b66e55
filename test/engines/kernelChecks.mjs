import { askKernel } from './judgeClient.mjs';

/** Delta Kernel counts the rows of every table we made, in one run. */
export async function checkByKernel({ engines, report, tables }, made) {
  if (made.length === 0) return;
  const roots = tables.map((table) => table.root);
  const answers = await report.check('Delta Kernel answers', () =>
    askKernel(engines, [...roots, ...made.map((entry) => entry.location)]),
  );
  if (answers === undefined) return;
  const refusals = new Map();
  for (const [index, table] of tables.entries()) {
    const { error } = answers[index];
    if (error !== undefined) refusals.set(table.name, error);
  }
  for (const [index, entry] of made.entries()) {
    const refused = refusals.get(entry.table);
    if (refused !== undefined) {
      report.note(`${entry.name}: Delta Kernel does not read the source itself: ${refused}`);
      continue;
    }
    await report.check(`${entry.name} has the same number of rows in Delta Kernel`, () => {
      const { error, count } = answers[roots.length + index];
      if (error !== undefined || count !== entry.count) {
        throw new Error(error ?? `${count} rows, ${entry.count} wanted`);
      }
    });
  }
}
