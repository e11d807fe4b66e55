/** package.json against the code, in both directions: what is declared exists, and what exists is declared. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commandIds, writingCommands } from '../src/vscode/commands/commandIds';
import {
  settingDeclarations,
  settingsSection,
  type SettingDeclaration,
} from '../src/vscode/config';
import { contextKeyNames } from '../src/vscode/contextKeys';
import { contextKinds, tableFlags } from '../src/vscode/tree/treeItems';

interface MenuEntry {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly main: string;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly extensionKind: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: string;
      readonly description: string;
      readonly restrictedConfigurations: readonly string[];
    };
    readonly virtualWorkspaces: { readonly supported: boolean; readonly description: string };
  };
  readonly contributes: {
    readonly viewsContainers: {
      readonly activitybar: readonly { id: string; title: string; icon: string }[];
    };
    readonly views: Readonly<Record<string, readonly { id: string; name: string; icon: string }[]>>;
    readonly viewsWelcome: readonly { view: string; contents: string; when: string }[];
    readonly commands: readonly {
      command: string;
      title: string;
      category: string;
      icon?: string;
      enablement?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly configuration: {
      readonly properties: Readonly<
        Record<
          string,
          SettingDeclaration & {
            scope: string;
            markdownDescription: string;
            enumDescriptions?: string[];
          }
        >
      >;
    };
  };
}

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const { commands, menus, views, viewsContainers, viewsWelcome, configuration } =
  manifest.contributes;
const ids = new Set<string>(Object.values(commandIds));
const menuEntries = Object.entries(menus).flatMap(([menu, entries]) =>
  entries.map((entry) => ({ menu, ...entry })),
);

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return path.endsWith('.ts') ? [readFileSync(path, 'utf8')] : [];
  });
}
const editorSources = sources(join(root, 'src/vscode'));

describe('commands', () => {
  it('are declared exactly where they exist', () => {
    expect(new Set(commands.map(({ command }) => command))).toEqual(ids);
    expect(commands).toHaveLength(ids.size);
  });

  it('are registered in one place, from a table that the compiler holds complete', () => {
    const registering = editorSources.filter((source) => source.includes('.registerCommand('));
    expect(registering).toHaveLength(1);
    for (const name of Object.keys(commandIds)) {
      expect(registering[0]).toContain(`[commandIds.${name}]:`);
    }
  });

  it('stand in the category Delta under the titles people know', () => {
    expect(new Set(commands.map(({ category }) => category))).toEqual(new Set(['Delta']));
    const titles = commands.map(({ title }) => title);
    expect(titles).toEqual(
      expect.arrayContaining([
        'Open History',
        'Shallow Clone',
        'Deep Clone',
        'Restore',
        'Refresh',
        'Open Table',
        'Copy As',
      ]),
    );
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('that write are hidden in an untrusted workspace wherever they stand', () => {
    for (const id of writingCommands) {
      const declared = commands.find(({ command }) => command === id);
      expect(declared?.enablement).toBe('isWorkspaceTrusted');
      const entries = menuEntries.filter(({ command }) => command === id);
      expect(entries.map(({ menu }) => menu)).toContain('commandPalette');
      for (const { when } of entries) expect(when).toContain('isWorkspaceTrusted');
    }
  });

  it('use icons of the codicon font', () => {
    const font = readFileSync(join(root, 'node_modules/@vscode/codicons/dist/codicon.css'), 'utf8');
    const icons = commands.map(({ icon }) => /^\$\(([a-z-]+)\)$/.exec(icon ?? '')?.[1]);
    for (const icon of icons) expect(font).toContain(`.codicon-${icon ?? '?'}:before`);
    const inCode = editorSources
      .filter((source) => source.includes('icon'))
      .flatMap((source) => [...source.matchAll(/\$\(([a-z-]+)\)/g)].map((match) => match[1] ?? ''));
    for (const icon of inCode) expect(font).toContain(`.codicon-${icon}:before`);
  });
});

describe('menus', () => {
  it('name commands that exist, in a group outside the palette', () => {
    for (const { menu, command, group } of menuEntries) {
      expect(ids, `${menu}: ${command}`).toContain(command);
      if (menu !== 'commandPalette') expect(group, `${menu}: ${command}`).toBeTruthy();
    }
  });

  it('offer at most two inline actions on an item', () => {
    const places = (menus['view/item/context'] ?? [])
      .map(({ group }) => group ?? '')
      .filter((group) => group.startsWith('inline'));
    expect(new Set(places)).toEqual(new Set(['inline@1', 'inline@2']));
  });
});

describe('when clauses', () => {
  const builtIn = new Set([
    'isWorkspaceTrusted',
    'workspaceFolderCount',
    'view',
    'viewItem',
    'explorerResourceIsFolder',
    'resourcePath',
    'resourceFilename',
    'resourceScheme',
  ]);
  /** Words that stand on the right of an operator. */
  const values = new Set<string>(['file', '_delta_log', 'true', 'false', 'in', ...contextKinds]);
  const viewIds = Object.values(views).flatMap((list) => list.map(({ id }) => id));
  const clauses = [
    ...menuEntries.map(({ when }) => when),
    ...viewsWelcome.map(({ when }) => when),
    ...commands.map(({ enablement }) => enablement),
  ].filter((when) => when !== undefined);

  it('use keys that the editor or we set', () => {
    for (const clause of clauses) {
      const words = clause.replace(/\/(?:\\.|[^/])+\//g, ' ').match(/[A-Za-z_][\w.]*/g) ?? [];
      for (const word of words) {
        const isKnown =
          builtIn.has(word) ||
          values.has(word) ||
          viewIds.includes(word) ||
          (contextKeyNames as readonly string[]).includes(word);
        expect(isKnown, `"${word}" in "${clause}"`).toBe(true);
      }
    }
  });

  it('use every key that we set, and every key we set is set somewhere', () => {
    const all = clauses.join(' ');
    const code = editorSources.join('\n');
    for (const key of contextKeyNames) {
      expect(all).toContain(key);
      expect(code).toMatch(new RegExp(`setContext\\(\\s*'${key}'`));
    }
  });

  it('match only kinds and flags that items have', () => {
    for (const clause of clauses) {
      for (const match of clause.matchAll(/\/((?:\\.|[^/])+)\//g)) {
        const words = (match[1] ?? '').replaceAll(/\\[b+]/g, ' ').match(/[a-z]+/g) ?? [];
        for (const word of words) {
          expect([...contextKinds, ...tableFlags] as string[], clause).toContain(word);
        }
      }
    }
  });
});

