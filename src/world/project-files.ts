/**
 * What the Compose loader may see of the outside: text files below the project. Synchronous, because a load is one
 * short burst of small reads and its result must not depend on their order.
 */
export interface ProjectFiles {
  /** The file's bytes as UTF-8 text, or undefined when there is no such file. Throws on any other failure. */
  readText(path: string): string | undefined;
  /** The file's bytes, or undefined when there is no such file: secrets and configs need not be text. */
  readBytes(path: string): Uint8Array | undefined;
  /** What stands at `path`, links followed; undefined when nothing does. */
  kind(path: string): 'file' | 'directory' | 'other' | undefined;
  /** The path with every link resolved; undefined when nothing is there. */
  realPath(path: string): string | undefined;
  /** Size in bytes of the file at `path`, so that an absurd one is refused before it is read. */
  size(path: string): number | undefined;
}
