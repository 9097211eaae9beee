import { honoured as dockerTreatments, type Treatment } from '#adapters/runtimes/docker/honoured.ts';
import { honours as processHonours } from '#adapters/runtimes/process/honoured.ts';
import { include, project } from '#compose/schema/project.ts';
import type { Section } from '#compose/schema/section.ts';
import { service } from '#compose/schema/service.ts';
import { pairs, type ScalarShape, type Shape } from '#compose/schema/shape.ts';
import { renderTable } from './table.ts';

/** docs/compose.md: every attribute of a Compose file, how it may be written, and what each runtime does with it. */
export function renderComposePage(): string {
  return [
    introduction,
    renderTable(
      ['attribute', 'understood', 'process runtime', 'docker runtime'],
      rowsOf(service).map(({ path, shape }) => [
        `\`${path}\``,
        renderShape(shape),
        processVerdict(path, shape),
        dockerVerdict(path),
      ]),
    ),
    fileIntroduction,
    renderTable(
      ['attribute', 'understood'],
      [
        ...fileRows().map(({ path, shape }) => [`\`${path}\``, renderShape(shape)]),
        ['`x-…`', 'anything, kept: at the top and in every mapping whose keys are fixed'],
      ],
    ),
  ].join('');
}

const introduction = `<!-- Made by docs/generate.ts from src/compose/schema and src/adapters/runtimes/*/honoured.ts. Change those, then run: ./timonel --node docs/generate.ts -->
# Compose in Timonel

Every attribute of the Compose Specification is understood, in every short and long form: read, merged, validated, and
printed by \`timonel config\` as \`docker compose config\` prints it. Where the two differ on purpose is
[a decision](decisions/0004-compose-differences.md). An unknown key is an error that names the nearest.

What a runtime cannot honour is said by \`timonel plan\`, with file, line and column, before anything changes:

- **honoured**: it does what Compose says.
- **Timonel**: the loader, planner, proxy, probes or supervisor do it, whatever the runtime.
- **no effect**: harmless here; a warning or a note names it.
- **error**: the service would not run as written, so nothing is deployed.

A value can change the verdict (\`network_mode: host\` is honoured by the process runtime, \`network_mode: none\` is an error); the
table says what holds of usual values. \`[]\` stands for an item of a list, \`NAME\` for a name of yours.

## A service

`;

const fileIntroduction = `
## The file

\`version\` means nothing any more: it is ignored, with a warning. The older form \`external: {name: …}\` is taken, with a warning.

`;

interface Row {
  readonly path: string;
  readonly shape: Shape;
}

/** The top level without services, which have a table of their own. */
function fileRows(): Row[] {
  const elements = Object.entries(project.fields).map(([path, { takes }]) => ({ path, shape: withoutMembers(takes) }));
  const resources = Object.entries(project.fields).filter(([key]) => key !== 'services' && key !== 'include');
  return [
    ...elements,
    ...rowsOf(include, 'include[].'),
    ...resources.flatMap(([key, { takes }]) => memberRows(takes, key)),
  ];
}

function withoutMembers(shape: Shape): Shape {
  return shape.kind === 'dictionary' ? { ...shape, values: { kind: 'section', section: include } } : shape;
}

function rowsOf(section: Section, prefix = ''): Row[] {
  return Object.entries(section.fields).flatMap(([key, { takes }]) => {
    const path = `${prefix}${key}`;
    return [{ path, shape: takes }, ...memberRows(takes, path)];
  });
}

/** The rows of what lies inside a value: the keys of its mapping form. */
function memberRows(shape: Shape, path: string): Row[] {
  switch (shape.kind) {
    case 'section':
      return rowsOf(shape.section, `${path}.`);
    case 'list':
      return memberRows(shape.items, `${path}[]`);
    case 'dictionary':
      return memberRows(shape.values, `${path}.NAME`);
    case 'either':
      return shape.shapes.flatMap((one) => memberRows(one, path));
    default:
      return [];
  }
}

