// The engine's thread.

import { createHost, type HostMessage, type PageMessage } from './pump.ts';

interface WorkerScope {
  postMessage(message: PageMessage): void;
  onmessage: ((event: MessageEvent<HostMessage>) => void) | null;
}
const scope = self as unknown as WorkerScope;
const receive = createHost((message) => scope.postMessage(message));
scope.onmessage = (event) => receive(event.data);
