/**
 * The verbs of the command line as data: what each takes, for the parser, the help and the suggestions alike.
 * Source: command-line.md.
 */

export interface OptionSpec {
  readonly name: string;
  /** Name of the value in the help; absent for a switch. */
  readonly value?: string;
  readonly isRepeatable?: boolean;
  readonly help: string;
}

export interface VerbSpec {
  readonly name: string;
  readonly positionals: readonly string[];
  readonly options: readonly OptionSpec[];
  readonly help: string;
}

const json: OptionSpec = { name: 'json', help: 'print JSON, for programs' };
const help: OptionSpec = { name: 'help', help: 'show this help' };
const scan: OptionSpec = {
  name: 'scan',
  value: 'root',
  isRepeatable: true,
  help: 'another place to look for clones (repeatable)',
};
const version: OptionSpec = { name: 'version', value: 'N', help: 'read this version' };
const timestamp: OptionSpec = {
  name: 'timestamp',
  value: 'T',
  help: 'read the version of this time (2025-03-31T23:59:59Z; UTC when no zone is given)',
};
const limit: OptionSpec = { name: 'limit', value: 'N', help: 'at most N of them' };
const execute: OptionSpec = {
  name: 'execute',
  help: 'run the plan; without it the plan is printed',
};
const acknowledge: OptionSpec = {
  name: 'acknowledge',
  value: 'code',
  isRepeatable: true,
  help: 'accept a finding of the plan (repeatable)',
};
const confirm: OptionSpec = {
  name: 'confirm',
  value: 'name',
  help: "the table's name, where a finding asks for it",
};

const reading = [scan, json, help];
const writing = [execute, acknowledge, confirm, scan, json, help];

export const verbs = [
  {
    name: 'tables',
    positionals: ['root'],
    options: reading,
    help: 'list the Delta tables below a folder, and what they are clones of',
  },
  {
    name: 'detail',
    positionals: ['table'],
    options: [
      version,
      timestamp,
      { name: 'count', help: "count rows in the data files' footers where the log does not tell" },
      {
        name: 'published-only',
        help: 'read what a catalog-managed table has published (it may be behind)',
      },
      ...reading,
    ],
    help: 'describe a table: schema, size, properties, features',
  },
  {
    name: 'history',
    positionals: ['table'],
    options: [
      limit,
      { name: 'check', help: 'look whether the files of each version are there' },
      ...reading,
    ],
    help: 'list the commits of a table, newest first',
  },
  {
    name: 'files',
    positionals: ['table'],
    options: [version, timestamp, ...reading],
    help: 'list the active files of a version',
  },
  {
    name: 'rows',
    positionals: ['table'],
    options: [
      version,
      timestamp,
      limit,
      { name: 'columns', value: 'a,b', help: 'only these columns' },
      ...reading,
    ],
    help: 'print the rows of a version',
  },
  {
    name: 'clone',
    positionals: ['source', 'target'],
    options: [
      { name: 'shallow', help: 'a clone that references the files of the source' },
      { name: 'deep', help: 'a clone with files of its own' },
      version,
      timestamp,
      { name: 'replace', help: 'create the target, or replace what it holds' },
      { name: 'if-not-exists', help: 'do nothing where the target is a table already' },
      {
        name: 'property',
        value: 'k=v',
        isRepeatable: true,
        help: 'set a table property on the clone (repeatable)',
      },
      {
        name: 'expires',
        value: 'T',
        help: 'when the clone may be removed; never acted on by itself',
      },
      { name: 'record', help: 'commit also when nothing changed since the last clone' },
      { name: 'copy-txn', help: "deep clones: copy the streams' transaction identifiers" },
      ...writing,
    ],
    help: 'clone a table, shallow or deep',
  },
  {
    name: 'restore',
    positionals: ['table'],
    options: [version, timestamp, ...writing],
    help: 'bring a table back to an earlier version, by one new commit',
  },
  {
    name: 'lineage',
    positionals: ['root'],
    options: reading,
    help: 'show which tables below a folder are clones of which',
  },
] as const satisfies readonly VerbSpec[];

export type VerbName = (typeof verbs)[number]['name'];

/** Verbs of the contract that this version does not have. */
export const laterVerbs: readonly string[] = [
  'diff',
  'verify',
  'status',
  'storage',
  'vacuum',
  'drop',
  'undrop',
  'purge',
  'swap',
  'clone-folder',
  'repair',
  'pin',
  'unpin',
  'forget',
];
