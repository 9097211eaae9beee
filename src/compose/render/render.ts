import type { Project } from '#model/project.ts';
import { ordered } from './ordered.ts';
import { yamlText } from './yaml-text.ts';

export type RenderFormat = 'yaml' | 'json';

export interface RenderOptions {
  /** Double every `$`, so that the text can be loaded again; on unless the model was loaded without interpolation. */
  readonly escapeDollars?: boolean | undefined;
}

/**
 * The canonical model as text, as `docker compose config` prints it: attributes in its order, keys of the user by the
 * alphabet. Values of secrets are not in the model and so never in the text.
 */
export function renderProject(project: Project, format: RenderFormat, options: RenderOptions = {}): string {
  const text = format === 'json' ? toJson(project) : toYaml(project);
  return options.escapeDollars === false ? text : text.replaceAll('$', '$$$$');
}

function toJson(project: Project): string {
  const services = Object.entries(project.services).map(([name, service]) => [
    name,
    { ...service, command: service.command ?? null, entrypoint: service.entrypoint ?? null },
  ]);
  return `${JSON.stringify(ordered({ ...project, services: Object.fromEntries(services) }), null, 2)}\n`;
}

function toYaml(project: Project): string {
  return yamlText(ordered(project));
}
