import { honoured } from '#adapters/runtimes/docker/honoured.ts';
import { honours } from '#adapters/runtimes/process/honoured.ts';
import { project } from '#compose/schema/project.ts';
import { service } from '#compose/schema/service.ts';
import { renderTable } from './table.ts';

/** What the loader resolves itself: no runtime meets these. */
const resolvedByLoader: ReadonlySet<string> = new Set(['extends', 'profiles', 'env_file', 'label_file', 'develop']);

const introduction = `# Compose in Timonel

Every attribute of the Compose Specification is understood: read, merged, validated and printed by \`timonel config\`. What
a runtime does with it is another matter, and this page says so. Made from the code; do not edit it.

- *honoured*: it does what Compose says (for usual values; a value that cannot be honoured is an error with its place).
- *Timonel*: loader, planner, proxy, probes or supervisor act on it, not the runtime.
- *no effect*: harmless here; a warning or a note names it.
- *error*: cannot be honoured, and is refused before anything changes.
`;

/** docs/compose.md: each attribute and what becomes of it in each runtime. */
export function renderComposePage(): string {
  const tops = Object.keys(project.fields).toSorted();
  const attributes = Object.keys(service.fields).toSorted();
  return [
    introduction,
    '\n## The file\n\n',
    renderTable(
      ['top-level element', 'understood'],
      tops.map((name) => [`\`${name}\``, 'yes']),
    ),
    '\n## A service\n\n',
    renderTable(
      ['attribute', 'understood', 'process runtime', 'docker runtime'],
      attributes.map((name) => [`\`${name}\``, 'yes', inProcess(name), inDocker(name)]),
    ),
    '\n## Parts of attributes, docker runtime\n\n',
    renderTable(
      ['attribute', 'docker runtime'],
      Object.keys(honoured)
        .filter((name) => name.includes('.'))
        .toSorted()
        .map((name) => [`\`${name}\``, inDocker(name)]),
    ),
  ].join('');
}

const words = {
  honoured: 'honoured',
  timonel: 'Timonel',
  harmless: 'no effect',
  impossible: 'error',
  parts: 'by its parts, below',
};

function inProcess(name: string): string {
  if (resolvedByLoader.has(name)) return words.timonel;
  const honour = honours[name];
  return honour === undefined ? words.timonel : words[honour.usually];
}

function inDocker(name: string): string {
  const treatment = honoured[name];
  return treatment === undefined ? words.timonel : words[treatment];
}