function renderShape(shape: Shape): string {
  if (shape === pairs) return '`NAME: value` pairs or list of `NAME=value`';
  switch (shape.kind) {
    case 'scalar':
      return renderScalar(shape);
    case 'list':
      return `list of ${renderShape(shape.items)}`;
    case 'dictionary':
      return `mapping of names to ${renderShape(shape.values)}`;
    case 'section':
      return 'mapping';
    case 'either':
      return [...new Set(shape.shapes.map(renderShape))].join(' or ');
    case 'anything':
      return 'anything';
  }
}

const scalarNames = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true` or `false`',
  null: 'nothing',
} as const;

function renderScalar({ words, choices, pattern, min, max }: ScalarShape): string {
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(' or ');
  const names = words.map((word) => scalarNames[word]).join(' or ');
  if (pattern !== undefined) return `text with \`${pattern.source}\``;
  if (min !== undefined && max !== undefined) return `${names} from ${min} to ${max}`;
  return min === undefined ? names : `${names} from ${min} on`;
}

const verdicts: Readonly<Record<Treatment, string>> = {
  honoured: 'honoured',
  timonel: 'Timonel',
  harmless: 'no effect',
  impossible: 'error',
  parts: 'by member',
};

/** The docker runtime's table goes as deep as its verdicts differ; below that the attribute's verdict holds. */
function dockerVerdict(path: string): string {
  const steps = path.replaceAll('[]', '.*').replaceAll('.NAME', '.*').split('.');
  for (let length = steps.length; length > 0; length--) {
    const treatment = dockerTreatments[steps.slice(0, length).join('.')];
    if (treatment !== undefined) return verdicts[treatment];
  }
  return verdicts.timonel;
}

/** What the loader resolves itself: no runtime meets it. */
const resolvedByLoader: ReadonlySet<string> = new Set(['extends', 'profiles', 'env_file', 'label_file']);

/** What people usually write where the process runtime judges the value. */
const usualValues: Readonly<Record<string, unknown>> = {
  'deploy.mode': 'replicated',
  'logging.driver': 'json-file',
  'logging.options': { 'max-size': '10m' },
  'devices[].source': '/dev/null',
};

/** What an item of these lists must have before its other members are judged. */
const usualItems: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  devices: { source: '/dev/null' },
  volumes: { type: 'volume' },
};

/** Names that mean something by themselves. */
const usualNames: Readonly<Record<string, string>> = { networks: 'default', ulimits: 'nofile' };

/** The process runtime judges values: a member is judged by a value that holds just it. */
function processVerdict(path: string, shape: Shape): string {
  const [attribute = '', ...members] = path.split(/(?=\[\])|\./);
  const honour = processHonours[attribute];
  if (honour === undefined || resolvedByLoader.has(attribute)) return verdicts.timonel;
  if (members.length === 0 || honour.usually !== 'honoured') return verdicts[honour.usually];
  const value = holding(attribute, members, usualValues[path] ?? usualValue(shape));
  const kinds = [honour.judge(value)].flat().map(({ kind }) => kind);
  return verdicts[kinds.includes('impossible') ? 'impossible' : kinds.includes('harmless') ? 'harmless' : 'honoured'];
}

/** `value` inside lists and mappings, as the steps below `attribute` say. */
function holding(attribute: string, steps: readonly string[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const inner = holding(attribute, rest, value);
  if (step === '[]') return [isMapping(inner) ? { ...usualItems[attribute], ...inner } : inner];
  return { [step === 'NAME' ? (usualNames[attribute] ?? 'name') : step]: inner };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function usualValue(shape: Shape): unknown {
  switch (shape.kind) {
    case 'scalar':
      return shape.choices?.[0] ?? (shape.words.includes('boolean') ? true : shape.words.includes('string') ? 'x' : 1);
    case 'list':
      return [usualValue(shape.items)];
    case 'either':
      return usualValue(shape.shapes.at(-1) ?? { kind: 'anything' });
    default:
      return {};
  }
}
