import { composeFileMessages } from './compose-files.ts';
import { composeRuleMessages } from './compose-rules.ts';
import { composeStructureMessages } from './compose-structure.ts';
import { composeValueMessages } from './compose-values.ts';

/** What the compose area says to its users. */
export const composeMessages = {
  ...composeFileMessages,
  ...composeRuleMessages,
  ...composeStructureMessages,
  ...composeValueMessages,
};
