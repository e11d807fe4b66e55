/** Walks the real imports, type-only ones too, and holds them to the table in src/ARCHITECTURE.md. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const areas = [
  'engine',
  'storage',
  'protocol',
  'service',
  'vscode',
  'cli',
  'webview',
  'entry',
] as const;
type Area = (typeof areas)[number];

/** What each area may import: areas, and packages by name (`node` stands for the platform). */
const allowed: Readonly<Record<Area, readonly string[]>> = {
  engine: ['engine'],
  storage: ['storage', 'engine', 'node', 'apache-arrow', 'parquet-wasm'],
  protocol: ['protocol'],
  service: ['service', 'engine', 'protocol'],
  vscode: ['vscode', 'service', 'protocol', 'vscode-api', 'node'],
  cli: ['cli', 'service', 'protocol', 'storage', 'node'],
  webview: ['webview', 'protocol', '@vscode/webview-ui-toolkit', '@tanstack/virtual-core'],
  entry: [...areas, 'vscode-api', 'node'],
};

/** Files that compose areas, and what that lets them import besides. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  'src/service/localEngine.ts': ['storage', 'node'],
  'src/service/worker/workerMain.ts': ['storage', 'node'],
  'src/service/worker/workerThread.ts': ['node'],
};

/** Packages that one file alone may import. */
const onlyIn: Readonly<Record<string, string>> = {
  '@vscode/webview-ui-toolkit': 'webview/shared/controls.ts',
};

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (statSync(join(root, path)).isDirectory()) return sources(path);
    return name.endsWith('.ts') && !name.endsWith('.d.ts') ? [path] : [];
  });
}

function areaOf(path: string): Area {
  if (path.startsWith('webview/')) return 'webview';
  const first = path.split('/')[1] ?? '';
  return (areas as readonly string[]).includes(first) && path.split('/').length > 2
    ? (first as Area)
    : 'entry';
}

function importsOf(path: string): readonly string[] {
  const file = ts.preProcessFile(readFileSync(join(root, path), 'utf8'), true, true);
  return file.importedFiles.map(({ fileName }) => fileName);
}

function nameOf(path: string, specifier: string): string {
  if (specifier.startsWith('.')) {
    const target = relative(root, resolve(root, dirname(path), specifier)).replaceAll('\\', '/');
    return specifier.endsWith('.css') ? areaOf(path) : areaOf(`${target}.ts`);
  }
  if (specifier === 'vscode') return 'vscode-api';
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return 'node';
  const [scope, name] = specifier.split('/');
  return specifier.startsWith('@') ? `${scope ?? ''}/${name ?? ''}` : (scope ?? specifier);
}

const files = [...sources('src'), ...sources('webview')];

it('finds the sources', () => {
  expect(files.length).toBeGreaterThan(40);
});

it('imports only what each area may import', () => {
  const wrong = files.flatMap((path) => {
    const may = [...allowed[areaOf(path)], ...(exceptions[path] ?? [])];
    return importsOf(path)
      .map((specifier) => nameOf(path, specifier))
      .filter((name) => !may.includes(name) || (onlyIn[name] ?? path) !== path)
      .map((name) => `${path} imports ${name}`);
  });
  expect([...new Set(wrong)]).toEqual([]);
});

it('has no cycle of imports between files of the engine', () => {
  const graph = new Map(
    files
      .filter((path) => path.startsWith('src/engine/'))
      .map((path) => [
        path,
        importsOf(path).map(
          (specifier) =>
            `${relative(root, resolve(root, dirname(path), specifier)).replaceAll('\\', '/')}.ts`,
        ),
      ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});
