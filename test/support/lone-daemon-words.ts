import type { DeploymentEvent } from '#model/event.ts';
import type { ProjectStatus } from '#model/status.ts';

/** What a test tells a lone daemon. */
export type Order =
  | { readonly kind: 'plan'; readonly cwd: string }
  | { readonly kind: 'deploy'; readonly cwd: string }
  | { readonly kind: 'down'; readonly project: string }
  | { readonly kind: 'status'; readonly project: string };

/** What it answers. */
export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'planned'; readonly steps: readonly string[] }
  | { readonly kind: 'event'; readonly event: DeploymentEvent }
  | { readonly kind: 'status'; readonly status: ProjectStatus; readonly unfinished: number }
  | { readonly kind: 'problem'; readonly text: string };
