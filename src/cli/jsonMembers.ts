/** The members of a JSON object as texts, without a number losing a digit. */

/** Names and values in order: texts without their quotes, everything else as it is written, null for null. */
export function memberTexts(line: string): readonly (readonly [string, string | null])[] {
  const members: (readonly [string, string | null])[] = [];
  let at = line.indexOf('{') + 1;
  while (at > 0 && at < line.length) {
    const nameStart = line.indexOf('"', at);
    if (nameStart < 0) break;
    const nameEnd = endOfValue(line, nameStart);
    const valueStart = line.indexOf(':', nameEnd) + 1;
    const valueEnd = endOfValue(line, valueStart);
    const text = line.slice(valueStart, valueEnd).trim();
    const name = JSON.parse(line.slice(nameStart, nameEnd)) as string;
    members.push([
      name,
      text === 'null' ? null : text.startsWith('"') ? (JSON.parse(text) as string) : text,
    ]);
    at = valueEnd + 1;
  }
  return members;
}

/** Index behind the value that starts at or after `start`. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '"') {
      i++;
      while (i < text.length && text.charAt(i) !== '"') i += text.charAt(i) === '\\' ? 2 : 1;
      if (depth === 0) return i + 1;
    } else if (character === '{' || character === '[') {
      depth++;
    } else if (character === '}' || character === ']') {
      if (depth === 0) return i;
      depth--;
      if (depth === 0) return i + 1;
    } else if (character === ',' && depth === 0) {
      return i;
    }
  }
  return text.length;
}
