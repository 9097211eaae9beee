import { mapEntries, mapItems, withKey } from '../tree/edit.ts';
import { child, type Mapping, type Node, text, textOf } from '../tree/node.ts';
import { variableOf } from './dotenv-files.ts';

type Environment = Readonly<Record<string, string>>;

/**
 * Gives the `KEY` items of `environment` lists the value that KEY has where their file was loaded: an included file
 * sees its own `.env`.
 */
export function resolveListedVariables(root: Mapping, environment: Environment): Mapping {
  return mapService(root, (service) => {
    const variables = child(service, 'environment');
    if (variables?.kind !== 'list') return service;
    const resolved = mapItems(variables, (item) => {
      const key = textOf(item);
      const value = key === undefined ? undefined : variableOf(environment, key);
      return value === undefined ? item : text(`${key}=${value}`, item.mark);
    });
    return resolved === variables ? service : withKey(service, 'environment', resolved);
  });
}

/** Applies a change to every service that is a mapping. */
export function mapService(root: Mapping, change: (service: Mapping, name: string) => Node): Mapping {
  const services = child(root, 'services');
  if (services?.kind !== 'mapping') return root;
  const changed = mapEntries(services, (name, { value }) => (value.kind === 'mapping' ? change(value, name) : value));
  return changed === services ? root : withKey(root, 'services', changed);
}

/**
 * Values of secrets and configs that come from variables, by the name of the secret or config. They are kept apart from
 * the model, so that no print of the model can show them.
 */
export function valuesFromVariables(
  root: Mapping,
  kind: 'secrets' | 'configs',
  environment: Environment,
): Map<string, string> {
  const values = new Map<string, string>();
  const objects = child(root, kind);
  if (objects?.kind !== 'mapping') return values;
  for (const [name, { value }] of objects.entries) {
    const variable = textOf(child(value, 'environment'));
    const found = variable === undefined ? undefined : variableOf(environment, variable);
    if (found !== undefined) values.set(name, found);
  }
  return values;
}
