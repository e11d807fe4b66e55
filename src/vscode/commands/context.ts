/** What a command handler is given. */
import type { DeltaService } from '../../service/deltaService';
import type { Settings } from '../config';
import type { Log } from '../log';
import type { HistoryPanels } from '../panels/historyPanel';
import type { PlanPanels } from '../panels/planPanel';
import type { StateStore } from '../state';
import type { KnownTables } from '../tree/knownTables';
import type { TableScanner } from '../tree/tableScanner';
import type { TablesView } from '../tree/tablesView';

export interface CommandContext {
  readonly service: DeltaService;
  readonly tables: KnownTables;
  readonly scanner: TableScanner;
  readonly view: TablesView;
  readonly histories: HistoryPanels;
  readonly plans: PlanPanels;
  readonly log: Log;
  readonly state: StateStore;
  readonly settings: () => Settings;
  /** IANA name or `UTC`. */
  readonly timeZone: () => string;
  readonly restartEngine: () => Promise<void>;
}

/** A handler; it returns early where a person cancelled a picker, and throws what went wrong. */
export type CommandHandler = (
  context: CommandContext,
  argument: unknown,
  more: unknown,
) => Promise<void>;
