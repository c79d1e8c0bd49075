// The engine as the page uses it: requests with promised replies, wherever the engine runs.

import type { EngineClient, Event, Reply, Request } from '#session/protocol.ts';
import type { HostMessage, PageMessage } from './pump.ts';

type Asking = Extract<Request, { id: number }>;
type Ask = Asking extends infer R ? (R extends Asking ? Omit<R, 'id'> : never) : never;
type ReplyTo<T extends Reply['type']> = Extract<Reply, { type: T }>;

export interface PageClient extends EngineClient {
  /** Sends a request that is answered; resolves with the reply. */
  ask<T extends Reply['type']>(request: Ask, answer: T): Promise<ReplyTo<T>>;
  /** Tells the host how much output has been shown. */
  ack(characters: number): void;
  close(): void;
}

/** Starts an engine in a Worker; on the page's own thread where no Worker can start. */
export function startEngine(): PageClient {
  const listeners = new Set<(event: Event) => void>();
  const waiting = new Map<number, (reply: Reply) => void>();
  let nextId = 1;
  let closed = false;
  let queue: HostMessage[] = [];
  let deliver: ((message: HostMessage) => void) | null = null;
  let worker: Worker | null = null;

  const receive = (message: PageMessage): void => {
    if (closed) return;
    for (const event of message.events) {
      if (event.type === 'reply') {
        waiting.get(event.id)?.(event.reply);
        waiting.delete(event.id);
      }
      for (const listener of listeners) listener(event);
    }
  };
  const ready = (to: (message: HostMessage) => void): void => {
    deliver = to;
    for (const message of queue) to(message);
    queue = [];
  };
  const post = (message: HostMessage): void => {
    if (closed) return;
    if (deliver) deliver(message);
    else queue.push(message);
  };
  const onThisThread = (history: readonly HostMessage[]): void => {
    void import('./pump.ts').then(({ createHost }) => {
      const host = createHost(receive);
      ready((message) => host(message));
      for (const message of history) host(message);
    });
  };

  try {
    worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    const started = worker;
    const sent: HostMessage[] = [];
    let heard = false;
    started.onmessage = (event: MessageEvent<PageMessage>) => {
      heard = true;
      sent.length = 0;
      receive(event.data);
    };
    // Before its first word an error means that the Worker could not be loaded (an opaque origin, a policy).
    started.onerror = (event) => {
      if (heard) {
        receive({ events: [{ type: 'bug', message: event.message || 'The engine stopped.' }] });
        return;
      }
      event.preventDefault();
      started.terminate();
      deliver = null;
      onThisThread([...sent]);
    };
    ready((message) => {
      if (!heard) sent.push(message);
      started.postMessage(message);
    });
  } catch {
    onThisThread([]);
  }

  return {
    send: (request) => post({ requests: [request] }),
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ask<T extends Reply['type']>(request: Ask, answer: T): Promise<ReplyTo<T>> {
      const id = nextId++;
      return new Promise((resolve, reject) => {
        waiting.set(id, (reply) => {
          if (reply.type === answer) resolve(reply as ReplyTo<T>);
          else reject(new Error(`expected ${answer}, got ${reply.type}`));
        });
        post({ requests: [{ ...request, id } as Request] });
      });
    },
    ack: (characters) => post({ ack: characters }),
    close() {
      closed = true;
      worker?.terminate();
    },
  };
}
