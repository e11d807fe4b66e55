/** `lineage <root>`: which tables below a folder are clones of which. */
import type { LineageEdge, LineageView } from '../../protocol/views';
import { displayLocation } from '../../service/location';
import { callOf, locationArgument } from '../context';
import type { VerbContext } from '../context';
import { findTablesQuery } from '../findRoots';
import { toJsonText } from '../json';
import { countText, textTable } from '../textTable';

export async function lineageVerb(context: VerbContext): Promise<void> {
  const { service, output, args } = context;
  const roots = [locationArgument(context, 0), ...args.values('scan').map(context.locate)];
  const view = await service.lineage(findTablesQuery(roots), callOf(context));
  output.progress('');
  if (context.isJson) {
    await output.line(toJsonText(view));
    return;
  }
  for (const line of lineageLines(context, view)) await output.line(line);
}

function lineageLines(context: VerbContext, view: LineageView): readonly string[] {
  if (view.tables.length === 0) return ['No Delta tables were found.'];
  const options = { width: context.output.width, bold: context.output.bold };
  const tables = textTable(
    [
      { title: 'TABLE', mayShrink: true },
      { title: 'VERSION', align: 'right' },
      { title: 'HEALTH' },
      { title: 'LOCATION' },
    ],
    view.tables.map((table) => [
      table.name,
      table.version === null ? null : String(table.version),
      table.health,
      displayLocation(table.location),
    ]),
    options,
  );
  if (view.edges.length === 0) return [...tables, '', 'None of them is a clone.'];
  const edges = textTable(
    [
      { title: 'CLONE', mayShrink: true },
      { title: 'KIND' },
      { title: 'OF', mayShrink: true },
      { title: 'SHARED FILES', align: 'right' },
      { title: 'EVIDENCE' },
    ],
    view.edges.map((edge) => [
      sideText(edge.target, edge.targetVersion),
      edge.kind,
      sideText(edge.source, edge.sourceVersion),
      sharedText(edge),
      edge.evidence.join(', '),
    ]),
    options,
  );
  return [...tables, '', ...edges];
}

function sideText(location: string, version: number | null): string {
  return `${displayLocation(location)}${version === null ? '' : `@${version}`}`;
}

function sharedText(edge: LineageEdge): string | null {
  return edge.sharedFiles === 0 ? null : countText(edge.sharedFiles);
}
