// Serves the real bundles of the pages as the editor does: the same document, the same content policy, a fake editor behind it.
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../scripts/paths.mjs';

const here = join(root, 'test/webview');
const codicons = join(
  dirname(createRequire(join(root, 'package.json')).resolve('@vscode/codicons/package.json')),
  'dist',
);
const types = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
  '.html': 'text/html; charset=utf-8',
};
const bodyClass = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  hc: 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast vscode-high-contrast-light',
};

/** What the editor puts into every page before our own styles. */
const editorStyles = `
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
    font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size);
    margin: 0; padding: 0 20px; }
  code { font-family: monospace; color: var(--vscode-textPreformat-foreground); background-color: var(--vscode-textPreformat-background); padding: 1px 3px; border-radius: 4px; }
  a, a code { color: var(--vscode-textLink-foreground); }
`;

/** The product's own document, with what the editor adds around it and the fake editor in it. */
function documentOf(pageHtml, page, theme) {
  const nonce = 'check';
  const script = (src) => `<script nonce="${nonce}" src="${src}"></script>`;
  return pageHtml({
    testId: `delta-${page}`,
    title: page,
    cspSource: "'self'",
    nonce,
    script: `/pages/${page}.js`,
    styles: ['/codicons/codicon.css', `/pages/${page}.css`],
    data: {},
  })
    .replace('<html lang="en">', `<html lang="en" data-theme="${theme}">`)
    .replace(
      '<head>',
      '<head><link rel="stylesheet" href="/files/editor.css"><link rel="stylesheet" href="/files/themes.css">',
    )
    .replace('<body ', `<body class="${bodyClass[theme]}" `)
    .replace(
      '<div id="app"></div>',
      `<div id="app"></div>${script('/files/fakeEditor.js')}${script(`/files/fake-${page}.js`)}`,
    );
}

/** Builds the pages and serves them. Address: `/history?theme=dark&...`; the rest of the query is the fake editor's. */
export async function servePages() {
  const out = mkdtempSync(join(tmpdir(), 'delta-pages-'));
  await build({
    absWorkingDir: root,
    bundle: true,
    sourcemap: 'inline',
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
    entryPoints: { history: 'webview/history/main.ts', plan: 'webview/plan/main.ts' },
    outdir: out,
    logLevel: 'warning',
  });
  const documentFile = join(out, 'pageHtml.mjs');
  await build({
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    entryPoints: ['src/vscode/panels/pageHtml.ts'],
    outfile: documentFile,
    logLevel: 'warning',
  });
  const { pageHtml } = await import(pathToFileURL(documentFile).href);
  const read = (path) => {
    const [, folder, name] = path.split('/');
    if (folder === 'pages') return readFileSync(join(out, name));
    if (folder === 'codicons') return readFileSync(join(codicons, name));
    if (path === '/files/editor.css') return editorStyles;
    return readFileSync(join(here, name));
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    const page = url.pathname.slice(1);
    try {
      const isPage = page === 'history' || page === 'plan';
      const body = isPage
        ? documentOf(pageHtml, page, url.searchParams.get('theme') ?? 'dark')
        : read(url.pathname);
      response.writeHead(200, {
        'content-type': types[isPage ? '.html' : extname(url.pathname)] ?? 'text/plain',
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.close();
      rmSync(out, { recursive: true, force: true });
    },
  };
}
