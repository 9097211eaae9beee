import { commandField, environmentField, flagField, textField } from './fields.ts';
import { section } from './section.ts';

const hookFields = {
  command: commandField,
  user: textField,
  privileged: flagField,
  working_dir: textField,
  environment: environmentField,
};

/** A command run in the container after its start or before its stop. */
export const hook = section(hookFields, { required: ['command'] });

/** A container run to its end before the service starts. */
export const preStartHook = section({ ...hookFields, image: textField, per_replica: flagField });
