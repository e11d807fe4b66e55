import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('The extension', () => {
  it('is installed and activates', async () => {
    const extension = vscode.extensions.getExtension('delta-clones.delta-clones');
    assert.ok(extension, 'the extension is not there');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
