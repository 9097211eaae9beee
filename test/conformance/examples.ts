import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, type LoadArguments } from './cases.ts';

/** One worked example of the reference study, with what the reference computed for it. */
export interface Example {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly args: LoadArguments & { readonly variables?: boolean };
  /** Paths of the model and their values; undefined where there must be nothing. */
  readonly values: readonly { readonly path: string; readonly value: unknown }[];
  readonly isError: boolean;
}

/** The examples of part B of COMPOSE.md. */
export function readExamples(): readonly Example[] {
  const text = readFileSync(join(folder, 'COMPOSE.md'), 'utf8');
  return text
    .slice(text.indexOf('\n# B. '))
    .split(/\n(?=\*\*\d+\. )/)
    .slice(1)
    .map(readExample);
}

function readExample(text: string): Example {
  const code = /```yaml\n(.*?)\n```/s.exec(text)?.[1] ?? '';
  const settings = /\nwith (.*)/.exec(text)?.[1] ?? '';
  const args = /args (\{.*\})/.exec(settings)?.[1];
  const env = [...settings.matchAll(/(\w+)='([^']*)'/g)].map(([, name = '', value = '']) => [name, value] as const);
  return {
    name: `example ${/^\*\*(\d+\. .*?)\*\* \(/s.exec(text)?.[1] ?? text.slice(0, 40)}`,
    files: readFiles(code),
    env: Object.fromEntries(env),
    args: args === undefined ? {} : (JSON.parse(args) as LoadArguments),
    values: [...text.matchAll(/\n→ `([^`]+)` = (?:`(.*)`|\(absent\))/g)].map(([, path = '', value]) => ({
      path,
      value: value === undefined ? undefined : (JSON.parse(value) as unknown),
    })),
    isError: /\n→ error: /.test(text),
  };
}

/** A line `# name` begins a file; without one the text is compose.yaml. */
function readFiles(code: string): Record<string, string> {
  if (!/^# \S+$/m.test(code.split('\n', 1)[0] ?? '')) return { 'compose.yaml': `${code}\n` };
  const files: Record<string, string> = {};
  for (const part of code.split(/^(?=# [\w./-]+$)/m)) {
    const [first = '', ...lines] = part.split('\n');
    files[first.slice(2)] = `${lines.join('\n').replace(/\n$/, '')}\n`;
  }
  return files;
}
