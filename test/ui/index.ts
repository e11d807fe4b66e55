import { runMocha } from '../host/runMocha';
import { close, keepFailure, variable } from './session';

async function main(): Promise<void> {
  try {
    const failures = await runMocha({
      folder: __dirname,
      ending: '.ui.js',
      results: variable('DELTA_CLONES_TEST_RESULTS'),
      timeout: 120_000,
      onFailure: keepFailure,
    });
    process.exitCode = failures > 0 ? 1 : 0;
  } finally {
    await close();
  }
}

void main();
