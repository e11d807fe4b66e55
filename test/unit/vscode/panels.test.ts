import { describe, expect, it } from 'vitest';
import type { PlanPageState } from '../../../src/protocol/planPage';
import type { Envelope } from '../../../src/protocol/rpc';
import type { OperationOutcome, ProgressEvent } from '../../../src/protocol/views';
import { PageConnection, type PageLife } from '../../../src/vscode/panels/pageConnection';
import { pageHtml } from '../../../src/vscode/panels/pageHtml';
import { PlanRun, type RunCall } from '../../../src/vscode/panels/planRun';
import { coded } from './fakes';

interface Methods {
  'x.start': { readonly result: number };
  'x.slow': { readonly result: string };
}

function connection(): {
  send: (message: unknown) => Promise<void>;
  sent: Envelope[];
  lives: PageLife[];
  finishSlow: (text: string) => void;
  page: PageConnection<Methods, { 'x.changed': number }>;
} {
  const sent: Envelope[] = [];
  const lives: PageLife[] = [];
  const slow: ((text: string) => void)[] = [];
  let receive: ((message: unknown) => void) | undefined;
  const page = new PageConnection<Methods, { 'x.changed': number }>(
    {
      post: (message) => sent.push(message),
      listen: (given) => {
        receive = given;
      },
    },
    (life) => {
      lives.push(life);
      return {
        'x.start': () => Promise.resolve(lives.length),
        'x.slow': () => new Promise((resolve) => slow.push(resolve)),
      };
    },
  );
  return {
    sent,
    lives,
    page,
    finishSlow: (text) => {
      slow[0]?.(text);
    },
    send: async (message) => {
      receive?.(message);
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

describe('PageConnection', () => {
  it('answers a page and tells it events once it has spoken', async () => {
    const { page, send, sent } = connection();
    page.emit('x.changed', 1);
    await send({ type: 'request', id: 1, method: 'x.start', params: [] });
    page.emit('x.changed', 2);
    expect(sent).toEqual([
      { type: 'result', id: 1, value: 1 },
      { type: 'event', name: 'x.changed', params: 2 },
    ]);
  });

  it('drops answers to a page that was started anew with the same request ids', async () => {
    const { send, sent, lives, finishSlow } = connection();
    await send({ type: 'request', id: 1, method: 'x.start', params: [] });
    await send({ type: 'request', id: 2, method: 'x.slow', params: [] });
    await send({ type: 'request', id: 1, method: 'x.start', params: [] });
    await send({ type: 'request', id: 2, method: 'x.start', params: [] });
    finishSlow('late');
    await send({ type: 'nonsense' });
    expect(sent).toEqual([
      { type: 'result', id: 1, value: 1 },
      { type: 'result', id: 1, value: 2 },
      { type: 'result', id: 2, value: 2 },
    ]);
    expect(lives.map((life) => life.isOver)).toEqual([true, false]);
  });

  it('answers an unknown method with an error', async () => {
    const { send, sent } = connection();
    await send({ type: 'request', id: 1, method: 'x.other', params: [] });
    expect(sent).toMatchObject([{ type: 'error', id: 1, error: { code: 'internal' } }]);
  });
});

describe('pageHtml', () => {
  const html = pageHtml({
    testId: 'delta-history',
    title: '<orders>',
    cspSource: 'https://host',
    nonce: 'n1',
    script: 'https://host/history.js',
    styles: ['https://host/codicon.css', 'https://host/history.css'],
    data: { location: 'file:///w/"><script>alert(1)</script>' },
  });

  it('allows one script by its nonce and nothing from elsewhere', () => {
    expect(html).toContain('default-src &#39;none&#39;; script-src &#39;nonce-n1&#39;');
    expect(html).toContain('<script nonce="n1" src="https://host/history.js"></script>');
    expect(html).not.toContain('unsafe');
  });

  it('shows texts as they are', () => {
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('<title>&lt;orders&gt;</title>');
    expect(html).toContain('<body data-testid="delta-history"');
    expect(html).toContain('<div id="app"></div>');
  });
});

const outcome: OperationOutcome = {
  version: 1,
  committed: true,
  location: 'file:///w/t',
  metrics: {},
  cloneInfo: null,
  undoVersion: 0,
};

function running(): {
  run: PlanRun;
  states: PlanPageState[];
  calls: RunCall[];
  finish: (result: OperationOutcome | Error) => void;
} {
  const states: PlanPageState[] = [];
  const calls: RunCall[] = [];
  let settle: (result: OperationOutcome | Error) => void = () => undefined;
  const run = new PlanRun({
    execute: (_codes, call) => {
      calls.push(call);
      return new Promise((resolve, reject) => {
        settle = (result) => {
          if (result instanceof Error) reject(result);
          else resolve(result);
        };
      });
    },
    onState: (state) => states.push(state),
    now: () => 1_000,
  });
  return {
    run,
    states,
    calls,
    finish: (result) => {
      settle(result);
    },
  };
}

function runCall(): { call: RunCall; abort: () => void; events: ProgressEvent[] } {
  const controller = new AbortController();
  const events: ProgressEvent[] = [];
  return {
    call: { signal: controller.signal, onProgress: (event) => events.push(event) },
    abort: () => {
      controller.abort();
    },
    events,
  };
}

const heard = (): boolean => true;

describe('PlanRun', () => {
  it('goes from ready over running to done', async () => {
    const { run, states, finish } = running();
    expect(run.state).toEqual({ kind: 'ready' });
    const result = run.execute([], runCall().call, heard);
    finish(outcome);
    expect(await result).toEqual(outcome);
    expect(states).toEqual([
      { kind: 'running', progress: null },
      { kind: 'done', outcome },
    ]);
  });

  it('lets a page that was started anew join the run instead of starting a second', async () => {
    const { run, calls, finish } = running();
    const first = run.execute([], runCall().call, heard);
    const second = runCall();
    const joined = run.execute([], second.call, heard);
    calls[0]?.onProgress({ phase: 'copying', done: 1, total: 2, unit: 'files' });
    finish(outcome);
    expect(await Promise.all([first, joined])).toEqual([outcome, outcome]);
    expect(calls).toHaveLength(1);
    expect(second.events).toHaveLength(1);
  });

  it('goes on when the page it was started from is hidden', async () => {
    const { run, calls, finish } = running();
    let isOver = false;
    const { call, abort } = runCall();
    const result = run.execute([], call, () => !isOver);
    isOver = true;
    abort();
    expect(calls[0]?.signal.aborted).toBe(false);
    finish(outcome);
    await result;
  });

  it('is cancelled by the page that shows it', async () => {
    const { run, states, calls, finish } = running();
    const { call, abort } = runCall();
    const result = run.execute([], call, heard);
    abort();
    expect(calls[0]?.signal.aborted).toBe(true);
    finish(coded('cancelled'));
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
    expect(states.at(-1)?.kind).toBe('failed');
  });

  it('is cancelled by a page that was started anew', () => {
    const { run, calls } = running();
    void run.execute([], runCall().call, heard);
    run.cancel();
    expect(calls[0]?.signal.aborted).toBe(true);
  });
});
