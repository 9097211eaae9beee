/**
 * The exit codes that scripts may rely on.
 *
 * | code | meaning |
 * | ---- | ------- |
 * | 0    | done, or nothing to do; `status`: everything desired is healthy |
 * | 1    | failed, or cancelled; `status`: something desired is not healthy |
 * | 2    | wrong usage or invalid input; nothing was touched |
 * | 3    | another deployment of the project is under way, also after `--wait` |
 * | 5    | the new release failed its gate; the old one still serves |
 * | 10   | `plan`: a deployment would change something |
 * | 130  | left by Ctrl-C; a deployment under way goes on |
 */
export const exitCodes = {
  done: 0,
  failed: 1,
  invalid: 2,
  locked: 3,
  gateFailed: 5,
  changes: 10,
  interrupted: 130,
} as const;

/** The exit code for an answer of the daemon that is no success. */
export function exitCodeOfHttpStatus(status: number): number {
  if (status === 409) return exitCodes.locked;
  return status >= 400 && status < 500 ? exitCodes.invalid : exitCodes.failed;
}
