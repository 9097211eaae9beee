/**
 * What a load accepts at most, so that a hostile or broken file ends in a clear error instead of an exhausted machine.
 * Far above real files: the largest of 539 public Compose files has 2,000 lines.
 */
export const limits = {
  /** Bytes of one file. */
  fileBytes: 8 * 1024 * 1024,
  /** Values of one file, each alias counted with everything it stands for. */
  values: 300_000,
  /**
   * Pieces that a file falls into: words, signs, line ends. The parser needs seconds for each half a million, before any
   * value is counted, and more when it stumbles over each.
   */
  pieces: 600_000,
  /** Documents of one file. */
  documents: 1_000,
  /** Levels of nesting. */
  depth: 200,
  /** Services that extend one another in a row. */
  extends: 200,
  /** Files that include one another in a row. */
  includes: 50,
  /** Ports that all ranges of one load become. */
  ports: 200_000,
  /** Files of one load: compose files, includes, extended files, env files. */
  files: 1_000,
} as const;
