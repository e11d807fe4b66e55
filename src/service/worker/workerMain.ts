/**
 * Entry of the worker bundle: the service on this machine behind the port of the thread. Snapshots, plans and streams stay here;
 * what crosses the port is JSON.
 */
import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { Endpoint } from '../../protocol/rpc';
import type { Port } from '../../protocol/rpc';
import { createLocalService } from '../localEngine';
import { serviceHandlers } from '../serviceHandlers';
import { toWireError } from '../wireErrors';

/** The port with the order of things that an endpoint needs: what is posted before the other side listens is kept by Node. */
function portOf(port: MessagePort): Port {
  return {
    post: (message) => {
      port.postMessage(message);
    },
    onMessage: (receive) => {
      port.on('message', receive);
    },
  };
}

// One cancel is heard by every read under way, of which there are many.
setMaxListeners(0);
if (parentPort === null) {
  throw new Error('This script is the worker of Delta Clones; it does nothing by itself.');
}
const { service } = createLocalService({
  parquetWorkerPath: join(__dirname, 'parquetWorker.js'),
  log: {
    debug: () => undefined,
    warn: (message) => {
      endpoint.emit('log.warn', message);
    },
  },
});
const endpoint = new Endpoint(
  portOf(parentPort),
  serviceHandlers(service, () => performance.now()),
  toWireError,
);
