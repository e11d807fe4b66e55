/** The folders that a scan begins in: the settings' folders against each workspace folder, without those inside another. */
import { isWithin, joinPath, placeKey } from './locations';

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

function isAbsolute(folder: string): boolean {
  return (
    folder.startsWith('/') || folder.startsWith('\\\\') || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(folder)
  );
}
