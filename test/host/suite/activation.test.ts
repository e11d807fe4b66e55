import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { api, extension } from '../extensionApi';

/** The parts of package.json that these tests read. */
interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe('Activation', () => {
  it('happens in the host of the workspace, without an error', async () => {
    const found = extension();
    await found.activate();
    assert.equal(found.isActive, true);
    assert.equal(found.extensionKind, vscode.ExtensionKind.Workspace);
  });

  it('measures its own code, for npm run bench', async () => {
    const { activationMs } = await api();
    assert.ok(activationMs > 0, 'nothing was measured');
  });

  it('registers every command of the manifest', async () => {
    const manifest = extension().packageJSON as Manifest;
    await api();
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands
      .map(({ command }) => command)
      .filter((command) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});
