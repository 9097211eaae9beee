import type { Node } from '../tree/node.ts';
import { PathTable } from '../tree/path-table.ts';
import type { Report } from '../tree/report.ts';
import { type Rewrite, rewrite } from '../tree/rewrite.ts';
import {
  build,
  buildSsh,
  dependsOn,
  device,
  envFiles,
  extension,
  fileGrant,
  gpus,
  keyValues,
  maybeExternal,
  mount,
  oneOrMany,
  ports,
  stringified,
  uses,
  withoutEmpty,
} from './canonical-forms.ts';

/** What a rewrite to canonical form needs to know. */
export interface Canonical {
  readonly report: Report;
  /** When variables are not filled in, texts that cannot be parsed stay as they are. */
  readonly lenient: boolean;
  /** How many ports the ranges of the load may still become. */
  readonly ports: PortBudget;
}

export interface PortBudget {
  left: number;
}

/** Short forms and their long ones (Compose Specification, "short syntax" of each attribute). */
const forms = PathTable.of<Rewrite<Canonical>>({
  'services.*.build': build,
  'services.*.build.secrets.*': fileGrant,
  'services.*.build.provenance': stringified,
  'services.*.build.sbom': stringified,
  'services.*.build.additional_contexts': keyValues,
  'services.*.build.ssh': buildSsh,
  'services.*.depends_on': dependsOn,
  'services.*.env_file': envFiles,
  'services.*.label_file': oneOrMany,
  'services.*.extends': extension,
  'services.*.gpus': gpus,
  'services.*.networks': uses,
  'services.*.models': uses,
  'services.*.volumes.*': mount,
  'services.*.dns': withoutEmpty,
  'services.*.devices.*': device,
  'services.*.secrets.*': fileGrant,
  'services.*.configs.*': fileGrant,
  'services.*.ports': ports,
  'services.*.develop.watch.*.ignore': oneOrMany,
  'services.*.develop.watch.*.include': oneOrMany,
  'volumes.*': maybeExternal,
  'networks.*': maybeExternal,
  'secrets.*': maybeExternal,
  'configs.*': maybeExternal,
});

/** Turns every short form of a model into its long form. Values of a wrong kind, reported before, stay. */
export function toCanonical(root: Node, context: Canonical): Node {
  return rewrite(root, forms, context);
}
