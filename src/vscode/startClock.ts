/**
 * Evaluated before everything else of the bundle, so that the cost of loading our own code is measured too. The editor builds its
 * API for an extension at the first import of `vscode`; that is the editor's work, so the clock starts after it.
 *
 * Modules import names from `vscode`, never its namespace: the bundler would make a namespace anew, name by name, for every module
 * that asks for one, which takes longer than all the rest of activation.
 */
import 'vscode';

export const loadStartedAt = performance.now();
