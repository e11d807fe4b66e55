/**
 * The editor's end of the talk with a page. A hidden page is thrown away by the editor and starts anew when it is shown; its request
 * ids start anew as well. So each start of the page is a life of its own with its own endpoint, and answers meant for an earlier
 * life are dropped.
 */
import type { Json } from '../../protocol/json';
import { Endpoint, type Envelope, type Handler, type RpcCall } from '../../protocol/rpc';
import { toWireError } from '../messages';

/** What a webview offers: messages out and messages in. */
export interface PageChannel {
  post(message: Envelope): void;
  listen(receive: (message: unknown) => void): void;
}

/** One start of the page. */
export interface PageLife {
  /** False once the page was started anew or closed: its cancels say nothing any more. */
  isOver: boolean;
}

type ActiveCall = Required<Pick<RpcCall, 'onProgress'>> & { readonly signal: AbortSignal };

/** One handler for each method of a page, typed by the page's protocol. */
export type PageHandlers<Methods extends Record<keyof Methods, { readonly result: unknown }>> = {
  readonly [K in keyof Methods]: (
    params: readonly Json[],
    call: ActiveCall,
  ) => Promise<Methods[K]['result']>;
};

export class PageConnection<
  Methods extends Record<keyof Methods, { readonly result: unknown }>,
  Events,
> {
  private life: PageLife = { isOver: true };
  private endpoint: Endpoint | undefined;
  private receive: ((message: unknown) => void) | undefined;

  /** @param handlers makes the handlers of one life */
  constructor(
    private readonly channel: PageChannel,
    private readonly handlers: (life: PageLife) => PageHandlers<Methods>,
  ) {
    channel.listen((message) => {
      if (isFirstRequest(message)) this.begin();
      this.receive?.(message);
    });
  }

  /** Tells the page something; nothing happens while there is no page. */
  emit<K extends keyof Events & string>(name: K, params: Events[K]): void {
    this.endpoint?.emit(name, params as Json);
  }

  dispose(): void {
    this.end();
  }

  private begin(): void {
    this.end();
    const life: PageLife = { isOver: false };
    const handlers = this.handlers(life);
    const byName = new Map<string, Handler>();
    for (const name of Object.keys(handlers) as (keyof Methods & string)[]) {
      const handler = handlers[name];
      byName.set(name, async (params, call) => (await handler(params, call)) as Json);
    }
    this.life = life;
    this.endpoint = new Endpoint(
      {
        post: (message) => {
          this.channel.post(message);
        },
        onMessage: (receive) => {
          this.receive = receive;
        },
      },
      byName,
      toWireError,
    );
  }

  private end(): void {
    this.life.isOver = true;
    this.endpoint?.close({ code: 'cancelled', message: 'The page was closed.', details: {} });
    this.endpoint = undefined;
    this.receive = undefined;
  }
}

/** An endpoint counts its requests from 1, so the request 1 is the first word of a page that was started anew. */
function isFirstRequest(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    message.type === 'request' &&
    'id' in message &&
    message.id === 1
  );
}
