import type { Finding } from '#core/finding.ts';
import type { Location } from '#core/location.ts';
import type { Secret } from '#core/secret.ts';
import type { Project, Service } from '#model/project.ts';
import type { Path } from './tree/node.ts';
import type { TemplateVariable } from './values/template.ts';

/** Which project to load, as the user who asks sees it. Relative paths are relative to `cwd`, which is absolute. */
export interface LoadRequest {
  readonly cwd: string;
  /** The whole environment of the user; nothing else is looked up. */
  readonly env: Readonly<Record<string, string>>;
  /** Compose files in order, `-` for `stdin`; empty or absent: found as Compose finds them. */
  readonly files?: readonly string[] | undefined;
  readonly stdin?: string | undefined;
  readonly projectDirectory?: string | undefined;
  readonly projectName?: string | undefined;
  readonly profiles?: readonly string[] | undefined;
  /** Files that replace `.env`. */
  readonly envFiles?: readonly string[] | undefined;
  /** Load these services and what they depend on; empty or absent: all that the profiles activate. */
  readonly services?: readonly string[] | undefined;
  readonly options?: LoadOptions | undefined;
}

/** Phases that can be left out; each is on unless said otherwise. */
export interface LoadOptions {
  /** Fill in variables. When off, the model stays as merged: not typed, profiles not applied. */
  readonly interpolate?: boolean | undefined;
  /** Add what Compose implies: default network, names, implicit dependencies. */
  readonly normalize?: boolean | undefined;
  readonly resolvePaths?: boolean | undefined;
  /** Check references and contradictions between services. */
  readonly consistency?: boolean | undefined;
  /** Read `env_file` into `environment`. */
  readonly resolveEnvironment?: boolean | undefined;
  /** Keep networks, volumes, secrets, configs and models that no service uses. Off unless said otherwise. */
  readonly allResources?: boolean | undefined;
  /** Neither schema nor meaning is checked. Off unless said otherwise. */
  readonly skipValidation?: boolean | undefined;
}

export interface LoadResult {
  /** The canonical model; undefined when a finding is an error. */
  readonly project: Project | undefined;
  readonly findings: readonly Finding[];
  readonly sources: Sources;
  /** Services that the profiles or the selection left out. */
  readonly disabledServices: Readonly<Record<string, Service>>;
  /** Variables that the files mention, by name. */
  readonly variables: readonly TemplateVariable[];
  /** What variables were looked up in: the user's environment over `.env`, and the project's name. */
  readonly environment: Readonly<Record<string, string>>;
  /** Values of secrets and configs that come from variables; the model only names the variable. */
  readonly contents: FileContents;
  /** Every file that was read, absolute, for hashing and watching. */
  readonly files: readonly string[];
  /** The project directory, absolute. */
  readonly directory: string;
}

export interface FileContents {
  readonly secrets: Readonly<Record<string, Secret>>;
  readonly configs: Readonly<Record<string, Secret>>;
}

/** Where values of the model were written. */
export interface Sources {
  /**
   * The place of the value at `path` of the canonical model (`['services', 'web', 'ports', 0]`), or of its nearest
   * parent that stands in a file. After merges, extends and includes: the place that set the value last.
   */
  locate(path: Path): Location | undefined;
}
