/** The per-area tsconfigs are guards: an import or a global that an area may not use does not compile there. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Messages of the compiler for one more file in an area. */
function errorsIn(area: string, text: string): readonly string[] {
  const config = join(root, area, 'tsconfig.json');
  const parsed = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, (path) => ts.sys.readFile(path)).config,
    ts.sys,
    dirname(config),
  );
  const probe = join(root, area, 'probe.ts');
  const host = ts.createCompilerHost(parsed.options);
  const readFile = host.readFile.bind(host);
  const getSourceFile = host.getSourceFile.bind(host);
  host.fileExists = (path) => path === probe || ts.sys.fileExists(path);
  host.readFile = (path) => (path === probe ? text : readFile(path));
  host.getSourceFile = (path, language, ...rest) =>
    path === probe
      ? ts.createSourceFile(path, text, language)
      : getSourceFile(path, language, ...rest);
  const program = ts.createProgram({
    rootNames: [...parsed.fileNames, probe],
    options: parsed.options,
    host,
    ...(parsed.projectReferences === undefined
      ? {}
      : { projectReferences: parsed.projectReferences }),
  });
  const file = program.getSourceFile(probe);
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getSemanticDiagnostics(file),
    ...program.getSyntacticDiagnostics(file),
  ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

const wrong: readonly (readonly [string, string, string])[] = [
  [
    'src/engine',
    'a file system',
    `import { readFileSync } from 'node:fs'; export const x = readFileSync;`,
  ],
  ['src/engine', 'the process', `export const x = process.env;`],
  ['src/engine', 'Buffer', `export const x = Buffer.alloc(1);`],
  ['src/engine', 'a document', `export const x = document.title;`],
  [
    'src/engine',
    'storage',
    `import { LocalStore } from '../storage/localStore'; export const x = LocalStore;`,
  ],
  [
    'src/protocol',
    'the engine',
    `import { DeltaError } from '../engine/errors'; export const x = DeltaError;`,
  ],
  ['src/protocol', 'the process', `export const x = process.env;`],
  [
    'src/storage',
    'the service',
    `import { deltaServiceMethods } from '../service/deltaService'; export const x = deltaServiceMethods;`,
  ],
  [
    'src/vscode',
    'storage',
    `import { LocalStore } from '../storage/localStore'; export const x = LocalStore;`,
  ],
  [
    'webview',
    'the engine',
    `import { DeltaError } from '../src/engine/errors'; export const x = DeltaError;`,
  ],
  ['webview', 'the process', `export const x = process.env;`],
];

describe('areas that do not compile with what they may not use', () => {
  it.each(wrong)(
    '%s with %s',
    (area, _what, text) => {
      expect(errorsIn(area, text)).not.toEqual([]);
    },
    60_000,
  );

  it.each([
    ['src/engine', `import { DeltaError } from './errors'; export const x = DeltaError;`],
    [
      'webview',
      `import { Endpoint } from '../src/protocol/rpc'; export const x: [typeof Endpoint, string] = [Endpoint, document.title];`,
    ],
  ])(
    '%s compiles with what is its own',
    (area, text) => {
      expect(errorsIn(area, text)).toEqual([]);
    },
    60_000,
  );
});
