/*
 * What the launcher must do before it becomes the instance, as plain data. It travels over a pipe, never over a
 * command line or a shell, because it carries the environment.
 */

/** One act in the instance's private mount namespace. */
export type MountOrder =
  /** `file`: what stands at `target` when it is missing is an empty file, else a folder. */
  | {
      readonly kind: 'bind';
      readonly source: string;
      readonly target: string;
      readonly readOnly: boolean;
      readonly file: boolean;
    }
  | { readonly kind: 'tmpfs'; readonly target: string; readonly options: string }
  /** `target` shows `lower`; what the instance writes there goes to `upper`. */
  | {
      readonly kind: 'overlay';
      readonly lower: string;
      readonly upper: string;
      readonly work: string;
      readonly target: string;
    }
  /** Hides `point`, except the paths in `keep` below it. `stage` is an empty folder used on the way. */
  | { readonly kind: 'cover'; readonly point: string; readonly stage: string; readonly keep: readonly string[] }
  /** Everything but the paths in `except`, and what the kernel provides, becomes read-only. */
  | { readonly kind: 'read-only'; readonly except: readonly string[] };

export interface LaunchOrder {
  /** Control-group files to which the launcher writes itself, last thing before it becomes the instance. */
  readonly groups: readonly string[];
  readonly mounts: readonly MountOrder[];
  readonly hostname: string | undefined;
  readonly oomScore: number | undefined;
  readonly tools: { readonly mount: string; readonly hostname: string };
  /** What it becomes: program, arguments (the name first), environment. */
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What comes back when it could not: which act, and what was said. Nothing comes back when it could. */
export interface LaunchFailure {
  readonly act: string;
  readonly detail: string;
}
