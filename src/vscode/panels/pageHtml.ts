/** The document that a page is loaded into: strict content policy, no remote content, our own script and styles only. */

export interface PageDocument {
  /** Value of `data-testid` on the body. */
  readonly testId: string;
  readonly title: string;
  /** Source expression of the editor's resource host. */
  readonly cspSource: string;
  /** Allows exactly the one script. */
  readonly nonce: string;
  readonly script: string;
  readonly styles: readonly string[];
  /** Written as `data-*` attributes of the body, for the page to keep in its state. */
  readonly data: Readonly<Record<string, string>>;
}

export function pageHtml(page: PageDocument): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${page.nonce}'`,
    // The controls look for a nonce of their own to add styles with, and for the meta property that tells it.
    `style-src ${page.cspSource} 'nonce-${page.nonce}'`,
    `font-src ${page.cspSource}`,
    `img-src ${page.cspSource}`,
  ].join('; ');
  const data = Object.entries(page.data)
    .map(([name, value]) => ` data-${name}="${escapeHtml(value)}"`)
    .join('');
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="UTF-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">`,
    `<meta property="csp-nonce" content="${escapeHtml(page.nonce)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1.0">',
    ...page.styles.map((href) => `<link rel="stylesheet" href="${escapeHtml(href)}">`),
    `<title>${escapeHtml(page.title)}</title>`,
    '</head>',
    `<body data-testid="${escapeHtml(page.testId)}"${data}>`,
    '<div id="app"></div>',
    `<script nonce="${escapeHtml(page.nonce)}" src="${escapeHtml(page.script)}"></script>`,
    '</body>',
    '</html>',
  ].join('\n');
}

/** Text that stands for itself in HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
