import type { Binder } from '../bind/binder.ts';
import { texts } from '../bind/lists.ts';
import { mapOf, object } from '../bind/structures.ts';
import { field, textField } from './fields.ts';
import { config, model, network, networkBinder, secret, volume, volumeBinder } from './resources.ts';
import { type Field, section, shapeOf } from './section.ts';
import { service } from './service.ts';
import { either, listOf, resourceName, type Shape, string } from './shape.ts';

const textOrTexts = field(either(string, listOf(string)), texts);

/** An entry of `include`, long form. */
export const include = section(
  { path: textOrTexts, env_file: textOrTexts, project_directory: textField },
  { extensible: false },
);

/** An entry of `include` in either form. */
export const includeEntry: Shape = either(string, shapeOf(include));

/** Resources by name. Where the reference lets odd names through, they are not looked at. */
function named(values: Shape, each: Binder, others: 'refused' | 'ignored' = 'refused'): Field {
  return field({ kind: 'dictionary', values, names: resourceName, others }, mapOf(each));
}

/** The whole file (Compose Specification). `version` means nothing any more. */
export const project = section({
  version: textField,
  name: textField,
  include: field(listOf(includeEntry), () => undefined),
  services: named(shapeOf(service), object(service)),
  networks: named(shapeOf(network), networkBinder, 'ignored'),
  volumes: named(shapeOf(volume), volumeBinder),
  secrets: named(shapeOf(secret), object(secret)),
  configs: named(shapeOf(config), object(config)),
  models: named(shapeOf(model), object(model), 'ignored'),
});

export const projectShape: Shape = shapeOf(project);
