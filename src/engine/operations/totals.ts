/** Files and their bytes, counted together. */
export interface Totals {
  readonly files: number;
  readonly bytes: number;
}

export const noTotals: Totals = { files: 0, bytes: 0 };
