import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileUri, parseObjectUri } from '../../src/engine/objectUri';
import { LocalStore } from '../../src/storage/localStore';
import { MemoryStore } from '../../src/storage/memoryStore';
import { RoutingStore } from '../../src/storage/routingStore';
import { FaultyStore } from '../helpers/faultyStore';
import { objectStoreContract } from './objectStore.contract';

async function temporary(): Promise<{ folder: string; dispose: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'delta-store-'));
  return { folder, dispose: () => rm(folder, { recursive: true, force: true }) };
}

objectStoreContract('MemoryStore', async () => ({
  store: new MemoryStore(),
  root: parseObjectUri('memory://test/root'),
}));

objectStoreContract('LocalStore', async () => {
  const { folder, dispose } = await temporary();
  return { store: new LocalStore(), root: fileUri(folder), dispose };
});

objectStoreContract('RoutingStore over LocalStore', async () => {
  const { folder, dispose } = await temporary();
  return { store: new RoutingStore({ file: new LocalStore() }), root: fileUri(folder), dispose };
});

objectStoreContract('FaultyStore without faults', async () => ({
  store: new FaultyStore(new MemoryStore()),
  root: parseObjectUri('memory://test/root'),
}));
