/** Evaluated before everything else of the bundle, so that the cost of loading our own code is measured too. */
export const loadStartedAt = performance.now();
