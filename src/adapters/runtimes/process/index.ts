export { createProcessRuntime, type ProcessRuntime } from './runtime.ts';
