/** Operations as the statements of Spark and Databricks SQL, for people who want to run or keep them there. */
import type { Plan } from '../engine/operations/operation';
import { hasScheme, parseObjectUri, uriScheme } from '../engine/objectUri';
import { displayLocation } from './location';

/** The statement of a plan, or null where SQL has none with the same meaning. */
export function planSql(plan: Plan): string | null {
  switch (plan.kind) {
    case 'shallow-clone':
    case 'deep-clone': {
      const { spec } = plan;
      const create =
        spec.replace === true
          ? 'CREATE OR REPLACE TABLE'
          : spec.ifNotExists === true
            ? 'CREATE TABLE IF NOT EXISTS'
            : 'CREATE TABLE';
      const kind = plan.kind === 'shallow-clone' ? 'SHALLOW' : 'DEEP';
      const properties = Object.entries(spec.properties ?? {});
      return [
        `${create} ${sqlTable(spec.target)}`,
        `${kind} CLONE ${sqlTable(spec.source)}${versionClause(plan.source.version)}`,
        ...(properties.length === 0
          ? []
          : [
              `TBLPROPERTIES (${properties
                .map(([key, value]) => `${sqlText(key)} = ${sqlText(value)}`)
                .join(', ')})`,
            ]),
      ]
        .join('\n')
        .concat(';');
    }
    case 'restore':
      return plan.source.version === null
        ? null
        : `RESTORE TABLE ${sqlTable(plan.spec.table)} TO VERSION AS OF ${plan.source.version};`;
    default:
      return plan satisfies never;
  }
}

/** The version that was resolved, so that the statement means the same tomorrow. */
function versionClause(version: number | null): string {
  return version === null ? '' : ` VERSION AS OF ${version}`;
}

/** ``delta.`path` ``: a path for local tables, a URI for others; a backtick in it is doubled. */
export function sqlTable(location: string): string {
  const isLocal = hasScheme(location) && uriScheme(parseObjectUri(location)) === 'file';
  const text = isLocal ? displayLocation(location) : location;
  return `delta.\`${text.replaceAll('`', '``')}\``;
}

/** A SQL text literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