describe('views', () => {
  it('stand in their container, with icons that exist', () => {
    expect(viewsContainers.activitybar).toMatchObject([
      { id: 'deltaClones', title: 'Delta Clones' },
    ]);
    expect(Object.keys(views)).toEqual(['deltaClones']);
    expect(views.deltaClones).toMatchObject([{ id: 'deltaClones.tables', name: 'Tables' }]);
    const icons = [
      ...viewsContainers.activitybar.map(({ icon }) => icon),
      ...Object.values(views).flatMap((list) => list.map(({ icon }) => icon)),
      manifest.icon,
    ];
    for (const icon of icons) expect(existsSync(join(root, icon)), icon).toBe(true);
  });

  it('are created by the code under the declared ids', () => {
    const code = editorSources.join('\n');
    for (const { id } of Object.values(views).flat()) expect(code).toContain(`'${id}'`);
  });

  it('greet with links to commands that exist', () => {
    for (const { view, contents } of viewsWelcome) {
      expect(view).toBe('deltaClones.tables');
      const linked = [...contents.matchAll(/\(command:([\w.]+)/g)].map((match) => match[1] ?? '');
      expect(linked.length).toBeGreaterThan(0);
      for (const id of linked) {
        if (id.startsWith('deltaClones.')) expect(ids).toContain(id);
        else expect(['vscode.openFolder', 'workbench.action.openSettings']).toContain(id);
      }
    }
  });

  it('say something else without a folder, during a scan, and when nothing was found', () => {
    expect(viewsWelcome).toHaveLength(3);
    expect(new Set(viewsWelcome.map(({ when }) => when)).size).toBe(3);
  });
});

describe('settings', () => {
  it('are the declared ones, with equal types, defaults and limits', () => {
    const declared = Object.fromEntries(
      Object.entries(configuration.properties).map(([key, setting]) => {
        const { type, minimum, maximum } = setting;
        return [
          key,
          {
            type,
            default: setting.default,
            ...(minimum === undefined ? {} : { minimum }),
            ...(maximum === undefined ? {} : { maximum }),
            ...(setting.enum === undefined ? {} : { enum: setting.enum }),
          },
        ];
      }),
    );
    const inCode = Object.fromEntries(
      Object.values(settingDeclarations as Record<string, SettingDeclaration>).map(
        ({ key, ...rest }) => [`${settingsSection}.${key}`, rest],
      ),
    );
    expect(declared).toEqual(inCode);
  });

  it('say what they are for, in a scope', () => {
    for (const setting of Object.values(configuration.properties)) {
      expect(setting.markdownDescription.length).toBeGreaterThan(20);
      expect(setting.scope).toBe('window');
      if (setting.enum !== undefined)
        expect(setting.enumDescriptions).toHaveLength(setting.enum.length);
    }
  });
});

describe('the extension', () => {
  it('runs where the workspace is, and reads only where it is not trusted', () => {
    expect(manifest.extensionKind).toEqual(['workspace']);
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    expect(untrustedWorkspaces.supported).toBe('limited');
    expect(untrustedWorkspaces.description).not.toBe('');
    expect(virtualWorkspaces.supported).toBe(false);
    expect(virtualWorkspaces.description).not.toBe('');
    for (const key of untrustedWorkspaces.restrictedConfigurations) {
      expect(Object.keys(configuration.properties)).toContain(key);
    }
  });

  it('is woken only by what the editor cannot infer', () => {
    expect(manifest.activationEvents).toEqual(['onWebviewPanel:deltaClones.history']);
    expect(editorSources.join('\n')).toContain("historyViewType = 'deltaClones.history'");
  });

  it('imports names of the editor, whose whole namespace costs more than all else of activation', () => {
    for (const source of editorSources)
      expect(source).not.toMatch(/import \* as \w+ from 'vscode'/);
  });

  it('starts from the bundle', () => {
    expect(manifest.main).toBe('./dist/extension.js');
    expect(`${manifest.publisher}.${manifest.name}`).toBe('delta-clones.delta-clones');
  });
});
