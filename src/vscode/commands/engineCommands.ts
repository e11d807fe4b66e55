import { showNote } from '../notify';
import type { CommandHandler } from './context';

/** Ends the running scan; what it found stays. */
export const cancelScan: CommandHandler = (context) => {
  context.scanner.cancel();
  return Promise.resolve();
};

/** Ends the worker and what runs in it, and reads everything that is shown again in a fresh one. */
export const restartEngine: CommandHandler = async (context) => {
  await context.restartEngine();
  showNote('The engine was restarted');
  await context.scanner.rescanIfStarted();
  await context.histories.allChanged();
};

export const showLog: CommandHandler = (context) => {
  context.log.show();
  return Promise.resolve();
};
