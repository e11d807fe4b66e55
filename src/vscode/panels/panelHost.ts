/** Sets a webview up for one of our pages: options, document and channel. */
import type { WebviewOptions, WebviewPanel } from 'vscode';
import { Uri } from 'vscode';
import type { PageChannel } from './pageConnection';
import { pageHtml } from './pageHtml';

export interface PageSetup {
  /** Name of the bundle in `dist/pages`. */
  readonly page: 'history' | 'plan';
  readonly testId: string;
  readonly title: string;
  readonly data: Readonly<Record<string, string>>;
}

export function webviewOptions(extensionUri: Uri): WebviewOptions {
  return { enableScripts: true, localResourceRoots: [pagesFolder(extensionUri)] };
}

/** Loads the page and returns the channel to it. The channel listens before the page can speak. */
export function loadPage(panel: WebviewPanel, extensionUri: Uri, setup: PageSetup): PageChannel {
  const { webview } = panel;
  const pages = pagesFolder(extensionUri);
  const uriOf = (name: string): string =>
    webview.asWebviewUri(Uri.joinPath(pages, name)).toString();
  const receivers: ((message: unknown) => void)[] = [];
  const subscription = webview.onDidReceiveMessage((message: unknown) => {
    for (const receive of receivers) receive(message);
  });
  panel.onDidDispose(() => {
    subscription.dispose();
  });
  webview.options = webviewOptions(extensionUri);
  panel.title = setup.title;
  panel.iconPath = Uri.joinPath(extensionUri, 'media', 'icon.png');
  // Set in a later turn than the channel is taken, so that the page's first message meets its listener.
  queueMicrotask(() => {
    webview.html = pageHtml({
      testId: setup.testId,
      title: setup.title,
      cspSource: webview.cspSource,
      nonce: crypto.randomUUID().replaceAll('-', ''),
      script: uriOf(`${setup.page}.js`),
      styles: [uriOf('codicon.css'), uriOf(`${setup.page}.css`)],
      data: setup.data,
    });
  });
  return {
    post: (message) => {
      void webview.postMessage(message);
    },
    listen: (receive) => {
      receivers.push(receive);
    },
  };
}

function pagesFolder(extensionUri: Uri): Uri {
  return Uri.joinPath(extensionUri, 'dist', 'pages');
}
