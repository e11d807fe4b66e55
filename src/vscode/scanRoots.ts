/** Where a scan looks: the settings' folders against each workspace folder, and what it passes over below them. */
import type { FindTablesQuery } from '../service/deltaService';
import { isWithin, joinPath, placeKey } from './locations';

/** The folders that a scan begins in, without those inside another. */
export function scanRoots(
  folders: readonly string[],
  workspaceFolders: readonly string[],
): readonly string[] {
  const chosen =
    folders.length === 0
      ? workspaceFolders
      : folders.flatMap((folder) =>
          isAbsolute(folder)
            ? [folder]
            : workspaceFolders.map((root) => joinPath(root, folder.replace(/^\.[\\/]?/, ''))),
        );
  const unique = [...new Map(chosen.map((root) => [placeKey(root), root])).values()];
  return unique.filter((root) => !unique.some((other) => other !== root && isWithin(root, other)));
}

/** True for a place that a scan would come to: below a root, not too deep, through no hidden or skipped folder. */
export function isScanned(place: string, query: FindTablesQuery): boolean {
  return query.roots.some((root) => {
    if (!isWithin(place, root)) return false;
    const names = placeKey(place).slice(placeKey(root).length).split('/').filter(Boolean);
    return (
      names.length <= query.depth &&
      names.every((name) => !/^[._]/.test(name) && !query.skip.includes(name))
    );
  });
}

function isAbsolute(folder: string): boolean {
  return (
    folder.startsWith('/') || folder.startsWith('\\\\') || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(folder)
  );
}
