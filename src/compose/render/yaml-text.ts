import { plainOrQuoted, quoted } from './yaml-scalar.ts';

/**
 * Plain data as YAML in block style, two spaces a level, that readers of YAML 1.1 and 1.2 understand alike. Written
 * here and not by the package that reads YAML: a large model is printed a few times as fast, and it needs no other style.
 */
export function yamlText(value: unknown): string {
  const lines: string[] = [];
  if (isFilled(value)) block(value, '', lines);
  else lines.push(inline(value, ''));
  return `${lines.join('\n')}\n`;
}

type Filled = readonly unknown[] | Readonly<Record<string, unknown>>;

/** Writes a collection that is not empty. `lead` replaces the margin of its first line: `- ` stands there in a list. */
function block(value: Filled, margin: string, lines: string[], lead = margin): void {
  let start = lead;
  if (Array.isArray(value)) {
    for (const item of value) {
      if (isFilled(item)) block(item, `${margin}  `, lines, `${start}- `);
      else lines.push(`${start}- ${inline(item, `${margin}  `)}`);
      start = margin;
    }
    return;
  }
  const mapping = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(mapping)) {
    const inner = mapping[key];
    const name = `${start}${plainOrQuoted(key)}:`;
    if (isFilled(inner)) {
      lines.push(name);
      block(inner, `${margin}  `, lines);
    } else lines.push(`${name} ${inline(inner, `${margin}  `)}`);
    start = margin;
  }
}

function isFilled(value: unknown): value is Filled {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  for (const _key in value) return true;
  return false;
}

/** A scalar or an empty collection; `margin` is that of further lines. */
function inline(value: unknown, margin: string): string {
  if (typeof value === 'string') return text(value, margin);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[]' : '{}';
  return String(value);
}

function text(value: string, margin: string): string {
  if (!value.includes('\n')) return plainOrQuoted(value);
  return isLiteral(value) ? literal(value, margin) : quoted(value);
}

/** May it stand below `|`? Not when it begins with white space, nor with characters that only quotes can hold. */
function isLiteral(value: string): boolean {
  return /^[!-~\u00a1-\u2027\u202a-\ud7ff]/.test(value) && !/[^\t\n -~\u00a0-\u2027\u202a-\ud7ff]/.test(value);
}

function literal(value: string, margin: string): string {
  const body = value.replace(/\n+$/, '');
  const ends = value.length - body.length;
  const header = ends === 0 ? '|-' : ends === 1 ? '|' : '|+';
  const lines = body.split('\n').map((line) => (line === '' ? '' : margin + line));
  return [header, ...lines, ...Array.from({ length: Math.max(0, ends - 1) }, () => '')].join('\n');
}
