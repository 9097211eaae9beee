import { z } from 'zod';
import { projectSettings, serviceSettings } from '#settings/schema.ts';
import { renderTable } from './table.ts';

/** The part of JSON Schema that our schema turns into. */
interface Shape {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | false;
  readonly required?: readonly string[];
}

/** docs/x-timonel.md: every key of `x-timonel`, its forms, its default and its meaning. */
export function renderSettingsPage(): string {
  return [
    intro,
    '\n## At the top of the file\n\n',
    renderKeys(shapeOf(projectSettings)),
    '\n## In a service\n\n',
    renderKeys(shapeOf(serviceSettings)),
    forms,
  ].join('');
}

const intro = `<!-- Made by docs/generate.ts from src/settings/schema.ts. Change the schema, then run: ./timonel --node docs/generate.ts -->
# x-timonel

What a Compose file cannot say. Docker Compose ignores keys that begin with \`x-\`, so the same file still runs there.
Every key is optional, and an unknown one is an error that names the nearest.
`;

const forms = `
## Forms

- **duration**: a number of seconds, or text such as \`500ms\`, \`30s\`, \`1m30s\`, \`2h\`.
- **percent**: text such as \`5%\`, or a number from 0 to 100.
- **port**: a number from 1 to 65535.
- A key that takes several forms lists them with *or*; the rows below it are the keys of its mapping form.
`;

/** Defaults are written for people, so they are taken as they stand, whatever the type of the value. */
function shapeOf(schema: z.ZodType): Shape {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const meta = z.globalRegistry.get(zodSchema) as { readonly default?: unknown } | undefined;
      if (meta?.default !== undefined) jsonSchema.default = meta.default as string;
    },
  }) as Shape;
}

function renderKeys(shape: Shape): string {
  return renderTable(['key', 'value', 'default', 'meaning'], rowsOf(shape, ''));
}

function rowsOf(shape: Shape, prefix: string): string[][] {
  return mappingsOf(shape).flatMap(([key, forms]) => {
    const path = `${prefix}${key}`;
    const first = forms.find((form) => form.description !== undefined || form.default !== undefined);
    const values = [...new Set(forms.map(renderShape))].join(' or ');
    const row = [`\`${path}\``, values, renderDefault(first?.default), first?.description ?? ''];
    return [row, ...rowsOf({ anyOf: forms }, `${path}.`)];
  });
}

/** The keys of every mapping form of `shape`; a key of several forms once, with all it may be. */
function mappingsOf(shape: Shape): [string, readonly Shape[]][] {
  const found = new Map<string, Shape[]>();
  const collect = (one: Shape): void => {
    for (const [key, inner] of Object.entries(one.properties ?? {})) found.set(key, [...(found.get(key) ?? []), inner]);
    for (const form of one.anyOf ?? []) collect(form);
    if (one.items !== undefined) collect(one.items);
  };
  collect(shape);
  return [...found];
}

function renderShape(shape: Shape): string {
  if (shape.type === 'duration' || shape.type === 'percent' || shape.type === 'port') return shape.type;
  if (shape.const !== undefined) return `\`${String(shape.const)}\``;
  if (shape.enum !== undefined) return shape.enum.map((value) => `\`${String(value)}\``).join(' or ');
  if (shape.anyOf !== undefined) return [...new Set(shape.anyOf.map(renderShape))].join(' or ');
  switch (shape.type) {
    case 'array':
      return `list of ${renderShape(shape.items ?? {})}`;
    case 'object':
      return typeof shape.additionalProperties === 'object'
        ? `mapping of names to ${renderShape(shape.additionalProperties)}`
        : 'mapping';
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
    case 'number':
      return renderNumber(shape);
    default:
      return shape.pattern?.startsWith('^\\/') === true ? 'path, from `/`' : 'text';
  }
}

function renderNumber({ type, minimum, maximum }: Shape): string {
  const kind = type === 'integer' ? 'whole number' : 'number';
  const least = minimum === undefined || minimum < -1e9 ? undefined : minimum;
  const most = maximum === undefined || maximum > 1e9 ? undefined : maximum;
  if (least !== undefined && most !== undefined) return `${kind} from ${least} to ${most}`;
  return least === undefined ? kind : `${kind} from ${least} on`;
}

function renderDefault(value: unknown): string {
  return value === undefined ? '' : String(value);
}
